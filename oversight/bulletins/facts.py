"""What the records say of a span and an area as of a moment: all that a bulletin's figures count, by a constant number
of queries. Asked again later with the same moment it says the same.

Two things of a case may change afterwards, its item and the unit that answers for it; both are read from the history as
they stood. What is counted beside cases is written once, or can't come in any more after the periods have closed.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from casework.models import Aspect, Case, CatalogueItem, Letter, LookBack, RelapseVerdict, Unit
from casework.models.look_back import LookBackState, Outcome
from casework.models.relapse import VerdictKind
from casework.stages import OPEN, Stage
from casework.working_time.deadlines import ONE_DAY, midnight
from oversight.mechanisms.queries import CountyStanding, in_name_only, visits_between, without_visit
from oversight.members.records import Mechanism
from oversight.reporting.queries import PeriodRow, period_rows, periods_between

# Referred cases are in no figure: only the discipline office knows of them.
NEVER_COUNTED = frozenset({Stage.REFERRED, Stage.REFUSED, Stage.DUPLICATE, Stage.WITHDRAWN})
# What is read of a case, in the order of `Row`; its history has the same columns.
COLUMNS = ("county_id", "responsible_id", "item_id", "stage", "found_on", "closed_on")


@dataclass(frozen=True)
class Span:
    """Whose records, of which days (both included)."""

    mechanism: Mechanism
    area: Unit
    first: date
    last: date

    def this_year(self) -> "Span":
        """From the first of January of the last day's year."""
        return replace(self, first=date(self.last.year, 1, 1))

    @property
    def is_whole(self) -> bool:
        """Whether it speaks of all that the mechanism stands over."""
        return self.area.pk == self.mechanism.lead_id


class Row(NamedTuple):
    """A record that is counted, with what it is split by: the one or two units that answer for it; of a case its item.
    A tuple, since a year of a large city has some hundred thousand.
    """

    key: int
    unit: int | None = None
    responsible: int | None = None
    item: int | None = None
    stage: str = ""
    found_on: date | None = None
    closed_on: date | None = None


@dataclass(frozen=True)
class Facts:
    """Each property asks the database once."""

    span: Span
    as_of: datetime

    @cached_property
    def found(self) -> list[Row]:
        """The cases that were found in the span, as they stood."""
        return self._found(self.span)

    @cached_property
    def found_this_year(self) -> list[Row]:
        return self._found(self.span.this_year())

    @cached_property
    def struck_off(self) -> list[Row]:
        """The cases that were struck off in the span, whenever they were found."""
        return self._struck_off(self.span)

    @cached_property
    def struck_off_this_year(self) -> list[Row]:
        return self._struck_off(self.span.this_year())

    @property
    def closed(self) -> list[Row]:
        return [row for row in self.found if row.stage == Stage.CLOSED]

    @property
    def in_progress(self) -> list[Row]:
        return [row for row in self.found if row.stage in OPEN]

    @cached_property
    def verdicts(self) -> dict[str, list[Row]]:
        """By verdict the cases that were judged in the span; where the verdict was appealed, the last one counts."""
        judged = RelapseVerdict.objects.filter(self._within("at"), self._on_cases("candidate__case__"))
        counties = self._counties(judged.values("candidate__case"))
        last: dict[int, tuple[str, Row]] = {}
        for candidate, verdict, case in judged.order_by("instance").values_list(
            "candidate", "verdict", "candidate__case"
        ):
            if case in counties:
                last[candidate] = verdict, Row(case, counties[case])
        rows: dict[str, dict[int, Row]] = {}
        for verdict, row in last.values():
            rows.setdefault(verdict, {})[row.key] = row
        return {verdict: list(found.values()) for verdict, found in rows.items()}

    @property
    def relapses(self) -> list[Row]:
        return self.verdicts.get(VerdictKind.RELAPSE, [])

    @property
    def never_rectified(self) -> list[Row]:
        return self.verdicts.get(VerdictKind.NEVER, [])

    @cached_property
    def look_backs_by_outcome(self) -> dict[str, list[Row]]:
        done = LookBack.objects.filter(self._within("done_at"), self._on_cases("case__"), state=LookBackState.DONE)
        counties = self._counties(done.values("case"))
        rows: dict[str, list[Row]] = {outcome: [] for outcome in Outcome.values}
        for key, case, outcome in done.order_by().values_list("pk", "case", "outcome"):
            if case in counties:
                rows[outcome].append(Row(key, counties[case]))
        return rows

    @property
    def look_backs(self) -> list[Row]:
        return [row for rows in self.look_backs_by_outcome.values() for row in rows]

    @cached_property
    def letters(self) -> list[Row]:
        """The supervision notices and letters that were issued in the span."""
        span = self.span
        issued = Letter.objects.filter(self._on_cases("case__"), issued_on__range=(span.first, span.last))
        counties = self._counties(issued.values("case"))
        found = issued.order_by().values_list("pk", "case")
        return [Row(key, counties[case]) for key, case in found if case in counties]

    @cached_property
    def reports(self) -> list[PeriodRow]:
        """The reports that were expected in the span, in the order of the periods and members."""
        return self._reports(self.span)

    @cached_property
    def reports_this_year(self) -> list[PeriodRow]:
        return self._reports(self.span.this_year())

    def report_rows(self, kind: str, *, this_year: bool = False) -> list[Row]:
        """The expected reports of which this holds."""
        holds = REPORTS[kind]
        rows = self.reports_this_year if this_year else self.reports
        return [Row(row.expected.pk, row.expected.unit_id) for row in rows if holds(row)]

    @cached_property
    def in_name_only(self) -> list[CountyStanding]:
        """The counties whose own mechanism lacks something."""
        span = self.span
        found = in_name_only(span.mechanism, span.first, span.last)
        return [one for one in found if span.is_whole or one.unit.pk == span.area.pk]

    @cached_property
    def visits(self) -> list[Row]:
        span = self.span
        went = visits_between(span.mechanism, span.first, span.last).order_by().values_list("pk", "unit")
        return [Row(key, unit) for key, unit in went if span.is_whole or unit == span.area.pk]

    @cached_property
    def without_visit(self) -> list[str]:
        """The names of the members that went nowhere."""
        span = self.span
        members = without_visit(span.mechanism, span.first, span.last)
        return [one.unit.name for one in members if span.is_whole or one.unit_id == span.area.pk]

    def _found(self, span: Span) -> list[Row]:
        return [row for row in self._cases if row.found_on and span.first <= row.found_on <= span.last]

    def _struck_off(self, span: Span) -> list[Row]:
        closed = (row for row in self._cases if row.stage == Stage.CLOSED)
        return [row for row in closed if row.closed_on and span.first <= row.closed_on <= span.last]

    def _reports(self, span: Span) -> list[PeriodRow]:
        rows = period_rows(periods_between(span.mechanism, span.first, span.last))
        return [row for row in rows if span.is_whole or row.expected.unit_id == span.area.pk]

    @cached_property
    def _cases(self) -> list[Row]:
        """The cases that were found or struck off in the span or since January and reported by then, as they were."""
        days = (min(self.span.first, self.span.this_year().first), self.span.last)
        cases = Case.objects.filter(
            Q(found_on__range=days) | Q(closed_on__range=days, stage=Stage.CLOSED),
            city=self.span.mechanism.lead_id,
            reported_at__lte=self.as_of,
        )
        rows = self._stood(cases).values()
        return [row for row in rows if row.stage not in NEVER_COUNTED and self._is_within(row.unit)]

    def _counties(self, keys: Any) -> dict[int, int | None]:
        """By case the county that answered for it then; cases of other areas are left out."""
        stood = self._stood(Case.objects.filter(pk__in=keys))
        return {key: row.unit for key, row in stood.items() if self._is_within(row.unit)}

    def _is_within(self, county: int | None) -> bool:
        return self.span.is_whole or county == self.span.area.pk

    def _stood(self, cases: QuerySet[Case]) -> dict[int, Row]:
        """The cases as they are, and those that were changed later as they were: by their history."""
        now = cases.order_by("pk").values_list("pk", *COLUMNS)
        history = Case.history.model.objects
        changed = history.filter(history_date__gt=self.as_of, id__in=cases.order_by().values("pk"))
        before = history.filter(history_date__lte=self.as_of, id__in=changed.order_by().values("id"))
        then = before.order_by("id", "history_date", "history_id").values_list("id", *COLUMNS)
        rows = {row.key: row for row in map(Row._make, now.iterator(chunk_size=5000))}
        return rows | {row.key: row for row in map(Row._make, then)}

    @cached_property
    def aspects(self) -> dict[int | None, int]:
        """By item its aspect."""
        return dict(CatalogueItem.objects.order_by().values_list("pk", "aspect"))

    @cached_property
    def aspect_codes(self) -> dict[int, str]:
        return dict(Aspect.objects.values_list("pk", "code"))

    def _within(self, column: str) -> Q:
        """A moment on a day of the span, in China's time."""
        begins, ends = midnight(self.span.first), midnight(self.span.last + ONE_DAY)
        return Q(**{f"{column}__gte": begins, f"{column}__lt": ends, f"{column}__lte": self.as_of})

    def _on_cases(self, case: str) -> Q:
        """On a case of the city that was not referred by then."""
        return Q(**{f"{case}city": self.span.mechanism.lead_id}) & ~Q(**{f"{case}referral__at__lte": self.as_of})


# What an expected report can be, of the eight states and the flags of the checks.
REPORTS: dict[str, Callable[[PeriodRow], bool]] = {
    "expected": lambda row: True,
    "present": lambda row: row.is_present,
    "on_time": lambda row: row.is_present and row.is_on_time,
    "late": lambda row: row.is_present and not row.is_on_time,
    "missing": lambda row: not row.is_present,
    "empty": lambda row: row.is_present and row.is_empty,
    "copied": lambda row: row.is_present and row.is_copied,
    "left_out": lambda row: row.is_present and row.is_left_out,
}


def names_of_reports(rows: Collection[PeriodRow], kind: str) -> list[str]:
    """The units of which this holds in one of the periods, each once, by the name of then."""
    return list(dict.fromkeys(row.expected.unit_name for row in rows if REPORTS[kind](row)))
