"""The office enters a year: refused when it isn't one, and deadlines follow it."""

from datetime import date, timedelta

import pytest

from casework.errors import Invalid, NotAllowed
from casework.lifecycle.assignment import assign_case
from casework.lifecycle.rescheduling import recompute_deadlines
from casework.lifecycle.undoing import undo_step
from casework.models import CalendarDay, CalendarYear, Case, CaseEvent
from casework.models.case_event import EventKind
from casework.offices.working_calendar import Day, set_year
from casework.working_time import calendar
from casework.working_time.deadlines import add_working_days, is_provisional
from flows import steps
from tests.cast import Cast
from tests.walk import NOW, assigned, head_post, reported, screened

YEAR = 2027


NOTICE = "国办发明电〔2026〕1号"
HOLIDAY = date(YEAR, 10, 1)


def days(*, off: tuple[date, ...] = (), on: tuple[date, ...] = ()) -> list[Day]:
    """2027 by the weekend rule, but for the first of October and these days."""
    first = date(YEAR, 1, 1)
    return [
        Day(day, (day.weekday() < 5 and day not in (HOLIDAY, *off)) or day in on)
        for day in (first + timedelta(days=n) for n in range(365))
    ]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ([*days(), Day(date(2027, 5, 1), False)], "day_twice"),
        (days()[:-1], "day_missing"),
        ([*days(), Day(date(2028, 1, 1), False)], "day_of_other_year"),
    ],
)
def test_a_calendar_that_is_not_one_year_is_refused(given: list[Day], code: str, cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        set_year(year=YEAR, days=given, source=NOTICE, by=cast.city_supervisor, at=NOW)
    assert refused.value.code == code
    assert not CalendarYear.objects.filter(year=YEAR).exists()


def test_only_the_city_office_enters_a_year(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        set_year(year=YEAR, days=days(), source=NOTICE, by=cast.county_supervisor, at=NOW)


def test_a_year_is_provisional_until_it_is_entered(cast: Cast) -> None:
    new_year = date(2027, 1, 1)
    assert is_provisional(new_year)
    assert add_working_days(date(2026, 12, 31), 1) == new_year
    assert set_year(year=YEAR, days=days(off=(new_year,)), source=NOTICE, by=cast.city_supervisor, at=NOW) == 365
    assert not is_provisional(new_year)
    assert add_working_days(date(2026, 12, 31), 1) == date(2027, 1, 4)


def test_a_changed_day_keeps_its_history(cast: Cast) -> None:
    set_year(year=YEAR, days=days(), source=NOTICE, by=cast.city_supervisor, at=NOW)
    assert set_year(year=YEAR, days=days(off=(date(2027, 3, 1),)), by=cast.city_supervisor, at=NOW) == 1
    changed = CalendarDay.history.filter(day=date(2027, 3, 1)).order_by("history_id")
    assert [(row.is_working, row.history_type) for row in changed] == [(True, "+"), (False, "~")]


def long_case(cast: Cast, **values: object) -> Case:
    """A case whose 220 working days cross into 2027."""
    case = screened(cast, reported(cast, days=220))
    return steps.take(assign_case, case=case, by=cast.county_supervisor, at=NOW, post=head_post(case.village), **values)


def test_a_deadline_that_was_counted_moves_with_the_calendar_and_says_so(cast: Cast) -> None:
    case = long_case(cast)
    assert case.due_on is not None and case.due_on.year == YEAR
    off = tuple(date(YEAR, 1, 4) + timedelta(days=n) for n in range(3))
    set_year(year=YEAR, days=days(off=off), source=NOTICE, by=cast.city_supervisor, at=NOW)
    assert recompute_deadlines(at=NOW) == 1
    moved = Case.objects.get(pk=case.pk)
    assert moved.due_on == calendar.current().add(case.due_on, 3)
    event = CaseEvent.objects.get(kind=EventKind.DEADLINE_MOVED)
    assert (event.words, event.version) == (f"{case.due_on} → {moved.due_on}", case.version)
    assert moved.history.latest().due_on == moved.due_on
    assert recompute_deadlines(at=NOW) == 0


def test_a_day_that_the_office_chose_stays(cast: Cast) -> None:
    case = long_case(cast, due_on=date(YEAR, 1, 11))
    off = tuple(date(YEAR, 1, 4) + timedelta(days=n) for n in range(3))
    set_year(year=YEAR, days=days(off=off), source=NOTICE, by=cast.city_supervisor, at=NOW)
    assert recompute_deadlines(at=NOW) == 0
    assert Case.objects.get(pk=case.pk).due_on == date(YEAR, 1, 11)


def test_a_deadline_that_was_undone_gives_none(cast: Cast) -> None:
    """Counted by the first assignment, the deadline would move with the days off; the second was chosen."""
    case = long_case(cast)
    event = CaseEvent.objects.filter(case=case).latest("id")
    case = screened(cast, steps.take(undo_step, case=case, event=event, by=cast.county_supervisor, at=NOW))
    chosen = {"post": head_post(case.village), "due_on": date(YEAR, 1, 11)}
    steps.take(assign_case, case=case, by=cast.county_supervisor, at=NOW + timedelta(minutes=1), **chosen)
    off = tuple(date(YEAR, 1, 4) + timedelta(days=n) for n in range(3))
    set_year(year=YEAR, days=days(off=off), source=NOTICE, by=cast.city_supervisor, at=NOW)
    assert recompute_deadlines(at=NOW) == 0
    assert Case.objects.get(pk=case.pk).due_on == date(YEAR, 1, 11)


def test_a_deadline_before_the_year_stays(cast: Cast) -> None:
    assigned(cast, screened(cast, reported(cast)))
    set_year(year=YEAR, days=days(), source=NOTICE, by=cast.city_supervisor, at=NOW)
    assert recompute_deadlines(at=NOW) == 0


class TestImplausible:
    def refused(self, cast: Cast, given: list[Day], source: str = NOTICE) -> str:
        with pytest.raises(Invalid) as refused:
            set_year(year=YEAR, days=given, source=source, by=cast.city_supervisor, at=NOW)
        assert not CalendarYear.objects.filter(year=YEAR).exists()
        return refused.value.code

    def test_no_working_day_every_day_or_far_too_many(self, cast: Cast) -> None:
        every = [one.day for one in days()]
        for worked in (0, 199, 301, 365):
            given = [Day(day, number < worked) for number, day in enumerate(every)]
            assert self.refused(cast, given) == "year_implausible"

    @pytest.mark.parametrize("worked", [200, 300])
    def test_the_bounds_themselves_are_taken(self, worked: int, cast: Cast) -> None:
        by_weekday = sorted((one.day for one in days()), key=lambda day: (day.weekday() > 4, day))
        chosen = set(by_weekday[1 : worked + 1])
        given = [Day(one.day, one.day in chosen) for one in days()]
        assert set_year(year=YEAR, days=given, source=NOTICE, by=cast.city_supervisor, at=NOW) == 365

    def test_not_one_weekday_off(self, cast: Cast) -> None:
        untouched = [Day(one.day, one.day.weekday() < 5) for one in days()]
        assert self.refused(cast, untouched) == "no_holiday"

    def test_without_the_notice_it_follows(self, cast: Cast) -> None:
        assert self.refused(cast, days(), source="  ") == "source_missing"


def test_a_deadline_in_a_year_that_is_missing_is_marked_provisional_until_the_calendar_comes(cast: Cast) -> None:
    case = long_case(cast)
    assert is_provisional(case.due_on)
    set_year(year=YEAR, days=days(), source=NOTICE, by=cast.city_supervisor, at=NOW)
    assert not is_provisional(case.due_on)
