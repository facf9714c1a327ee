"""What came back is found, and what only looks like it isn't: on sets of invented findings that were labelled."""

import csv
from collections import Counter
from pathlib import Path

from django.utils import translation

from casework.models import Case
from casework.models.unit import UnitLevel
from casework.relapse.reasons import likelihood_of
from tests.casework.findings_by_import import bring_in, printed
from tests.cast import Cast
from tests.factories import unit


def labelled(cast: Cast, name: str) -> list[dict[str, str]]:
    rows = list(csv.DictReader(Path(__file__).with_name(name).open(encoding="utf-8")))
    villages = {name: unit(UnitLevel.VILLAGE, cast.town).code for name in sorted({row["village"] for row in rows})}
    for row in rows:
        row["village_code"] = villages[row["village"]]
    return rows


def judged(rows: list[dict[str, str]]) -> tuple[float, float]:
    """Recall and precision of what is printed for these findings; at most three for one, each with its reasons."""
    found = printed()
    pairs = {(row["finding_no"], row["earlier_finding_no"]) for row in found}
    wanted = {(row["finding_no"], row["earlier"]) for row in rows if row["label"] == "relapse"}
    recall, precision = len(pairs & wanted) / len(wanted), len(pairs & wanted) / len(pairs)
    print(f"\n{len(rows)} findings, {len(wanted)} relapses: recall {recall:.3f}, precision {precision:.3f}")
    assert max(Counter(finding_no for finding_no, _earlier in pairs).values()) <= 3
    assert all(row["reasons"] and 0 < row["score"] < 1 for row in found)
    return recall, precision


def test_the_labelled_set_that_was_learned(cast: Cast) -> None:
    """At most three for one finding, in any order of the file. Its words were learned: how unseen ones do is measured by
    `python -m config.relapses`.
    """
    rows = labelled(cast, "relapses.csv")
    assert len(rows) >= 200
    bring_in(rows[::-1])
    assert Case.objects.count() == len(rows)
    recall, precision = judged(rows)
    assert recall >= 0.95
    assert precision >= 0.8


def test_what_four_others_labelled_that_was_learned(cast: Cast) -> None:
    """Four hundred relapses told in other inspectors' words, with categories of their own naming: harder by far."""
    rows = labelled(cast, "relapses_by_others.csv")
    bring_in(rows)
    recall, precision = judged(rows)
    assert recall >= 0.8
    assert precision >= 0.85

    # What stands in words is as true as it says: by the score's bands, the share that was a relapse.
    shares = right_by_likelihood(rows)
    print("\n", shares)
    assert shares["very likely"] >= 0.9
    assert 0.65 <= shares["possible"] < 0.95
    assert 0.35 <= shares["uncertain"] < 0.75


def right_by_likelihood(rows: list[dict[str, str]]) -> dict[str, float]:
    wanted = {(row["finding_no"], row["earlier"]) for row in rows if row["label"] == "relapse"}
    right: dict[str, list[bool]] = {}
    with translation.override("en"):
        for row in printed():
            is_right = (row["finding_no"], row["earlier_finding_no"]) in wanted
            right.setdefault(str(likelihood_of(row["score"])), []).append(is_right)
    return {words: sum(one) / len(one) for words, one in right.items()}
