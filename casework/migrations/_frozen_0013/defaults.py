"""What a new installation begins with: the problem catalogue, the announced calendars and the default ladder.

Three files of data, written in bulk. A row of history is sealed as the application sealed it then.
"""

import csv
import hmac
import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

HERE = Path(__file__).parent


def install(apps: Any, editor: Any) -> None:
    if apps.get_model("casework", "Aspect").objects.exists():
        return  # unapplied and applied again: these tables are of 0001 and kept their rows
    now = timezone.now()
    install_catalogue(apps, now)
    install_calendar(apps, now)
    install_ladder(apps, now)
    if editor.connection.vendor == "postgresql":
        # The tables can't be altered while the check of a foreign key still waits for the commit.
        editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def install_catalogue(apps: Any, now: datetime) -> None:
    data = json.loads((HERE / "catalogue.json").read_text(encoding="utf-8"))
    aspects = keep(apps, "Aspect", data["aspects"], now)
    aspect_ids = {row.code: row.pk for row in aspects}
    rows = [{"aspect_id": aspect_ids[item.pop("aspect")], **item} for item in data["items"]]
    items = keep(apps, "CatalogueItem", rows, now)
    item_ids = {row.code: row.pk for row in items}
    names = [{"words": name, "item_id": item_ids[code]} for code, known in data["aliases"].items() for name in known]
    severities = [{"words": name, "severity": severity} for name, severity in data["severities"].items()]
    keep(apps, "Alias", [*names, *severities], now)


def install_calendar(apps: Any, now: datetime) -> None:
    year_model = apps.get_model("casework", "CalendarYear")
    day_model = apps.get_model("casework", "CalendarDay")
    with (HERE / "calendar.csv").open(encoding="utf-8", newline="") as file:
        special = {date.fromisoformat(day): (worked == "worked", name) for day, worked, name in csv.reader(file)}
    first, last = min(special).year, max(special).year
    source = "国务院办公厅节假日安排 (chinesecalendar)"
    year_model.objects.bulk_create(
        [year_model(year=year, source=source, changed_at=now, applied_at=now) for year in range(first, last + 1)]
    )
    days, day = [], date(first, 1, 1)
    while day.year <= last:
        is_working, name = special.get(day, (day.weekday() < 5, ""))
        days.append(day_model(day=day, year_id=day.year, is_working=is_working, name=name))
        day += timedelta(days=1)
    day_model.objects.bulk_create(days, batch_size=2000)


def install_ladder(apps: Any, now: datetime) -> None:
    steps = json.loads((HERE / "ladder.json").read_text(encoding="utf-8"))
    policy_model = apps.get_model("casework", "EscalationPolicy")
    step_model = apps.get_model("casework", "EscalationStep")
    policy = policy_model.objects.create(version=1, valid_from=date(2000, 1, 1), at=now, applied_at=now)
    every = {"severities": [1, 2, 3, 4], "kinds": ["at_once", "time_limited", "long_term"]}
    step_model.objects.bulk_create([step_model(policy=policy, **every, **step) for step in steps])


def keep(apps: Any, name: str, rows: Iterable[dict[str, Any]], now: datetime) -> list[Any]:
    """Write rows and their history: a migration's models carry no signals."""
    model, history_model = apps.get_model("casework", name), apps.get_model("casework", f"Historical{name}")
    made = model.objects.bulk_create([model(**row) for row in rows])
    past = [
        history_model(
            **{field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields},
            history_date=now,
            history_type="+",
            history_step="default_catalogue",
            history_change_reason="",
        )
        for row in made
    ]
    for row in past:
        row.history_seal = seal_of(row)
    history_model.objects.bulk_create(past)
    return made


def seal_of(row: Any) -> str:
    left_out = ("history_id", "history_seal")
    said = {
        field.attname: getattr(row, field.attname) if field.is_relation else field.to_python(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.attname not in left_out
    }
    words = json.dumps(said, cls=SealEncoder, sort_keys=True, ensure_ascii=False)
    return hmac.new(settings.SECRET_KEY.encode(), words.encode(), "sha256").hexdigest()


class SealEncoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        return f"{o.timestamp():.6f}" if isinstance(o, datetime) else super().default(o)
