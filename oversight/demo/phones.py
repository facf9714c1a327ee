"""The demo's phones: one has held three findings for six days, another has met no line since this morning."""

from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from casework.models import Person, PhoneQueue, Term
from casework.models.unit import on_day
from casework.stages import Role
from casework.working_time.deadlines import local_day

# How many entries, for how long, and when the phone was last heard of.
HELD = ((3, timedelta(days=6), timedelta(days=1)), (1, timedelta(hours=3), timedelta(hours=1)))


def seed(_desk: Any, *, now: datetime) -> None:
    """One statement, for the last inspectors of the city: the demo's own login finds its phone empty."""
    terms = Term.objects.filter(on_day(local_day(now)), post__role=Role.INSPECTOR)
    people = Person.objects.filter(pk__in=terms.values("person"), is_active=True).order_by("-pk")[: len(HELD)]
    PhoneQueue.objects.bulk_create(
        [
            PhoneQueue(
                phone=uuid5(NAMESPACE_URL, f"phone-of-{person.pk}"),
                person=person,
                unsent=count,
                unsent_since=now - since,
                told_at=now - heard,
            )
            for person, (count, since, heard) in zip(people, HELD, strict=False)
        ],
        ignore_conflicts=True,
    )
