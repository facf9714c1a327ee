"""What an auditor is told of the rows of history: each alteration by name, whatever model, whatever key (37, 53)."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from simple_history.signals import pre_create_historical_record
from simple_history.utils import get_history_model_for_model

from casework import seal_keys
from casework.models import CalendarDay, Case
from casework.models.history import NOT_SEALED, record_changed, record_many, seal_of, seal_over, stamped
from casework.proofs.verification import verify_history
from casework.stages import Stage
from tests.cast import Cast
from tests.walk import NOW, TODAY, case_at, closed

SAMPLES: dict[str, Any] = {
    "CharField": "words",
    "TextField": "words",
    "DateField": TODAY,
    "DateTimeField": NOW,
    "BooleanField": True,
    "JSONField": [1],
}
TRACKED = sorted(
    (model for model in apps.get_app_config("casework").get_models() if hasattr(model, "history")),
    key=lambda model: model.__name__,
)


def alter(table: str, key: int, assignment: str) -> None:
    """As somebody would alter a row who owns the database."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute(f"UPDATE {table} SET {assignment} WHERE history_id = %s", [key])


def flaws() -> list[str]:
    return [f"{flaw.where}: {flaw.what}" for flaw in verify_history() if flaw is not None]


def a_row_of(model: Any) -> Any:
    """A row of history of this model, sealed as it is when it is written."""
    history = get_history_model_for_model(model)
    row = history(history_date=NOW, history_type="+", history_change_reason="")
    for field in history.tracked_fields:
        setattr(row, field.attname, SAMPLES.get(field.get_internal_type(), 1))
    pre_create_historical_record.send(history, history_instance=row)
    row.save()
    return row


@pytest.fixture
def case(cast: Cast) -> Case:
    return closed(cast, case_at(Stage.STRIKE_OFF, cast))


@pytest.mark.parametrize("model", TRACKED, ids=lambda model: model.__name__)
def test_an_altered_row_is_named_in_every_model(model: Any, db: None) -> None:
    """With the calendar's rows, which are known by their day and not by a number (promise 37)."""
    row = a_row_of(model)
    assert not flaws()
    alter(row._meta.db_table, row.pk, "history_change_reason = 'altered'")
    about = getattr(row, model._meta.pk.attname)
    assert flaws() == [f"{row._meta.db_table} {row.pk}: the row was altered (it is about {about})"]


def test_all_alterations_are_named_whichever_comes_first(case: Case) -> None:
    day = a_row_of(CalendarDay)
    alter(day._meta.db_table, day.pk, "is_working = NOT is_working")
    row = case.history.latest()
    alter(row._meta.db_table, row.pk, "description = 'nothing was wrong'")
    assert {flaw.split(":")[0] for flaw in flaws()} == {f"{one._meta.db_table} {one.pk}" for one in (day, row)}


def test_a_value_that_no_column_holds_is_a_flaw_and_no_end(case: Case, is_postgres: bool) -> None:
    if is_postgres:
        pytest.skip("PostgreSQL keeps a column's type")
    first, last = case.history.earliest(), case.history.latest()
    for row in (first, last):
        alter(row._meta.db_table, row.pk, "found_on = 'a day', reported_at = 'some time', round = 'x'")
    assert [flaw.split(":")[0] for flaw in flaws()] == [f"{row._meta.db_table} {row.pk}" for row in (first, last)]


def test_a_row_written_by_its_columns_has_the_seal_of_one_written_by_itself(case: Case) -> None:
    with stamped(step="turn_lights", by=None, at=NOW):
        record_changed([Case.objects.get(pk=case.pk)])
        record_many([Case.objects.get(pk=case.pk)], change="~")
    both = list(case.history.order_by("-history_id")[:2])
    assert both[0].history_seal == both[1].history_seal == seal_of(both[0])
    assert both[0].history_seal_key == both[1].history_seal_key == seal_keys.present().number


def test_a_mark_that_came_later_leaves_the_seals_of_before_and_is_sealed_once_it_is_set(case: Case) -> None:
    row = case.history.latest()
    said = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    said = {name: value for name, value in said.items() if name not in NOT_SEALED}
    before = {name: value for name, value in said.items() if name != "is_item_guessed"}
    key = seal_keys.present().secret
    assert seal_over("historicalcase", said, key=key) == seal_over("historicalcase", before, key=key)
    marked = {**said, "is_item_guessed": True}
    assert seal_over("historicalcase", marked, key=key) != seal_over("historicalcase", before, key=key)
    assignment = {"id": 1, "days": 0}
    assert seal_over("historicalassignment", assignment, key=key) != seal_over(
        "historicalassignment", {"id": 1}, key=key
    )


class TestRotation:
    def test_seals_hold_when_the_secret_key_is_changed(self, case: Case, settings: Any) -> None:
        """Those made before SEAL_KEY was set, those after it, and those after SEAL_KEY was changed itself (promise 53)."""
        leaked = settings.SECRET_KEY
        settings.SECRET_KEY, settings.SEAL_KEY, settings.SEAL_KEYS_OLD = "n" * 50, "s" * 50, [leaked]
        a_row_of(CalendarDay)
        assert not flaws()
        settings.SEAL_KEY, settings.SEAL_KEYS_OLD = "t" * 50, ["s" * 50, leaked]
        a_row_of(CalendarDay)
        assert not flaws()
        assert CalendarDay.history.values("history_seal_key").distinct().count() == 2

    def test_rows_from_before_keys_had_numbers_hold(self, case: Case, settings: Any) -> None:
        row = case.history.latest()
        alter(row._meta.db_table, row.pk, "history_seal_key = NULL")
        settings.SEAL_KEY, settings.SEAL_KEYS_OLD = "s" * 50, [settings.SECRET_KEY]
        assert not flaws()

    def test_a_key_that_is_not_known_is_said_so_for_each_row(self, case: Case, settings: Any) -> None:
        number = seal_keys.present().number
        settings.SECRET_KEY = "n" * 50
        said = flaws()
        assert len(said) == sum(get_history_model_for_model(model).objects.count() for model in TRACKED)
        assert any(f"its key {number} is not known here" in flaw for flaw in said)
        assert all("SEAL_KEYS_OLD" in flaw for flaw in said)

    def test_a_row_that_claims_another_key_is_altered(self, case: Case, settings: Any) -> None:
        settings.SEAL_KEYS_OLD = ["o" * 50]
        row = case.history.latest()
        alter(row._meta.db_table, row.pk, f"history_seal_key = '{seal_keys.numbered(None)[1].number}'")
        assert len(flaws()) == 1

    def test_sessions_end_with_the_key_and_outlive_it_as_a_fallback(self, cast: Cast, settings: Any) -> None:
        client = Client()
        client.force_login(cast.inspector)
        old, settings.SECRET_KEY = settings.SECRET_KEY, "n" * 50
        settings.SECRET_KEY_FALLBACKS = [old]
        assert client.get("/me").status_code == 200
        client.force_login(cast.inspector)
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "m" * 50, []
        assert client.get("/me").status_code == 302
