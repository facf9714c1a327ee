"""A period opens with its expected reports: of whom, under which names, and what is refused."""

from datetime import date, datetime, timedelta

import pytest

from casework.errors import Conflict, Invalid, NotAllowed, Refusal
from casework.models import UnitName
from casework.offices.units import rename
from casework.working_time.deadlines import LOCAL
from oversight.members.joining import join, leave
from oversight.models import ExpectedReport, Period, Rhythm
from oversight.reporting.opening import open_period
from oversight.reporting.schemes import switch_scheme
from tests.cast import Cast
from tests.oversight.desk import Desk, make_desk
from tests.oversight.reports import CLOSES, FIRST, LAST, ON_TIME, give_schemes, opened
from tests.walk import NOW, TODAY


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


def names_of(period: Period) -> list[str]:
    return list(period.expected.values_list("unit_name", flat=True))


def test_the_members_of_the_first_day_are_expected_in_their_order(desk: Desk) -> None:
    period = opened(desk)
    assert names_of(period) == ["市农业农村局", "青禾区", "云溪县"]


def test_nothing_is_expected_from_before_a_unit_joined(desk: Desk) -> None:
    give_schemes(desk)
    desk.county.valid_from = FIRST + timedelta(days=1)
    desk.county.save()
    assert "青禾区" not in names_of(opened(desk))


def test_who_has_left_when_a_period_opens_late_is_not_expected(desk: Desk) -> None:
    give_schemes(desk)
    leave(membership=desk.county, last_day=date(2026, 2, 10), by=desk.officer, at=NOW)
    assert "青禾区" not in names_of(opened(desk, at=datetime(2026, 2, 11, 9, tzinfo=LOCAL)))


def test_the_name_is_that_of_the_last_day(desk: Desk, cast: Cast) -> None:
    UnitName.objects.get_or_create(unit=cast.department, valid_until=None, defaults={"name": cast.department.name})
    rename(cast.department, "市乡村振兴局", on=date(2026, 2, 20))
    cast.department.save()
    assert names_of(opened(desk))[0] == "市乡村振兴局"


def test_a_later_name_changes_no_old_period(desk: Desk, cast: Cast) -> None:
    UnitName.objects.get_or_create(unit=cast.department, valid_until=None, defaults={"name": cast.department.name})
    rename(cast.department, "市乡村振兴局", on=LAST + timedelta(days=1))
    cast.department.save()
    assert names_of(opened(desk))[0] == "市农业农村局"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"last_day": FIRST - timedelta(days=1)}, "ends_before_it_began"),
        ({"last_day": FIRST + timedelta(days=62)}, "period_too_long"),
        ({"rhythm": Rhythm.MONTHLY}, "period_too_long"),
        ({"rhythm": "weekly"}, "rhythm_unknown"),
        ({"rhythm": Rhythm.DAILY, "last_day": FIRST}, "campaign_missing"),
        ({"campaign": "春季行动"}, "campaign_not_daily"),
        ({"rhythm": Rhythm.DAILY, "last_day": FIRST, "campaign": "长" * 61}, "too_long"),
        ({"on_time_until": datetime(2026, 2, 27, 17, tzinfo=LOCAL)}, "limit_too_early"),
        ({"closes_at": ON_TIME - timedelta(seconds=1)}, "closes_too_early"),
        ({"at": CLOSES}, "closed_already"),
        ({"closes_at": datetime(2027, 3, 6, 17, tzinfo=LOCAL)}, "closes_too_late"),
        ({"first_day": date(1926, 1, 1), "last_day": date(1926, 2, 1)}, "day_too_early"),
        ({"first_day": date(2062, 1, 1), "last_day": date(2062, 2, 1)}, "deadline_too_far"),
        ({"rhythm": Rhythm.MONTHLY, "last_day": date(2026, 1, 31)}, "nobody_reports"),
    ],
)
def test_what_contradicts_itself_is_refused(desk: Desk, changed: dict[str, object], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        opened(desk, **changed)
    assert refused.value.each()[0].code == code
    assert not Period.objects.exists()


def test_limit_and_close_may_be_the_same_second(desk: Desk) -> None:
    assert opened(desk, closes_at=ON_TIME).closes_at == ON_TIME


def test_periods_of_one_rhythm_do_not_overlap(desk: Desk) -> None:
    opened(desk)
    with pytest.raises(Conflict) as refused:
        opened(desk, first_day=LAST, last_day=date(2026, 3, 1))
    assert refused.value.code == "period_overlaps"
    opened(
        desk,
        first_day=date(2026, 3, 1),
        last_day=date(2026, 4, 30),
        on_time_until=datetime(2026, 5, 3, tzinfo=LOCAL),
        closes_at=datetime(2026, 5, 4, tzinfo=LOCAL),
    )


def test_one_period_may_lie_ahead_and_no_second_one(desk: Desk) -> None:
    ahead = {"on_time_until": datetime(2026, 7, 3, tzinfo=LOCAL), "closes_at": datetime(2026, 7, 4, tzinfo=LOCAL)}
    opened(desk, first_day=date(2026, 3, 3), last_day=date(2026, 4, 30), at=NOW, **ahead)
    with pytest.raises(Conflict) as refused:
        opened(desk, first_day=date(2026, 5, 1), last_day=date(2026, 6, 30), at=NOW, **ahead)
    assert refused.value.code == "period_ahead"


def test_only_the_lead_office_of_this_mechanism_opens(desk: Desk, cast: Cast) -> None:
    for person in (desk.county_reporter, cast.county_supervisor, cast.administrator):
        with pytest.raises(NotAllowed):
            opened(desk, by=person)
    opened(desk, by=cast.city_supervisor)


def test_a_rhythm_is_switched_from_the_next_period_on(desk: Desk) -> None:
    opened(desk)
    with pytest.raises(Conflict) as refused:
        switch_scheme(membership=desk.county, rhythm=Rhythm.MONTHLY, valid_from=LAST, by=desk.officer, at=NOW)
    assert refused.value.code == "period_running"
    switch_scheme(
        membership=desk.county, rhythm=Rhythm.MONTHLY, valid_from=LAST + timedelta(days=1), by=desk.officer, at=NOW
    )
    limits = {"on_time_until": datetime(2026, 5, 3, tzinfo=LOCAL), "closes_at": datetime(2026, 5, 4, tzinfo=LOCAL)}
    march = {"first_day": date(2026, 3, 1), **limits}
    assert names_of(opened(desk, rhythm=Rhythm.MONTHLY, last_day=date(2026, 3, 31), **march)) == ["青禾区"]
    assert names_of(opened(desk, last_day=date(2026, 4, 30), **march)) == ["市农业农村局", "云溪县"]


def test_a_daily_campaign_stands_beside_the_regular_rhythm(desk: Desk) -> None:
    give_schemes(desk)
    campaign = {"rhythm": Rhythm.DAILY, "campaign": "换届纪律"}
    for valid_until, code in ((None, "end_missing"), (TODAY - timedelta(days=1), "ends_before_it_began")):
        with pytest.raises(Refusal) as refused:
            switch_scheme(
                membership=desk.county, valid_from=TODAY, valid_until=valid_until, by=desk.officer, at=NOW, **campaign
            )
        assert refused.value.code == code
    switch_scheme(
        membership=desk.county,
        valid_from=TODAY,
        valid_until=TODAY + timedelta(days=3),
        by=desk.officer,
        at=NOW,
        **campaign,
    )
    limits = {"on_time_until": NOW + timedelta(hours=8), "closes_at": NOW + timedelta(hours=9), "at": NOW}
    assert names_of(opened(desk, first_day=TODAY, last_day=TODAY, **campaign, **limits)) == ["青禾区"]
    assert names_of(opened(desk)) == ["市农业农村局", "青禾区", "云溪县"]


def test_a_later_change_of_the_memberships_changes_no_old_period(desk: Desk, cast: Cast) -> None:
    period = opened(desk)
    leave(membership=desk.county, last_day=date(2026, 1, 15), by=desk.officer, at=NOW)
    join(
        mechanism=desk.mechanism,
        unit=cast.discipline_unit,
        group="co_signing",
        valid_from=FIRST,
        by=desk.officer,
        at=NOW,
    )
    assert names_of(period) == ["市农业农村局", "青禾区", "云溪县"]
    assert ExpectedReport.objects.count() == 3


def test_opening_twice_leaves_one(desk: Desk) -> None:
    opened(desk)
    with pytest.raises(Conflict):
        opened(desk)
    assert ExpectedReport.objects.count() == 3


def test_the_clock_opens_as_nobody(desk: Desk) -> None:
    give_schemes(desk)
    period = open_period(
        mechanism=desk.mechanism,
        rhythm=Rhythm.BIMONTHLY,
        first_day=FIRST,
        last_day=LAST,
        on_time_until=ON_TIME,
        closes_at=CLOSES,
        by=None,
        at=NOW,
    )
    assert period.opened_by is None
