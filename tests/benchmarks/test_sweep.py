"""The ladder's sweep over open cases: what is due costs, what is stored does not. Needs a database of its own."""

import multiprocessing
import os
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from casework.escalation.escalation import sweep_ladder
from casework.models import Case, Escalation, Letter
from casework.models.unit import UnitLevel
from casework.offices.units import import_units
from casework.stages import Role
from casework.working_time.deadlines import add_working_days, local_day, midnight
from notifications.announcing import announce
from notifications.models import Address, Delivery, Message
from tests.benchmarks.city import CASES, fill_places, insert_cases, units
from tests.benchmarks.conftest import milliseconds, queries, tell
from tests.factories import holder

DUE = int(os.environ.get("BENCH_DUE") or 50_000)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.own_database]


def test_sweep() -> None:
    at = timezone.now()
    import_units(units(), by=None, at=at)
    fill_places()
    there = 0
    for size in sorted({CASES // 100, CASES // 10, CASES}):
        add_open_cases(there, size, at)
        there = size
        nothing = milliseconds(lambda: sweep_ladder(at=at))
        tell(f"sweep, 0 due of {size:,} open cases", f"{nothing:.1f} ms", len(queries(lambda: sweep_ladder(at=at))))
    make_due(at)
    for unit in units_with_cases():
        holder(Role.COMMITTEE_HEAD, unit, f"head{unit.pk}")
    begun = time.perf_counter()
    assert swept_by_two(at) == DUE
    taken = time.perf_counter() - begun
    written = f"{Escalation.objects.count():,} steps, {Letter.objects.count():,} documents"
    tell(f"sweep, {DUE:,} due of {CASES:,}", f"{taken:.1f} s", None, f"{DUE / taken:.0f} cases a second, {written}")
    tell("memory of a worker at most", f"{peak_of_workers():.0f} MB")
    bare = bare_writes(at)
    tell("the same writes in bare SQL", f"{bare:.1f} s", None, f"the sweep takes {taken / bare:.1f} x")
    fan_out(at)


def swept_by_two(at: datetime) -> int:
    """Two workers, as `casework.tasks.sweep` calls a second one when there is much to do."""
    connections.close_all()
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("fork")) as pool:
        return sum(pool.map(_swept, [at, at]))


def _swept(at: datetime) -> int:
    done = sweep_ladder(at=at)
    connections.close_all()
    return done


def fan_out(at: datetime) -> None:
    """Fifty thousand approvals that each go into the digest of the village's head."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE casework_caseevent SET announced_at = now() WHERE announced_at IS NULL")
        cursor.execute(
            "INSERT INTO casework_caseevent (case_id, kind, at, by_role, round, version, stage_before, stage_after, words)"
            " SELECT id, 'plan_approved', %s, '', 1, 3, 'plan_approval', 'rectification', '' FROM casework_case"
            " ORDER BY id LIMIT %s",
            [at, DUE],
        )
    people = list(Message.person.field.related_model.objects.values_list("pk", flat=True))
    Address.objects.bulk_create(Address(person_id=pk, channel="email", address=f"p{pk}@example.org") for pk in people)
    begun = time.perf_counter()
    announce(at=at)
    taken = time.perf_counter() - begun
    count = Message.objects.count()
    tell(
        f"{count:,} messages told, {Delivery.objects.count():,} deliveries",
        f"{taken:.1f} s",
        None,
        f"{count / taken:.0f} messages a second",
    )
    begun = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for model in (Message, Delivery):
            table = model._meta.db_table
            cursor.execute(f"CREATE TEMP TABLE {table}_again (LIKE {table} INCLUDING ALL) ON COMMIT DROP")
            cursor.execute(f"INSERT INTO {table}_again SELECT * FROM {table}")
        cursor.execute("UPDATE casework_caseevent SET announced_at = now() WHERE kind <> 'reported'")
        transaction.set_rollback(True)
    bare = time.perf_counter() - begun
    tell("the same rows in bare SQL", f"{bare:.1f} s", None, f"the fan-out takes {taken / bare:.1f} x")


def add_open_cases(there: int, size: int, at: datetime) -> None:
    """All of them open, in rectification, with a deadline far ahead."""
    today = local_day(at)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS number_of")
        cursor.execute(
            "CREATE TEMP TABLE number_of AS SELECT n, 'rectification' AS stage, %s::date AS due_on"
            " FROM generate_series(%s::int, %s::int) AS n",
            [add_working_days(today, 20), there + 1, size],
        )
        statement, values = insert_cases(today)
        cursor.execute(statement.replace("CASE WHEN n.stage <> 'closed' THEN n.n END", "NULL"), values)
        cursor.execute(
            "UPDATE casework_case SET next_step_at = %s WHERE id > %s",
            [midnight(add_working_days(today, 17)), there],
        )
        cursor.execute("VACUUM ANALYZE casework_case")


def make_due(at: datetime) -> None:
    """Every twentieth case is due: reminders, notices, letters and interviews in equal parts."""
    today = local_day(at)
    for part, (moment, light) in enumerate([(-3, "none"), (1, "blue"), (5, "yellow"), (15, "red")]):
        Case.objects.filter(pk__in=range(part * DUE // 4 + 1, (part + 1) * DUE // 4 + 1)).update(
            due_on=add_working_days(today, -moment),
            ladder_since=add_working_days(today, -1),
            light=light,
            next_step_at=midnight(today),
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE casework_case")


def units_with_cases() -> object:
    from casework.models import Unit

    return Unit.objects.filter(level=UnitLevel.VILLAGE)


def bare_writes(at: datetime) -> float:
    """What the database alone takes to write as many rows of each kind."""
    begun = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE casework_case SET light = 'red', next_step_at = %s WHERE id IN (SELECT case_id FROM casework_escalation)",
            [at + timedelta(days=9)],
        )
        columns = {
            table: ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields if not field.primary_key)
            for table, model in (
                ("casework_historicalcase", Case.history.model),
                ("casework_caseevent", Case.events.rel.related_model),
            )
        }
        for table, names in columns.items():
            cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {table} ORDER BY 1 LIMIT {DUE}")
        cursor.execute("CREATE TEMP TABLE steps_again (LIKE casework_escalation INCLUDING ALL)")
        cursor.execute("INSERT INTO steps_again SELECT * FROM casework_escalation")
        transaction.set_rollback(True)
    return time.perf_counter() - begun


def peak_of_workers() -> float:
    """Megabytes that the larger of the two processes has held at most, the program itself included."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
