"""The statement that compares whole sets of cases: which pairs, what they share and where they differ.

It joins the cases of one village that speak of the same item or show the same photo, adds the pairs that are given to
it (`nearest.py`: those that mean nearly the same), keeps those whose fact is younger than the strike-off, and ranks them
by the weights of what they share and where they differ. Of those that are kept it says all of that, as one number a
pair (`features_in`). It runs on both databases, and nothing in it is asked pair by pair.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy
from numpy.typing import NDArray

from casework.models.proof_checks import COPIES
from casework.stages import Stage
from casework.values.positions import METRES_PER_DEGREE
from recognition.things import KINDS, MINOR, MINOR_IF_OTHER

NEAR_METRES, FAR_METRES = 60, 400
# How much shorter a degree of longitude is, squared, at 35° north; between 22° and 48° a sixth off at most.
EAST_BY_NORTH = 0.67

# Where an object stands: the same, somewhere else, or not said, which counts for neither.
WHERE = ("side", "group", "place")

FRESH_CASES = """
SELECT t.case_id, t.village_id, t.item_id, t.said_id, t.object_id, t.fact_on, t.is_duty, t.is_older, t.thing, t.also,
       t.side, t."group", t.place, t.mark, t.person, t.size, t.year, t.period_on, t.aspect_id, c.latitude, c.longitude
FROM casework_casetraits t JOIN casework_case c ON c.id = t.case_id
WHERE t.case_id IN ({})
"""
# Keys as one value: thousands of values take longer to be written down than the statement takes.
KEYS = {
    "postgresql": "SELECT unnest(string_to_array(%s, ',')::bigint[])",
    "sqlite": "SELECT value FROM json_each('[' || %s || ']')",
}
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


def _other_kind(base: str) -> str:
    kinds = f"f.thing LIKE '{base}.%%' AND e.thing LIKE '{base}.%%'"
    return f"({kinds} AND f.thing <> e.thing)"


def _features_sql() -> dict[str, str]:
    item = "f.item_id = e.item_id"
    said = "(f.said_id = e.item_id OR f.item_id = e.said_id OR f.said_id = e.said_id)"
    same = "(f.thing <> '' AND f.thing = e.thing)"
    is_asset = "(f.thing LIKE 'asset/%%' OR f.thing LIKE 'works/%%')"
    minor = {side: "(" + " OR ".join(f"{side}.thing LIKE '{rank}/%%'" for rank in MINOR) + ")" for side in "fe"}
    shared = "(f.thing <> '' AND f.thing = e.also OR e.thing <> '' AND e.thing = f.also)"
    kin = "(e.thing <> '' AND f.thing LIKE e.thing || '.%%' OR f.thing <> '' AND e.thing LIKE f.thing || '.%%')"
    differ = f"f.thing <> '' AND e.thing <> '' AND NOT {same} AND NOT {shared} AND NOT {kin}"
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
        "shared_thing": _either(f"({shared} OR {kin}) AND NOT {same}"),
        "other_duty": _either(f"{item} AND e.is_duty <> f.is_duty"),
        "same_also": _either("f.also = e.also AND (f.also LIKE 'asset/%%' OR f.also LIKE 'works/%%')"),
        "other_thing": _either(f"{differ} AND {strong}"),
        "other_paper": _either(f"{differ} AND NOT ({strong})"),
        "other_kind": _either(" OR ".join(_other_kind(base) for base in KINDS)),
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

# The pairs that are given, by the kind of database; `given_values` gives their values.
GIVEN = {
    "postgresql": (
        "SELECT * FROM unnest(string_to_array(%s, ',', '')::bigint[], string_to_array(%s, ',')::bigint[])"
        " AS pairs (case_id, earlier_id)"
    ),
    "sqlite": "SELECT json_extract(value, '$[0]') AS case_id, json_extract(value, '$[1]') AS earlier_id FROM json_each(%s)",
}
# By these an index finds the earlier cases of a village.
SAME_ITEM = ("e.item_id = f.item_id", "e.item_id = f.said_id", "e.said_id = f.item_id", "e.said_id = f.said_id")

PAIRS = """
WITH fresh AS ({fresh}),
photos AS (
    SELECT DISTINCT f.case_id, g.other_case_id AS earlier_id FROM fresh f JOIN casework_flag g ON g.case_id = f.case_id
        JOIN casework_case o ON o.id = g.other_case_id AND o.village_id = f.village_id
    WHERE g.kind IN ({copies})
),
given AS ({given}),
shared AS (
    {same_item}
    UNION SELECT case_id, earlier_id FROM photos
    UNION SELECT case_id, earlier_id FROM given
),
compared AS (
    SELECT s.case_id, s.earlier_id, c.closed_on, g.earlier_id IS NOT NULL AS is_given, {features}
    FROM shared s
    JOIN fresh f ON f.case_id = s.case_id {or_words}
    JOIN casework_casetraits e ON e.case_id = s.earlier_id
    JOIN casework_case c ON c.id = s.earlier_id
    LEFT JOIN photos p ON p.case_id = s.case_id AND p.earlier_id = s.earlier_id
    LEFT JOIN given g ON g.earlier_id = s.earlier_id AND (g.case_id = s.case_id {or_words})
    WHERE c.stage = '{closed}' AND c.closed_on < f.fact_on
),
weighed AS (SELECT compared.*, {weight} AS weight FROM compared),
placed AS (
    SELECT weighed.*, ROW_NUMBER() OVER (PARTITION BY case_id ORDER BY weight DESC, closed_on DESC, earlier_id DESC) AS place
    FROM weighed
)
SELECT case_id, earlier_id, {packed} FROM placed WHERE place <= {shortlist} OR is_given
ORDER BY case_id, place
"""


def pairs_statement(vendor: str, weights: Mapping[str, float], most: int) -> str:
    """The statement for cases: its values are their keys (`key_values`), and then the pairs that are given
    (`given_values`). `weights` rank the pairs of a case, of which `most` are kept beside the given ones."""
    return _statement(vendor, FRESH_CASES.format(KEYS[vendor]), "", weights, most)


def words_statement(vendor: str, weights: Mapping[str, float], most: int) -> str:
    """The same for words that somebody is typing, as the values of one row and the given pairs."""
    flag = "boolean" if vendor == "postgresql" else "integer"
    as_day = "CAST(%s AS date)" if vendor == "postgresql" else "%s"
    fresh = FRESH_WORDS.format(as_day, flag, flag, as_day)
    return _statement(vendor, fresh, "OR f.case_id IS NULL", weights, most)


def key_values(keys: Iterable[int]) -> list[Any]:
    """The keys of cases, as a statement takes them that reads `KEYS`."""
    return [",".join(map(str, keys))]


def given_values(vendor: str, pairs: Sequence[tuple[int | None, int]]) -> list[Any]:
    """Pairs of a case (None: the words that are typed) and an earlier one, as the statement takes them."""
    if vendor == "postgresql":
        return [
            ",".join("" if case is None else str(case) for case, _earlier in pairs),
            ",".join(str(earlier) for _case, earlier in pairs),
        ]
    return [json.dumps(pairs)]


def features_in(numbers: Sequence[int]) -> NDArray[numpy.float64]:
    """A row for each pair of the statement, a column for each of `FEATURES`."""
    packed = numpy.array(numbers, dtype=numpy.int64)
    return ((packed[:, None] >> numpy.arange(len(FEATURES))) & 1).astype(numpy.float64)


def _statement(vendor: str, fresh: str, or_words: str, weights: Mapping[str, float], most: int) -> str:
    # As floats: PostgreSQL reads 1.6 as an exact decimal, whose sums take several times as long.
    ranked = [f"CAST({weights[name]!r} AS double precision) * {name}" for name in FEATURES if weights.get(name)]
    joined = (
        "SELECT f.case_id, e.case_id AS earlier_id FROM fresh f JOIN casework_casetraits e"
        f" ON e.village_id = f.village_id AND {same} AND e.fact_on < f.fact_on"
        for same in SAME_ITEM
    )
    return PAIRS.format(
        fresh=fresh,
        features=", ".join(f"{sql} AS {name}" for name, sql in FEATURES.items()),
        packed=" + ".join(f"CAST({1 << place} AS bigint) * {name}" for place, name in enumerate(FEATURES)),
        or_words=or_words,
        closed=Stage.CLOSED.value,
        given=GIVEN[vendor],
        same_item=" UNION ".join(joined),
        copies=", ".join(f"'{kind.value}'" for kind in COPIES),
        weight=" + ".join(ranked) or "CAST(0 AS double precision)",
        shortlist=most,
    )
