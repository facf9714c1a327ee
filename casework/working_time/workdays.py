"""Counting working days over a calendar: pure, and the same cost for one day as for a year."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.values.days_in_words import exact_day

FIRST = date(2000, 1, 1)
LAST = date(2079, 12, 31)
_FIRST = FIRST.toordinal()


class OutsideCalendar(Invalid):
    """A day, or a count from a day, that leaves the years which the calendar covers."""

    def __init__(self, day: date) -> None:
        super().__init__(
            "outside_calendar",
            _("%(day)s: working days can be counted from %(first)d to %(last)d only. Check the year.")
            % {"day": exact_day(day), "first": FIRST.year, "last": LAST.year},
            values={"day": day},
        )


class Workdays:
    """Which days are worked, from `FIRST` to `LAST`; a question about any other day raises `OutsideCalendar`.

    Two lists by hand and not numpy's busday functions: those are exact as well, but eleven times slower for one case's
    deadline and forty times for a count, and the sweep asks case by case.

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
        place = self._place(day)
        return self._before[place + 1] > self._before[place]

    def add(self, day: date, count: int) -> date:
        """The `count`-th working day after `day` (before it when negative); 0 gives the day itself, worked or not."""
        if count == 0:
            return day
        place = self._place(day)
        nth = self._before[place + 1] + count - 1 if count > 0 else self._before[place] + count
        if not 0 <= nth < len(self._worked):
            raise OutsideCalendar(day)
        return date.fromordinal(self._worked[nth])

    def between(self, first: date, last: date) -> int:
        """How many working days lie after `first` up to and including `last`; negative when `last` is the earlier."""
        return self._before[self._place(last) + 1] - self._before[self._place(first) + 1]

    def on_or_after(self, day: date) -> date:
        """The first working day that is not before `day`."""
        return day if self.is_working(day) else self.add(day, 1)

    @staticmethod
    def _place(day: date) -> int:
        if not FIRST <= day <= LAST:
            raise OutsideCalendar(day)
        return day.toordinal() - _FIRST
