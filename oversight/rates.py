"""Shares with their intervals: never a bare percentage of three cases."""

from dataclasses import dataclass

from scipy.stats import binomtest

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Rate:
    """`part` of `whole`, as a share with its Wilson interval; all of them None where there is nothing to count."""

    part: int
    whole: int
    share: float | None
    low: float | None
    high: float | None


def rate(part: int, whole: int) -> Rate:
    """The share with its 95 % Wilson interval."""
    if whole <= 0:
        return Rate(part, whole, None, None, None)
    interval = binomtest(part, whole).proportion_ci(confidence_level=CONFIDENCE, method="wilson")
    return Rate(part, whole, part / whole, float(interval.low), float(interval.high))
