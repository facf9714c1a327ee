"""Sets of labelled findings, and their pairs through the same statement that compares the cases of a city.

A set is what one writer wrote. Each is read as if its words had never been seen: of the list of things only the words
remain that stand in other sets, and how rare a gram is and what it speaks of is learned from the others.
"""

import csv
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy
from numpy.typing import NDArray

from casework.relapse.comparison import FEATURES, features_in, given_values, key_values, pairs_statement
from casework.relapse.model import NEAREST
from casework.relapse.nearest import Earlier, Fresh, nearest_in
from recognition.alike import NAMES, TEXT, Findings, features_of, with_margins
from recognition.aspects import ASPECTS, STANDING
from recognition.learned import Words, items_meant, learn, words_of
from recognition.meaning import Meanings, meanings_of
from recognition.mentions import Lexicon, lexicon_of, plain
from recognition.reading import read
from recognition.things import THINGS

Numbers = NDArray[numpy.float64]
ROOM = Path(__file__).parents[2] / "tests" / "casework"
FILES = (
    "relapses.csv",
    "relapses_by_others.csv",
    "relapses_in_three_voices.csv",
    "relapses_in_the_hills.csv",
    "relapses_by_the_town.csv",
    "relapses_on_the_water.csv",
)
# What is left out together: one writer's sets (X, Y and Z are one in three voices), and with them some of others', so
# that four models are learned instead of nine.
FOLDS = (("F", "CF", "P"), ("DF", "Q"), ("EF", "R"), ("FF", "X", "Y", "Z"))
ITEMS = ROOM / "relapses_items.csv"

_ITEMS = {item.code: item for aspect in ASPECTS for item in aspect.items}
_KEYS = {code: key for key, code in enumerate(_ITEMS, start=1)}
_ASPECTS = {aspect.code: key for key, aspect in enumerate(ASPECTS, start=1)}
_NAMED = {plain(name): item.code for item in _ITEMS.values() for name in (item.name, *item.aliases)}


@dataclass(frozen=True)
class Finding:
    """A row of a set. `item` is what a person filed it under, for learning; `category` in the office's own words."""

    finding_no: str
    label: str
    earlier: str
    village: str
    found_on: str
    closed_on: str
    category: str
    description: str
    item: str = ""


Set = Sequence[Finding]


def sets_at_hand() -> dict[str, list[Finding]]:
    """Every set of the repository, by the letters that its numbers begin with."""
    with ITEMS.open(encoding="utf-8") as file:
        items = {row["finding_no"]: row["item"] for row in csv.DictReader(file)}
    found: dict[str, list[Finding]] = {}
    for name in FILES:
        for finding in findings_in(ROOM / name):
            letters = re.match(r"[A-Za-z]*", finding.finding_no)
            found.setdefault(letters[0] if letters else "", []).append(
                replace(finding, item=items.get(finding.finding_no, ""))
            )
    return found


def findings_in(path: Path) -> list[Finding]:
    with path.open(encoding="utf-8-sig") as file:
        return [
            Finding(**{name: row[name].strip() for name in Finding.__dataclass_fields__ if name != "item"})
            for row in csv.DictReader(file)
        ]


def names_an_item(category: str) -> bool:
    """Whether a category is the name of an item of the default catalogue, or one of its aliases."""
    return plain(category) in _NAMED


def words_from(findings: Iterable[Finding]) -> Words:
    return words_of(counted(findings))


def counted(findings: Iterable[Finding]) -> dict[str, object]:
    """What `recognition.learned` learns from these: the descriptions and categories of those that have an item, and the
    names of the catalogue."""
    rows = list(findings)
    documents = [(plain(words), row.item) for row in rows if row.item for words in (row.description, row.category)]
    documents += list(_NAMED.items())
    return learn([plain(row.description) for row in rows], documents)


def things_of(findings: Iterable[Finding]) -> Lexicon:
    """Of the things' words those that stand in these findings."""
    said = "\n".join(plain(f"{row.description}\n{row.category}") for row in findings)
    return lexicon_of(
        {
            rank: {
                code: " ".join(word for word in words.split() if plain(word) in said) for code, words in things.items()
            }
            for rank, things in THINGS.items()
        }
    )


NOTHING = lexicon_of({})


@dataclass(frozen=True)
class Pairs:
    """The pairs that the comparison finds in a set: the places of the finding and of the earlier one, what the statement
    says of them (a column for each of `FEATURES`), what their words say (`TEXT`), and whether it is one that came back
    (1), another cycle of the same problem (2), or not (0)."""

    places: NDArray[numpy.int64]
    compared: Numbers
    told: Numbers
    labels: NDArray[numpy.int64]

    def shortlisted(self, ranks: Numbers, most: int) -> "Pairs":
        """Of each finding the highest-ranking pairs of one item and those nearest in meaning, as a city would compare
        them."""
        of_one_item = self.compared[:, SAME_ITEM].any(axis=1)
        first = self._first(numpy.where(of_one_item, ranks, -numpy.inf), most) & of_one_item
        kept = numpy.flatnonzero(first | self._first(self.told[:, TEXT.index("meaning")], NEAREST))
        return Pairs(self.places[kept], self.compared[kept], self.told[kept], self.labels[kept])

    def _first(self, by: Numbers, most: int) -> NDArray[numpy.bool_]:
        """Whether a pair is among the first of its finding."""
        one = self.places[:, 0]
        order = numpy.lexsort((-by, one))
        _findings, starts, sizes = numpy.unique(one[order], return_index=True, return_counts=True)
        found = numpy.zeros(len(one), dtype=bool)
        found[order[numpy.arange(len(order)) - numpy.repeat(starts, sizes) < most]] = True
        return found

    def features(self) -> Numbers:
        """A column for each of `PAIR_NAMES`."""
        return numpy.column_stack([self.compared, with_margins(self.places[:, 0], self.told)])


PAIR_NAMES = (*FEATURES, *NAMES)
SAME_ITEM = [list(FEATURES).index(name) for name in ("same_item", "said_item")]
EVERY = 1_000_000


def pairs_in(findings: Set, *, words: Words, things: Lexicon, has_categories: bool = True) -> Pairs:
    """The pairs of a set that a city would compare; without categories, as if somebody were typing each description."""
    # Each stands there twice: as what was there before, and as what is found.
    fresh = [replace(row, closed_on="", category=row.category if has_categories else "") for row in findings]
    both = [*findings, *fresh]
    said, called = [plain(row.description) for row in both], [plain(row.category) for row in both]
    meanings, new = meanings_of(said), range(len(findings), len(both))
    given = _nearest(both, new, meanings)
    places, compared = _compared(both, _rows(both, said, called, words, things), new, given)
    told = features_of(Findings(said, called, meanings), places, words)
    places = places - numpy.array([len(findings), 0])
    return Pairs(places, compared, told, labels_of(findings, places))


def _rows(findings: Set, said: list[str], called: list[str], words: Words, things: Lexicon) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    problems = items_meant(said, called, words)
    for place, (finding, (problem, maybe)) in enumerate(zip(findings, problems, strict=True)):
        item = _NAMED.get(called[place], "")
        traits = read(
            finding.description,
            aspect=item.partition("-")[0],
            on=date.fromisoformat(finding.found_on),
            problem=problem,
            lexicon=things,
        )
        also = problem if item and item != problem else maybe
        item = item or problem
        rows.append(
            {
                "case_id": place,
                "village_id": finding.village,
                "item_id": _KEYS.get(item),
                "said_id": _KEYS.get(also),
                "object_id": None,
                "fact_on": finding.found_on,
                "is_duty": bool(item) and (_ITEMS[item].is_recurring_duty or item in STANDING) and not traits.is_once,
                "is_older": traits.is_older,
                **{
                    name: getattr(traits, name)
                    for name in ("thing", "also", "side", "group", "place", "mark", "person", "size", "year")
                },
                "period_on": traits.period_on and traits.period_on.isoformat(),
                "aspect_id": _ASPECTS.get(item.partition("-")[0]),
            }
        )
    return rows


def _compared(
    findings: Set, rows: list[dict[str, object]], fresh: range, given: list[tuple[int | None, int]]
) -> tuple[NDArray[numpy.int64], Numbers]:
    names = list(rows[0])
    columns = ", ".join(f'"{name}"' for name in names)
    with sqlite3.connect(":memory:") as tables:
        tables.execute(f"CREATE TABLE casework_casetraits ({columns})")
        tables.executemany(
            f"INSERT INTO casework_casetraits VALUES ({', '.join('?' * len(names))})",
            [list(row.values()) for row in rows],
        )
        tables.execute("CREATE TABLE casework_case (id, village_id, found_on, closed_on, stage, latitude, longitude)")
        tables.executemany(
            "INSERT INTO casework_case VALUES (?, ?, ?, ?, 'closed', NULL, NULL)",
            [(place, row.village, row.found_on, row.closed_on or None) for place, row in enumerate(findings)],
        )
        tables.execute("CREATE TABLE casework_flag (case_id, other_case_id, kind)")
        tables.execute("CREATE INDEX village ON casework_casetraits (village_id)")
        tables.execute("CREATE INDEX traits ON casework_casetraits (case_id)")
        tables.execute("CREATE INDEX cases ON casework_case (id)")
        statement = pairs_statement("sqlite", {}, EVERY).replace("%s", "?").replace("%%", "%")
        found = tables.execute(statement, [*key_values(fresh), *given_values("sqlite", given)]).fetchall()
    pairs = numpy.array([row[:2] for row in found], dtype=numpy.int64).reshape(len(found), 2)
    return pairs, features_in([row[2] for row in found])


def _nearest(findings: Set, fresh: range, meanings: Meanings) -> list[tuple[int | None, int]]:
    """Of each village's pairs those nearest in meaning, as a city would find them."""
    found, there = defaultdict[str, list[Fresh]](list), defaultdict[str, list[Earlier]](list)
    for place, row in enumerate(findings):
        meaning = meanings[place].tobytes()
        if place in fresh:
            found[row.village].append(Fresh(place, 0, date.fromisoformat(row.found_on), meaning))
        elif row.closed_on:
            day = date.fromisoformat(max(row.found_on, row.closed_on))
            there[row.village].append(Earlier(place, day, meaning))
    return [
        pair for village, rows in found.items() if there[village] for pair in nearest_in(rows, there[village], NEAREST)
    ]


def labels_of(findings: Set, pairs: NDArray[numpy.int64]) -> NDArray[numpy.int64]:
    places = {row.finding_no: place for place, row in enumerate(findings)}
    before = [places.get(row.earlier) for row in findings]

    def first(place: int) -> int:
        passed = set()
        while (earlier := before[place]) is not None and place not in passed:
            passed.add(place)
            place = earlier
        return place

    return numpy.array(
        [
            1
            if findings[one].label == "relapse" and before[one] == other
            else 2
            if first(one) == first(other) and findings[one].label != "missed"
            else 0
            for one, other in pairs.tolist()
        ],
        dtype=numpy.int64,
    )


def left_out(sets: Mapping[str, Set], *names: str) -> list[Finding]:
    """The findings of all other sets."""
    return [finding for name, findings in sets.items() if name not in names for finding in findings]
