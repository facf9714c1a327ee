"""Which earlier cases of a village mean nearly the same as what was found: the nearest of each, by their numbers."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

import numpy
from django.db.models import Count

from casework.models import CaseTraits
from casework.stages import Stage
from recognition.meaning import meanings_in, unit_rows

# So many rows of numbers are held at once, some 50 MB.
MOST_ROWS = 20_000
NO_PAIR = -2.0  # nearer than that are all that may be compared


class Fresh(NamedTuple):
    """What was found: the key of its case (None for words that somebody is typing)."""

    case: int | None
    village: int
    fact_on: date
    meaning: bytes | memoryview


class Earlier(NamedTuple):
    """A struck-off case, and the day behind which it may have come back."""

    case: int
    day: date
    meaning: bytes | memoryview


def fresh_of(cases: Sequence[int]) -> list[Fresh]:
    """What is noted of these cases; those whose words were not read yet are left out."""
    rows = CaseTraits.objects.filter(case__in=cases, meaning__isnull=False)
    said = rows.values_list("case", "village", "fact_on", "meaning")
    return [Fresh(case, village, fact_on, meaning or b"") for case, village, fact_on, meaning in said]


def nearest(fresh: Iterable[Fresh], most: int) -> list[tuple[int | None, int]]:
    """Pairs of a finding and an earlier case of its village that was struck off before its fact, the `most` nearest of
    each. One query for some twenty thousand earlier cases.
    """
    by_village: dict[int, list[Fresh]] = {}
    for one in fresh:
        by_village.setdefault(one.village, []).append(one)
    found: list[tuple[int | None, int]] = []
    for villages in _portions(by_village):
        earlier = CaseTraits.objects.filter(
            village__in=villages,
            meaning__isnull=False,
            case__stage=Stage.CLOSED,
            case__closed_on__lt=max(one.fact_on for village in villages for one in by_village[village]),
        )
        rows: dict[int, list[Earlier]] = {}
        said = earlier.values_list("village", "case", "fact_on", "case__closed_on", "meaning")
        for village, case, fact_on, closed_on, meaning in said:
            # An earlier case is one whose fact and whose strike-off lie before this fact.
            rows.setdefault(village, []).append(Earlier(case, max(fact_on, closed_on or fact_on), meaning or b""))
        for village, there in rows.items():
            found += nearest_in(by_village[village], there, most)
    return found


def _portions(by_village: dict[int, list[Fresh]]) -> Iterator[list[int]]:
    """The villages in portions whose struck-off cases fit into memory together."""
    if len(by_village) == 1:
        yield list(by_village)
        return
    counted = CaseTraits.objects.filter(village__in=by_village).order_by().values_list("village")
    portion: list[int] = []
    rows = 0
    for village, count in counted.annotate(count=Count("pk")):
        if portion and rows + count > MOST_ROWS:
            yield portion
            portion, rows = [], 0
        portion.append(village)
        rows += count
    if portion:
        yield portion


def nearest_in(fresh: Sequence[Fresh], there: Sequence[Earlier], most: int) -> Iterator[tuple[int | None, int]]:
    near = (
        unit_rows(meanings_in([one.meaning for one in fresh]))
        @ unit_rows(meanings_in([one.meaning for one in there])).T
    )
    days = numpy.array([one.day.toordinal() for one in there])
    facts = numpy.array([one.fact_on.toordinal() for one in fresh])
    near[facts[:, None] <= days[None, :]] = NO_PAIR
    kept = min(most, len(there))
    places = numpy.argpartition(-near, kept - 1, axis=1)[:, :kept]
    for n, one in enumerate(fresh):
        for place in places[n]:
            if near[n, place] > NO_PAIR:
                yield one.case, there[place].case
