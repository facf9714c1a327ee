"""A period as one table, and what is counted of it. Every count is of rows that stood there when the period opened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import F, Q, QuerySet

from casework.working_time.deadlines import local_day
from oversight.members.records import Mechanism
from oversight.reporting.records import ExpectedReport, Period
from oversight.reporting.report_records import ReportSection, ReportState, ReportVersion, SectionKind, UnitReport


@dataclass(frozen=True)
class PeriodRow:
    """An expected report and what came of it. Of one that is not present nothing else is said."""

    expected: ExpectedReport
    report_id: int | None
    is_present: bool
    is_on_time: bool
    is_empty: bool
    is_copied: bool
    is_left_out: bool
    is_accepted: bool


class Standing(NamedTuple):
    """One of the eight honest states. What is not present is on time while its limit has not passed, and empty while
    nobody has begun to write it.
    """

    is_present: bool
    is_on_time: bool
    is_empty: bool


@dataclass(frozen=True)
class Rates:
    """Rows over rows: `expected` is the denominator of each."""

    expected: int
    present: int
    on_time: int
    full: int
    copied: int
    left_out: int
    accepted: int


def period_rows(periods: Iterable[Period]) -> list[PeriodRow]:
    """One row an expected report, period by period, in the order of the members. One query."""
    expected = ExpectedReport.objects.filter(period__in=[period.pk for period in periods])
    rows = expected.select_related("period", "unit", "report").order_by("period__first_day", "period", "order", "pk")
    return [_row(one, getattr(one, "report", None)) for one in rows]


def _row(expected: ExpectedReport, report: UnitReport | None) -> PeriodRow:
    return PeriodRow(
        expected=expected,
        report_id=report.pk if report else None,
        is_present=report is not None,
        is_on_time=report is not None and report.is_on_time,
        is_empty=report is not None and report.is_empty,
        is_copied=report is not None and report.is_copied,
        is_left_out=report is not None and report.is_left_out,
        is_accepted=report is not None and report.state == ReportState.ACCEPTED,
    )


def rates_of(rows: Iterable[PeriodRow]) -> Rates:
    rows = list(rows)
    return Rates(
        expected=len(rows),
        present=sum(row.is_present for row in rows),
        on_time=sum(row.is_present and row.is_on_time for row in rows),
        full=sum(row.is_present and not row.is_empty for row in rows),
        copied=sum(row.is_copied for row in rows),
        left_out=sum(row.is_left_out for row in rows),
        accepted=sum(row.is_accepted for row in rows),
    )


def standings_of(rows: Iterable[PeriodRow], *, at: datetime) -> dict[Standing, list[PeriodRow]]:
    """All eight states with the rows in each; together they are every row, once. One query."""
    rows = list(rows)
    missing = [row.expected.pk for row in rows if not row.is_present]
    begun = set(ExpectedReport.objects.filter(pk__in=missing, draft__isnull=False).values_list("pk", flat=True))
    flags = (True, False)
    found: dict[Standing, list[PeriodRow]] = {
        Standing(present, on_time, empty): [] for present in flags for on_time in flags for empty in flags
    }
    for row in rows:
        if row.is_present:
            standing = Standing(True, row.is_on_time, row.is_empty)
        else:
            standing = Standing(False, at <= row.expected.period.on_time_until, row.expected.pk not in begun)
        found[standing].append(row)
    return found


def periods_between(mechanism: Mechanism, first: date, last: date) -> QuerySet[Period]:
    """The periods that lie in these days whole, in their order."""
    return mechanism.periods.filter(first_day__gte=first, last_day__lte=last).order_by("first_day", "pk")


def accepted_words(periods: Iterable[Period]) -> dict[int, list[tuple[str, str]]]:
    """By unit key the (section heading, text) of its accepted reports, in their order. One query."""
    # The newest version of an accepted report is the accepted one: after that none is taken.
    sections = ReportSection.objects.filter(
        version__number=F("version__report__version"),
        version__report__state=ReportState.ACCEPTED,
        version__report__expected__period__in=[period.pk for period in periods],
    ).exclude(words="")
    rows = sections.order_by("version__report__expected__period__first_day", "version__report", "order").values_list(
        "version__report__expected__unit", "kind", "words"
    )
    found: dict[int, list[tuple[str, str]]] = {}
    for unit, kind, words in rows:
        found.setdefault(unit, []).append((str(SectionKind(kind).label), words))
    return found


def next_reports(units: Iterable[int], *, at: datetime) -> list[PeriodRow]:
    """What these units have to report next: of each period that runs or whose form is open, and what was returned. The
    most urgent first. One query.
    """
    open_still = Q(period__closes_at__gte=at) | Q(exceptions__until__gte=at)
    expected = ExpectedReport.objects.filter(
        open_still, unit__in=list(units), period__first_day__lte=local_day(at)
    ).exclude(report__state=ReportState.ACCEPTED)
    rows = expected.select_related("period", "unit", "report").order_by("period__closes_at", "pk").distinct()
    return [_row(one, getattr(one, "report", None)) for one in rows]


def versions_of(report_key: int) -> QuerySet[ReportVersion]:
    """The versions of a report with all that a page shows of them, the newest first."""
    return (
        ReportVersion.objects.filter(report=report_key)
        .select_related("by")
        .prefetch_related("sections", "figures", "own_figures", "decisions")
        .order_by("-number")
    )
