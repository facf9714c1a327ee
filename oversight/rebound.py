"""Villages by their risk of a rebound: what share of their strike-offs will come back, shrunk for small numbers.

An empirical Bayes model that an office can follow with a pencil: every village is thought of as one of its county's,
whose shares scatter around the county's own; the fewer strike-offs a village has, the nearer its figure lies to the
county's. A Beta prior fitted by moments, so the figure is the expected share, and its lower bound what is safe to say.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy
from scipy.stats import beta

# How many strike-offs the prior is worth at least and at most.
LIGHTEST, HEAVIEST = 4.0, 200.0
# A village is proposed when its share lies above the county's with this certainty.
CERTAINTY = 0.9
LEAST_BACK = 2


@dataclass(frozen=True)
class Standing:
    """A village's strike-offs, and how many came back."""

    village: int
    county: int
    closed: int
    back: int


@dataclass(frozen=True)
class Risk:
    """The expected share that comes back, what it is with nine tenths certainty at least, and the county's own share."""

    standing: Standing
    expected: float
    at_least: float
    usual: float

    @property
    def stands_out(self) -> bool:
        """Whether the village is to be proposed as a key village."""
        return self.at_least > self.usual and self.standing.back >= LEAST_BACK


def risks(standings: Iterable[Standing]) -> list[Risk]:
    """The risk of every village, the highest first."""
    by_county: dict[int, list[Standing]] = {}
    for standing in standings:
        if standing.closed:
            by_county.setdefault(standing.county, []).append(standing)
    found = []
    for members in by_county.values():
        usual, weight = prior_of(members)
        back = numpy.array([one.back for one in members], dtype=float)
        kept = numpy.array([one.closed for one in members], dtype=float) - back
        a, b = usual * weight + back, (1 - usual) * weight + kept
        expected, at_least = a / (a + b), beta.ppf(1 - CERTAINTY, a, b)
        found += [
            Risk(standing, float(share), float(least), usual)
            for standing, share, least in zip(members, expected, at_least, strict=True)
        ]
    return sorted(found, key=lambda risk: (-risk.expected, risk.standing.village))


def prior_of(members: list[Standing]) -> tuple[float, float]:
    """The county's share, and how many strike-offs it is worth as a prior: the more alike its villages, the more."""
    closed = numpy.array([one.closed for one in members], dtype=float)
    back = numpy.array([one.back for one in members], dtype=float)
    usual = float((back.sum() + 0.5) / (closed.sum() + 1.0))
    chance = usual * (1 - usual)
    spread = float((closed * (back / closed - usual) ** 2).sum() / closed.sum())
    sampling = chance * len(members) / float(closed.sum())
    between = spread - sampling
    weight = chance / between - 1 if between > 0 else HEAVIEST
    return usual, min(max(weight, LIGHTEST), HEAVIEST)
