"""A change of terms for tests: Willow's head ends, somebody new follows."""

from datetime import datetime, timedelta

from casework.models import Person, Term
from casework.offices.holders import change_holder
from casework.working_time.deadlines import local_day
from oversight.handover.clock import make_packs
from oversight.handover.items import Item, save_items
from oversight.handover.records import HandoverPack, ItemKind
from tests.cast import Cast
from tests.factories import PersonFactory
from tests.walk import NOW, TODAY, head_post

DAY = timedelta(days=1)
TOMORROW = NOW + DAY
SEAL = [Item(ItemKind.SEAL, "监委会印章一枚", is_handed_over=True)]


def elect(cast: Cast, *, person: Person | None = None, at: datetime = NOW) -> Person:
    """Somebody new heads Willow's committee from tomorrow on."""
    person = person or PersonFactory(name="willow_next", username="willow_next")
    first = local_day(at) + DAY
    change_holder(
        post=head_post(cast.willow), person=person, valid_from=first, valid_until=None, by=cast.administrator, at=at
    )
    return person


def handed_over(cast: Cast) -> HandoverPack:
    """Willow's pack on the morning after; the post is held by `willow_next`."""
    elect(cast)
    make_packs(at=TOMORROW)
    return HandoverPack.objects.get(unit=cast.willow)


def listed(cast: Cast, pack: HandoverPack) -> HandoverPack:
    save_items(pack=pack, items=SEAL, by=cast.willow_head, at=TOMORROW)
    return pack


def without_others(cast: Cast) -> Term:
    """Willow's only holder is its head."""
    Term.objects.filter(person=cast.willow_member).update(valid_until=TODAY - DAY)
    return Term.objects.select_related("post__unit").get(person=cast.willow_head)
