"""Which units stand out, and which only seem to: shares of small numbers are compared with limits, and never ranked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from casework.models import Unit
from oversight.bulletins.records import Figure
from oversight.rates import Rate, rate


@dataclass(frozen=True)
class Compared:
    """A unit's share of struck-off problems with its interval, beside the share of the whole area."""

    unit: Unit
    rate: Rate
    usual: float

    @property
    def is_good(self) -> bool:
        """Better than the area, and not by chance alone: the whole interval lies above."""
        return self.rate.low is not None and self.rate.low > self.usual

    @property
    def lags(self) -> bool:
        return self.rate.high is not None and self.rate.high < self.usual

    @property
    def stands_out(self) -> bool:
        return self.is_good or self.lags


def compared(figures: Mapping[str, Figure], units: Iterable[Unit]) -> list[Compared]:
    """Each unit in which something was found, in the order of the units. Asks nothing."""
    whole = figures["findings"].value
    if not whole:
        return []
    usual = figures["closed"].value / whole
    rates = ((unit, figures.get(f"findings@{unit.code}"), figures.get(f"closed@{unit.code}")) for unit in units)
    return [
        Compared(unit, rate(closed.value, found.value), usual)
        for unit, found, closed in rates
        if found and closed and found.value
    ]
