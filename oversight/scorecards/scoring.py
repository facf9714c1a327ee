"""A unit's score from what was measured and appraised: pure, in tenths of a point, the same whenever it is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from oversight.scorecards.computed import Fault, Measured
from oversight.scorecards.records import Grading, ScoreItemKind

HUNDRED = Decimal(100)
# From how many points on; the last holds for the rest, and for a score with a veto.
GRADES = ((90, _("Excellent")), (75, _("Good")), (60, _("Sufficient")), (0, _("Not passed")))
STARS = ((90, "★★★★★"), (80, "★★★★☆"), (70, "★★★☆☆"), (60, "★★☆☆☆"), (0, "★☆☆☆☆"))
NO_STAR = "☆☆☆☆☆"


class Asked(Protocol):
    """What an item asks, of a draft or of a published scheme."""

    pk: int
    kind: str
    code: str
    weight: Decimal
    per_fault: Decimal | None
    is_veto: bool


@dataclass(frozen=True)
class Lost:
    fault: Fault
    cost: Decimal


@dataclass(frozen=True)
class Line:
    """One item; `points` is None where there was nothing to score, or nobody who did."""

    item: Asked
    points: Decimal | None
    whole: int | None
    lost: tuple[Lost, ...]


@dataclass(frozen=True)
class Scored:
    """`weight` is the sum of the items that could be scored: the total is their share of it, of a hundred."""

    lines: tuple[Line, ...]
    points: Decimal
    weight: Decimal
    is_vetoed: bool

    @property
    def total(self) -> Decimal | None:
        return tenth(HUNDRED * self.points / self.weight) if self.weight else None


def tenth(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def score(
    items: Sequence[Asked], measured: Mapping[str, Measured], appraised: Mapping[int, tuple[Decimal, Fault]]
) -> Scored:
    """`measured` by the item's code, `appraised` by its key: the points given, and the record that says so."""
    lines = tuple(
        _computed(item, measured.get(item.code, Measured()))
        if item.kind == ScoreItemKind.COMPUTED
        else _appraised(item, appraised.get(item.pk))
        for item in items
    )
    counted = [line for line in lines if line.points is not None]
    return Scored(
        lines=lines,
        points=sum((line.points for line in counted if line.points is not None), Decimal(0)),
        weight=sum((line.item.weight for line in counted), Decimal(0)),
        is_vetoed=any(line.item.is_veto and line.lost for line in counted),
    )


def _computed(item: Asked, found: Measured) -> Line:
    if not found.whole:
        return Line(item, None, found.whole, ())
    each = item.per_fault if item.per_fault is not None else item.weight / found.whole
    costs = [each * Decimal(str(fault.counts)) for fault in found.faults]
    whole = sum(costs, Decimal(0))
    # More faults than the item has points cost no more than it has.
    scale = item.weight / whole if whole > item.weight else Decimal(1)
    lost = tuple(
        Lost(fault, (cost * scale).quantize(Decimal("0.001"))) for fault, cost in zip(found.faults, costs, strict=True)
    )
    return Line(item, tenth(item.weight - min(whole, item.weight)), found.whole, lost)


def _appraised(item: Asked, given: tuple[Decimal, Fault] | None) -> Line:
    if given is None:
        return Line(item, None, None, ())
    points, record = given
    return Line(item, points, 1, (Lost(record, item.weight - points),) if points < item.weight else ())


def grade(total: Decimal | None, grading: str, *, is_vetoed: bool = False) -> str:
    """The total in words or stars; the lowest where a veto item has a fault, and nothing where there is no total."""
    if total is None:
        return ""
    if grading == Grading.STARS:
        return NO_STAR if is_vetoed else next(stars for least, stars in STARS if total >= least)
    return str(GRADES[-1][1] if is_vetoed else next(words for least, words in GRADES if total >= least))
