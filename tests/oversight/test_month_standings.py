"""Where the open cases stood, month by month: kept up to date it says what a recount from their history says."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from casework.escalation.sweeping import sweep
from casework.lifecycle.exit import refer_case
from casework.models import Case
from casework.stages import Stage
from casework.working_time.deadlines import midnight
from flows import steps
from oversight import tallies
from oversight.figures.counting import Months, standings
from oversight.figures.figure import spread_of
from oversight.figures.sheet import sheet_of
from oversight.figures.standings import count_closing_times, count_month, end_of, months_back, months_until
from oversight.models import ClosingTime, MonthStanding
from tests.cast import Cast
from tests.walk import NOW, TODAY, case_at, closed, reported

MONTH = TODAY.replace(day=1)


def rows() -> set[tuple[object, ...]]:
    columns = (
        "month",
        "city",
        "county",
        "town",
        "village",
        "unassigned",
        "on_time",
        "blue",
        "yellow",
        "red",
        "overdue",
    )
    return set(MonthStanding.objects.values_list(*columns))


@pytest.fixture
def cases(cast: Cast) -> list[Case]:
    return [
        case_at(Stage.RECTIFICATION, cast),
        case_at(Stage.FIRST_REVIEW, cast),
        closed(cast, case_at(Stage.STRIKE_OFF, cast)),
        reported(cast, village=cast.elm),
    ]


def test_the_running_month_is_the_same_as_its_recount_from_history(cases: list[Case], cast: Cast) -> None:
    at = NOW + timedelta(days=30)
    sweep(at=at)
    kept = rows()
    assert {row[4] for row in kept if row[0] == date(2026, 4, 1)} == {cast.willow.pk, cast.elm.pk}
    assert sum(row.red + row.yellow for row in MonthStanding.objects.filter(month=date(2026, 4, 1))) == 2
    count_month(date(2026, 4, 1), until=at + timedelta(seconds=1))
    assert rows() == kept


def test_a_month_that_has_passed_stays_as_it_ended(cases: list[Case], cast: Cast) -> None:
    sweep(at=NOW)
    sweep(at=midnight(end_of(MONTH)) + timedelta(hours=23))
    ended = {row for row in rows() if row[0] == MONTH}
    later = midnight(end_of(MONTH)) + timedelta(days=3)
    steps.take(
        refer_case, case=cases[0], by=cast.county_supervisor, at=later, to=cast.discipline_unit, reason="涉嫌违纪"
    )
    sweep(at=later)
    assert {row for row in rows() if row[0] == MONTH} == ended
    stood = standings(cast.county, [MONTH, months_back(MONTH, -1)])
    assert [one.open for one in stood.values()] == [3, 2]


def test_nothing_is_counted_where_nothing_happened(cases: list[Case]) -> None:
    assert tallies.refresh_standings(1, at=NOW)
    assert not tallies.refresh_standings(1, at=NOW + timedelta(hours=1))
    assert tallies.refresh_standings(2, at=NOW + timedelta(hours=1))


def test_how_long_strike_offs_took_is_counted_with_the_day_of_the_strike_off(cases: list[Case]) -> None:
    sweep(at=NOW)
    kept = set(ClosingTime.objects.values_list("month", "days", "count"))
    assert kept == {(MONTH, 1, 1)}
    count_closing_times([MONTH])
    assert set(ClosingTime.objects.values_list("month", "days", "count")) == kept


def test_a_referred_case_is_in_no_figure(cases: list[Case], cast: Cast) -> None:
    steps.take(refer_case, case=cases[0], by=cast.county_supervisor, at=NOW, to=cast.discipline_unit, reason="涉嫌违纪")
    sweep(at=NOW)
    sheet = sheet_of(cast.county, Months(MONTH, MONTH), at=NOW)
    assert sum(one.flow.found for one in sheet.rows) == 3


def test_it_begins_with_a_sentence(cases: list[Case], cast: Cast) -> None:
    sweep(at=NOW)
    with translation.override("en"):
        sentence = sheet_of(cast.county, Months(MONTH, MONTH), at=NOW).sentence
    told = "3 problems are open, 0 of them overdue, 1 was struck off in the period, half of them within 1 day"
    assert sentence == f"青禾区: {told}."


@pytest.mark.parametrize("level", ["city", "county", "town", "willow"])
def test_every_level_counts_its_own(level: str, cases: list[Case], cast: Cast) -> None:
    sweep(at=NOW)
    sheet = sheet_of(getattr(cast, level), Months(MONTH, MONTH), at=NOW)
    shown = {one.key: one for one in sheet.figures}
    assert shown["open"].value == (3 if level in ("city", "county") else 2)
    assert shown["closed"].value == 1
    assert (shown["days"].value, shown["days"].whole) == (1, 1)
    assert shown["again"].whole == 1 and shown["again"].low is not None


def test_who_hears_of_a_case_when_it_is_assigned_is_told_of_none_before(cases: list[Case], cast: Cast) -> None:
    sweep(at=NOW)
    sheet = sheet_of(cast.elm, Months(MONTH, MONTH), at=NOW, knows_unassigned=False)
    assert sheet.figure("open").value == 0
    assert sheet.figure("found") is None
    assert sheet_of(cast.elm, Months(MONTH, MONTH), at=NOW).figure("open").value == 1


def test_a_running_month_is_not_compared_with_a_whole_one(cases: list[Case], cast: Cast) -> None:
    sweep(at=NOW)
    assert sheet_of(cast.county, Months(MONTH, MONTH), at=NOW).figure("closed").change == ""
    before = months_back(MONTH, 1)
    assert sheet_of(cast.county, Months(before, before), at=NOW).figure("closed").change == "±0"


@pytest.mark.parametrize(
    ("histogram", "found"),
    [([], (0, None, None, None)), ([(5, 1)], (1, 5, 5, 5)), ([(9, 1), (1, 1), (3, 2)], (4, 3, 1, 3))],
)
def test_the_middle_one_and_the_middle_half(histogram: list[tuple[int, int]], found: tuple[object, ...]) -> None:
    spread = spread_of(histogram)
    assert (spread.count, spread.middle, spread.low, spread.high) == found


def test_months_reach_back_over_the_end_of_a_year() -> None:
    assert months_until(date(2026, 2, 1), 3) == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
