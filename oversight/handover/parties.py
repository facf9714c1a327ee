"""Whose place in a handover is whose: the outgoing holder, whoever holds the receiving post today, the office above."""

from datetime import date

from casework.models import Person, Term
from casework.models.unit import on_day
from casework.rights.held_posts import posts_held
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from oversight.handover.records import HandoverPack, Side


def is_incoming(person: Person, pack: HandoverPack, on: date) -> bool:
    return any(held.post_id == pack.receiving_id for held in posts_held(person, on))


def is_of_witness_office(person: Person, pack: HandoverPack, on: date) -> bool:
    return any(held.unit_id == pack.witness_unit_id for held in posts_for(person, OfficeAction.WITNESS_HANDOVER, on))


def may_witness(person: Person, pack: HandoverPack, on: date) -> bool:
    """Of the office above, and neither of the two who hand over."""
    is_party = person.pk == pack.outgoing_id or is_incoming(person, pack, on)
    return is_of_witness_office(person, pack, on) and not is_party


def incoming_holder(pack: HandoverPack, on: date) -> Person | None:
    """Who holds the receiving post today."""
    term = Term.objects.filter(on_day(on), post=pack.receiving_id, person__is_active=True).select_related("person")
    found = term.order_by("id").first()
    return found.person if found else None


def sides_of(person: Person, pack: HandoverPack, on: date) -> list[Side]:
    """The places in which this person may stand; whoever hands over to themselves stands in one."""
    if person.pk == pack.outgoing_id:
        return [Side.OUTGOING]
    if is_incoming(person, pack, on):
        return [Side.INCOMING]
    return [Side.WITNESS] if may_witness(person, pack, on) else []


def may_fill_in(person: Person, pack: HandoverPack, on: date) -> bool:
    """The list by hand: of the two who hand over, and of the office that witnesses."""
    return bool(sides_of(person, pack, on)) or is_of_witness_office(person, pack, on)
