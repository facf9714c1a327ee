"""Who is drawn, from a frozen list and a seed: SHA-256 alone, whole numbers, no chance of the program's own.

A village of weight w has w tickets, the hashes of "seed|code|1" to "seed|code|w", and its lowest one counts: so of two
villages the one with twice the weight is twice as often before the other, exactly and without a broken number. A village
more or less moves nobody else's ticket. Anybody can do it again with a pencil and `sha256sum` (docs/draws.md).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from oversight.spot_checks.frozen_list import FrozenList, ListedInspector, ListedVillage, Rule


@dataclass(frozen=True)
class Ticket:
    """A village's lowest hash, in small hexadecimal letters, and the number of the one that it was."""

    value: str
    number: int


@dataclass(frozen=True)
class Drawn:
    """A village that is visited; without an inspector where nobody may go there."""

    rank: int
    code: str
    ticket: Ticket
    rule: Rule
    inspector: int | None
    inspector_ticket: str


@dataclass(frozen=True)
class Result:
    """`reserve` are the villages that were not drawn, by their tickets: the next one replaces whoever is excused."""

    drawn: list[Drawn]
    reserve: list[tuple[str, Ticket]]


def village_ticket(seed: str, code: str, weight: int) -> Ticket:
    """The lowest of so many hashes."""
    value, number = min((_hash(f"{seed}|{code}|{number}"), number) for number in range(1, weight + 1))
    return Ticket(value, number)


def inspector_ticket(seed: str, code: str, key: int) -> str:
    return _hash(f"{seed}|{code}|inspector {key}")


def _hash(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def draw_from(listed: FrozenList, seed: str) -> Result:
    """First the key villages, then those that were not checked for a year, then by lot; in each the lowest tickets. Of
    the inspectors who may go to a village, the one with the fewest villages so far and then the lowest ticket goes.
    """
    tickets = {one.code: village_ticket(seed, one.code, one.weight) for one in listed.villages}

    def lowest(villages: Iterable[ListedVillage]) -> list[str]:
        return sorted((one.code for one in villages), key=lambda code: (tickets[code].value, code))

    keys = lowest(one for one in listed.villages if one.rule == Rule.KEY)
    keys = keys[: -(-len(keys) * listed.key_share // 100)]
    yearly = lowest(one for one in listed.villages if one.rule == Rule.YEAR)[: listed.yearly]
    before = {*keys, *yearly}
    others = lowest(one for one in listed.villages if one.code not in before)
    chosen = [
        *((code, Rule.KEY) for code in keys),
        *((code, Rule.YEAR) for code in yearly),
        *((code, Rule.LOT) for code in others[: listed.lot]),
    ]
    towns, load = listed.town_of, dict.fromkeys((one.key for one in listed.inspectors), 0)
    drawn = []
    for rank, (code, rule) in enumerate(chosen, start=1):
        able = who_may_go(listed.inspectors, towns[code])
        first = min(((load[key], inspector_ticket(seed, code, key), key) for key in able), default=None)
        if first is not None:
            load[first[2]] += 1
        inspector, value = (first[2], first[1]) if first is not None else (None, "")
        drawn.append(Drawn(rank, code, tickets[code], rule, inspector, value))
    return Result(drawn, [(code, tickets[code]) for code in others[listed.lot :]])


def who_may_go(inspectors: Iterable[ListedInspector], town: str) -> list[int]:
    """Never to the own town."""
    return [one.key for one in inspectors if town not in one.own_towns]


def inspector_of_replacement(
    listed: FrozenList, seed: str, code: str, instead_of: int | None
) -> tuple[int | None, str]:
    """Who goes to the village that replaces another: the same one, unless it lies in the own town; then the lowest
    ticket among the others.
    """
    able = who_may_go(listed.inspectors, listed.town_of[code])
    if instead_of in able:
        return instead_of, inspector_ticket(seed, code, instead_of)
    value, key = min(((inspector_ticket(seed, code, key), key) for key in able), default=("", None))
    return key, value
