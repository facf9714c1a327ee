"""What the squashed migration of this app is made of: many models at once, what a new installation begins with, the
indexes of the search, and the triggers that the database had after the last of those that it replaces.
"""

import hmac
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import migrations
from django.db.migrations.state import ModelState, ProjectState

from casework.migrations._frozen_0013 import defaults
from casework.migrations._frozen_0023.search import INDEXES, TOKENS

NOT_SEALED = ("history_id", "history_seal", "history_seal_key")
LATER = ("at", "by_id", "city_id", "ended_at", "ended_by_id")
TRIGGERS = Path(__file__).parent / "triggers.json"
CALENDAR_SOURCE = "国务院办公厅节假日安排（系统预置）"


def install_defaults(apps: Any, editor: Any) -> None:
    defaults.install(apps, editor)
    apps.get_model("casework", "CalendarYear").objects.update(source=CALENDAR_SOURCE)
    for name in ("Aspect", "CatalogueItem", "Alias"):
        history = apps.get_model("casework", f"Historical{name}").objects
        rows = list(history.all())
        for row in rows:
            row.history_seal = seal_of(row)
        history.bulk_update(rows, ["history_seal"], batch_size=200)


def seal_of(row: Any) -> str:
    """Over what the row said when these tables were new: columns that came later are left out while they are empty."""
    said = {
        field.attname: getattr(row, field.attname) if field.is_relation else field.to_python(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.attname not in NOT_SEALED and not (field.attname in LATER and getattr(row, field.attname) is None)
    }
    words = json.dumps(said, cls=defaults.SealEncoder, sort_keys=True, ensure_ascii=False)
    return hmac.new(settings.SECRET_KEY.encode(), words.encode(), "sha256").hexdigest()


def index_words(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(TOKENS, params=None)
        for name, columns in INDEXES.items():
            editor.execute(f"CREATE INDEX {name} ON {columns}", params=None)


def refuse(apps: Any, editor: Any) -> None:
    for statement in json.loads(TRIGGERS.read_text(encoding="utf-8"))[editor.connection.vendor]:
        editor.execute(statement, params=None)


class CreateModels(migrations.operations.base.Operation):
    """Many models in one operation: Django renders all related models anew for each operation that makes one, which took
    most of a new installation's first minute.
    """

    def __init__(self, *made: migrations.CreateModel) -> None:
        self.made = made

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, list(self.made), {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        for operation in self.made:
            state.models[app_label, operation.name_lower] = ModelState(
                app_label,
                operation.name,
                list(operation.fields),
                dict(operation.options),
                tuple(operation.bases),
                list(operation.managers),
            )
        state._relations = None
        state.clear_delayed_apps_cache()
        state.__dict__.pop("apps", None)

    def database_forwards(self, app_label: str, editor: Any, before: ProjectState, after: ProjectState) -> None:
        for operation in self.made:
            operation.database_forwards(app_label, editor, before, after)

    def database_backwards(self, app_label: str, editor: Any, before: ProjectState, after: ProjectState) -> None:
        for operation in reversed(self.made):
            editor.delete_model(before.apps.get_model(app_label, operation.name))

    def describe(self) -> str:
        return f"Create {len(self.made)} models"
