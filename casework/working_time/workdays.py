"""Counting working days over a calendar: pure, and the same cost for one day as for a year."""

from collections.abc import Mapping
from datetime import date

FIRST = date(2000, 1, 1)
LAST = date(2079, 12, 31)
_FIRST = FIRST.toordinal()


def is_weekday(day: date) -> bool:
    """The weekend rule: what is known of a year that nobody has announced."""
    return day.weekday() < 5


class Workdays:
    """Which days are worked, from `FIRST` to `LAST`.

    `days` says of each day of the announced years whether it is worked; every other year follows the weekend rule and
    is provisional.
    """

    def __init__(self, days: Mapping[date, bool]) -> None:
        self.announced = frozenset(day.year for day in days)
        self._worked: list[int] = []
        self._before: list[int] = []
        known = {day.toordinal(): is_working for day, is_working in days.items()}
        for ordinal in range(_FIRST, LAST.toordinal() + 1):
            self._before.append(len(self._worked))
            # Day 1 of the calendar that `ordinal` counts in was a Monday.
            if known.get(ordinal, (ordinal - 1) % 7 < 5):
                self._worked.append(ordinal)
        self._before.append(len(self._worked))

    def is_provisional(self, day: date) -> bool:
        return day.year not in self.announced

    def is_working(self, day: date) -> bool:
        place = day.toordinal() - _FIRST
        return self._before[place + 1] > self._before[place]

    def add(self, day: date, count: int) -> date:
        """The `count`-th working day after `day` (before it when negative); 0 gives the day itself, worked or not."""
        if count == 0:
            return day
        place = day.toordinal() - _FIRST
        nth = self._before[place + 1] + count - 1 if count > 0 else self._before[place] + count
        if nth < 0:
            raise OverflowError(day)
        return date.fromordinal(self._worked[nth])

    def between(self, first: date, last: date) -> int:
        """How many working days lie after `first` up to and including `last`; negative when `last` is the earlier."""
        return self._before[last.toordinal() - _FIRST + 1] - self._before[first.toordinal() - _FIRST + 1]

    def on_or_after(self, day: date) -> date:
        """The first working day that is not before `day`."""
        return day if self.is_working(day) else self.add(day, 1)
