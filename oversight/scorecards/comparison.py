"""Units beside each other without a ranking: a funnel, whose limits say what chance alone does to so many cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scipy.stats import binom

from casework.models import Unit
from oversight.rates import Rate, rate

# Outside of it lies one unit in twenty by chance alone, one in five hundred outside of the wide one.
LIKELY, NEARLY_SURE = 0.95, 0.998


@dataclass(frozen=True)
class Compared:
    """A unit's share beside the usual one; the limits are those for its own number of cases."""

    unit: Unit
    rate: Rate
    usual: float
    low: float
    high: float
    is_sure: bool

    @property
    def stands_out(self) -> bool:
        return self.rate.share is not None and not self.low <= self.rate.share <= self.high

    @property
    def is_worse(self) -> bool:
        return self.rate.share is not None and self.rate.share > self.high


def compared(counts: Mapping[int, tuple[int, int]], units: Sequence[Unit]) -> list[Compared]:
    """Each unit in its own order with (part, whole) of `counts`; those without a case are left out."""
    whole = sum(counts.get(one.pk, (0, 0))[1] for one in units)
    if not whole:
        return []
    usual = sum(counts.get(one.pk, (0, 0))[0] for one in units) / whole
    found = []
    for unit in units:
        part, cases = counts.get(unit.pk, (0, 0))
        if not cases:
            continue
        low, high = limits(usual, cases, LIKELY)
        sure_low, sure_high = limits(usual, cases, NEARLY_SURE)
        found.append(Compared(unit, rate(part, cases), usual, low, high, not sure_low <= part / cases <= sure_high))
    return found


def limits(usual: float, cases: int, within: float) -> tuple[float, float]:
    """Between which shares so many cases lie with this probability, if their unit is like all."""
    low, high = binom.interval(within, cases, usual)
    return float(low) / cases, float(high) / cases
