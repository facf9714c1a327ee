"""Visits as they are read: what waits, what is overdue, how far one is."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from casework.models import Person
from casework.rights import OfficeAction
from casework.roles import posts_for
from oversight.visits.records import (
    OPEN_STATES,
    VisitAnswer,
    ChecklistItem,
    FoundCase,
    ItemAnswer,
    VillageVisit,
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
