"""Signing a handover: each for themselves, the witness last; a refusal or an absence is a record as well."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed
from casework.models import Person
from casework.models.history import record_many, stamped
from casework.stages import Role
from casework.working_time.deadlines import local_day
from oversight.handover.parties import incoming_holder, is_incoming, is_of_witness_office
from oversight.handover.records import HandoverItem, HandoverPack, HandoverSignature, Outcome, Side

LONGEST_WORDS = 300


@transaction.atomic
def sign(*, pack: HandoverPack, side: Side, words: str = "", by: Person, at: datetime) -> HandoverSignature:
    """Sign one place, for oneself. The witness signs when both others have, or are recorded."""
    on = local_day(at)
    locked = _locked(pack)
    _require_own_place(locked, side, by, on)
    signed = _require_unsigned(locked, side, by)
    _require_list(locked)
    if side == Side.WITNESS and not {Side.OUTGOING, Side.INCOMING} <= signed:
        raise Conflict(
            "witness_signs_last",
            _("The witness signs last: first both holders sign, or it is recorded that one refuses or is absent."),
        )
    return _write(locked, side, Outcome.SIGNED, person=by, words=_short(words), by=by, at=at)


@transaction.atomic
def record_refusal(*, pack: HandoverPack, side: Side, reason: str, by: Person, at: datetime) -> HandoverSignature:
    """Somebody won't sign, and why: said by themselves, or by the office that witnesses."""
    on = local_day(at)
    locked = _locked(pack)
    if side == Side.WITNESS:
        raise Invalid("witness_signs", _("A witness signs or leaves it to another one of the office."))
    person = _person_at(locked, side, on)
    if by.pk != person.pk:
        _require_witness_office(locked, by, on)
    _require_unsigned(locked, side, None)
    _require_list(locked)
    return _write(locked, side, Outcome.REFUSED, person=person, words=_reason(reason), by=by, at=at)


@transaction.atomic
def record_absence(*, pack: HandoverPack, reason: str, by: Person, at: datetime) -> HandoverSignature:
    """The outgoing holder can't be had (moved away, ill, dead): recorded by the office that witnesses."""
    on = local_day(at)
    locked = _locked(pack)
    _require_witness_office(locked, by, on)
    _require_unsigned(locked, Side.OUTGOING, None)
    _require_list(locked)
    person = _person_at(locked, Side.OUTGOING, on)
    return _write(locked, Side.OUTGOING, Outcome.ABSENT, person=person, words=_reason(reason), by=by, at=at)


def _locked(pack: HandoverPack) -> HandoverPack:
    return HandoverPack.objects.select_for_update(of=("self",)).select_related("outgoing").get(pk=pack.pk)


def _require_own_place(pack: HandoverPack, side: Side, by: Person, on: date) -> None:
    if side == Side.OUTGOING:
        if by.pk != pack.outgoing_id:
            raise NotAllowed(
                "signs_for_another",
                _("Nobody signs for another: this place is %(name)s's alone.") % {"name": pack.outgoing_name},
            )
    elif side == Side.INCOMING:
        if not is_incoming(by, pack, on):
            raise NotAllowed("not_the_holder", _("This place is that of whoever holds the post today."))
        if by.pk == pack.outgoing_id:
            raise Invalid(
                "handover_to_oneself",
                _(
                    "Nobody hands over to themselves. Where you hold the post again, the office above records it as a "
                    "refusal with this reason."
                ),
            )
    else:
        if by.pk == pack.outgoing_id or is_incoming(by, pack, on):
            raise NotAllowed(
                "witness_is_a_party",
                _("Whoever hands over or takes over is no witness. Ask another one of the office."),
            )
        if not is_of_witness_office(by, pack, on):
            raise NotAllowed(
                "not_the_witness", _("The witness is somebody of %(unit)s.") % {"unit": pack.witness_unit.name}
            )


def _require_witness_office(pack: HandoverPack, by: Person, on: date) -> None:
    """Whoever records what another does is none of the two."""
    if not is_of_witness_office(by, pack, on) or by.pk == pack.outgoing_id or is_incoming(by, pack, on):
        raise NotAllowed(
            "not_the_witness",
            _("A refusal or an absence is recorded by the person or by %(unit)s.") % {"unit": pack.witness_unit.name},
        )


def _require_unsigned(pack: HandoverPack, side: Side, by: Person | None) -> set[Side]:
    """Gives the sides that are recorded. Refuses a second record of one side, and one person in two places."""
    there = list(pack.signatures.all())
    for one in there:
        if one.side == side:
            raise Conflict(
                "signed_already",
                _("This place is filled already: %(name)s %(outcome)s.")
                % {"name": one.name, "outcome": one.get_outcome_display()},
            )
        if by is not None and one.person_id == by.pk and one.outcome == Outcome.SIGNED:
            raise Conflict("one_place_each", _("You have signed this handover in another place."))
    return {Side(one.side) for one in there}


def _require_list(pack: HandoverPack) -> None:
    """A head's seal, ledgers, contracts and debts are listed before anybody signs for them."""
    if pack.role == Role.COMMITTEE_HEAD and not pack.items.exists():
        raise Invalid(
            "list_missing",
            _(
                "Fill in the list of seal, ledgers, contracts, debts and objects first: what is signed must stand there."
            ),
            field="items",
        )


def _person_at(pack: HandoverPack, side: Side, on: date) -> Person:
    if side == Side.OUTGOING:
        return pack.outgoing
    person = incoming_holder(pack, on)
    if person is None:
        raise Invalid("post_vacant", _("Nobody holds the post yet, so nobody can refuse."))
    return person


def _write(
    pack: HandoverPack, side: Side, outcome: Outcome, *, person: Person, words: str, by: Person, at: datetime
) -> HandoverSignature:
    made = HandoverSignature.objects.create(
        pack=pack, side=side, outcome=outcome, person=person, name=person.name, words=words, by=by, at=at
    )
    items = list(HandoverItem.objects.filter(pack=pack, frozen_at=None))
    for item in items:
        item.frozen_at = at
    with stamped(step="sign_handover", by=by, at=at):
        HandoverItem.objects.bulk_update(items, ["frozen_at"])
        record_many(items, change="~")
    if pack.signatures.count() == len(Side):
        HandoverPack.objects.filter(pk=pack.pk).update(settled_at=at, climb_at=None)
    return made


def _short(words: str) -> str:
    words = words.strip()
    if len(words) > LONGEST_WORDS:
        raise Invalid("words_too_long", _("Say it in %(count)d characters.") % {"count": LONGEST_WORDS}, field="words")
    return words


def _reason(words: str) -> str:
    words = _short(words)
    if not words:
        raise Invalid("reason_missing", _("Say why: it stands in the handover."), field="words")
    return words
