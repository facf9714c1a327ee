"""What is counted of one unit and a span of months: a constant number of queries over kept aggregates, however many
cases there are.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from casework.models import Case, Letter, LetterAnswer, Unit
from casework.models.letter import LetterKind
from casework.models.unit import UnitLevel
from casework.stages import Stage
from casework.working_time.deadlines import ONE_DAY, midnight
from oversight.figures.figure import Spread, spread_of
from oversight.figures.records import ClosingTime, MonthStanding
from oversight.figures.standings import MONTHS_SHOWN, end_of, month_of, months_back, months_until
from oversight.mechanisms.queries import mechanism_above
from oversight.reporting.records import ExpectedReport, Period, Rhythm
from oversight.tally_records import Dimension, Tally

# The counts of a standing, in the order of `Standing`.
STANDS = ("unassigned", "on_time", "blue", "yellow", "red", "overdue")
# The levels that have a page, and the one below each.
BELOW: dict[str, str] = {
    UnitLevel.CITY: UnitLevel.COUNTY,
    UnitLevel.COUNTY: UnitLevel.TOWN,
    UnitLevel.TOWN: UnitLevel.VILLAGE,
}
LEVELS = (*BELOW, UnitLevel.VILLAGE)


@dataclass(frozen=True)
class Months:
    """Whole months, both included: what one sheet is about."""

    first: date
    last: date

    @property
    def last_day(self) -> date:
        return end_of(self.last)

    @property
    def length(self) -> int:
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    @property
    def before(self) -> "Months":
        """As many months, just before."""
        return Months(months_back(self.first, self.length), months_back(self.first, 1))

    @property
    def year(self) -> "Months":
        """The twelve months that end with these."""
        return Months(months_back(self.last, 11), self.last)

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last_day


@dataclass(frozen=True)
class Standing:
    """Open cases by light when a month ended, or as of now."""

    unassigned: int = 0
    on_time: int = 0
    blue: int = 0
    yellow: int = 0
    red: int = 0
    overdue: int = 0

    @property
    def assigned(self) -> int:
        return self.on_time + self.blue + self.yellow + self.red

    @property
    def open(self) -> int:
        return self.assigned + self.unassigned

    @property
    def without_unassigned(self) -> "Standing":
        """As a reader knows it who hears of a case when it is assigned."""
        return replace(self, unassigned=0)


@dataclass(frozen=True)
class Flow:
    """What was found and struck off; of what was struck off, how much needed more than one round or came back."""

    found: int = 0
    closed: int = 0
    again: int = 0
    back: int = 0


@dataclass(frozen=True)
class Signed:
    """Notices and letters of a span: issued, signed for; of the letters, which alone ask for an answer, those answered."""

    issued: int
    signed: int
    letters: int
    answered: int


def standings(unit: Unit, months: Sequence[date]) -> dict[date, Standing]:
    """Of each month that was counted. One query."""
    rows = MonthStanding.objects.filter(Q(**{unit.level: unit.pk}), month__in=months)
    summed = rows.order_by().values_list("month").annotate(*(Sum(name) for name in STANDS))
    return {month: Standing(*counts) for month, *counts in summed}


def standings_below(unit: Unit, months: Sequence[date]) -> dict[int, dict[date, Standing]]:
    """By the units one level below, month by month. One query."""
    below = BELOW[unit.level]
    rows = MonthStanding.objects.filter(Q(**{unit.level: unit.pk}), month__in=months)
    found: dict[int, dict[date, Standing]] = defaultdict(dict)
    summed = rows.order_by().values_list(below, "month").annotate(*(Sum(name) for name in STANDS))
    for key, month, *counts in summed:
        found[key][month] = Standing(*counts)
    return found


def flows(unit: Unit, months: Sequence[date]) -> dict[date, Flow]:
    """By month. One query."""
    found: dict[date, list[int]] = {month: [0, 0, 0, 0] for month in months}
    rows = _tallies(unit, Months(months[0], months[-1])).order_by().values_list("day")
    for day, *numbers in rows.annotate(o=Sum("opened"), c=Sum("closed"), a=Sum("again"), b=Sum("back")):
        month = month_of(day)
        found[month] = [whole + number for whole, number in zip(found[month], numbers, strict=True)]
    return {month: Flow(*numbers) for month, numbers in found.items()}


def flow_of(by_month: dict[date, Flow], months: Months) -> Flow:
    chosen = [flow for month, flow in by_month.items() if month in months]
    return Flow(
        sum(one.found for one in chosen),
        sum(one.closed for one in chosen),
        sum(one.again for one in chosen),
        sum(one.back for one in chosen),
    )


def flows_below(unit: Unit, months: Months) -> dict[int, Flow]:
    """By the units one level below. One query."""
    level = BELOW[unit.level]
    rows = Tally.objects.filter(dimension=level, day__gte=months.first, day__lte=months.last_day)
    if unit.level == UnitLevel.TOWN:
        keys = Unit.objects.filter(parent=unit).values_list("pk", flat=True)
        rows = rows.filter(key__in=[str(key) for key in keys])
    else:
        rows = rows.filter(county__in=_counties(unit))
    summed = rows.order_by().values_list("key")
    return {
        int(key): Flow(*numbers)
        for key, *numbers in summed.annotate(o=Sum("opened"), c=Sum("closed"), a=Sum("again"), b=Sum("back"))
    }


def closing_times(unit: Unit, months: Sequence[date]) -> dict[date, list[tuple[int, int]]]:
    """By month how many strike-offs took how many days. One query."""
    found: dict[date, list[tuple[int, int]]] = {month: [] for month in months}
    if unit.level == UnitLevel.VILLAGE:
        # A village has few of them, and they are read from one index.
        closed = Case.objects.filter(
            village=unit, stage=Stage.CLOSED, closed_on__gte=months[0], closed_on__lte=end_of(months[-1])
        )
        for found_on, closed_on in closed.order_by().values_list("found_on", "closed_on"):
            if closed_on is not None:
                found[month_of(closed_on)].append((max(0, (closed_on - found_on).days), 1))
        return found
    rows = ClosingTime.objects.filter(Q(**{unit.level: unit.pk}), month__in=months)
    for month, took, number in rows.order_by().values_list("month", "days").annotate(n=Sum("count")):
        found[month].append((took, number))
    return found


def spread_in(times: dict[date, list[tuple[int, int]]], months: Months) -> Spread:
    return spread_of([one for month, rows in times.items() if month in months for one in rows])


def letters_in(unit: Unit, months: Months) -> Signed:
    """Of the cases of a unit that were not referred. One query."""
    issued = Letter.objects.filter(
        Q(**{f"case__{unit.level}": unit.pk}),
        issued_on__gte=months.first,
        issued_on__lte=months.last_day,
    ).exclude(case__stage=Stage.REFERRED)
    answered = Exists(LetterAnswer.objects.filter(letter=OuterRef("pk")))
    counted = issued.annotate(is_answered=answered).aggregate(
        issued=Count("pk"),
        signed=Count("receipt"),
        letters=Count("pk", filter=Q(kind=LetterKind.LETTER)),
        answered=Count("pk", filter=Q(kind=LetterKind.LETTER, is_answered=True)),
    )
    return Signed(**counted)


def reports_due(unit: Unit, months: Months, *, at: datetime) -> tuple[int, int] | None:
    """How many of the reports whose limit fell into these months came on time, and how many were expected; None where a
    unit of this level reports nothing. Two queries.
    """
    if unit.level not in (UnitLevel.CITY, UnitLevel.COUNTY):
        return None
    mechanism = mechanism_above(unit.path)
    if mechanism is None:
        return None
    due = Period.objects.filter(
        mechanism=mechanism,
        on_time_until__gte=midnight(months.first),
        on_time_until__lt=min(at, midnight(months.last_day + ONE_DAY)),
    ).exclude(rhythm=Rhythm.DAILY)
    expected = ExpectedReport.objects.filter(period__in=due)
    if unit.level == UnitLevel.COUNTY:
        expected = expected.filter(unit=unit)
    counted = expected.aggregate(
        whole=Count("pk"), part=Count("pk", filter=Q(report__isnull=False, report__is_on_time=True))
    )
    return counted["part"], counted["whole"]


def _tallies(unit: Unit, months: Months) -> QuerySet[Tally]:
    rows = Tally.objects.filter(day__gte=months.first, day__lte=months.last_day)
    if unit.level == UnitLevel.CITY:
        return rows.filter(dimension=Dimension.COUNTY, county__in=_counties(unit))
    return rows.filter(dimension=unit.level, key=str(unit.pk))


def _counties(unit: Unit) -> list[int]:
    return list(Unit.objects.filter(unit.subtree(), level=UnitLevel.COUNTY).order_by().values_list("pk", flat=True))


def chosen_months(words: str, length: str, *, on: date) -> Months:
    """What an address asks for, as 2026-02 and 1 or 2; the running month where it asks for nothing that is shown."""
    running = month_of(on)
    try:
        last = date.fromisoformat(f"{words}-01")
    except ValueError:
        last = running
    if last not in months_until(running, MONTHS_SHOWN - 1):
        last = running
    return Months(months_back(last, 1), last) if length == "2" else Months(last, last)
