"""A figure as it is shown: its value with the denominator, its interval where it is a rate, and what it was before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import floor
from typing import Any

from django.utils.translation import gettext, ngettext, pgettext_lazy

from oversight.rates import Rate


class FigureKind(StrEnum):
    COUNT = "count"
    SHARE = "share"
    DAYS = "days"


class Counted(StrEnum):
    """What a share is a share of."""

    CASES = "cases"
    PEOPLE = "people"
    VISITS = "visits"
    LETTERS = "letters"
    REPORTS = "reports"


# Chinese has a measure word for each.
PART_OF_WHOLE = {
    Counted.CASES: pgettext_lazy("cases", "%(part)s of %(whole)s"),
    Counted.PEOPLE: pgettext_lazy("people", "%(part)s of %(whole)s"),
    Counted.VISITS: pgettext_lazy("visits", "%(part)s of %(whole)s"),
    Counted.LETTERS: pgettext_lazy("letters", "%(part)s of %(whole)s"),
    Counted.REPORTS: pgettext_lazy("reports", "%(part)s of %(whole)s"),
}


@dataclass(frozen=True)
class Figure:
    """`query` and `page` lead to its records: a list of cases with filters, or another page by its name. `before` is the
    value of the period before; None where it can't be compared, as the counts of a month that still runs.
    """

    key: str
    label: Any
    kind: FigureKind
    value: float | None
    whole: int | None = None
    part: int | None = None
    counted: Counted = Counted.CASES
    low: float | None = None
    high: float | None = None
    before: float | None = None
    help: Any = ""
    page: str = "cases"
    query: Mapping[str, str] = field(default_factory=dict)
    has_records: bool = True

    @property
    def shown(self) -> str:
        """The value by itself."""
        if self.value is None:
            return "–"
        if self.kind == FigureKind.SHARE:
            return percent(self.value)
        if self.kind == FigureKind.DAYS:
            return ngettext("%(count)d day", "%(count)d days", int(self.value)) % {"count": int(self.value)}
        return f"{self.value:,.0f}"

    @property
    def denominator(self) -> str:
        """Of how many: 14 of 312."""
        if self.kind == FigureKind.SHARE and self.whole:
            return PART_OF_WHOLE[self.counted] % {"part": f"{self.part:,}", "whole": f"{self.whole:,}"}
        if self.kind == FigureKind.DAYS and self.whole:
            return ngettext("of %(count)s strike-off", "of %(count)s strike-offs", self.whole) % {
                "count": f"{self.whole:,}"
            }
        return ""

    @property
    def interval(self) -> str:
        """What is likely, or for days between which a half of them lies."""
        if self.low is None or self.high is None or self.value is None:
            return ""
        if self.kind == FigureKind.SHARE:
            return f"{percent(self.low)}–{percent(self.high)}"
        return gettext("half of them: %(low)d–%(high)d") % {"low": self.low, "high": self.high}

    @property
    def change(self) -> str:
        """Against the period before, with its sign; a share by points."""
        if self.before is None or self.value is None:
            return ""
        difference = self.value - self.before
        if self.kind == FigureKind.SHARE:
            points = round(100 * difference, 1)
            return gettext("%(change)s points") % {"change": signed(points, 1)} if points else "±0"
        return signed(round(difference), 0) if round(difference) else "±0"


def percent(share: float) -> str:
    """With a place where it is small; what is missing is never rounded away: 299 of 300 is 99.6 %."""
    if 0.99 < share < 1:
        return f"{floor(1000 * share) / 10:.1f} %"
    return f"{100 * share:.1f} %" if 0 < share < 0.1 else f"{100 * share:.0f} %"


def signed(value: float, places: int) -> str:
    return f"{'+' if value > 0 else '−'}{abs(value):,.{places}f}"


def share(key: str, label: Any, found: Rate, before: Rate | None = None, **values: Any) -> Figure:
    return Figure(
        key,
        label,
        FigureKind.SHARE,
        found.share,
        whole=found.whole,
        part=found.part,
        low=found.low,
        high=found.high,
        before=before.share if before else None,
        **values,
    )


def count(key: str, label: Any, value: int, before: int | None = None, **values: Any) -> Figure:
    return Figure(key, label, FigureKind.COUNT, value, before=before, **values)


@dataclass(frozen=True)
class Spread:
    """Of days: the middle one, and the ends of the middle half. None where there are none."""

    count: int
    middle: int | None
    low: int | None
    high: int | None


def spread_of(histogram: Sequence[tuple[int, int]]) -> Spread:
    """From (days, how many), whole days: the first one by which a quarter, a half, three quarters are reached."""
    counted = sorted(histogram)
    whole = sum(number for _days, number in counted)
    if not whole:
        return Spread(0, None, None, None)
    found: list[int] = []
    reached = 0
    for days, number in counted:
        reached += number
        while len(found) < 3 and 4 * reached >= (len(found) + 1) * whole:
            found.append(days)
    return Spread(whole, found[1], found[0], found[2])


def days(key: str, label: Any, found: Spread, before: Spread | None = None, **values: Any) -> Figure:
    return Figure(
        key,
        label,
        FigureKind.DAYS,
        found.middle,
        whole=found.count,
        low=found.low,
        high=found.high,
        before=before.middle if before else None,
        **values,
    )
