"""A unit joins a mechanism on a day, and leaves it on a day. What was expected before stays as it was."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, Refusal, refuse
from casework.models import Person, Unit, UnitLevel
from casework.models.history import stamped
from casework.values.days_in_words import exact_day
from casework.working_time.deadlines import local_day
from casework.working_time.entered_days import EARLIEST, too_far
from oversight.members.records import Mechanism, MemberContact, MemberGroup, Membership
from oversight.members.rights import require_lead
from oversight.reporting.records import ReportingScheme, Rhythm

MEMBER_LEVELS = (UnitLevel.COUNTY, UnitLevel.DEPARTMENT)


@transaction.atomic
def join(
    *,
    mechanism: Mechanism,
    unit: Unit,
    group: str,
    valid_from: date,
    by: Person,
    at: datetime,
    order: int | None = None,
    rhythm: str = Rhythm.BIMONTHLY,
) -> Membership:
    """Make a unit a member from a day on, with the rhythm in which it reports. Refuses a unit that is one on that day or
    later, and what is no county and no department of the mechanism's city.
    """
    require_lead(by, mechanism, at)
    return admit(
        mechanism=mechanism, unit=unit, group=group, valid_from=valid_from, by=by, at=at, order=order, rhythm=rhythm
    )


def admit(
    *,
    mechanism: Mechanism,
    unit: Unit,
    group: str,
    valid_from: date,
    by: Person | None,
    at: datetime,
    order: int | None = None,
    rhythm: str = Rhythm.BIMONTHLY,
) -> Membership:
    """`join` without its right: for an import, whose right was asked once. Inside a transaction."""
    refuse(
        [
            *of_a_beginning(valid_from, on=local_day(at)),
            *([] if group in MemberGroup.values else [Invalid("group_unknown", _("Choose a group."), field="group")]),
        ]
    )
    if unit.level not in MEMBER_LEVELS or not unit.path.startswith(mechanism.lead.path):
        raise Invalid(
            "not_of_this_city",
            _("Members are counties, zones and departments of %(city)s; %(unit)s is none of these.")
            % {"city": mechanism.lead.name, "unit": unit.name},
            field="unit",
        )
    if not unit.is_active:
        raise Invalid("unit_unused", _("%(name)s is no longer in use.") % {"name": unit.name}, field="unit")
    mechanism = Mechanism.objects.select_for_update().get(pk=mechanism.pk)
    _refuse_second_membership(mechanism, unit, valid_from)
    with stamped(step="join_mechanism", by=by, at=at):
        member = Membership(
            mechanism=mechanism,
            unit=unit,
            group=group,
            order=_next_order(mechanism) if order is None else order,
            valid_from=valid_from,
        )
        member.save()
        ReportingScheme.objects.create(membership=member, rhythm=rhythm, valid_from=valid_from)
    return member


@transaction.atomic
def leave(*, membership: Membership, last_day: date, by: Person, at: datetime) -> None:
    """End a membership with a day, and with it its contacts and schemes. Reports that are expected already stay."""
    require_lead(by, membership.mechanism, at)
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if membership.valid_until is not None:
        raise Conflict(
            "left_already",
            _("This membership ends on %(day)s already.") % {"day": exact_day(membership.valid_until)},
        )
    if last_day < membership.valid_from:
        raise Invalid(
            "ends_before_it_began",
            _("The last day lies before the first one, %(day)s.") % {"day": exact_day(membership.valid_from)},
            field="last_day",
        )
    refuse(too_far(last_day, on=local_day(at), field="last_day"))
    running = Q(valid_until=None) | Q(valid_until__gt=last_day)
    with stamped(step="leave_mechanism", by=by, at=at):
        ended: tuple[Any, ...] = (
            membership,
            *MemberContact.objects.filter(running, membership=membership, valid_from__lte=last_day),
            *ReportingScheme.objects.filter(running, membership=membership, valid_from__lte=last_day),
        )
        for row in ended:
            row.valid_until = last_day
            row.save()


def of_a_beginning(day: date, *, on: date, field: str = "valid_from") -> list[Refusal]:
    """Why nothing can begin on this day."""
    if day < EARLIEST:
        sentence = _("%(day)s lies before the year %(year)d. Check the year.")
        return [Invalid("day_too_early", sentence % {"day": exact_day(day), "year": EARLIEST.year}, field=field)]
    return too_far(day, on=on, field=field)


def _refuse_second_membership(mechanism: Mechanism, unit: Unit, valid_from: date) -> None:
    other = (
        Membership.objects.filter(Q(valid_until=None) | Q(valid_until__gte=valid_from), mechanism=mechanism, unit=unit)
        .order_by("valid_from")
        .first()
    )
    if other is None:
        return
    if other.valid_until is not None:
        sentence = _("%(unit)s is a member until %(day)s. Let it join again from %(next)s on.") % {
            "unit": unit.name,
            "day": exact_day(other.valid_until),
            "next": exact_day(other.valid_until + timedelta(days=1)),
        }
    else:
        sentence = _("%(unit)s is a member already.") % {"unit": unit.name}
    raise Conflict("member_already", sentence, field="unit")


def _next_order(mechanism: Mechanism) -> int:
    last = mechanism.memberships.order_by("-order").values_list("order", flat=True).first()
    return (last or 0) + 1
