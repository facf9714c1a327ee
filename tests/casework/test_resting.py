"""One bad row stops nothing else: in every clock the others go on, the row rests, is listed, and leaves when mended."""

import logging
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import OperationalError

from casework.clocks.resting import FIRST_REST, LONGEST_REST, work_off
from casework.escalation import escalation
from casework.escalation.sweeping import clocks, silent_since, sweep
from casework.lifecycle import rescheduling
from casework.models import Case, ClockMark, RestingRow
from casework.models.resting_row import ClockName
from tests.casework.poison import DUE, LATE, SECRET, PoisonError, late_cases, noticed, poison, resting
from tests.cast import Cast
from tests.walk import NOW


@pytest.fixture
def three(cast: Cast) -> list[Case]:
    return late_cases(cast)


def test_a_deadline_that_can_not_be_computed_rests_alone(three: list[Case]) -> None:
    bad = three[0]
    Case.objects.filter(pk=bad.pk).update(due_on=date.max, next_step_at=LATE - timedelta(days=9))
    done = sweep(at=LATE)
    assert done["cases looked at"] == 2
    assert noticed() == {case.pk for case in three[1:]}
    row = RestingRow.objects.get()
    assert (row.clock, row.row, row.case, row.tries) == (ClockName.LADDER, bad.pk, bad, 1)
    assert row.next_try == LATE + FIRST_REST


def test_it_is_left_alone_while_it_rests_and_longer_each_time(three: list[Case]) -> None:
    Case.objects.filter(pk=three[0].pk).update(due_on=date.max)
    at, rests = LATE, []
    sweep(at=at)
    for _ in range(5):
        row = RestingRow.objects.get()
        rests.append(row.next_try - at)
        sweep(at=row.next_try - timedelta(minutes=1))
        assert RestingRow.objects.get().tries == row.tries
        at = row.next_try
        sweep(at=at)
    assert rests == [FIRST_REST, FIRST_REST * 2, FIRST_REST * 4, LONGEST_REST, LONGEST_REST]
    assert RestingRow.objects.get().since == LATE


def test_once_mended_it_is_worked_off_and_leaves_the_list(three: list[Case]) -> None:
    Case.objects.filter(pk=three[0].pk).update(due_on=date.max)
    sweep(at=LATE)
    Case.objects.filter(pk=three[0].pk).update(due_on=DUE)
    sweep(at=LATE + FIRST_REST)
    assert noticed() == {case.pk for case in three}
    assert resting() == []


def test_what_is_due_no_longer_leaves_the_list(three: list[Case]) -> None:
    Case.objects.filter(pk=three[0].pk).update(due_on=date.max)
    sweep(at=LATE)
    Case.objects.filter(pk=three[0].pk).update(next_step_at=None)
    sweep(at=LATE + FIRST_REST)
    assert resting() == []


def test_the_log_names_the_case_and_the_kind_of_error_once_and_nothing_that_a_row_says(
    three: list[Case], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    poison(monkeypatch, escalation, "standing_of", lambda case: case.pk == three[1].pk)
    with caplog.at_level(logging.ERROR):
        sweep(at=LATE)
        sweep(at=LATE + FIRST_REST)
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 1
    assert three[1].number in lines[0] and "PoisonError" in lines[0]
    assert SECRET not in lines[0] + RestingRow.objects.get().error


def test_a_whole_clock_that_fails_keeps_no_later_one_from_running(
    three: list[Case], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    mend = poison(monkeypatch, rescheduling.CalendarYear.objects, "filter", lambda **_: True)
    with caplog.at_level(logging.ERROR):
        sweep(at=LATE)
        sweep(at=LATE + timedelta(minutes=1))
    assert noticed() == {case.pk for case in three}
    assert resting() == [(ClockName.DEADLINES, 0)]
    assert len(caplog.records) == 1
    assert silent_since(at=LATE + timedelta(minutes=2)) is None
    mend()
    sweep(at=LATE + timedelta(minutes=2))
    assert resting() == []


@pytest.mark.django_db
def test_an_error_of_the_database_is_no_row_s() -> None:
    def away(_items: object) -> None:
        raise OperationalError

    with pytest.raises(OperationalError):
        work_off([1, 2, 3], away)


@pytest.mark.django_db
@pytest.mark.parametrize("bad", [[], [0], [6], [2, 3], [0, 1, 2, 3, 4, 5, 6]])
def test_a_failing_batch_is_halved_down_to_its_bad_ones(bad: list[int]) -> None:
    done: list[int] = []

    def work(items: Any) -> None:
        if set(items) & set(bad):
            raise PoisonError
        done.extend(items)

    assert [item for item, _error in work_off(range(7), work)] == bad
    assert sorted(done) == [n for n in range(7) if n not in bad]


def test_every_clock_has_a_name_of_its_own_and_says_what_it_does(cast: Cast) -> None:
    names = [clock.name for clock in clocks()]
    assert len(names) == len(set(names))
    assert set(sweep(at=NOW)) == {clock.does for clock in clocks()}
    assert ClockMark.objects.get(name="sweep").at == NOW
