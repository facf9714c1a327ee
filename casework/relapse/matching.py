"""What may have come back: pairs of a case and an earlier one that was struck off, with their reasons and a score.

`nearest.py` finds those that mean nearly the same; `comparison.py` adds those of one item, of a whole set in one
statement, and ranks them by what was noted of the cases; of each case's shortlist the words are compared here, all at
once, and the learned model weighs everything.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

import numpy
from django.db import connection

from casework.models import MatchWeights
from casework.relapse.comparison import (
    FEATURES,
    KEYS,
    features_in,
    given_values,
    key_values,
    pairs_statement,
    words_statement,
)
from casework.relapse.fitting import Numbers, shares
from casework.relapse.model import NEAREST, SHORTLIST, current_model
from casework.relapse.nearest import Fresh, fresh_of, nearest
from recognition.alike import NAMES, Findings, features_of, with_margins
from recognition.learned import current_words
from recognition.meaning import meanings_in, meanings_of
from recognition.mentions import plain

MOST_SHOWN = 3
# What is as likely as this interrupts somebody. Set on words that had not been seen: lower brings few relapses more.
THRESHOLD = 0.5
# What is less likely than this isn't worth a line of a list.
WORTH_A_LINE = 0.02
# The same problem reported twice within a week, or a month of one cycle: it came back once.
SAME_WEEK = 7
# What is less likely than the best by so much, on the scale of the weights, is not shown beside it.
BESIDE_THE_BEST = 1.0
# A machine is never sure.
SUREST = 0.99
# The pairs of so many cases are weighed at once: some twenty each, of some fifty numbers.
AT_ONCE = 2_500

# What the statement says of a pair: its case, the earlier one, and its features as one number.
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Match:
    """A pair, by the keys of its cases (`case` is None for words that are not a case yet)."""

    case: int | None
    earlier: int
    score: float
    features: Mapping[str, float]
    found_on: date
    closed_on: date


Keep = Callable[[list[Match]], list[Match]]


def current_weights() -> tuple[int, dict[str, float]]:
    """The version and the weights of the newest refit of this model; version 0 is the model as it was learned."""
    model = current_model()
    newest = MatchWeights.objects.filter(model_version=model.version).order_by("-version").first()
    return (newest.version, {**model.weights, **newest.values}) if newest else (0, dict(model.weights))


def matches_of(cases: Sequence[int]) -> list[Match]:
    """The candidates of many cases: at most `MOST_SHOWN` for each, the best first. Their traits must be written."""
    return [match for portion in _portions(cases) for match in _pairs_of(portion, least=THRESHOLD, keep=_chosen)]


def matches_of_words(row: Mapping[str, Any], *, description: str, category: str = "") -> list[Match]:
    """The candidates of a finding that somebody is typing. `row` maps the columns of CaseTraits,
    `latitude` and `longitude`."""
    return _pairs_of_words(row, description=description, category=category, least=THRESHOLD, keep=_chosen)


def likeliest_of(case: int) -> list[Match]:
    """What a desk sees at a glance: the earlier cases of the village that this one may be, the likeliest first, three at
    most. A list interrupts nobody, so there is hardly a threshold."""
    return _pairs_of([case], least=WORTH_A_LINE, keep=likeliest)


def likeliest_of_words(row: Mapping[str, Any], *, description: str, category: str = "") -> list[Match]:
    """The same for a finding that somebody is typing."""
    return _pairs_of_words(row, description=description, category=category, least=WORTH_A_LINE, keep=likeliest)


def pair_of(case: int, earlier: int) -> Match | None:
    """What the model says of one pair, however unlikely; nothing where the two were never compared."""
    return next((match for match in _pairs_of([case], least=0.0) if match.earlier == earlier), None)


def likeliest(found: Iterable[Match]) -> list[Match]:
    """Of one case's pairs the three likeliest; of two that are as likely what was struck off last."""
    kept = [match for match in found if match.score >= WORTH_A_LINE]
    return sorted(kept, key=lambda one: (-one.score, -one.closed_on.toordinal(), -one.earlier))[:MOST_SHOWN]


def _portions(cases: Sequence[int]) -> list[list[int]]:
    """Cases in portions whose pairs fit into memory together, those of one village beside each other: what was struck off
    there is read once for all of them."""
    if len(cases) <= AT_ONCE:
        return [list(cases)]
    rows = _asked(IN_ORDER.format(KEYS[connection.vendor]), key_values(cases))
    return [[case for (case,) in rows[start : start + AT_ONCE]] for start in range(0, len(rows), AT_ONCE)]


IN_ORDER = "SELECT case_id FROM casework_casetraits WHERE case_id IN ({}) ORDER BY village_id, case_id"


def _pairs_of(cases: Sequence[int], *, least: float, keep: Keep = list) -> list[Match]:
    """Of the pairs of these cases that score at least so much those that `keep` keeps."""
    if not cases:
        return []
    given = given_values(connection.vendor, nearest(fresh_of(cases), NEAREST))
    statement = pairs_statement(connection.vendor, current_model().shortlist, SHORTLIST)
    rows = _asked(statement, [*key_values(cases), *given])
    return _weighed(rows, _said({key for row in rows for key in row[:2]}), least, keep) if rows else []


def _pairs_of_words(
    row: Mapping[str, Any], *, description: str, category: str, least: float, keep: Keep = list
) -> list[Match]:
    days = {name: row[name].isoformat() if row.get(name) else None for name in ("fact_on", "period_on")}
    text = plain(description)
    values = [row.get(name) for name in ("village_id", "item_id", "said_id", "object_id")] + [days["fact_on"]]
    values += [row.get("is_duty", False), row.get("is_older", False)]
    values += [row.get(name, "") for name in ("thing", "also", "side", "group", "place", "mark", "person", "size")]
    values += [row.get("year"), days["period_on"], row.get("aspect_id")]
    meaning = meanings_of([text]).tobytes()
    fresh = [Fresh(None, row["village_id"], row["fact_on"], meaning)] if row.get("fact_on") else []
    values += [row.get("latitude"), row.get("longitude"), *given_values(connection.vendor, nearest(fresh, NEAREST))]
    rows = _asked(words_statement(connection.vendor, current_model().shortlist, SHORTLIST), values)
    if not rows:
        return []
    said: dict[int | None, Said] = {**_said({row[1] for row in rows}), None: Said(text, plain(category), meaning)}
    return _weighed(rows, said, least, keep)


def _asked(statement: str, values: list[Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


class Said(NamedTuple):
    """Of a case its description, its category (the item's name, or the office's own words as long as nobody has filed it),
    what it means, and when it was found and struck off."""

    description: str
    category: str
    meaning: bytes | memoryview | None
    found_on: date | None = None
    closed_on: date | None = None


SAID = """
SELECT c.id, c.description, COALESCE(i.name, c.category_words), t.meaning, c.found_on, c.closed_on
FROM casework_case c LEFT JOIN casework_catalogueitem i ON i.id = c.item_id AND NOT c.is_item_guessed LEFT JOIN casework_casetraits t ON t.case_id = c.id
WHERE c.id IN ({})
"""


def _said(cases: Iterable[int]) -> dict[int | None, Said]:
    rows = _asked(SAID.format(KEYS[connection.vendor]), key_values(cases))
    # There are many cases of few categories.
    plainer = {category: plain(category) for category in {row[2] for row in rows}}
    return {
        pk: Said(plain(words), plainer[category], meaning, _day(found_on), _day(closed_on))
        for pk, words, category, meaning, found_on, closed_on in rows
    }


def _weighed(rows: Sequence[Row], said: Mapping[int | None, Said], least: float, keep: Keep = list) -> list[Match]:
    """The pairs that score at least so much, by what the statement says of each and by what its words do; of these, those
    that `keep` keeps."""
    if not rows:
        return []
    _version, weights = current_weights()
    places = {key: place for place, key in enumerate(said)}
    pairs = numpy.array([[places[case], places[earlier]] for case, earlier, _features in rows], dtype=numpy.int64)
    findings = Findings(
        [one.description for one in said.values()],
        [one.category for one in said.values()],
        meanings_in([one.meaning for one in said.values()]),
    )
    told = with_margins(pairs[:, 0], features_of(findings, pairs, current_words()))
    names = (*FEATURES, *NAMES)
    features = numpy.column_stack([features_in([row[2] for row in rows]), told])
    scores = shares(features @ numpy.array([weights.get(name, 0.0) for name in names]) + weights["bias"])
    scores = numpy.minimum(scores, SUREST).round(3)
    likely = numpy.flatnonzero(scores >= least).tolist()
    place_of = {rows[n][:2]: n for n in likely}
    kept = keep([_match(rows[n], float(scores[n]), said) for n in likely])
    return [replace(match, features=_told(names, features[place_of[match.case, match.earlier]])) for match in kept]


def _match(row: Row, score: float, said: Mapping[int | None, Said]) -> Match:
    case, earlier, _features = row
    of_earlier = said[earlier]
    assert (
        of_earlier.found_on is not None and of_earlier.closed_on is not None
    )  # the statement asks for struck-off cases
    return Match(case, earlier, score, {}, found_on=of_earlier.found_on, closed_on=of_earlier.closed_on)


def _told(names: Sequence[str], values: Numbers) -> dict[str, float]:
    return {name: round(value, 3) for name, value in zip(names, values.tolist(), strict=True) if value}


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _chosen(found: Iterable[Match]) -> list[Match]:
    """Who passes the threshold: one for each time it came back, three at most for each case."""
    chosen: dict[int | None, list[Match]] = {}
    for match in found:
        if match.score >= THRESHOLD:
            chosen.setdefault(match.case, []).append(match)
    return [match for matches in chosen.values() for match in thinned(matches)[:MOST_SHOWN]]


def thinned(matches: Sequence[Match]) -> list[Match]:
    """Of the cycles of one problem the last, of two reports of one week the first, and nothing far behind the best."""
    kept = sorted(matches, key=lambda one: -one.score)
    kept = [one for one in kept if not any(_stands_for(other, one) for other in kept if other is not one)]
    best = min(kept[0].score, 0.999) if kept else 0.0
    least = _share(math.log(best / (1 - best)) - BESIDE_THE_BEST) if kept else 0.0
    return [one for one in kept if one.score >= least]


def _share(weight: float) -> float:
    return 1 / (1 + math.exp(-weight))


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


def only_first_reports(
    matches: Sequence[Match], reported: Iterable[tuple[int, int]], days: Mapping[int, tuple[date, date | None]]
) -> list[Match]:
    """Of several reports of one week about the same earlier case only the first: it came back once.

    `reported` are pairs of an earlier case and one that may be its return, `days` when each was found and struck off.
    """
    reports: dict[int, list[tuple[date, int]]] = {}
    for earlier, case in set(reported):
        reports.setdefault(earlier, []).append((days[case][0], case))

    def is_repeated(match: Match) -> bool:
        if match.case is None:
            return False
        mine = (days[match.case][0], match.case)
        return any(
            first < mine
            and (mine[0] - first[0]).days <= SAME_WEEK
            and not ((closed_on := days[first[1]][1]) and closed_on < mine[0])
            for first in reports[match.earlier]
        )

    return [match for match in matches if not is_repeated(match)]
