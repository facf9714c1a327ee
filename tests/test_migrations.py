"""The migrations stand alone: they import no live code, make what the live code expects, and take a landed database."""

import ast
import json
import sys
from calendar import isleap
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from casework.database import retention
from casework.defaults import calendar, catalogue, ladder
from casework.management.commands.migrate import record_first_squashed
from casework.models import CalendarDay, CalendarYear
from oversight.retention import OVERSIGHT

APPS = ("casework", "flows", "notifications", "oversight")
LIBRARIES = {"django", "simple_history", "viewflow", "dateutil", *sys.stdlib_module_names} - {"importlib"}
FILES = sorted(file for app in APPS for file in (settings.BASE_DIR / app / "migrations").rglob("*.py"))

# What a database had applied before its migrations were squashed.
LANDED = {
    "casework": (
        "0001_initial 0002_process 0003_retention 0004_catalogue 0005_search 0006_saved_list 0007_escalation 0008_ladder "
        "0009_relapse 0010_look_back 0011_days 0012_read_again 0013_spot_check"
    ),
    "flows": "0001_initial",
    "notifications": "0001_initial",
    "oversight": "0001_tallies 0002_villages_by_month",
}
FIRST_SQUASHED = {
    ("casework", "0001_people"),
    ("casework", "0002_squashed_0013_spot_check"),
    ("oversight", "0001_squashed_0002_villages_by_month"),
}
NEW_PEOPLE = {("casework", "0001_people"), ("casework", "0001_initial")}
SQUASHED = {
    ("casework", "0002_squashed_0037_phones"),
    ("oversight", "0001_squashed_0013_figures_and_scorecards"),
}


class Editor:
    """As much of a schema editor as installing needs; SQLite's own refuses to open inside a test's transaction."""

    connection = connection

    @staticmethod
    def execute(sql: str, params: Any = None) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)


def rows_of(sql: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return sorted(tuple(" ".join(cell.split()) for cell in row) for row in cursor.fetchall())


def imported_names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(level, module) of everything that a file imports, inside its functions as well."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((0, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.level, node.module or ""
        elif isinstance(node, ast.Name) and node.id in ("__import__", "exec", "eval"):
            yield 0, node.id
        elif isinstance(node, (ast.Name, ast.Attribute)) and getattr(node, "attr", "") in (
            "import_module",
            "import_string",
        ):
            yield 0, node.attr


def live_imports(text: str, *, app: str, depth: int = 0) -> list[str]:
    """What a file of an app's migrations, so many folders below them, imports from outside of them."""
    refused = []
    for level, module in imported_names(ast.parse(text)):
        is_sibling = level <= depth + 1 if level else f"{module}.".startswith(f"{app}.migrations.")
        is_loader = module in ("django.utils.module_loading", "django.apps")
        if not is_sibling and (is_loader or level or module.partition(".")[0] not in LIBRARIES):
            refused.append("." * level + module)
    return refused


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(settings.BASE_DIR)))
def test_a_migration_imports_no_live_code(file: Path) -> None:
    app, _migrations, *folders = file.relative_to(settings.BASE_DIR).parent.parts
    assert not live_imports(file.read_text(encoding="utf-8"), app=app, depth=len(folders))


@pytest.mark.parametrize(
    "line",
    [
        "import casework.models",
        "from casework import retention",
        "from casework.migrations_of_old import x",
        "from .. import retention",
        "from ..defaults import catalogue",
        "from flows.migrations import x",
        "import importlib",
        "def forwards(apps, editor):\n    from casework.models import Case",
        "__import__('casework.search')",
        "from django.utils.module_loading import import_string",
        "from django.apps import apps",
        "import django.utils\ndjango.utils.module_loading.import_string('casework.search')",
    ],
)
def test_an_import_of_live_code_is_noticed(line: str) -> None:
    assert live_imports(line, app="casework")


@pytest.mark.parametrize(
    "line", ["from . import x", "from casework.migrations._frozen_0013 import search", "import simple_history.models"]
)
def test_what_a_migration_may_import_is_let_through(line: str) -> None:
    assert not live_imports(line, app="casework")


def triggers() -> list[tuple[str, ...]]:
    """(name, table, definition) of each trigger that the database has, and the text of the function they call."""
    if connection.vendor == "sqlite":
        return rows_of("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
    return rows_of(
        "SELECT tgname, tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal "
        "UNION ALL SELECT proname, '', pg_get_functiondef(oid) FROM pg_proc WHERE proname = 'casework_refuse'"
    )


def drop_triggers() -> None:
    for name, table, _definition in triggers():
        if table:
            Editor.execute(f'DROP TRIGGER "{name}"' + (f" ON {table}" if connection.vendor == "postgresql" else ""))


def test_the_triggers_of_the_migrations_are_those_of_retention(db: None) -> None:
    made_by_migrations = triggers()
    drop_triggers()
    retention.install(apps, Editor)
    retention.install(apps, Editor, OVERSIGHT)
    assert len(made_by_migrations) > 80
    assert made_by_migrations == triggers()


DEFAULTS = [
    "Alias",
    "HistoricalAlias",
    "CatalogueItem",
    "HistoricalCatalogueItem",
    "Aspect",
    "HistoricalAspect",
    "CalendarDay",
    "HistoricalCalendarDay",
    "CalendarYear",
    "EscalationStep",
    "EscalationPolicy",
]
# Keys and moments of the installation itself.
OWN = {"id", "history_id", "history_date", "history_seal", "at", "applied_at", "changed_at"}


def default_rows() -> dict[str, list[str]]:
    """What the tables of default data say, without keys of their own and the moment of writing."""
    models = {name: apps.get_model("casework", name) for name in DEFAULTS}
    codes = {
        "aspect_id": dict(models["Aspect"].objects.values_list("pk", "code")),
        "item_id": dict(models["CatalogueItem"].objects.values_list("pk", "code")),
        "policy_id": dict(models["EscalationPolicy"].objects.values_list("pk", "version")),
    }

    def said(row: dict[str, Any]) -> str:
        kept = {key: codes[key].get(value) if key in codes else value for key, value in row.items() if key not in OWN}
        return json.dumps(kept, default=str)

    return {name: sorted(map(said, model.objects.values())) for name, model in models.items()}


def frozen_days() -> dict[int, list[tuple[date, bool, str]]]:
    """The calendar as the migrations have it: what is installed of chinesecalendar may know more, or know better."""
    found: dict[int, list[tuple[date, bool, str]]] = {}
    for one in CalendarDay.objects.order_by("day"):
        found.setdefault(one.day.year, []).append((one.day, one.is_working, one.name))
    return found


def test_the_default_data_of_the_migrations_are_those_of_the_defaults(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_by_migrations = default_rows()
    days = frozen_days()
    monkeypatch.setattr(calendar, "YEARS", list(days))
    monkeypatch.setattr(calendar, "days_of", days.__getitem__)
    drop_triggers()
    for name in DEFAULTS:
        rows = apps.get_model("casework", name).objects.all()
        rows._raw_delete(rows.db)
    # Models without signals, as a migration has them: the live ones would write their history once more.
    silent = MigrationExecutor(connection).loader.project_state().apps
    for defaults in (catalogue, calendar, ladder):
        defaults.install(silent)
    made_by_defaults = default_rows()
    for name in DEFAULTS:
        assert made_by_migrations[name] == made_by_defaults[name], name
    assert len(made_by_migrations["HistoricalAlias"]) == len(made_by_migrations["Alias"]) > 600


def test_the_calendar_of_the_migrations_has_each_day_of_its_years_and_says_where_it_comes_from(db: None) -> None:
    days = frozen_days()
    assert (min(days), max(days)) == (2004, 2026)
    assert {year: len(rows) for year, rows in days.items()} == {year: 365 + isleap(year) for year in days}
    assert {row for row in days[2026] if row[0].month == 10 and row[2]} == {
        *((date(2026, 10, day), False, "国庆节") for day in range(1, 8)),
        (date(2026, 10, 10), True, "国庆节"),
    }
    assert set(CalendarYear.objects.values_list("source", flat=True)) == {calendar.SOURCE}
    assert "chinesecalendar" not in calendar.SOURCE


def test_the_history_that_the_migrations_write_is_sealed(db: None) -> None:
    assert apps.get_model("casework", "HistoricalAlias").objects.exists()
    call_command("verify_history")  # leaves with an exit code where a seal does not hold


def record(names: set[tuple[str, str]]) -> None:
    """Let these migrations of ours be the applied ones. What a database applied is known by their names alone."""
    recorded = MigrationRecorder.Migration.objects
    recorded.filter(app__in=APPS).delete()
    recorded.bulk_create(
        MigrationRecorder.Migration(app=app, name=name, applied=datetime(2026, 11, 24, tzinfo=UTC))
        for app, name in sorted(names)
    )


def landed() -> set[tuple[str, str]]:
    return {(app, name) for app, names in LANDED.items() for name in names.split()}


def planned(names: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """What a database that applied these would apply, by the command that offices give."""
    record(names)
    record_first_squashed(MigrationRecorder(connection))
    executor = MigrationExecutor(connection)
    executor.loader.check_consistent_history(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [(one.app_label, one.name) for one, _backwards in plan if one.app_label in APPS]


def chain() -> list[tuple[str, str]]:
    """The migrations of casework and oversight that the squashed ones stand for, in their order."""
    disk = MigrationExecutor(connection).loader.disk_migrations
    return [key for squashed in sorted(SQUASHED) for key in disk[squashed].replaces]


def test_a_landed_database_goes_on_with_what_came_after_the_first_squash(db: None) -> None:
    plan = planned(landed())
    MigrationExecutor(connection).check_replacements()
    assert set(MigrationRecorder(connection).applied_migrations()) >= FIRST_SQUASHED
    assert not set(plan) & {*FIRST_SQUASHED, *SQUASHED, *landed()}
    assert [key for key in plan if key in chain()] == [key for key in chain() if key not in FIRST_SQUASHED]


def test_a_database_that_applied_every_step_has_nothing_to_apply(db: None) -> None:
    known = {*MigrationRecorder(connection).applied_migrations(), *FIRST_SQUASHED, *chain()} - SQUASHED
    assert planned({key for key in known if key[0] in APPS}) == []
    MigrationExecutor(connection).check_replacements()
    assert set(MigrationRecorder(connection).applied_migrations()) >= SQUASHED


def test_a_database_in_the_middle_goes_on_step_by_step(db: None) -> None:
    steps = chain()
    reached = steps.index(("casework", "0020_reminders_sent"))
    known = {("casework", "0001_people"), *steps[: reached + 1], *(key for key in landed() if key[0] != "oversight")}
    plan = planned({*known, ("oversight", "0001_squashed_0002_villages_by_month")})
    assert not set(plan) & SQUASHED
    assert plan[plan.index(steps[reached + 1]) :][:1] == [("casework", "0021_calendar_source")]


@pytest.mark.parametrize("missing", ["0013_spot_check", "0012_read_again", "0002_process"])
def test_a_database_from_before_the_landed_state_is_refused(db: None, missing: str) -> None:
    record(landed() - {("casework", missing)})
    with pytest.raises(CommandError, match=missing):
        record_first_squashed(MigrationRecorder(connection))


def test_a_new_database_applies_the_squashed_migrations_alone(db: None) -> None:
    applied = set(MigrationRecorder(connection).applied_migrations())
    assert applied >= {("casework", "0001_people"), *SQUASHED}
    assert planned(NEW_PEOPLE)[:1] == [("casework", "0002_squashed_0037_phones")]
    assert not set(planned(NEW_PEOPLE)) & set(chain())
