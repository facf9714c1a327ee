"""Look-backs under workers that die or are doubled: each opens once, with one process, one inspector, one event."""

import random
import time

import pytest
from django.db.models import Count
from django.utils import timezone

from casework.models import Case, CaseEvent, Closure, LookBack
from casework.models.look_back import LookBackState
from casework.models.unit import UnitLevel
from casework.stages import Role, Stage, Watch
from casework.working_time.deadlines import local_day, midnight
from flows.models import CaseProcess, CaseTask
from tests.factories import holder, item, unit
from tests.faults.conftest import CASES, KILLS
from tests.faults.machinery import Workers, outside, wait_until

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("workers")]

SWEEP = "casework.tasks.sweep"
OPENED = "SELECT count(*) FROM casework_lookback WHERE state = 'open'"


def due_look_backs(count: int) -> None:
    """So many struck-off cases whose look-back opens today, and four inspectors to be drawn."""
    city = unit(UnitLevel.CITY, unit(UnitLevel.PROVINCE, name="东岚省"), name="澄川市", office_code="CC")
    county = unit(UnitLevel.COUNTY, city, name="青禾区", office_code="QH")
    town = unit(UnitLevel.TOWN, county, name="柳河镇")
    village = unit(UnitLevel.VILLAGE, town, name="上柳村", has_committee=True)
    approver = holder(Role.COUNTY_SUPERVISOR, county, "approver")
    for number in range(4):
        holder(Role.INSPECTOR, city, f"inspector{number}")
    today = local_day(timezone.now())
    at = midnight(today)
    shared = {"village": village, "town": town, "county": county, "city": city, "item": item(), "severity": 2}
    cases = Case.objects.bulk_create(
        Case(
            number=f"QH-2026-{number:06d}",
            description=f"第{number}项问题",
            found_on=today,
            reported_at=at,
            touched_at=at,
            stage=Stage.CLOSED,
            closed_on=today,
            watch=Watch.WATCHED,
            **shared,
        )
        for number in range(count)
    )
    closures = Closure.objects.bulk_create(
        Closure(
            case=case,
            round=1,
            number=f"B{case.number}",
            closed_on=today,
            by=approver,
            at=at,
            **dict.fromkeys(Closure.TESTS, True),
        )
        for case in cases
    )
    LookBack.objects.bulk_create(
        LookBack(
            case=closure.case,
            closure=closure,
            kind="scheduled",
            number=1,
            opens_on=today,
            due_on=today,
            next_step_at=at,
        )
        for closure in closures
    )


def require_each_once(count: int) -> None:
    opened = LookBack.objects.filter(state=LookBackState.OPEN, inspector__isnull=False, process__isnull=False)
    assert opened.count() == count
    assert CaseProcess.objects.count() == count
    assert CaseTask.objects.filter(flow_task_type="HUMAN").values("process").annotate(n=Count("pk")).count() == count
    assert not CaseTask.objects.filter(flow_task_type="HUMAN").values("process").annotate(n=Count("pk")).filter(n__gt=1)
    drawn = CaseEvent.objects.filter(kind="look_back_drawn")
    assert drawn.count() == drawn.values("case").distinct().count() == count
    assert LookBack.history.filter(state="open").count() == count


def finish(workers: Workers, count: int) -> None:
    workers.work()
    with outside(OPENED) as opened:
        limit = time.monotonic() + 120
        while opened() < count:
            assert time.monotonic() < limit, opened()
            workers.wake(SWEEP)
            time.sleep(0.5)


def test_a_worker_that_is_killed_again_and_again(workers: Workers) -> None:
    due_look_backs(CASES)
    dice, killed_inside = random.Random(11), 0
    with outside(OPENED) as opened:
        for _ in range(KILLS):
            worker, before = workers.work(), opened()
            workers.wake(SWEEP)
            wait_until(lambda before=before: opened() != before or opened() == CASES, seconds=30)
            time.sleep(dice.random() * 0.1)
            killed_inside += opened() < CASES
            workers.kill(worker)
    finish(workers, CASES)
    require_each_once(CASES)
    print(f"\n{KILLS} kills, {killed_inside} of them in the sweep: {CASES} look-backs opened once")
    assert killed_inside > 0


def test_two_beats_and_three_workers_do_what_one_does(workers: Workers) -> None:
    due_look_backs(CASES)
    for number in range(2):
        workers.beat(number)
    for _ in range(3):
        workers.work()
    with outside(OPENED) as opened:
        wait_until(lambda: opened() == CASES, seconds=120)
    time.sleep(2)
    require_each_once(CASES)
