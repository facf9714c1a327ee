"""What the squashed migration of this app is made of: many models at once, and the triggers that the database had after
the last of those that it replaces, by which it refuses to change or remove what is kept for the audit.
"""

import json
from pathlib import Path
from typing import Any

from django.db import migrations
from django.db.migrations.state import ModelState, ProjectState

TRIGGERS = Path(__file__).parent / "triggers.json"


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
