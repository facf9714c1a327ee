"""Who acts in the demo's desk: the first person who holds one of these posts at a unit."""

from collections.abc import Iterable
from typing import Protocol

from casework.models import Person, Term, Unit
from casework.stages import COMMITTEE, Role
from oversight.members.records import Mechanism


class Desk(Protocol):
    """What the parts of the demo's desk build on."""

    mechanism: Mechanism


SIGNERS = (*COMMITTEE, Role.TOWN_REVIEWER, Role.COUNTY_SUPERVISOR, Role.MEMBER_REPORTER)


def first_holders(units: Iterable[Unit | int], roles: Iterable[Role]) -> dict[int, Person]:
    """A person for each unit that has one, by the unit's key. One query."""
    terms = Term.objects.filter(post__unit__in=list(units), post__role__in=list(roles), person__is_active=True)
    found: dict[int, Person] = {}
    for term in terms.select_related("post", "person").order_by("post__role", "post__number", "id"):
        found.setdefault(term.post.unit_id, term.person)
    return found
