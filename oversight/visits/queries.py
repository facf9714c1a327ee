"""Visits as they are read: what waits, what is overdue, how far one is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, QuerySet

from casework.models import Person, Unit
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from casework.working_time.deadlines import ONE_DAY, midnight
from oversight.visits.records import (
    OPEN_STATES,
    ChecklistItem,
    FoundCase,
    ItemAnswer,
    VillageVisit,
    VisitAnswer,
)

NEEDS = ("village__parent", "county", "inspector", "checklist")


def to_make(person: Person, on: date) -> QuerySet[VillageVisit]:
    """The visits that wait for an inspector, what is due first first: rides `visits_to_make`."""
    if not posts_for(person, OfficeAction.MAKE_VISIT, on):
        return VillageVisit.objects.none()
    found = VillageVisit.objects.filter(inspector=person, state__in=OPEN_STATES)
    return found.select_related("village__parent").order_by("due_by", "id")


def lines_of(visit: VillageVisit) -> list[ChecklistItem]:
    return list(ChecklistItem.objects.filter(checklist=visit.checklist_id).select_related("item__aspect"))


@dataclass
class Row:
    """An item of the visit's checklist with what was answered and the cases that were reported."""

    line: ChecklistItem
    answer: ItemAnswer | None
    found: list[FoundCase]


@dataclass(frozen=True)
class Standing:
    """How far a visit is."""

    rows: list[Row]

    @property
    def unanswered(self) -> list[ChecklistItem]:
        return [row.line for row in self.rows if row.answer is None]

    @property
    def unreported(self) -> list[ChecklistItem]:
        return [row.line for row in self.rows if self._is(row, VisitAnswer.FINDING) and not row.found]

    @property
    def checked(self) -> int:
        return sum(self._is(row, VisitAnswer.IN_ORDER) or self._is(row, VisitAnswer.FINDING) for row in self.rows)

    @property
    def wrong(self) -> int:
        return sum(self._is(row, VisitAnswer.FINDING) for row in self.rows)

    @property
    def found(self) -> int:
        return sum(len(row.found) for row in self.rows)

    @property
    def answered(self) -> int:
        return len(self.rows) - len(self.unanswered)

    @staticmethod
    def _is(row: Row, answer: VisitAnswer) -> bool:
        return row.answer is not None and row.answer.answer == answer


def standing(visit: VillageVisit) -> Standing:
    """Three queries."""
    answers = {one.line_id: one for one in ItemAnswer.objects.filter(visit=visit)}
    found: dict[int, list[FoundCase]] = {}
    for one in FoundCase.objects.filter(answer__visit=visit).select_related("case__village", "case__item"):
        found.setdefault(one.answer_id, []).append(one)
    rows = []
    for line in lines_of(visit):
        answer = answers.get(line.pk)
        rows.append(Row(line, answer, found.get(answer.pk, []) if answer else []))
    return Standing(rows)


@dataclass(frozen=True)
class Narrowed:
    """What a list of visits is narrowed by; empty words and days narrow nothing."""

    kind: str = ""
    village: str = ""
    item: str = ""
    county: str = ""
    inspector: int | None = None
    first: date | None = None
    last: date | None = None
    is_wrong: bool = False


def narrowed(visits: QuerySet[VillageVisit], by: Narrowed) -> QuerySet[VillageVisit]:
    """Days are those on which a visit was done; `item` those at which something was found, by its code."""
    if by.kind:
        visits = visits.filter(kind=by.kind)
    if by.village:
        visits = visits.filter(village__code=by.village)
    if by.county:
        visits = visits.filter(county__code=by.county)
    if by.inspector is not None:
        visits = visits.filter(inspector=by.inspector)
    if by.first is not None:
        visits = visits.filter(done_at__gte=midnight(by.first))
    if by.last is not None:
        visits = visits.filter(done_at__lt=midnight(by.last + ONE_DAY))
    if by.is_wrong:
        visits = visits.filter(wrong__gt=0)
    if by.item:
        found = ItemAnswer.objects.filter(answer=VisitAnswer.FINDING, line__item__code=by.item)
        visits = visits.filter(pk__in=found.values("visit"))
    return visits


def visits_by_village(villages: Iterable[Unit], first: datetime, after: datetime) -> dict[int, int]:
    """How often an inspector came to each of these villages from a moment until before another: one query."""
    found = VillageVisit.objects.filter(village__in=list(villages), arrived_at__gte=first, arrived_at__lt=after)
    return dict(found.order_by().values("village").annotate(count=Count("pk")).values_list("village", "count"))
