"""Rows that can't be computed among thousands, and three beats that say "now" at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from django.db import connections
from django.utils import timezone

from casework.escalation.sweeping import sweep
from casework.models import Case, CaseEvent, Escalation, Letter, RestingRow
from notifications.announcing import announce
from notifications.models import Message
from tests.faults.conftest import CASES, MINUTES
from tests.faults.machinery import Workers, due_cases, outside, wait_until

POISONED = 5


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_rows_that_can_not_be_computed_rest_and_thousands_go_on(workers: Workers) -> None:
    due_cases(CASES)
    bad = list(Case.objects.order_by("id").values_list("pk", flat=True)[:: CASES // POISONED])[:POISONED]
    Case.objects.filter(pk__in=bad).update(due_on=date.max)
    workers.work()
    workers.wake("casework.tasks.sweep")
    with outside("SELECT count(*) FROM casework_escalation WHERE kind = 'notice'") as steps:
        wait_until(lambda: steps() >= CASES - POISONED, seconds=120)
    with outside("SELECT count(*) FROM casework_restingrow") as rows:
        wait_until(lambda: rows() == POISONED, seconds=60)
    assert set(RestingRow.objects.values_list("case", flat=True)) == set(bad)
    assert Escalation.objects.filter(kind="notice").count() == CASES - POISONED
    assert not Escalation.objects.filter(case__in=bad).exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_three_beats_at_once_over_an_hour_do_what_one_does() -> None:
    count = CASES // 10
    due_cases(count)
    begun = timezone.now()
    with ThreadPoolExecutor(3) as beats:
        for minute in range(MINUTES):
            list(beats.map(beat, [begun + timedelta(minutes=minute)] * 3))
    # The reminder that the notice overtook has its row too: each step of each case once.
    steps = Escalation.objects.values("case", "kind")
    assert steps.distinct().count() == steps.count() == 2 * count
    assert Letter.objects.values("number").distinct().count() == count
    assert CaseEvent.objects.filter(announced_at=None).count() == 0
    # The head and the town's reviewer, each of each case once.
    assert Message.objects.values("person", "event").distinct().count() == Message.objects.count() == 2 * count
    assert not RestingRow.objects.exists()


def beat(at: datetime) -> None:
    try:
        sweep(at=at)
        announce(at=at)
    finally:
        connections.close_all()
