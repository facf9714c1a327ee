"""A membership begins, ends or is renamed within a period: old rates stay, none is above 100 % (promise 54)."""

from dataclasses import astuple
from datetime import date, datetime, timedelta

import pytest

from casework.models import UnitName
from casework.offices.units import rename
from casework.working_time.deadlines import LOCAL
from oversight.members.joining import join, leave
from oversight.models import MemberGroup, Period
from oversight.reporting.queries import Rates, period_rows, rates_of
from tests.cast import Cast
from tests.oversight.desk import Desk, make_desk
from tests.oversight.reports import FIRST, IN_TIME, LAST, opened, submitted

MIDDLE = date(2026, 2, 1)
AT = datetime(2026, 2, 1, 9, tzinfo=LOCAL)


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


def rates(period: Period) -> Rates:
    found = rates_of(period_rows([period]))
    assert all(part <= found.expected for part in astuple(found))
    return found


def all_report(desk: Desk, period: Period) -> None:
    for name in ("county", "other_county", "department"):
        submitted(period, getattr(desk, name).unit_id, getattr(desk, f"{name}_reporter"))


def test_who_joins_in_the_middle_is_in_neither_count_until_the_next_period(desk: Desk, cast: Cast) -> None:
    period = opened(desk)
    join(
        mechanism=desk.mechanism,
        unit=cast.discipline_unit,
        group=MemberGroup.CO_SIGNING,
        valid_from=MIDDLE,
        by=desk.officer,
        at=AT,
    )
    all_report(desk, period)
    assert (rates(period).present, rates(period).expected) == (3, 3)
    later = opened(
        desk,
        first_day=LAST + timedelta(days=1),
        last_day=date(2026, 4, 30),
        on_time_until=datetime(2026, 5, 3, tzinfo=LOCAL),
        closes_at=datetime(2026, 5, 4, tzinfo=LOCAL),
    )
    assert (rates(later).present, rates(later).expected) == (0, 4)


def test_who_leaves_in_the_middle_stays_in_both_counts(desk: Desk) -> None:
    period = opened(desk)
    submitted(period, desk.county.unit_id, desk.county_reporter, at=datetime(2026, 1, 20, 9, tzinfo=LOCAL))
    leave(membership=desk.county, last_day=MIDDLE, by=desk.officer, at=AT)
    leave(membership=desk.other_county, last_day=MIDDLE, by=desk.officer, at=AT)
    assert (rates(period).present, rates(period).expected) == (1, 3)


def test_who_leaves_and_joins_again_is_counted_once(desk: Desk, cast: Cast) -> None:
    period = opened(desk)
    leave(membership=desk.county, last_day=MIDDLE, by=desk.officer, at=AT)
    join(
        mechanism=desk.mechanism,
        unit=cast.county,
        group=MemberGroup.COUNTY,
        valid_from=MIDDLE + timedelta(days=1),
        by=desk.officer,
        at=AT,
    )
    all_report(desk, period)
    assert (rates(period).present, rates(period).expected) == (3, 3)


def test_a_new_name_is_the_same_row(desk: Desk, cast: Cast) -> None:
    UnitName.objects.get_or_create(unit=cast.department, valid_until=None, defaults={"name": cast.department.name})
    period = opened(desk)
    before = [row.expected.unit_name for row in period_rows([period])]
    rename(cast.department, "市乡村振兴局", on=MIDDLE)
    cast.department.save()
    all_report(desk, period)
    assert [row.expected.unit_name for row in period_rows([period])] == before
    assert (rates(period).present, rates(period).expected) == (3, 3)


def test_corrections_and_returns_count_no_report_twice(desk: Desk) -> None:
    period = opened(desk)
    for _ in range(3):
        submitted(period, desk.county.unit_id, desk.county_reporter)
    assert (rates(period).present, rates(period).on_time, rates(period).expected) == (1, 1, 3)
    assert rates_of(period_rows([period, period])).expected == 3
    assert IN_TIME.date() > FIRST
