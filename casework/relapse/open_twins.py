"""While a report is typed: which cases that are still open in the village it may be, by their words.

A list that interrupts nobody: whoever reports looks before reporting twice; the desk that screens decides.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypedDict

import numpy
from django.db.models import F, QuerySet

from casework.models import Case
from casework.relapse.fitting import Numbers, shares
from casework.relapse.matching import MOST_SHOWN, current_weights
from casework.stages import OPEN
from recognition.alike import NAMES, Findings, features_of, with_margins
from recognition.learned import current_words
from recognition.meaning import meanings_in, meanings_of
from recognition.mentions import plain

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

# The newest of a village: more are open where nothing is put right, and then a list helps nobody.
MOST_READ = 200
# By words alone, without what a category or an object says, nothing is surer.
WORTH_A_LINE = 0.1


class HasMeaning(TypedDict):
    meaning: bytes | memoryview | None


def open_twins(cases: QuerySet[Case], *, description: str, category: str) -> list[Case]:
    """Of these cases the open ones that the words may be about, the likeliest first, three at most; one query."""
    there = list(
        cases.filter(stage__in=OPEN)
        .select_related("item", "object")
        .annotate(meaning=F("traits__meaning"))
        .order_by("-id")[:MOST_READ]
    )
    if not there:
        return []
    likely = _likely(there, plain(description), plain(category))
    ordered = sorted(zip(likely.tolist(), there, strict=True), key=lambda one: (-one[0], -one[1].pk))
    return [case for share, case in ordered[:MOST_SHOWN] if share >= WORTH_A_LINE]


def _category(case: Case) -> str:
    return case.item.name if case.item and not case.is_item_guessed else case.category_words


def _likely(there: Sequence["WithAnnotations[Case, HasMeaning]"], description: str, category: str) -> Numbers:
    meanings = [meanings_of([description]).tobytes(), *(case.meaning for case in there)]
    findings = Findings(
        [description, *(plain(case.description) for case in there)],
        [category, *(plain(_category(case)) for case in there)],
        meanings_in(meanings),
    )
    pairs = numpy.array([[0, place] for place in range(1, len(there) + 1)], dtype=numpy.int64)
    told = with_margins(pairs[:, 0], features_of(findings, pairs, current_words()))
    _version, weights = current_weights()
    return shares(told @ numpy.array([weights.get(name, 0.0) for name in NAMES]) + weights["bias"])
