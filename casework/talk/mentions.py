"""Whom the words of a comment name: “@” and then a person, a unit or a post that sees the case.

The text stays as it was typed; what a name means is looked up here, among those who may see the case today. So nobody
comes to see it by being named, and a name that stands for nobody is said at once instead of being read by no one.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, Refusal, refuse
from casework.models import Case, Person, Unit
from casework.rights.pairings import helpers_of
from casework.rights.roles import post_sees, terms_that_see
from casework.stages import Role

# An e-mail address is no mention.
SIGN = re.compile(r"(?<![0-9A-Za-z._%+-])[@＠]")
LONGEST_NAME = 60
# Where a name that nobody has ends, as far as can be told.
PLAIN = re.compile(r"[\w·]{1,12}")


@dataclass
class Reader:
    """Somebody, or the holders of a post, that may be named in a case: the name to type and what stands behind it."""

    name: str
    where: str = ""
    people: set[int] = field(default_factory=set)
    unit: int | None = None
    roles: set[str] = field(default_factory=set)

    def as_row(self) -> dict[str, Any]:
        if self.unit is None:
            return {"name": self.name, "people": sorted(self.people)}
        return {"name": self.name, "unit": self.unit, "roles": sorted(self.roles)}


def readers_of(case: Case, on: date) -> list[Reader]:
    """Who may be named: each person who sees the case, each post by which they do, and each unit as a whole; the
    nearest to the village first. Two queries.

    Two people of one name are named together: both may see the case.
    """
    people: dict[str, Reader] = {}
    posts: dict[str, Reader] = {}
    units: dict[str, Reader] = {}
    helpers = helpers_of([case], on).get(case.pk, ())
    terms = terms_that_see(case, on).select_related("person", "post__unit").order_by("-post__unit__path", "id")
    for term in terms:
        unit, role = term.post.unit, Role(term.post.role)
        where = f"{unit} · {role.label}"
        people.setdefault(str(term.person), Reader(str(term.person), where)).people.add(term.person_id)
        # Whoever only reported the case is named by name: the colleagues of the station don't see it.
        if post_sees(case, unit.pk, role, helpers=helpers):
            name = f"{unit}·{role.label}"
            posts.setdefault(name, Reader(name, unit=unit.pk)).roles.add(role)
            units.setdefault(str(unit), Reader(str(unit), unit=unit.pk)).roles.add(role)
    return [*people.values(), *posts.values(), *units.values()]


def mentioned(words: str, case: Case, on: date) -> list[dict[str, Any]]:
    """The people and posts that the words name, as a comment's row keeps them. Refuses names that stand for somebody who
    may not see the case, or for nobody, all of them at once. Asks nothing where nobody is named.
    """
    tails = [words[sign.end() : sign.end() + LONGEST_NAME] for sign in SIGN.finditer(words)]
    # What follows each sign, with the part of it that can be a name.
    said = {tail: match.group() for tail in tails if (match := PLAIN.match(tail))}
    if not said:
        return []
    readers = {reader.name: reader for reader in readers_of(case, on)}
    known = _known_names(said)
    found: dict[str, Reader] = {}
    unseen: list[str] = []
    unknown: list[str] = []
    for tail, plain in said.items():
        name = max((name for name in {*readers, *known} if tail.startswith(name)), key=len, default="")
        if name in readers:
            found[name] = readers[name]
        elif name:
            unseen.append(name)
        else:
            unknown.append(plain)
    _refuse(unseen, unknown)
    return [reader.as_row() for reader in found.values()]


def _known_names(tails: Iterable[str]) -> set[str]:
    """The names of people and units with which one of these begins, also of those who may not see the case."""
    starts = {tail[:end] for tail in tails for end in range(2, len(tail) + 1)}
    people = Person.objects.filter(name__in=starts, is_active=True).values_list("name", flat=True)
    units = Unit.objects.filter(name__in=starts, is_active=True).order_by().values_list("name", flat=True)
    return set(people.union(units))


def _refuse(unseen: list[str], unknown: list[str]) -> None:
    refusals: list[Refusal] = []
    if unseen:
        refusals.append(
            Invalid(
                "mention_unseen",
                _(
                    "%(names)s may not see this case, so the comment can't be addressed to them. "
                    "Mention somebody else, or write the name without @."
                )
                % {"names": _listed(unseen)},
                field="words",
            )
        )
    if unknown:
        refusals.append(
            Invalid(
                "mention_unknown",
                _(
                    "Nobody who sees this case is called %(names)s. "
                    "Choose a name from those who see it, or write it without @."
                )
                % {"names": _listed(unknown)},
                field="words",
            )
        )
    refuse(refusals)


def _listed(names: list[str]) -> str:
    return "、".join(f"“@{name}”" for name in dict.fromkeys(names))
