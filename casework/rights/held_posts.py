"""Which posts a person holds on a day: what every right begins with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from casework.models.person import Person
from casework.models.post import Term
from casework.models.unit import on_day
from casework.stages import Role


@dataclass(frozen=True)
class Held:
    """A post that a person holds on a day."""

    post_id: int
    role: Role
    unit_id: int
    unit_path: str
    unit_name: str
    unit_level: str
    is_discipline_office: bool


# What is known of the unit, in the order of `Held`.
UNIT = ("pk", "path", "name", "level", "is_discipline_office")


def posts_held(person: Person, on: date) -> tuple[Held, ...]:
    """The posts that this person holds on this day. One query per person object and day; a person whose term ended
    yesterday holds nothing today.
    """
    known: dict[date, tuple[Held, ...]] = person.__dict__.setdefault("_posts_held", {})
    if on not in known:
        read_posts([person], on)
    return known[on]


def read_posts(people: Iterable[Person], on: date) -> None:
    """Read the posts of many people for this day in one query: `posts_held` of each then asks nothing."""
    held: dict[int, list[Held]] = {}
    people = list(people)
    terms = Term.objects.none()
    if active := [person.pk for person in people if person.is_active]:
        terms = Term.objects.filter(on_day(on), person__in=active, post__unit__is_active=True)
    columns = ("person", "post", "post__role", *(f"post__unit__{name}" for name in UNIT))
    for person_id, post_id, role, *unit in terms.order_by("id").values_list(*columns):
        held.setdefault(person_id, []).append(Held(post_id, Role(role), *unit))
    for person in people:
        person.__dict__.setdefault("_posts_held", {})[on] = tuple(held.get(person.pk, ()))


def carry_posts(people: Iterable[Person], on: date, *, since: date) -> None:
    """The posts of an earlier day for this day, where whoever calls knows that no term began or ended between."""
    for person in people:
        known = person.__dict__["_posts_held"]
        known[on] = known[since]


def holds(person: Person, roles: Iterable[Role], on: date) -> bool:
    """Whether the person holds a post of one of these roles today, wherever."""
    wanted = set(roles)
    return any(held.role in wanted for held in posts_held(person, on))
