"""A strike-off is watched: look-backs are planned, and told of when they are near or late."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from casework.lifecycle.rescheduling import recompute_deadlines
from casework.models import Case, CaseEvent, ConsolidationRule, LookBack
from casework.models.case_event import EventKind
from casework.models.look_back import LookBackKind
from casework.offices.working_calendar import set_year
from casework.stages import Light, Stage, Watch
from casework.watch.consolidation import days_of, end_of_next_period, watch_closures
from casework.working_time.deadlines import add_working_days, midnight
from flows import look_back as flow
from tests.casework.look_backs import opened, struck_off, watched
from tests.casework.test_working_calendar import NOTICE
from tests.casework.test_working_calendar import days as days_of_2027
from tests.cast import Cast
from tests.walk import NOW, TODAY, case_at, relapsed


@pytest.fixture
def case(cast: Cast) -> Case:
    return watched(cast)


@pytest.fixture
def first(case: Case) -> LookBack:
    return opened(case)


class TestPlans:
    def test_thirty_and_ninety_days_on_working_days(self, case: Case) -> None:
        case.refresh_from_db()
        assert case.watch == Watch.WATCHED
        planned = list(case.look_backs.filter(kind=LookBackKind.SCHEDULED).values_list("opens_on", flat=True))
        assert planned == [date(2026, 4, 1), date(2026, 6, 1)]  # 30 days; 90 days is a Sunday
        assert case.look_backs.first().due_on == add_working_days(planned[0], 10)

    def test_a_recurring_duty_also_after_its_next_period(self, cast: Cast) -> None:
        case = struck_off(cast, "committee-duty-missed")
        watch_closures(at=NOW)
        assert end_of_next_period(TODAY) == date(2026, 5, 10)
        assert case.look_backs.get(kind=LookBackKind.PERIOD).opens_on == date(2026, 5, 11)

    def test_every_relapse_doubles_the_days(self, case: Case, cast: Cast) -> None:
        again = relapsed(cast, Case.objects.get(pk=case.pk))
        assert days_of(again, [], on=TODAY) == [60, 180]

    def test_the_most_particular_rule_holds(self, case: Case) -> None:
        day = TODAY - timedelta(days=1)
        ConsolidationRule.objects.create(severity=case.severity, days=[20], valid_from=day)
        assert days_of(case, ConsolidationRule.objects.all(), on=TODAY) == [20]
        ConsolidationRule.objects.create(item=case.item, days=[10, 40], valid_from=day)
        assert days_of(case, ConsolidationRule.objects.all(), on=TODAY) == [10, 40]
        ConsolidationRule.objects.create(item=case.item, days=[5], valid_from=TODAY + timedelta(days=1))
        assert days_of(case, ConsolidationRule.objects.all(), on=TODAY) == [10, 40]

    def test_strike_offs_of_before_are_watched_from_now_on(self, cast: Cast) -> None:
        old, older = struck_off(cast), struck_off(cast)
        Case.objects.filter(pk=older.pk).update(stage=Stage.SCREENING, waits_at=cast.county)
        watch_closures(at=NOW + timedelta(days=45))
        assert [one.opens_on for one in old.look_backs.all()] == [date(2026, 6, 1)]
        Case.objects.filter(pk=older.pk).update(stage=Stage.CLOSED, waits_at=None)
        watch_closures(at=NOW + timedelta(days=400))
        older.refresh_from_db()
        assert (older.watch, older.look_backs.count()) == (Watch.ARCHIVED, 0)
        assert watch_closures(at=NOW + timedelta(days=400)) == 0


@pytest.mark.parametrize(
    ("days", "kind", "light"),
    [
        (-3, EventKind.LOOK_BACK_NEAR, Light.BLUE),
        (1, EventKind.LOOK_BACK_LATE, Light.YELLOW),
        (5, EventKind.LOOK_BACK_OVERDUE, Light.RED),
    ],
)
def test_what_is_late_is_told_once(days: int, kind: str, light: str, first: LookBack) -> None:
    at = midnight(add_working_days(first.due_on, days)) + timedelta(hours=6)
    for _ in range(2):
        flow.sweep(at=at)
    first.refresh_from_db()
    assert first.light == light
    assert CaseEvent.objects.filter(case=first.case, kind=kind).count() == 1
    assert CaseEvent.objects.filter(case=first.case, kind__startswith="look_back").count() == 2


def test_a_batch_asks_a_fixed_number_of_questions(
    cast: Cast, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for _ in range(6):
        case_at(Stage.CLOSED, cast)
    watch_closures(at=NOW)
    at = midnight(date(2026, 4, 1)) + timedelta(hours=6)
    with django_assert_max_num_queries(40):
        assert flow.sweep(at=at) == 6
    assert flow.sweep(at=at) == 0


def test_a_look_backs_last_day_moves_when_it_turns_out_to_be_a_day_off(case: Case, cast: Cast) -> None:
    row = case.look_backs.order_by("opens_on")[0]
    LookBack.objects.filter(pk=row.pk).update(due_on=date(2027, 1, 4))
    off = (date(2027, 1, 1), date(2027, 1, 4))
    set_year(year=2027, days=days_of_2027(off=off), source=NOTICE, by=cast.city_supervisor, at=NOW)
    recompute_deadlines(at=NOW)
    row.refresh_from_db()
    assert (row.due_on, row.history.latest().history_step) == (date(2027, 1, 5), "recompute_deadlines")
