"""Handovers for those who read them: what waits for a person, who sees which, how many are in which state."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from casework.models import Person, Unit
from casework.offices.posts import area_of
from casework.rights.held_posts import posts_held
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from oversight.handover.records import HandoverPack, HandoverSignature, Outcome, Side


class State(TextChoices):
    TO_SIGN = "to_sign", _("to be signed")
    OVERDUE = "overdue", _("overdue")
    SIGNED = "signed", _("signed")
    # Complete as well, but one of the two refused or could not be had.
    REFUSED = "refused", _("with a refusal")


_signature = HandoverSignature.objects.filter(pack=OuterRef("pk"))
_UNWILLING = Exists(_signature.exclude(outcome=Outcome.SIGNED))


def in_state(state: State, on: date) -> Q:
    return {
        State.TO_SIGN: Q(settled_at=None, sign_by__gte=on),
        State.OVERDUE: Q(settled_at=None, sign_by__lt=on),
        State.SIGNED: Q(~_UNWILLING, settled_at__isnull=False),
        State.REFUSED: Q(_UNWILLING, settled_at__isnull=False),
    }[state]


def state_of(pack: HandoverPack, on: date) -> State:
    """Of a pack whose signatures were read."""
    if pack.settled_at is None:
        return State.OVERDUE if pack.sign_by < on else State.TO_SIGN
    willing = all(one.outcome == Outcome.SIGNED for one in pack.signatures.all())
    return State.SIGNED if willing else State.REFUSED


def visible_to(person: Person, on: date) -> QuerySet[HandoverPack]:
    """The own ones, those of a post that one holds today, and those of the own unit and of what lies below it."""
    condition = Q(outgoing=person) | Q(receiving__in=[held.post_id for held in posts_held(person, on)])
    area = area_of(person, OfficeAction.SEE_HANDOVERS, on=on)
    if area.paths:
        condition |= area.within("unit__")
    return HandoverPack.objects.filter(condition)


def to_sign(person: Person, on: date) -> QuerySet[HandoverPack]:
    """What waits for this person's own signature, the oldest first: as outgoing or incoming holder, and as a witness
    where both holders have signed or are recorded.
    """
    given = Exists(_signature.filter(side=Side.OUTGOING))
    received = Exists(_signature.filter(side=Side.INCOMING))
    posts = [held.post_id for held in posts_held(person, on)]
    offices = [held.unit_id for held in posts_for(person, OfficeAction.WITNESS_HANDOVER, on)]
    waiting = Q(~given, outgoing=person)
    if posts:
        waiting |= Q(~received, ~Q(outgoing=person), receiving__in=posts)
    if offices:
        waiting |= Q(given, received, ~Q(outgoing=person), ~Q(receiving__in=posts), witness_unit__in=offices)
    return HandoverPack.objects.filter(waiting, settled_at=None).order_by("sign_by", "id")


def taken_over_by(person: Person, on: date) -> QuerySet[HandoverPack]:
    """The packs of the posts that this person holds, until all three have signed: the new holder's home begins so, until
    the own signature is there (`is_received`).
    """
    posts = [held.post_id for held in posts_held(person, on)]
    is_received = Exists(_signature.filter(side=Side.INCOMING))
    packs = HandoverPack.objects.annotate(is_received=is_received)
    return packs.filter(~Q(outgoing=person), receiving__in=posts, settled_at=None).order_by("id")


@dataclass(frozen=True)
class AreaCount:
    """How many handovers below one unit are in which state."""

    unit: Unit
    counts: dict[State, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def counts_by_area(packs: QuerySet[HandoverPack], column: str, on: date) -> list[AreaCount]:
    """By county or by witnessing town (`column`), in the order of the tree. Two queries."""
    rows = (
        packs.order_by()
        .values_list(column)
        .annotate(
            **{state.value: Count("pk", filter=in_state(state, on)) for state in State},
        )
    )
    counted = {key: dict(zip(State, counts, strict=True)) for key, *counts in rows if key is not None}
    units = Unit.objects.filter(pk__in=counted).order_by("path")
    return [AreaCount(unit, counted[unit.pk]) for unit in units]
