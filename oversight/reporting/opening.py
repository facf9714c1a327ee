"""To open a period: from then on the reports that are expected in it are rows, and no later change moves them."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, Refusal, refuse
from casework.models import Person
from casework.models.history import stamped
from casework.values.days_in_words import exact_day
from casework.values.plain_text import clean_text
from casework.working_time.deadlines import local_day, midnight
from oversight.members.joining import of_a_beginning
from oversight.members.queries import names_on
from oversight.members.records import Mechanism, Membership
from oversight.members.rights import require_lead
from oversight.reporting.records import ExpectedReport, Period, Rhythm
from oversight.reporting.schemes import of_the_rhythm, reporting_on

LONGEST = {Rhythm.MONTHLY: 31, Rhythm.BIMONTHLY: 62, Rhythm.DAILY: 1}  # days
LONGEST_CLOSE = timedelta(days=92)  # after the last day; later is a slip of the finger


@transaction.atomic
def open_period(
    *,
    mechanism: Mechanism,
    rhythm: str,
    first_day: date,
    last_day: date,
    on_time_until: datetime,
    closes_at: datetime,
    by: Person | None,
    at: datetime,
    campaign: str = "",
) -> Period:
    """Open a period and write down whose reports are expected: of the units that were members on its first day, report in
    this rhythm, and are members still. Their names are those of its last day.

    `by` is nobody where the clock opens it. Refuses one that overlaps another of its rhythm, a second one that lies
    ahead, limits that contradict each other, and one in which nobody reports.
    """
    if by is not None:
        require_lead(by, mechanism, at)
    on, campaign = local_day(at), " ".join(clean_text(campaign).split())
    refuse(of_the_rhythm(rhythm, campaign) or of_a_beginning(first_day, on=on, field="first_day"))
    refuse(_of_the_days(rhythm, first_day, last_day) or _of_the_limits(last_day, on_time_until, closes_at, at))
    # Two who open at once come one after the other, and the second one sees the first one's period.
    Mechanism.objects.select_for_update().get(pk=mechanism.pk)
    alike = mechanism.periods.filter(rhythm=rhythm, campaign=campaign)
    _refuse_overlap(alike.filter(first_day__lte=last_day, last_day__gte=first_day).first())
    _refuse_second_ahead(alike.filter(first_day__gt=on).first() if first_day > on else None)
    members = who_reports(mechanism, rhythm, campaign, first_day, on)
    if not members:
        raise Invalid(
            "nobody_reports",
            _("No member reported in this rhythm on %(day)s. Look at the members and their rhythms first.")
            % {"day": exact_day(first_day)},
            field="first_day",
        )
    with stamped(step="open_period", by=by, at=at):
        period = Period.objects.create(
            mechanism=mechanism,
            rhythm=rhythm,
            campaign=campaign,
            first_day=first_day,
            last_day=last_day,
            on_time_until=on_time_until,
            closes_at=closes_at,
            opened_by=by,
            opened_at=at,
        )
    names = names_on([member.unit_id for member in members], last_day)
    ExpectedReport.objects.bulk_create(
        ExpectedReport(
            period=period,
            membership=member,
            unit=member.unit,
            unit_name=names.get(member.unit_id, member.unit.name),
            group=member.group,
            order=member.order,
        )
        for member in members
    )
    return period


def who_reports(mechanism: Mechanism, rhythm: str, campaign: str, first_day: date, on: date) -> list[Membership]:
    """Nothing is expected from before a unit joined, nor of one that has left when the period opens."""
    reporting = reporting_on(mechanism, rhythm, campaign, first_day)
    members = mechanism.memberships.filter(pk__in=reporting, valid_from__lte=first_day).select_related("unit")
    last = max(first_day, on)
    return [one for one in members.order_by("order", "pk") if one.valid_until is None or one.valid_until >= last]


def _of_the_days(rhythm: str, first_day: date, last_day: date) -> list[Refusal]:
    if last_day < first_day:
        return [
            Invalid(
                "ends_before_it_began",
                _("The last day lies before the first one, %(day)s.") % {"day": exact_day(first_day)},
                field="last_day",
            )
        ]
    most, days = LONGEST[Rhythm(rhythm)], (last_day - first_day).days + 1
    if days > most:
        return [
            Invalid(
                "period_too_long",
                _("A period of this rhythm has at most %(most)d days, and this one has %(days)d.")
                % {"most": most, "days": days},
                field="last_day",
            )
        ]
    return []


def _of_the_limits(last_day: date, on_time_until: datetime, closes_at: datetime, at: datetime) -> list[Refusal]:
    found: list[Refusal] = []
    if on_time_until < midnight(last_day):
        sentence = _("The limit lies before the period's last day. A report tells of the whole period.")
        found.append(Invalid("limit_too_early", sentence, field="on_time_until"))
    if closes_at < on_time_until:
        sentence = _("The form can't close before the limit for being on time.")
        found.append(Invalid("closes_too_early", sentence, field="closes_at"))
    elif closes_at <= at:
        sentence = _("The form would be closed already, and nobody could report. Choose a later moment.")
        found.append(Invalid("closed_already", sentence, field="closes_at"))
    elif closes_at > midnight(last_day) + LONGEST_CLOSE:
        sentence = _("This is more than three months after the period. Check the year.")
        found.append(Invalid("closes_too_late", sentence, field="closes_at"))
    return found


def _refuse_overlap(other: Period | None) -> None:
    if other is not None:
        raise Conflict(
            "period_overlaps",
            _("The period from %(first)s to %(last)s covers some of these days. Begin after it.")
            % {"first": exact_day(other.first_day), "last": exact_day(other.last_day)},
            field="first_day",
        )


def _refuse_second_ahead(other: Period | None) -> None:
    if other is not None:
        raise Conflict(
            "period_ahead",
            _("The period from %(first)s on lies ahead already. Open the one after it when that has begun.")
            % {"first": exact_day(other.first_day)},
            field="first_day",
        )
