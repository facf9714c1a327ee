"""The members of a day with their names and contacts of that day."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from casework.models import UnitName
from casework.models.unit import on_day
from oversight.members.records import ContactKind, DutySheet, Mechanism, MemberContact, Membership


@dataclass
class Member:
    """A membership as it stands on a day."""

    membership: Membership
    name: str
    contacts: dict[str, MemberContact] = field(default_factory=dict)

    @property
    def missing(self) -> list[ContactKind]:
        """Which of the three contacts nobody is named for."""
        return [kind for kind in ContactKind if kind not in self.contacts]


def memberships_on(mechanism: Mechanism, day: date) -> QuerySet[Membership]:
    return mechanism.memberships.filter(on_day(day)).select_related("unit").order_by("order", "pk")


def members_on(mechanism: Mechanism, day: date) -> list[Member]:
    """The members of a day in their order, with the names and contacts of that day. Three queries."""
    memberships = list(memberships_on(mechanism, day))
    names = names_on({one.unit_id for one in memberships}, day)
    members = {one.pk: Member(one, names.get(one.unit_id, one.unit.name)) for one in memberships}
    for contact in MemberContact.objects.filter(on_day(day), membership__in=members).order_by("pk"):
        members[contact.membership_id].contacts[contact.kind] = contact
    return list(members.values())


def without_all_contacts(mechanism: Mechanism, day: date) -> list[Member]:
    """The members of a day that lack one of the three contacts."""
    return [member for member in members_on(mechanism, day) if member.missing]


def names_on(units: Iterable[int], day: date) -> dict[int, str]:
    """By unit key the name that was right on a day; a unit whose names don't reach so far is left out. One query."""
    named = UnitName.objects.filter(on_day(day), unit__in=set(units)).order_by("valid_from", "pk")
    return dict(named.values_list("unit_id", "name"))


def duty_sheet_of(membership: Membership, on: date) -> DutySheet | None:
    """The duties that hold on a day: the newest that have begun."""
    return membership.duty_sheets.filter(valid_from__lte=on).order_by("-valid_from", "-pk").first()


def duty_sheets_of_units(units: Iterable[int], on: date) -> list[tuple[Membership, DutySheet | None]]:
    """The memberships of these units on a day, each with its duties. Two queries."""
    memberships = list(
        Membership.objects.filter(on_day(on), unit__in=set(units)).select_related("unit", "mechanism").order_by("pk")
    )
    newest: dict[int, DutySheet] = {}
    for sheet in DutySheet.objects.filter(membership__in=memberships, valid_from__lte=on).order_by("valid_from", "pk"):
        newest[sheet.membership_id] = sheet
    return [(one, newest.get(one.pk)) for one in memberships]


def former_members(mechanism: Mechanism, day: date) -> QuerySet[Membership]:
    """Those who have left, the last first, and those who are to join."""
    gone_or_coming = Q(valid_until__lt=day) | Q(valid_from__gt=day)
    return mechanism.memberships.filter(gone_or_coming).select_related("unit").order_by("-valid_from", "order", "pk")
