"""Who has duty when: proposed by turns from the members in office, edited, and saved as a whole."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, Refusal, refuse
from casework.models import Person, Unit
from casework.values.days_in_words import exact_day
from oversight.duty.queries import members_on
from oversight.duty.records import DutyEvery, DutyTurn, Roster
from oversight.mechanisms.corrections import EARLIEST
from oversight.rights import require_enterer

# Where a county has one duty day a month, this is its supervision day.
DAY_OF_MONTH = 10

Turn = tuple[date, int]


def next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def duty_days(month: date, every: str) -> list[date]:
    """The duty days that a rule asks for in a month: the Mondays, or the tenth; none where it asks for none."""
    if every == DutyEvery.MONTH:
        return [month.replace(day=DAY_OF_MONTH)]
    if every != DutyEvery.WEEK:
        return []
    first = month + timedelta(days=-month.weekday() % 7)
    return [day for week in range(5) if (day := first + timedelta(weeks=week)).month == month.month]


def propose_turns(members: Sequence[int], days: Sequence[date], *, after: int | None) -> list[Turn]:
    """One member after the other, beginning behind whoever had the last turn before."""
    if not members:
        return []
    start = members.index(after) + 1 if after in members else 0
    return [(day, members[(start + place) % len(members)]) for place, day in enumerate(days)]


def proposal(village: Unit, month: date, every: str) -> list[Turn]:
    """What is proposed for a month from the members in office on its first day. Two queries."""
    before = DutyTurn.objects.filter(roster__village=village, day__lt=month).order_by("-day", "-roster_id").first()
    members = [member.pk for member in members_on(village, month)]
    return propose_turns(members, duty_days(month, every), after=before.person_id if before else None)


@transaction.atomic
def save_roster(*, village: Unit, month: date, turns: Sequence[Turn], by: Person, at: datetime) -> Roster:
    """Keep a month's roster; an earlier one of the month stays to be read. Refuses other people, a day of another month,
    two people on one day, and who is no member on their day.
    """
    from_paper = require_enterer(by, village, at)
    refuse(_refusals(village, month, turns))
    roster = Roster.objects.create(village=village, month=month, from_paper=from_paper, by=by, at=at)
    DutyTurn.objects.bulk_create(DutyTurn(roster=roster, day=day, person_id=person) for day, person in sorted(turns))
    return roster


def _refusals(village: Unit, month: date, turns: Sequence[Turn]) -> list[Refusal]:
    found: list[Refusal] = []
    if month.day != 1 or month < EARLIEST:
        found.append(Invalid("no_month", _("Choose the month of the roster."), field="month"))
    if not turns:
        found.append(Invalid("no_turns", _("Put at least one day and person on the roster."), field="turns"))
    days = [day for day, _person in turns]
    if len(set(days)) != len(days):
        found.append(Invalid("day_twice", _("Two people stand on one day. Give each day to one."), field="turns"))
    if any((day.year, day.month) != (month.year, month.month) for day in days):
        found.append(Invalid("other_month", _("A day of the roster lies in another month."), field="turns"))
        return found
    known: dict[date, set[int]] = {}
    for day, person in turns:
        if day not in known:
            known[day] = {member.pk for member in members_on(village, day)}
        if person not in known[day]:
            sentence = _("Whoever stands on %(day)s is no member of the committee on that day. Choose another.")
            found.append(Invalid("unknown_person", sentence % {"day": exact_day(day)}, field="turns"))
            break
    return found
