"""What may have come back: pairs of a case and an earlier one that was struck off, with their reasons and a score.

`comparison.py` finds and weighs the pairs of a whole set in one statement. Text comes last: it is compared among the few
pairs that are left, and can't make a candidate by itself.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy
from django.db import connection
from rapidfuzz import fuzz, process

from casework.models import Case, MatchWeights
from casework.models.proof_checks import COPIES
from casework.relapse.comparison import FEATURES, FRESH_CASES, FRESH_WORDS, NAMED_IN_BOTH, PAIRS
from casework.relapse.reasons import DEFAULTS
from casework.stages import Stage
from recognition.differing import swapped
from recognition.mentions import plain
from recognition.overlap import MOST, named_in_both

MOST_SHOWN = 3
SHORTLIST = 8
THRESHOLD = 0.5
# The same problem reported twice within a week, or a month of one cycle: it came back once.
SAME_WEEK = 7
# Texts as alike as this were cast in one mould: then what differs is what they are about.
SAME_MOULD = 0.6
# What is less likely than the best by so much, on the scale of the weights, is not shown beside it.
BESIDE_THE_BEST = 1.0


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
        named=NAMED_IN_BOTH,
        copies=", ".join(f"'{kind.value}'" for kind in COPIES),
        weight=weight,
        most_text=repr(max(0.0, weights["likeness"]) + MOST * max(0.0, weights["shared_words"])),
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
        shared = named_in_both(mine, other)
        text = {"likeness": float(alike), "swapped": differs, "shared_words": shared}
        score = _share(match.score + sum(weights[name] * value for name, value in text.items()))
        if score >= THRESHOLD:
            spoken = {name: round(value, 2) for name, value in text.items() if value or name == "likeness"}
            one = replace(match, score=round(score, 3), features={**match.features, **spoken})
            chosen.setdefault(match.case, []).append(one)
    return [match for matches in chosen.values() for match in _thinned(matches)[:MOST_SHOWN]]


def _share(weight: float) -> float:
    return 1 / (1 + math.exp(-weight))


def _thinned(matches: list[Match]) -> list[Match]:
    """Of the cycles of one problem the last, of two reports of one week the first, and nothing far behind the best."""
    kept = sorted(matches, key=lambda one: -one.score)
    kept = [one for one in kept if not any(_stands_for(other, one) for other in kept if other is not one)]
    best = min(kept[0].score, 0.999) if kept else 0.0
    least = _share(math.log(best / (1 - best)) - BESIDE_THE_BEST) if kept else 0.0
    return [one for one in kept if one.score >= least]


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
