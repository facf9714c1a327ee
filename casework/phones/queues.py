"""How much phones hold that the server has not got: told by each phone, shown to its person and to the offices above."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from casework.models import Person, PhoneQueue, Term
from casework.models.unit import on_day
from casework.offices.posts import area_of
from casework.rights.office_table import OfficeAction

# Safari drops what a page has stored after seven days without a visit.
WARNED_AFTER = timedelta(days=5)
MOST_UNSENT = 10_000


@dataclass(frozen=True)
class Unsent:
    """What a phone says of its queue."""

    count: int
    refused: int
    since: datetime | None


def tell_queue(*, phone: UUID, unsent: Unsent, by: Person, at: datetime) -> PhoneQueue:
    """Note how much this phone holds of this person's. A phone's clock may be wrong: since when is never to come."""
    since = min(unsent.since or at, at) if unsent.count else None
    return PhoneQueue.objects.update_or_create(
        phone=phone,
        person=by,
        defaults={
            "unsent": min(unsent.count, MOST_UNSENT),
            "refused": min(unsent.refused, unsent.count, MOST_UNSENT),
            "unsent_since": since,
            "told_at": at,
        },
    )[0]


def unsent_of(person: Person) -> QuerySet[PhoneQueue]:
    """This person's phones with something unsent, the longest first."""
    return PhoneQueue.objects.filter(person=person, unsent__gt=0).order_by("unsent_since", "pk")


def unsent_below(person: Person, on: date) -> QuerySet[PhoneQueue]:
    """The phones with something unsent of whoever holds a post at or below the units of this person's offices."""
    area = area_of(person, OfficeAction.SEE_PHONES, on=on)
    if not area.paths:
        return PhoneQueue.objects.none()
    terms = Term.objects.filter(on_day(on), area.within("post__unit__"), person=OuterRef("person"))
    found = PhoneQueue.objects.filter(Exists(terms), unsent__gt=0)
    return found.select_related("person").order_by("unsent_since", "pk")


def is_long(queue: PhoneQueue, *, at: datetime) -> bool:
    """Whether it has held something for so long that the browser may soon drop it."""
    return queue.unsent_since is not None and at - queue.unsent_since >= WARNED_AFTER
