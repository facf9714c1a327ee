"""The three contacts of a member, by date: a new one ends the one before it the day before."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, NotAllowed, Refusal, refuse
from casework.models import Person
from casework.models.history import stamped
from casework.values.days_in_words import exact_day
from casework.values.plain_text import clean_text
from casework.working_time.deadlines import local_day
from oversight.members.joining import of_a_beginning
from oversight.members.records import ContactKind, MemberContact, Membership
from oversight.members.rights import reports_for, runs

LONGEST_NAME, LONGEST_PHONE = 60, 30


@transaction.atomic
def change_contact(
    *,
    membership: Membership,
    kind: str,
    name: str,
    valid_from: date,
    by: Person,
    at: datetime,
    title: str = "",
    phone: str = "",
) -> MemberContact:
    """Name a contact from a day on. The lead office does, and whoever reports for the unit.

    Refuses a person without a telephone, a day outside the membership, and one before the present contact began: who
    that was stays as it is.
    """
    _require(membership, by, at)
    name, title, phone = (" ".join(clean_text(said).split()) for said in (name, title, phone))
    refuse([*_of_the_words(kind, name, title, phone), *of_a_beginning(valid_from, on=local_day(at))])
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if valid_from < membership.valid_from or (
        membership.valid_until is not None and valid_from > membership.valid_until
    ):
        raise Invalid(
            "not_a_member_then",
            _("The unit is no member on %(day)s. Choose a day of its membership.") % {"day": exact_day(valid_from)},
            field="valid_from",
        )
    last = membership.contacts.filter(kind=kind).order_by("-valid_from", "-pk").first()
    if last is not None and valid_from < last.valid_from:
        raise Invalid(
            "before_the_present_one",
            _("%(name)s is named from %(day)s on. Choose that day or a later one.")
            % {"name": last.name, "day": exact_day(last.valid_from)},
            field="valid_from",
        )
    with stamped(step="change_contact", by=by, at=at):
        if last is not None and last.valid_from == valid_from:
            last.name, last.title, last.phone = name, title, phone
            last.save()  # a slip of the same day; its history keeps what it said
            return last
        if last is not None and (last.valid_until is None or last.valid_until >= valid_from):
            last.valid_until = valid_from - timedelta(days=1)
            last.save()
        return MemberContact.objects.create(
            membership=membership,
            kind=kind,
            name=name,
            title=title,
            phone=phone,
            valid_from=valid_from,
            valid_until=membership.valid_until,
        )


@transaction.atomic
def end_contact(*, contact: MemberContact, last_day: date, by: Person, at: datetime) -> None:
    """A contact has left, and nobody is named yet: the member is listed as incomplete until somebody is."""
    _require(contact.membership, by, at)
    refuse([*of_a_beginning(last_day, on=local_day(at), field="last_day")])
    contact = MemberContact.objects.select_for_update().get(pk=contact.pk)
    if last_day < contact.valid_from:
        raise Invalid(
            "ends_before_it_began",
            _("The last day lies before the first one, %(day)s.") % {"day": exact_day(contact.valid_from)},
            field="last_day",
        )
    with stamped(step="end_contact", by=by, at=at):
        contact.valid_until = last_day
        contact.save()


def may_change_contacts(person: Person, membership: Membership, on: date) -> bool:
    return runs(person, membership.mechanism, on) or reports_for(person, membership.unit_id, on)


def _require(membership: Membership, by: Person, at: datetime) -> None:
    if not may_change_contacts(by, membership, local_day(at)):
        raise NotAllowed(
            "not_your_member", _("The lead office names the contacts of a member, and whoever reports for that member.")
        )


def _of_the_words(kind: str, name: str, title: str, phone: str) -> list[Refusal]:
    found: list[Refusal] = []
    if kind not in ContactKind.values:
        found.append(Invalid("contact_unknown", _("Choose which of the three contacts this is."), field="kind"))
    if not name:
        found.append(Invalid("name_missing", _("The name is missing."), field="name"))
    for said, most, field in (
        (name, LONGEST_NAME, "name"),
        (title, LONGEST_NAME, "title"),
        (phone, LONGEST_PHONE, "phone"),
    ):
        if len(said) > most:
            found.append(
                Invalid(
                    "too_long",
                    _("At most %(most)d characters, and these are %(count)d. Please shorten it.")
                    % {"most": most, "count": len(said)},
                    field=field,
                )
            )
    if kind == ContactKind.PERSON and not phone:
        found.append(Invalid("phone_missing", _("Give the telephone of the contact person."), field="phone"))
    return found
