"""The period after the last one: proposed to the office, and opened by the clock (reminding.py) when its first day has come."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from casework.errors import Refusal
from casework.working_time.deadlines import LOCAL, local_day, midnight
from oversight.members.records import Mechanism
from oversight.reporting.opening import open_period, who_reports
from oversight.reporting.records import Period, Rhythm

MONTHS = {Rhythm.MONTHLY: 1, Rhythm.BIMONTHLY: 2}
# How many periods that nobody could report in any more are passed over after a long silence of the clock.
MOST_PASSED = 60
DAYS_TO_REPORT, DAYS_TO_CLOSE, HOUR = 3, 3, 17


class Proposed(NamedTuple):
    rhythm: str
    campaign: str
    first_day: date
    last_day: date
    on_time_until: datetime
    closes_at: datetime


def propose_first(on: date) -> Proposed:
    """The first period of all: the two months that are running."""
    first = date(on.year, on.month - (on.month - 1) % 2, 1)
    last = _end_of(first, Rhythm.BIMONTHLY)
    until = datetime.combine(last + timedelta(days=DAYS_TO_REPORT), time(HOUR), LOCAL)
    return Proposed(Rhythm.BIMONTHLY, "", first, last, until, until + timedelta(days=DAYS_TO_CLOSE))


def propose_next(mechanism: Mechanism, rhythm: str, campaign: str) -> Proposed | None:
    """The period after the last one of its rhythm, its limits as long after its end as the last one's; None before the
    office has opened the first.
    """
    last = mechanism.periods.filter(rhythm=rhythm, campaign=campaign).order_by("-first_day").first()
    return _after(last) if last is not None else None


def _after(last: Period | Proposed) -> Proposed:
    first = last.last_day + timedelta(days=1)
    end = _end_of(first, last.rhythm)
    ended, ends = midnight(last.last_day), midnight(end)
    return Proposed(
        last.rhythm, last.campaign, first, end, ends + (last.on_time_until - ended), ends + (last.closes_at - ended)
    )


def _end_of(first: date, rhythm: str) -> date:
    if rhythm == Rhythm.DAILY:
        return first
    month = first.month - 1 + MONTHS[Rhythm(rhythm)]
    return date(first.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


class Due(NamedTuple):
    """A period that follows `last` and is to be opened now."""

    last: Period
    following: Proposed


def due_periods(at: datetime) -> list[Due]:
    """What follows the last period of each rhythm and campaign, once its first day has come. Where the clock stood
    still, a period whose form would be closed already is passed over: nobody could have reported.
    """
    on = local_day(at)
    newest: dict[tuple[int, str, str], Period] = {}
    for period in Period.objects.select_related("mechanism").order_by("first_day", "pk"):
        newest[period.mechanism_id, period.rhythm, period.campaign] = period
    found = []
    for last in newest.values():
        following = _after(last)
        for _number in range(MOST_PASSED):
            if following.closes_at > at:
                break
            following = _after(following)
        is_due = following.first_day <= on and following.closes_at > at
        # A campaign may be over, or all members may report in another rhythm by now.
        if is_due and who_reports(last.mechanism, last.rhythm, last.campaign, following.first_day, on):
            found.append(Due(last, following))
    return found


def open_next(due: Due, *, at: datetime) -> None:
    try:
        open_period(mechanism=due.last.mechanism, by=None, at=at, **due.following._asdict())
    except Refusal as refusal:
        if refusal.code != "period_overlaps":  # somebody was faster
            raise
