"""The list by hand of a handover: seal, ledgers, contracts, debts, objects; open until the first signature."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed, Refusal, refuse
from casework.models import Person
from casework.models.history import record_many, stamped
from casework.working_time.deadlines import local_day
from oversight.handover.parties import may_fill_in
from oversight.handover.records import HandoverItem, HandoverPack, ItemKind

MOST = 40
LONGEST = 200


class Item(NamedTuple):
    kind: ItemKind
    words: str
    is_handed_over: bool = False
    remark: str = ""


@transaction.atomic
def save_items(*, pack: HandoverPack, items: Sequence[Item], by: Person, at: datetime) -> list[HandoverItem]:
    """Write the list as it is given, in its order; a line without words is left out. Its history stays."""
    locked = HandoverPack.objects.select_for_update(of=("self",)).get(pk=pack.pk)
    if not may_fill_in(by, locked, local_day(at)):
        raise NotAllowed("not_a_party", _("The list is filled in by the two holders and by the office above them."))
    if locked.signatures.exists():
        raise Conflict("signed_already", _("Somebody has signed: the list stays as it was read then."))
    given = [item for item in items if item.words.strip()]
    if not given:
        raise Invalid("list_missing", _("The list is empty. Write at least what became of the seal."), field="items")
    refuse(_unfit(given))
    there = {item.order: item for item in locked.items.all()}
    new: list[HandoverItem] = []
    changed: list[HandoverItem] = []
    for order, item in enumerate(given, start=1):
        row = there.pop(order, None) or HandoverItem(pack=locked, order=order)
        said = (item.kind, item.words.strip(), item.is_handed_over, item.remark.strip())
        if row.pk is None:
            new.append(row)
        elif said != (row.kind, row.words, row.is_handed_over, row.remark):
            changed.append(row)
        row.kind, row.words, row.is_handed_over, row.remark = said
    for row in there.values():  # of a longer list before: kept, and shown no more
        if row.words:
            row.words = ""
            changed.append(row)
    with stamped(step="save_handover_items", by=by, at=at):
        HandoverItem.objects.bulk_create(new)
        HandoverItem.objects.bulk_update(changed, ["kind", "words", "is_handed_over", "remark"])
        record_many(new, change="+")
        record_many(changed, change="~")
    return list(locked.items.exclude(words=""))


def _unfit(given: Sequence[Item]) -> list[Refusal]:
    found: list[Refusal] = []
    if len(given) > MOST:
        found.append(Invalid("list_too_long", _("At most %(count)d lines. Put some together.") % {"count": MOST}))
    if any(len(item.words.strip()) > LONGEST or len(item.remark.strip()) > LONGEST for item in given):
        found.append(Invalid("words_too_long", _("Say it in %(count)d characters.") % {"count": LONGEST}))
    return found
