"""The filters of case lists and ledgers: words of a query string in, a condition over cases out.

One definition for the page, its saved link and the ledger, so that the file holds just what the list shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from casework.models import Case, Closure, Person, Unit
from casework.numbers import whole_number
from casework.roles import waiting
from casework.search.condition import search_condition
from casework.stages import ENDS, OPEN, Light, Stage

STATES = ("open", "closed", "all")
TICKED = ("relapsed", "came_back", "unclassified", "waiting", "overdue", "reported")
SORTS = {
    "due": ("due_on", "id"),
    "-due": ("-due_on", "-id"),
    "new": ("-id",),
    "old": ("id",),
}


@dataclass(frozen=True)
class CaseFilters:
    """What a reader asked for; an unknown word is left out rather than refused, so that old links keep working."""

    words: str = ""
    state: str = "open"
    stage: str = ""
    light: str = ""
    severity: int | None = None
    aspect: str = ""
    village: str = ""
    town: str = ""
    county: str = ""
    source: str = ""
    found_from: date | None = None
    found_until: date | None = None
    closed_from: date | None = None
    closed_until: date | None = None
    kind: str = ""
    approver: str = ""
    relapsed: bool = False
    came_back: bool = False
    unclassified: bool = False
    waiting: bool = False
    overdue: bool = False
    reported: bool = False
    sort: str = "due"

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "CaseFilters":
        """From the parameters of a URL; the inverse of `as_query`."""
        state = query.get("state", "")
        stage = query.get("stage", "")
        if stage not in Stage.values:
            stage = ""
        if state not in STATES:
            state = "all" if stage in ENDS or query.get("words") else "open"
        sort = query.get("sort", "")
        if sort not in SORTS:
            sort = "due" if state == "open" else "new"
        severity = query.get("severity", "")
        return cls(
            words=" ".join(query.get("words", "").split())[:100],
            state=state,
            stage=stage,
            light=query.get("light", "") if query.get("light", "") in Light.values else "",
            severity=int(severity) if severity in {"1", "2", "3", "4"} else None,
            aspect=query.get("aspect", "")[:50],
            village=query.get("village", "")[:20],
            town=query.get("town", "")[:20],
            county=query.get("county", "")[:20],
            source=query.get("source", "")[:20],
            found_from=_day(query.get("found_from", "")),
            found_until=_day(query.get("found_until", "")),
            closed_from=_day(query.get("closed_from", "")),
            closed_until=_day(query.get("closed_until", "")),
            kind=query.get("kind", "")[:12],
            approver=str(whole_number(query.get("approver", "")) or ""),
            **{name: query.get(name, "") in {"1", "true", "True"} for name in TICKED},
            sort=sort,
        )

    def as_query(self) -> dict[str, str]:
        """The parameters that lead back here, without what is the default."""
        default = CaseFilters()
        query: dict[str, str] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            # Without a state, words and ends are looked for in all states: so one that was chosen must be said.
            if value != getattr(default, field.name) or (field.name == "state" and (self.words or self.stage)):
                query[field.name] = "1" if value is True else str(value)
        return query

    def apply(self, cases: QuerySet[Case], person: Person, on: date) -> QuerySet[Case]:
        """Narrow a queryset for its reader; the order is the caller's."""
        condition = Q()
        if self.waiting:
            condition &= waiting(person, on)
        if self.overdue:
            condition &= Q(stage__in=OPEN, due_on__lt=on, paused_on=None)
        if self.reported:
            condition &= Q(reported_by=person)
        if self.state == "open":
            condition &= Q(stage__in=OPEN)
        elif self.state == "closed":
            condition &= Q(stage__in=ENDS)
        for column, value in (
            ("stage", self.stage),
            ("light", self.light),
            ("severity", self.severity),
            ("item__aspect__code", self.aspect),
            ("village", self.village and _unit(self.village)),
            ("town", self.town and _unit(self.town)),
            ("county", self.county and _unit(self.county)),
            ("source", self.source),
            ("found_on__gte", self.found_from),
            ("found_on__lte", self.found_until),
            ("closed_on__gte", self.closed_from),
            ("closed_on__lte", self.closed_until),
            ("kind", self.kind),
        ):
            if value != "" and value is not None:
                condition &= Q(**{column: value})
        if self.approver:
            condition &= Q(Exists(Closure.objects.filter(case=OuterRef("pk"), by=int(self.approver))))
        if self.relapsed:
            condition &= Q(Exists(Case.objects.filter(relapse_of=OuterRef("pk"))))
        if self.came_back:
            condition &= Q(round__gt=1)
        if self.unclassified:
            condition &= Q(item=None) | Q(severity=None)
        if self.words:
            condition &= self.meaning_of_words
        return cases.filter(condition)

    @cached_property
    def meaning_of_words(self) -> Q:
        """Looked up once, however many querysets are narrowed."""
        return search_condition(self.words)

    @property
    def order(self) -> tuple[str, ...]:
        return SORTS[self.sort]


def _unit(code: str) -> Subquery:
    """The key of a unit, found before its cases are looked at: so they are read by the unit's own index."""
    return Subquery(Unit.objects.filter(code=code).values("pk")[:1])


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None
