"""What an auditor would ask for can't be changed or removed through any surface (promise 38)."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError

from casework.database.retention import APPEND_ONLY, KEPT, history_tables
from casework.models import Case, CaseEvent, Evidence, Review
from casework.stages import Stage
from tests.cast import Cast
from tests.walk import case_at, closed


@pytest.fixture
def case(cast: Cast) -> Case:
    return closed(cast, case_at(Stage.STRIKE_OFF, cast))


def refuses(sql: str) -> bool:
    """Whether the database refuses a statement that finds at least one row."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what the fixtures left for the commit
            cursor.execute(sql)
    except DatabaseError as error:
        return "kept for the audit" in str(error)
    return False


@pytest.mark.parametrize("model", [Case, Evidence, Review, CaseEvent])
def test_no_row_and_no_queryset_can_be_deleted(model: Any, case: Case) -> None:
    row = model.objects.filter(pk=case.pk) if model is Case else model.objects.filter(case=case)
    count = row.count()
    assert count
    for delete in (lambda: row[0].delete(), lambda: row.delete(), lambda: row._raw_delete(row.db)):
        with pytest.raises((DatabaseError, ProtectedError)), transaction.atomic():
            delete()
    assert row.count() == count


@pytest.mark.parametrize(
    "table",
    [
        "casework_case",
        "casework_evidence",
        "casework_review",
        "casework_measureverdict",
        "casework_measure",
        "casework_plan",
        "casework_submission",
        "casework_measurereport",
        "casework_closure",
        "casework_screening",
        "casework_assignment",
        "casework_caseevent",
        "casework_historicalcase",
        "casework_historicalassignment",
    ],
)
def test_the_database_refuses_a_delete(table: str, case: Case) -> None:
    assert refuses(f"DELETE FROM {table}")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE casework_evidence SET name = 'x'",
        "UPDATE casework_review SET words = 'x'",
        "UPDATE casework_measureverdict SET reason = 'x'",
        "UPDATE casework_closure SET number = 'x'",
        "UPDATE casework_submission SET words = 'x'",
        "UPDATE casework_historicalcase SET description = 'x'",
        "UPDATE casework_caseevent SET words = 'x'",
    ],
)
def test_the_database_refuses_an_update_of_what_is_written_once(statement: str, case: Case) -> None:
    assert refuses(statement)


def test_an_event_may_be_marked_as_told(case: Case) -> None:
    assert CaseEvent.objects.filter(case=case).update(announced_at=case.reported_at) > 5


@pytest.mark.postgres
def test_postgresql_refuses_truncate(case: Case) -> None:
    for table in ("casework_evidence", "casework_historicalcase", "casework_review"):
        assert refuses(f"TRUNCATE {table} CASCADE")


def test_every_table_of_history_is_append_only(db: None) -> None:
    from django.apps import apps

    names = set(connection.introspection.table_names())
    assert {*APPEND_ONLY, *KEPT, *history_tables(apps)} <= names
    assert len(history_tables(apps)) >= 12
