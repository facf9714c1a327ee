"""The list of a draw as text, the same bytes for everybody: what is hashed before the seed exists (docs/draws.md).

UTF-8, one line a fact, "\\n" at the end of each, single spaces, villages in the order of their codes and inspectors in that
of their numbers, no number that is not whole.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.values.numbers import whole_number

FORMAT = "1"
# The lines before the villages, each once; the last two stand with a beacon alone.
FACTS = ("format", "plan", "area", "listed", "days", "lot", "yearly", "keys", "seed", "beacon", "round")
# A village's code and the name of a beacon stand between spaces, and "|" holds the parts of a ticket apart.
CODE = re.compile(r"[^\s|]{1,20}")
# What one text may ask of whoever replays it.
MOST_CHARACTERS, MOST_VILLAGES, MOST_WEIGHT, MOST_WEIGHTS = 1_000_000, 10_000, 400, 600_000
MOST_INSPECTORS, MOST_NUMBER = 1000, 10_000


class Rule(StrEnum):
    """By what a village is drawn: as a key village, since it was not checked for a year, or by lot alone."""

    KEY = "key"
    YEAR = "year"
    LOT = "lot"


class SeedKind(StrEnum):
    DICE = "dice"
    BEACON = "beacon"


@dataclass(frozen=True)
class ListedVillage:
    """`risk` in tenths of what is usual in its county; `quarters` since the last check, from 1 to 4."""

    code: str
    town: str
    risk: int
    quarters: int
    rule: Rule

    @property
    def weight(self) -> int:
        return self.risk * self.quarters


@dataclass(frozen=True)
class ListedInspector:
    """`own_towns` are the codes of the towns to which this inspector does not go."""

    key: int
    own_towns: tuple[str, ...] = ()


@dataclass(frozen=True)
class FrozenList:
    """Everything that a draw depends on but its seed. `lot` villages are drawn by lot, at most `yearly` of those that
    were not checked for a year, and `key_share` of a hundred key villages.
    """

    plan: int
    area: str
    listed_on: date
    first_day: date
    last_day: date
    lot: int
    yearly: int
    key_share: int
    seed_kind: SeedKind
    beacon: str
    beacon_round: str
    villages: tuple[ListedVillage, ...]
    inspectors: tuple[ListedInspector, ...]

    def as_text(self) -> str:
        lines = [
            f"format {FORMAT}",
            f"plan {self.plan}",
            f"area {self.area}",
            f"listed {self.listed_on.isoformat()}",
            f"days {self.first_day.isoformat()} {self.last_day.isoformat()}",
            f"lot {self.lot}",
            f"yearly {self.yearly}",
            f"keys {self.key_share}",
            f"seed {self.seed_kind}",
        ]
        if self.seed_kind == SeedKind.BEACON:
            lines += [f"beacon {self.beacon}", f"round {self.beacon_round}"]
        lines += [
            f"village {one.code} {one.town} {one.risk} {one.quarters} {one.rule}"
            for one in sorted(self.villages, key=lambda one: one.code)
        ]
        lines += [
            " ".join(["inspector", str(one.key), *sorted(one.own_towns)])
            for one in sorted(self.inspectors, key=lambda one: one.key)
        ]
        return "".join(f"{line}\n" for line in lines)

    @property
    def town_of(self) -> dict[str, str]:
        return {one.code: one.town for one in self.villages}


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def tidied(text: str) -> str:
    """A text that was pasted or typed from paper, with the line ends and single spaces of the canonical one."""
    lines = (" ".join(line.split()) for line in text.removeprefix("\ufeff").splitlines())
    return "".join(f"{line}\n" for line in lines if line)


def read_list(text: str) -> FrozenList:
    """The list that a tidied text says. Refuses what is no list, with the first line that can't be read."""
    if len(text) > MOST_CHARACTERS:
        raise Invalid("list_too_long", _("This is too long for the list of a draw."), field="text")
    facts: dict[str, list[str]] = {}
    villages: list[ListedVillage] = []
    inspectors: list[ListedInspector] = []
    for line in text.splitlines():
        name, *words = line.split(" ")
        if name == "village":
            villages.append(_village(line, words))
        elif name == "inspector":
            inspectors.append(_inspector(line, words))
        elif name in FACTS and name not in facts:
            facts[name] = words
        else:
            raise unreadable(line)
    if missing := [name for name in FACTS if name not in facts and name not in ("beacon", "round")]:
        sentence = _("The line that begins with “%(name)s” is missing. Paste the whole text, from “format” on.")
        raise Invalid("line_missing", sentence % {"name": missing[0]}, field="text")
    _require_bounds(villages, inspectors)
    return _list_of(facts, villages, inspectors)


def unreadable(line: str) -> Invalid:
    sentence = _("This line can't be read: %(line)s. Compare it with the sheet.")
    return Invalid("line_unreadable", sentence % {"line": line[:80]}, field="text")


def _list_of(
    facts: dict[str, list[str]], villages: list[ListedVillage], inspectors: list[ListedInspector]
) -> FrozenList:
    name = ""
    try:
        for name in ("format", "plan", "area", "listed", "lot", "yearly", "keys", "seed"):
            (_only,) = facts[name]
        if facts["format"] != [FORMAT]:
            raise ValueError
        name = "days"
        first, last = (date.fromisoformat(day) for day in facts["days"])
        name = "listed"
        listed = date.fromisoformat(facts["listed"][0])
        name = "seed"
        kind = SeedKind(facts["seed"][0])
        numbers = {}
        for name, most in (("plan", 2**63 - 1), ("lot", MOST_NUMBER), ("yearly", MOST_NUMBER), ("keys", 100)):
            numbers[name] = _number(facts[name][0], most=most)
    except ValueError:
        raise unreadable(" ".join([name, *facts[name]])) from None
    return FrozenList(
        plan=numbers["plan"],
        area=facts["area"][0],
        listed_on=listed,
        first_day=first,
        last_day=last,
        lot=numbers["lot"],
        yearly=numbers["yearly"],
        key_share=numbers["keys"],
        seed_kind=kind,
        beacon=" ".join(facts.get("beacon", [])),
        beacon_round=" ".join(facts.get("round", [])),
        villages=tuple(villages),
        inspectors=tuple(inspectors),
    )


def _village(line: str, words: list[str]) -> ListedVillage:
    try:
        code, town, risk, quarters, rule = words
        found = ListedVillage(code, town, _number(risk), _number(quarters), Rule(rule))
    except ValueError:
        raise unreadable(line) from None
    if not (CODE.fullmatch(code) and CODE.fullmatch(town) and 1 <= found.weight <= MOST_WEIGHT):
        raise unreadable(line)
    return found


def _inspector(line: str, words: list[str]) -> ListedInspector:
    try:
        key, *towns = words
        return ListedInspector(_number(key, most=2**63 - 1), tuple(towns))
    except ValueError:
        raise unreadable(line) from None


def _number(words: str, *, most: int = MOST_WEIGHT) -> int:
    found = whole_number(words, most=most)
    if found is None or str(found) != words:
        raise ValueError
    return found


def _require_bounds(villages: Iterable[ListedVillage], inspectors: Iterable[ListedInspector]) -> None:
    villages, inspectors = list(villages), list(inspectors)
    codes, keys = {one.code for one in villages}, {one.key for one in inspectors}
    if not villages:
        raise Invalid("no_villages", _("There are no villages in this list."), field="text")
    if len(codes) < len(villages) or len(keys) < len(inspectors):
        raise Invalid("listed_twice", _("A village or an inspector stands twice in this list."), field="text")
    if (
        len(villages) > MOST_VILLAGES
        or len(inspectors) > MOST_INSPECTORS
        or sum(one.weight for one in villages) > MOST_WEIGHTS
    ):
        raise Invalid("list_too_long", _("This is too long for the list of a draw."), field="text")
