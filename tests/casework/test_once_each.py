"""What a sweep tells of once and no more: a referral through all rounds, a vacancy each day, the lateness of a look-back."""

from datetime import date, timedelta

import pytest

from casework.escalation.chasing import find_vacancies
from casework.escalation.sweeping import sweep
from casework.models import Caretaker, Case, Escalation, Term
from casework.models.case_event import EventKind
from casework.stages import Light
from casework.working_time.deadlines import add_working_days, midnight
from tests.casework.look_backs import opened, watched
from tests.cast import Cast
from tests.walk import NOW, assigned, reported, screened

DUE = date(2026, 3, 16)


@pytest.fixture
def case(cast: Cast) -> Case:
    return assigned(cast, screened(cast, reported(cast)), due_on=DUE)


def test_a_referral_that_was_proposed_at_once_is_not_proposed_in_the_next_round(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(ladder_refers=True, next_step_at=NOW)
    sweep(at=NOW + timedelta(hours=1))
    assert list(Escalation.objects.filter(case=case).values_list("step", flat=True)) == ["referral"]
    Case.objects.filter(pk=case.pk).update(ladder_round=case.ladder_round + 1, next_step_at=NOW)
    sweep(at=midnight(add_working_days(DUE, 1)))
    taken = list(Escalation.objects.filter(case=case).values_list("step", flat=True))
    assert {"reminder", "notice"} < set(taken)
    assert taken.count("referral") == 1


def test_of_two_cases_the_one_that_was_not_proposed_yet_is(case: Case, cast: Cast) -> None:
    Case.objects.filter(pk=case.pk).update(ladder_refers=True, next_step_at=NOW)
    sweep(at=NOW + timedelta(hours=1))
    other = assigned(cast, screened(cast, reported(cast)), due_on=DUE)
    Case.objects.update(ladder_refers=True, ladder_round=9, next_step_at=NOW)
    sweep(at=NOW + timedelta(hours=2))
    assert sorted(Escalation.objects.filter(step="referral").values_list("case", flat=True)) == [case.pk, other.pk]


def test_vacancies_are_looked_for_once_a_day(case: Case, cast: Cast) -> None:
    assert find_vacancies(at=NOW) == 0
    Caretaker.objects.create(unit=cast.willow, office=cast.town, valid_from=NOW.date(), at=NOW)
    Term.objects.filter(post__unit=cast.willow).update(valid_until=NOW.date() - timedelta(days=1))
    assert find_vacancies(at=NOW + timedelta(hours=3)) == 0
    assert find_vacancies(at=midnight(NOW.date() + timedelta(days=1))) == 1


@pytest.mark.parametrize(
    ("days", "kinds", "light"),
    [
        (-4, [], Light.NONE),
        (-3, [EventKind.LOOK_BACK_NEAR], Light.BLUE),
        (0, [EventKind.LOOK_BACK_NEAR], Light.BLUE),
        (1, [EventKind.LOOK_BACK_LATE], Light.YELLOW),
        (4, [EventKind.LOOK_BACK_LATE], Light.YELLOW),
        (5, [EventKind.LOOK_BACK_OVERDUE], Light.RED),
    ],
)
def test_a_look_back_that_is_not_done_is_told_of_by_its_day(
    days: int, kinds: list[EventKind], light: Light, cast: Cast
) -> None:
    look_back = opened(watched(cast))
    sweep(at=midnight(add_working_days(look_back.due_on, days)))
    look_back.refresh_from_db()
    told = (EventKind.LOOK_BACK_NEAR, EventKind.LOOK_BACK_LATE, EventKind.LOOK_BACK_OVERDUE)
    assert list(look_back.case.events.filter(kind__in=told).values_list("kind", flat=True)) == kinds
    assert look_back.light == light
