"""Shares with their intervals: never a bare percentage of three cases."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

CONFIDENCE = 0.95
_Z2 = NormalDist().inv_cdf((1 + CONFIDENCE) / 2) ** 2


@dataclass(frozen=True)
class Rate:
    """`part` of `whole`, as a share with its Wilson interval; all of them None where there is nothing to count."""

    part: int
    whole: int
    share: float | None
    low: float | None
    high: float | None


def rate(part: int, whole: int) -> Rate:
    """The share with its 95 % Wilson interval. By its formula: SciPy makes an exact test on the way, which for the villages
    of a city took a second.
    """
    if whole <= 0:
        return Rate(part, whole, None, None, None)
    share = part / whole
    middle, spread = share + _Z2 / (2 * whole), sqrt(_Z2 * (share * (1 - share) + _Z2 / (4 * whole)) / whole)
    low = (middle - spread) / (1 + _Z2 / whole) if part else 0.0
    high = (middle + spread) / (1 + _Z2 / whole) if part < whole else 1.0
    return Rate(part, whole, share, low, high)
