"""The clock of the reports: the next period opens by itself, and who is late is reminded once."""

from datetime import date, datetime, timedelta

import pytest

from casework.models import OfficeEvent
from casework.models.office_event import OfficeEventKind
from casework.working_time.deadlines import LOCAL
from oversight.members.joining import leave
from oversight.models import ExpectedReport, Period, ReportReminder, Rhythm
from oversight.reporting.deciding import except_from_close
from oversight.reporting.next_period import propose_first, propose_next
from oversight.reporting.reminding import keep_periods
from oversight.reporting.schemes import switch_scheme
from tests.cast import Cast
from tests.oversight.desk import Desk, make_desk
from tests.oversight.reports import CLOSES, IN_TIME, LAST, MINUTE_LATE, ON_TIME, expected_of, opened, submitted
from tests.walk import NOW

MARCH = datetime(2026, 3, 1, 0, 5, tzinfo=LOCAL)


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


def days() -> list[tuple[date, date]]:
    return list(Period.objects.order_by("first_day").values_list("first_day", "last_day"))


def test_the_next_period_opens_on_its_first_day_and_once(desk: Desk) -> None:
    opened(desk)
    assert keep_periods(at=MARCH - timedelta(minutes=6)) == 0
    keep_periods(at=MARCH)
    assert keep_periods(at=MARCH) == 0
    period = Period.objects.get(first_day=LAST + timedelta(days=1))
    assert period.last_day == date(2026, 4, 30)
    assert period.opened_by is None
    # As long after its end as the first one's: three days, at five in the afternoon.
    assert period.on_time_until == datetime(2026, 5, 3, 17, tzinfo=LOCAL)
    assert period.closes_at == datetime(2026, 5, 6, 17, tzinfo=LOCAL)
    assert period.expected.count() == 3


def test_before_the_office_has_opened_one_nothing_opens(desk: Desk) -> None:
    assert keep_periods(at=MARCH) == 0
    assert propose_next(desk.mechanism, Rhythm.BIMONTHLY, "") is None
    first = propose_first(date(2026, 2, 9))
    assert (first.first_day, first.last_day) == (date(2026, 1, 1), date(2026, 2, 28))


def test_after_a_long_silence_only_what_can_still_be_reported_opens(desk: Desk) -> None:
    opened(desk)
    keep_periods(at=datetime(2026, 9, 10, 8, tzinfo=LOCAL))
    assert days() == [(date(2026, 1, 1), LAST), (date(2026, 9, 1), date(2026, 10, 31))]


def test_whoever_switched_is_expected_in_the_new_rhythm(desk: Desk) -> None:
    opened(desk)
    limits = {
        "on_time_until": datetime(2026, 4, 3, 17, tzinfo=LOCAL),
        "closes_at": datetime(2026, 4, 4, 17, tzinfo=LOCAL),
    }
    switch_scheme(
        membership=desk.county, rhythm=Rhythm.MONTHLY, valid_from=LAST + timedelta(days=1), by=desk.officer, at=NOW
    )
    opened(desk, rhythm=Rhythm.MONTHLY, first_day=date(2026, 3, 1), last_day=date(2026, 3, 31), at=MARCH, **limits)
    keep_periods(at=datetime(2026, 4, 1, 0, 5, tzinfo=LOCAL))
    found = Period.objects.order_by("pk").last()
    assert found is not None
    assert (found.rhythm, found.first_day, found.last_day) == (Rhythm.MONTHLY, date(2026, 4, 1), date(2026, 4, 30))
    march = Period.objects.get(rhythm=Rhythm.BIMONTHLY, first_day=date(2026, 3, 1))
    assert desk.county.unit_id not in march.expected.values_list("unit", flat=True)


def test_a_campaign_ends_with_its_last_day(desk: Desk) -> None:
    day = NOW.date()
    campaign = {"rhythm": Rhythm.DAILY, "campaign": "换届纪律"}
    switch_scheme(
        membership=desk.county, valid_from=day, valid_until=day + timedelta(days=1), by=desk.officer, at=NOW, **campaign
    )
    limits = {"on_time_until": NOW + timedelta(hours=8), "closes_at": NOW + timedelta(hours=9), "at": NOW}
    opened(desk, first_day=day, last_day=day, **campaign, **limits)
    for later in range(1, 5):
        keep_periods(at=NOW + timedelta(days=later))
    assert [first for first, _last in days()] == [day, day + timedelta(days=1)]


def test_when_everybody_has_left_nothing_opens(desk: Desk) -> None:
    opened(desk)
    for member in (desk.county, desk.other_county, desk.department):
        leave(membership=member, last_day=LAST, by=desk.officer, at=NOW)
    assert keep_periods(at=MARCH) == 0


def test_who_is_late_is_reminded_once(desk: Desk) -> None:
    period = opened(desk)
    submitted(period, desk.department.unit_id, desk.department_reporter)
    keep_periods(at=MARCH)
    assert not ReportReminder.objects.exists()
    keep_periods(at=ON_TIME)
    assert not ReportReminder.objects.exists()
    keep_periods(at=MINUTE_LATE)
    keep_periods(at=MINUTE_LATE + timedelta(days=1))
    told = OfficeEvent.objects.filter(kind=OfficeEventKind.REPORT_LATE)
    assert sorted(told.values_list("unit", flat=True)) == sorted([desk.county.unit_id, desk.other_county.unit_id])
    assert ReportReminder.objects.count() == 2


def test_after_the_close_only_who_may_still_hand_in_is_reminded(desk: Desk) -> None:
    period = opened(desk)
    except_from_close(
        expected=expected_of(period, desk.county.unit_id),
        until=CLOSES + timedelta(days=3),
        reason="停电",
        by=desk.officer,
        at=IN_TIME,
    )
    keep_periods(at=CLOSES + timedelta(seconds=1))
    reminded = ExpectedReport.objects.filter(reminder__isnull=False)
    assert list(reminded.values_list("unit", flat=True)) == [desk.county.unit_id]


def test_the_office_and_the_unit_hear_of_what_the_other_did(desk: Desk) -> None:
    period = opened(desk)
    submitted(period, desk.county.unit_id, desk.county_reporter)
    (event,) = OfficeEvent.objects.all()
    assert (event.kind, event.unit_id) == (OfficeEventKind.REPORT_HANDED_IN, desk.mechanism.lead_id)
    assert event.subject == expected_of(period, desk.county.unit_id).pk
