"""What may have come back: pairs of a case and an earlier one that was struck off, with their reasons and a score.

One statement compares whole sets. It joins the cases of one village that speak of the same item, or of the same thing
under one aspect, or show the same photo (five indexed ways), keeps those whose fact is younger than the strike-off,
turns what they share and where they differ into reasons, and adds up their weights. Text comes last: it is compared among the few pairs that are left and can't make a
candidate by itself. The same statement runs on both databases.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy
from django.db import connection
from rapidfuzz import fuzz, process

from casework.models import Case, MatchWeights
from casework.models.honesty import COPIES
from casework.reasons import DEFAULTS
from casework.recognition.differing import swapped
from casework.recognition.mentions import plain
from casework.recognition.things import MINOR, MINOR_IF_OTHER
from casework.stages import Stage

MOST_SHOWN = 3
SHORTLIST = 8
THRESHOLD = 0.5
# The same problem reported twice within a week, or a month of one cycle: it came back once.
SAME_WEEK = 7
# Texts as alike as this were cast in one mould: then what differs is what they are about.
SAME_MOULD = 0.5

NEAR_METRES, FAR_METRES = 60, 400
METRES_PER_DEGREE = 111_320
# How much shorter a degree of longitude is, squared, at 35° north; between 22° and 48° a sixth off at most.
EAST_BY_NORTH = 0.67


# Where an object stands: the same, somewhere else, or not said, which counts for neither.
WHERE = ("side", "group", "place")


@dataclass(frozen=True)
class Match:
    """A pair, by the keys of its cases (`case` is None for words that are not a case yet)."""

    case: int | None
    earlier: int
    score: float
    features: Mapping[str, float]
    found_on: date
    closed_on: date


def current_weights() -> tuple[int, dict[str, float]]:
    """The version and the weights of the newest refit; version 0 are the defaults."""
    newest = MatchWeights.objects.order_by("-version").values_list("version", "values").first()
    return (newest[0], {**DEFAULTS, **newest[1]}) if newest else (0, DEFAULTS)


FRESH_CASES = """
SELECT t.case_id, t.village_id, t.item_id, t.said_id, t.object_id, t.fact_on, t.is_duty, t.is_older, t.thing, t.also,
       t.side, t."group", t.place, t.mark, t.person, t.size, t.year, t.period_on, t.aspect_id, c.latitude, c.longitude
FROM casework_casetraits t JOIN casework_case c ON c.id = t.case_id
WHERE t.case_id IN ({})
"""
# Words that somebody is typing, as one row of the same columns.
FRESH_WORDS = """
SELECT CAST(NULL AS bigint) AS case_id, CAST(%s AS bigint) AS village_id, CAST(%s AS bigint) AS item_id,
       CAST(%s AS bigint) AS said_id, CAST(%s AS bigint) AS object_id, {} AS fact_on, CAST(%s AS {}) AS is_duty,
       CAST(%s AS {}) AS is_older, CAST(%s AS text) AS thing,
       CAST(%s AS text) AS also, CAST(%s AS text) AS side, CAST(%s AS text) AS "group", CAST(%s AS text) AS place,
       CAST(%s AS text) AS mark, CAST(%s AS text) AS person,
       CAST(%s AS text) AS size, CAST(%s AS integer) AS year, {} AS period_on,
       CAST(%s AS bigint) AS aspect_id, CAST(%s AS float) AS latitude, CAST(%s AS float) AS longitude
"""


def _either(condition: str) -> str:
    return f"CASE WHEN {condition} THEN 1 ELSE 0 END"


def _features_sql() -> dict[str, str]:
    item = "f.item_id = e.item_id"
    said = "(f.said_id = e.item_id OR f.item_id = e.said_id OR f.said_id = e.said_id)"
    same = "(f.thing <> '' AND f.thing = e.thing)"
    is_asset = "(f.thing LIKE 'asset/%%' OR f.thing LIKE 'works/%%')"
    minor = {side: "(" + " OR ".join(f"{side}.thing LIKE '{rank}/%%'" for rank in MINOR) + ")" for side in "fe"}
    shared = "(f.thing <> '' AND f.thing = e.also OR e.thing <> '' AND e.thing = f.also)"
    differ = f"f.thing <> '' AND e.thing <> '' AND NOT {same} AND NOT {shared}"
    weak = {side: "(" + " OR ".join(f"{side}.thing LIKE '{rank}/%%'" for rank in MINOR_IF_OTHER) + ")" for side in "fe"}
    people = "(f.thing LIKE 'people/%%') = (e.thing LIKE 'people/%%')"
    strong = f"f.thing <> '' AND e.thing <> '' AND {people} AND NOT {weak['f']} AND NOT {weak['e']}"
    north, east = "(f.latitude - c.latitude)", "(f.longitude - c.longitude)"
    squared = f"({north} * {north} + {east} * {east} * {EAST_BY_NORTH}) * {METRES_PER_DEGREE**2}.0"
    marks = "f.mark <> '' AND e.mark <> ''"
    alike = "(f.mark LIKE '%%' || e.mark || '%%' OR e.mark LIKE '%%' || f.mark || '%%')"
    where = {one: " OR ".join(f"{one}.\"{name}\" <> ''" for name in WHERE) for one in "fe"}
    agrees = " OR ".join(f'f."{name}" <> \'\' AND f."{name}" = e."{name}"' for name in WHERE)
    features = {
        "same_item": _either(item),
        "said_item": f"CASE WHEN {item} THEN 0 WHEN {said} THEN 1 ELSE 0 END",
        "same_aspect": f"CASE WHEN {item} OR {said} THEN 0 WHEN f.aspect_id = e.aspect_id THEN 1 ELSE 0 END",
        "same_duty": _either(f"{item} AND f.is_duty AND NOT ({strong})"),
        "same_object": _either("f.object_id = e.object_id"),
        "other_object": _either("f.object_id <> e.object_id"),
        "same_asset": _either(f"{same} AND {is_asset}"),
        "same_thing": _either(f"{same} AND NOT {is_asset} AND NOT {minor['f']}"),
        "same_paper": _either(f"{same} AND {minor['f']}"),
        "shared_thing": _either(f"{shared} AND NOT {same}"),
        "same_also": _either("f.also = e.also AND (f.also LIKE 'asset/%%' OR f.also LIKE 'works/%%')"),
        "other_thing": _either(f"{differ} AND {strong}"),
        "other_paper": _either(f"{differ} AND NOT ({strong})"),
        "same_mark": _either(f"{marks} AND {alike}"),
        "other_mark": _either(f"{marks} AND NOT {alike}"),
        "elsewhere": _either(f"({where['f']}) AND ({where['e']}) AND NOT ({agrees} OR {marks} AND {alike})"),
        "said_older": _either("f.is_older"),
        "other_year": _either("f.year <> e.year AND NOT f.is_duty"),
        "later_period": _either("f.is_duty AND f.period_on > e.period_on"),
        "earlier_period": _either("f.period_on < e.period_on OR f.period_on < e.fact_on"),
        "same_photo": _either("p.case_id IS NOT NULL"),
        "near": _either(f"{squared} < {NEAR_METRES**2}"),
        "far": _either(f"{squared} > {FAR_METRES**2}"),
    }
    for name in (*WHERE, "person", "size"):
        features[f"same_{name}"] = _either(f'f."{name}" <> \'\' AND f."{name}" = e."{name}"')
        features[f"other_{name}"] = _either(f'f."{name}" <> \'\' AND e."{name}" <> \'\' AND f."{name}" <> e."{name}"')
    # A side is a side of something: of two places it says nothing.
    features["same_side"] = _either(
        "f.side <> '' AND f.side = e.side AND NOT (f.place <> '' AND e.place <> '' AND f.place <> e.place)"
    )
    return features


FEATURES = _features_sql()

PAIRS = """
WITH fresh AS ({fresh}),
items AS (
    SELECT case_id, village_id, item_id AS item FROM fresh WHERE item_id IS NOT NULL
    UNION SELECT case_id, village_id, said_id FROM fresh WHERE said_id IS NOT NULL
),
things AS (
    SELECT case_id, village_id, aspect_id, thing FROM fresh WHERE thing <> ''
    UNION SELECT case_id, village_id, aspect_id, also FROM fresh WHERE also <> ''
),
photos AS (
    SELECT DISTINCT f.case_id, g.other_case_id AS earlier_id FROM fresh f JOIN casework_flag g ON g.case_id = f.case_id
        JOIN casework_case o ON o.id = g.other_case_id AND o.village_id = f.village_id
    WHERE g.kind IN ({copies})
),
shared AS (
    SELECT f.case_id, e.case_id AS earlier_id FROM items f JOIN casework_casetraits e
        ON e.village_id = f.village_id AND e.item_id = f.item
    UNION SELECT f.case_id, e.case_id FROM items f JOIN casework_casetraits e
        ON e.village_id = f.village_id AND e.said_id = f.item
    UNION SELECT f.case_id, e.case_id FROM things f JOIN casework_casetraits e
        ON e.village_id = f.village_id AND e.thing = f.thing AND e.aspect_id = f.aspect_id
    UNION SELECT f.case_id, e.case_id FROM things f JOIN casework_casetraits e
        ON e.village_id = f.village_id AND e.also = f.thing AND e.also <> '' AND e.aspect_id = f.aspect_id
    UNION SELECT case_id, earlier_id FROM photos
),
compared AS (
    SELECT s.case_id, s.earlier_id, c.found_on, c.closed_on, {features}
    FROM shared s
    JOIN fresh f ON f.case_id = s.case_id {or_words}
    JOIN casework_casetraits e ON e.case_id = s.earlier_id
    JOIN casework_case c ON c.id = s.earlier_id
    LEFT JOIN photos p ON p.case_id = s.case_id AND p.earlier_id = s.earlier_id
    WHERE c.stage = '{closed}' AND c.closed_on < f.fact_on AND (s.case_id IS NULL OR s.case_id <> s.earlier_id)
),
weighed AS (SELECT compared.*, {weight} AS weight FROM compared),
placed AS (
    SELECT weighed.*, ROW_NUMBER() OVER (PARTITION BY case_id ORDER BY weight DESC, closed_on DESC, earlier_id DESC) AS place
    FROM weighed WHERE weight + {most_likeness} >= 0
)
SELECT case_id, earlier_id, found_on, closed_on, weight, {names} FROM placed WHERE place <= {shortlist}
ORDER BY case_id, place
"""


def matches_of(cases: Sequence[int]) -> list[Match]:
    """The candidates of many cases: at most `MOST_SHOWN` for each, the best first. Their traits must be written."""
    if not cases:
        return []
    fresh = FRESH_CASES.format(", ".join(["%s"] * len(cases)))
    found = _pairs(fresh, list(cases))
    words = _texts({match.case for match in found if match.case} | {match.earlier for match in found})
    return _chosen(found, [words[match.case] for match in found if match.case], words)


def matches_of_words(row: Mapping[str, Any], *, description: str) -> list[Match]:
    """The candidates of a finding that somebody is typing. `row` maps the columns of CaseTraits,
    `latitude` and `longitude`."""
    days = {name: row[name].isoformat() if row.get(name) else None for name in ("fact_on", "period_on")}
    flag = "boolean" if connection.vendor == "postgresql" else "integer"
    as_day = "CAST(%s AS date)" if connection.vendor == "postgresql" else "%s"
    values = [row.get(name) for name in ("village_id", "item_id", "said_id", "object_id")] + [days["fact_on"]]
    values += [row.get("is_duty", False), row.get("is_older", False)]
    values += [row.get(name, "") for name in ("thing", "also", "side", "group", "place", "mark", "person", "size")]
    values += [row.get("year"), days["period_on"], row.get("aspect_id"), row.get("latitude"), row.get("longitude")]
    found = _pairs(FRESH_WORDS.format(as_day, flag, flag, as_day), values, are_words=True)
    texts = _texts({match.earlier for match in found})
    return _chosen(found, [plain(description)] * len(found), texts)


def _pairs(fresh: str, values: list[Any], *, are_words: bool = False) -> list[Match]:
    _version, weights = current_weights()
    names = list(FEATURES)
    # As floats: PostgreSQL reads 1.6 as an exact decimal, whose sums take several times as long.
    weight = " + ".join([_float(weights["bias"]), *(f"{_float(weights[name])} * {name}" for name in names)])
    statement = PAIRS.format(
        fresh=fresh,
        features=", ".join(f"{sql} AS {name}" for name, sql in FEATURES.items()),
        or_words="OR f.case_id IS NULL" if are_words else "",
        closed=Stage.CLOSED.value,
        copies=", ".join(f"'{kind.value}'" for kind in COPIES),
        weight=weight,
        most_likeness=f"{max(0.0, weights['likeness'])!r}",
        names=", ".join(names),
        shortlist=SHORTLIST,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    return [
        Match(
            case=case,
            earlier=earlier,
            score=float(weight),
            features={name: 1 for name, holds in zip(names, holding, strict=True) if holds},
            found_on=_day(found_on),
            closed_on=_day(closed_on),
        )
        for case, earlier, found_on, closed_on, weight, *holding in rows
    ]


def _float(value: float) -> str:
    return f"CAST({value!r} AS double precision)"


def _day(value: Any) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _texts(cases: Iterable[int]) -> dict[int, str]:
    return {pk: plain(words) for pk, words in Case.objects.filter(pk__in=list(cases)).values_list("pk", "description")}


def _chosen(found: list[Match], said: list[str], texts: Mapping[int, str]) -> list[Match]:
    """With the likeness of the words added: who passes the threshold, one for each time it came back, three at most."""
    if not found:
        return []
    _version, weights = current_weights()
    likeness = (
        process.cpdist(said, [texts[match.earlier] for match in found], scorer=fuzz.ratio, dtype=numpy.float64) / 100
    )
    chosen: dict[int | None, list[Match]] = {}
    for match, mine, alike in zip(found, said, likeness, strict=True):
        other = texts[match.earlier]
        differs = swapped(mine, other) if alike >= SAME_MOULD else 0.0
        weight = match.score + weights["likeness"] * float(alike) + weights["swapped"] * differs
        score = 1 / (1 + math.exp(-weight))
        if score >= THRESHOLD:
            features = {**match.features, "likeness": round(float(alike), 2)}
            if differs:
                features["swapped"] = differs
            one = Match(match.case, match.earlier, round(score, 3), features, match.found_on, match.closed_on)
            chosen.setdefault(match.case, []).append(one)
    return [match for matches in chosen.values() for match in _thinned(matches)[:MOST_SHOWN]]


def _thinned(matches: list[Match]) -> list[Match]:
    """Of the cycles of one problem the last, and of two reports of one week the first."""
    kept = sorted(matches, key=lambda one: -one.score)
    return [one for one in kept if not any(_stands_for(other, one) for other in kept if other is not one)]


def _stands_for(other: Match, one: Match) -> bool:
    came_later = other.found_on > one.closed_on and other.closed_on > one.closed_on
    is_later_cycle = came_later and other.score >= one.score - 0.15
    is_first_report = (
        0 <= (one.found_on - other.found_on).days <= SAME_WEEK
        and one.found_on <= other.closed_on
        and (other.found_on, other.earlier) < (one.found_on, one.earlier)
        and other.score >= one.score - 0.1
    )
    return is_later_cycle or is_first_report
