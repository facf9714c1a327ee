"""How often a member reports: switched from the next period on, so that nobody's running period changes."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, Refusal, refuse
from casework.models import Person
from casework.models.history import stamped
from casework.models.unit import on_day
from casework.values.days_in_words import exact_day
from casework.values.plain_text import clean_text
from casework.working_time.deadlines import local_day
from oversight.members.joining import of_a_beginning
from oversight.members.records import Mechanism, Membership
from oversight.members.rights import require_lead
from oversight.reporting.records import ExpectedReport, ReportingScheme, Rhythm

LONGEST_CAMPAIGN = 60


@transaction.atomic
def switch_scheme(
    *,
    membership: Membership,
    rhythm: str,
    valid_from: date,
    by: Person,
    at: datetime,
    campaign: str = "",
    valid_until: date | None = None,
) -> ReportingScheme:
    """Let a member report in another rhythm from a day on, or daily for a campaign beside it.

    Refuses a day that lies in a period whose report is expected already, a daily scheme without its campaign or its end,
    and a campaign with any other rhythm.
    """
    require_lead(by, membership.mechanism, at)
    campaign = " ".join(clean_text(campaign).split())
    refuse(
        [
            *of_the_rhythm(rhythm, campaign),
            *of_a_beginning(valid_from, on=local_day(at)),
            *_of_the_end(rhythm, valid_from, valid_until),
        ]
    )
    # Two who switch at once come one after the other.
    Membership.objects.select_for_update().get(pk=membership.pk)
    reaches = ExpectedReport.objects.filter(
        membership=membership, period__last_day__gte=valid_from, period__campaign=campaign
    )
    last = reaches.order_by("-period__last_day").values_list("period__last_day", flat=True).first()
    if last is not None:
        raise Conflict(
            "period_running",
            _("A report is expected for a period until %(day)s. Choose a day after it.") % {"day": exact_day(last)},
            field="valid_from",
        )
    with stamped(step="switch_scheme", by=by, at=at):
        running = membership.schemes.filter(Q(valid_until=None) | Q(valid_until__gte=valid_from), campaign=campaign)
        for scheme in running.order_by("valid_from"):
            if scheme.valid_from == valid_from and scheme.rhythm == rhythm:
                return scheme
            if scheme.valid_from >= valid_from:
                raise Conflict(
                    "scheme_later",
                    _("Another rhythm begins on %(day)s. Choose a later day.") % {"day": exact_day(scheme.valid_from)},
                    field="valid_from",
                )
            scheme.valid_until = valid_from - timedelta(days=1)
            scheme.save()
        return ReportingScheme.objects.create(
            membership=membership, rhythm=rhythm, campaign=campaign, valid_from=valid_from, valid_until=valid_until
        )


def of_the_rhythm(rhythm: str, campaign: str) -> list[Refusal]:
    """Why a rhythm and a campaign don't go together."""
    if rhythm not in Rhythm.values:
        return [Invalid("rhythm_unknown", _("Choose a rhythm."), field="rhythm")]
    if rhythm == Rhythm.DAILY and not campaign:
        return [Invalid("campaign_missing", _("Name the campaign for which is reported daily."), field="campaign")]
    if rhythm != Rhythm.DAILY and campaign:
        return [
            Invalid(
                "campaign_not_daily",
                _("Only a campaign is reported on daily. Choose “Daily”, or leave the campaign empty."),
                field="campaign",
            )
        ]
    if len(campaign) > LONGEST_CAMPAIGN:
        sentence = _("At most %(most)d characters, and these are %(count)d. Please shorten it.")
        return [Invalid("too_long", sentence % {"most": LONGEST_CAMPAIGN, "count": len(campaign)}, field="campaign")]
    return []


def _of_the_end(rhythm: str, valid_from: date, valid_until: date | None) -> list[Refusal]:
    if rhythm == Rhythm.DAILY and valid_until is None:
        return [Invalid("end_missing", _("A campaign ends: give its last day."), field="valid_until")]
    if valid_until is not None and valid_until < valid_from:
        return [
            Invalid(
                "ends_before_it_began",
                _("The last day lies before the first one, %(day)s.") % {"day": exact_day(valid_from)},
                field="valid_until",
            )
        ]
    return []


def reporting_on(mechanism: Mechanism, rhythm: str, campaign: str, day: date) -> list[int]:
    """The memberships that report in this rhythm on a day: of the regular ones the newest scheme holds. One query."""
    schemes = ReportingScheme.objects.filter(on_day(day), membership__mechanism=mechanism, campaign=campaign).order_by(
        "valid_from", "pk"
    )
    newest = dict(schemes.values_list("membership_id", "rhythm"))
    return [membership for membership, held in newest.items() if held == rhythm]
