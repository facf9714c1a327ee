"""How long strike-offs hold: Kaplan–Meier from the tallies, by scipy."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy
from scipy.stats import CensoredData, ecdf

# A curve of fewer strike-offs says nothing.
LEAST = 10
HORIZON = 360  # days


@dataclass(frozen=True)
class Curve:
    """The share that still holds after `days` days, with its 95 % interval; one value for each step, the first at 0."""

    count: int
    back: int
    days: tuple[int, ...]
    held: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]

    def held_after(self, days: int) -> float:
        """The share that still holds after so many days."""
        return next(held for day, held in reversed(list(zip(self.days, self.held, strict=True))) if day <= days)


def curve(closed: Mapping[date, int], ages: Mapping[tuple[date, int], int], *, on: date) -> Curve | None:
    """From how many were struck off on each day, and how many of each day came back after how many days.

    What has not come back by `on` is known to have held until then and no longer. None of fewer than ten.
    """
    count, back = sum(closed.values()), sum(ages.values())
    if count < LEAST:
        return None
    left = dict(closed)
    for (day, _age), number in ages.items():
        left[day] = left.get(day, 0) - number
    held_for = [((on - day).days, number) for day, number in left.items() if number > 0]
    came_back = [(max(age, 1), number) for (_day, age), number in ages.items()]
    found = ecdf(CensoredData(uncensored=_repeated(came_back), right=_repeated(held_for))).sf
    with warnings.catch_warnings():
        # Where nothing has come back yet the bounds are not defined; `_filled` says what is drawn there.
        warnings.simplefilter("ignore", RuntimeWarning)
        interval = found.confidence_interval(confidence_level=0.95, method="log-log") if back else None
    steps = found.quantiles <= HORIZON
    days = (0, *(int(day) for day in found.quantiles[steps]))
    held = (1.0, *(float(share) for share in found.probabilities[steps]))
    low = held if interval is None else (1.0, *_filled(interval.low.probabilities[steps], held[1:]))
    high = held if interval is None else (1.0, *_filled(interval.high.probabilities[steps], held[1:]))
    return Curve(count, back, *_thinned(days, held, low, high))


def _repeated(pairs: list[tuple[int, int]]) -> numpy.ndarray:
    values, numbers = (numpy.array(one, dtype=numpy.int64) for one in (zip(*pairs, strict=True) if pairs else ((), ())))
    return numpy.repeat(values, numbers)


def _filled(bounds: numpy.ndarray, held: tuple[float, ...]) -> tuple[float, ...]:
    """Where nothing has come back yet the bounds are not defined: the curve itself."""
    return tuple(
        share if numpy.isnan(bound) else float(min(max(bound, 0.0), 1.0))
        for bound, share in zip(bounds, held, strict=True)
    )


def _thinned(days: tuple[int, ...], *lines: tuple[float, ...]) -> tuple[tuple, ...]:
    """Only the days on which the curve steps down."""
    held = lines[0]
    kept = [0] + [place for place in range(1, len(days)) if held[place] != held[place - 1]]
    return tuple(tuple(line[place] for place in kept) for line in (days, *lines))
