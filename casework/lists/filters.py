"""The filters of case lists and ledgers: words of a query string in, a condition over cases out.

One definition for the page, its saved link and the ledger, so that the file holds just what the list shows.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from dataclasses import field as dataclass_field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from casework.lists.orders import SORTED_WHEN_FEW, SORTS
from casework.models import Assignment, Case, CatalogueItem, Closure, Person, Source, Term, Unit, UnitLevel
from casework.models.unit import on_day
from casework.rights.roles import waiting
from casework.search.condition import search_condition
from casework.stages import DESK_ROLES, ENDS, OPEN, Light, Stage, Watch
from casework.values.numbers import whole_number

STATES = ("open", "closed", "all")
# Conditions over cases that a floor above knows, from the value of the filter of this name; None where there is none.
KNOWN_ABOVE: dict[str, Callable[[str], Q | None]] = {}
VIEWS = ("list", "board", "calendar")
TICKED = ("relapsed", "came_back", "unclassified", "taken_over", "waiting", "overdue", "reported")
# At which levels a filter looks for the unit that it names, by its code or by its name.
LEVELS = {
    "village": (UnitLevel.VILLAGE,),
    "town": (UnitLevel.TOWN,),
    "county": (UnitLevel.COUNTY,),
    "desk": (UnitLevel.CITY, UnitLevel.COUNTY, UnitLevel.TOWN, UnitLevel.VILLAGE, UnitLevel.DEPARTMENT),
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
    item: str = ""
    village: str = ""
    town: str = ""
    county: str = ""
    desk: str = ""
    person: str = ""
    source: str = ""
    # The kind of visit on which it was found, or a plan of spot checks (oversight/spot_checks/found.py).
    visit: str = ""
    found_from: date | None = None
    found_until: date | None = None
    due_from: date | None = None
    due_until: date | None = None
    closed_from: date | None = None
    closed_until: date | None = None
    watch: str = ""
    kind: str = ""
    approver: str = ""
    relapsed: bool = False
    came_back: bool = False
    unclassified: bool = False
    # Reported before the term of whoever holds the responsible post now, which began in these days.
    taken_over: bool = False
    term_from: date | None = None
    term_until: date | None = None
    waiting: bool = False
    overdue: bool = False
    reported: bool = False
    sort: str = "due"
    view: str = "list"

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
        if sort not in SORTS and sort.removeprefix("-") not in SORTED_WHEN_FEW:
            sort = "due" if state == "open" else "new"
        severity = query.get("severity", "")
        units: dict[str, Any] = {name: " ".join(query.get(name, "").split())[:100] for name in LEVELS}
        ticked: dict[str, Any] = {name: query.get(name, "") in {"1", "true", "True"} for name in TICKED}
        return cls(
            words=" ".join(query.get("words", "").split())[:100],
            state=state,
            stage=stage,
            light=query.get("light", "") if query.get("light", "") in Light.values else "",
            severity=int(severity) if severity in {"1", "2", "3", "4"} else None,
            aspect=query.get("aspect", "")[:50],
            item=query.get("item", "")[:50],
            **units,
            person=" ".join(query.get("person", "").split())[:60],
            source=query.get("source", "") if query.get("source", "") in Source.values else "",
            visit=query.get("visit", "")[:30],
            found_from=_day(query.get("found_from", "")),
            found_until=_day(query.get("found_until", "")),
            due_from=_day(query.get("due_from", "")),
            due_until=_day(query.get("due_until", "")),
            closed_from=_day(query.get("closed_from", "")),
            closed_until=_day(query.get("closed_until", "")),
            term_from=_day(query.get("term_from", "")),
            term_until=_day(query.get("term_until", "")),
            watch=query.get("watch", "") if query.get("watch", "") in Watch.values else "",
            kind=query.get("kind", "")[:12],
            approver=str(whole_number(query.get("approver", "")) or ""),
            **ticked,
            sort=sort,
            view=query.get("view", "") if query.get("view", "") in VIEWS else "list",
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
        """Narrow a queryset for its reader, without what no longer exists; the order is the caller's."""
        condition = Q()
        for alternative in looked_up(self, on).conditions(person, on):
            condition |= alternative
        return cases.filter(condition)

    @property
    def indexed_sort(self) -> str:
        """The order in which the list is read: its own where an index holds it, else the usual one of its state."""
        if self.sort in SORTS:
            return self.sort
        return "due" if self.state == "open" else "new"

    @property
    def order(self) -> tuple[str, ...]:
        return SORTS[self.indexed_sort]


@dataclass(frozen=True)
class LookedUp:
    """Filters with the units, items and people that they name. `gone` are names that nothing is called by: those filters
    are left out. `retired` are units that are found and no longer in use.
    """

    filters: CaseFilters
    keys: dict[str, list[int]] = dataclass_field(default_factory=dict)
    names: dict[str, str] = dataclass_field(default_factory=dict)
    gone: tuple[tuple[str, str], ...] = ()
    retired: tuple[str, ...] = ()

    def narrow(self, parts: Sequence[QuerySet[Case]], person: Person, on: date) -> list[QuerySet[Case]]:
        """These parts narrowed for their reader; each of them still reads one index."""
        alternatives = self.conditions(person, on)
        return [part.filter(condition) for part in parts for condition in alternatives]

    def conditions(self, person: Person, on: date) -> list[Q]:
        """The filters as conditions over cases of which one must hold."""
        filters = self.filters
        condition = Q()
        if filters.waiting:
            condition &= waiting(person, on)
        if filters.overdue:
            condition &= Q(stage__in=OPEN, due_on__lt=on, paused_on=None)
        if filters.reported:
            condition &= Q(reported_by=person)
        if filters.state == "open":
            condition &= Q(stage__in=OPEN)
        elif filters.state == "closed":
            condition &= Q(stage__in=ENDS)
        for column, value in (
            ("stage", filters.stage),
            ("light", filters.light),
            ("severity", filters.severity),
            ("source", filters.source),
            ("found_on__gte", filters.found_from),
            ("found_on__lte", filters.found_until),
            ("due_on__gte", filters.due_from),
            ("due_on__lte", filters.due_until),
            ("closed_on__gte", filters.closed_from),
            ("closed_on__lte", filters.closed_until),
            ("watch", filters.watch),
            ("kind", filters.kind),
        ):
            if value != "" and value is not None:
                condition &= Q(**{column: value})
        for name, known in KNOWN_ABOVE.items():
            condition &= known(getattr(filters, name)) or Q()
        for name, column in (
            ("village", "village"),
            ("town", "town"),
            ("county", "county"),
            ("desk", "waits_at"),
            ("item", "item"),
            ("aspect", "item"),
        ):
            if name in self.keys:
                condition &= _one_of(column, self.keys[name])
        if filters.approver:
            condition &= Q(Exists(Closure.objects.filter(case=OuterRef("pk"), by=int(filters.approver))))
        if filters.relapsed:
            condition &= Q(Exists(Case.objects.filter(relapse_of=OuterRef("pk"))))
        if filters.came_back:
            condition &= Q(round__gt=1)
        if filters.unclassified:
            condition &= Q(item=None) | Q(severity=None)
        if filters.taken_over:
            condition &= taken_over(filters.term_from, filters.term_until, on)
        if filters.words:
            condition &= search_condition(filters.words)
        if not filters.person:
            return [condition]
        by_person = [_one_of("reported_by", self.keys["person"])]
        if self.keys["desks"]:
            by_person.append(_one_of("waits_at", self.keys["desks"]))
        return [condition & each for each in by_person]


def taken_over(first: date | None, last: date | None, on: date) -> Q:
    """Cases after a change of term: reported before the day on which the present holder of the responsible post began,
    which lies between these days, and behind somebody else's term of the same post.
    """
    began = on_day(on) & Q(valid_from__gt=OuterRef(OuterRef("reported_at__date")))
    if first is not None:
        began &= Q(valid_from__gte=first)
    if last is not None:
        began &= Q(valid_from__lte=last)
    before = Term.objects.filter(
        ~Q(person=OuterRef("person")), post=OuterRef("post"), valid_until__lt=OuterRef("valid_from")
    )
    present = Term.objects.filter(began, Exists(before), post=OuterRef("post"))
    assigned = Assignment.objects.filter(Exists(present), case=OuterRef("pk"), ended_at=None)
    return Q(Exists(assigned))


def looked_up(filters: CaseFilters, on: date) -> LookedUp:
    """Find what these filters name, one query for the units, one for the catalogue and two for a person."""
    keys: dict[str, list[int]] = {}
    names: dict[str, str] = {}
    retired: list[str] = []
    asked = {name: getattr(filters, name) for name in LEVELS if getattr(filters, name)}
    condition = Q()
    for name, value in asked.items():
        condition |= Q(level__in=LEVELS[name]) & (Q(code=value) | Q(name=value))
    for unit in Unit.objects.filter(condition).order_by("path") if asked else []:
        for name, value in asked.items():
            if unit.level in LEVELS[name] and value in (unit.code, unit.name):
                keys.setdefault(name, []).append(unit.pk)
                names[name] = unit.name
                retired += [] if unit.is_active else [unit.name]
    if filters.item or filters.aspect:
        named = Q(code=filters.item) | Q(aspect__code=filters.aspect)
        for item in CatalogueItem.objects.filter(named).select_related("aspect"):
            if item.code == filters.item:
                keys["item"] = [item.pk]
            if item.aspect.code == filters.aspect:
                keys.setdefault("aspect", []).append(item.pk)
    if filters.person:
        keys["person"] = list(Person.objects.filter(name=filters.person).values_list("pk", flat=True))
        held = Term.objects.filter(on_day(on), person__in=keys["person"], post__role__in=DESK_ROLES)
        keys["desks"] = sorted(set(held.values_list("post__unit", flat=True)))
    wanted = [name for name in (*LEVELS, "item", "aspect", "person") if getattr(filters, name)]
    gone = [(name, getattr(filters, name)) for name in wanted if not keys.get(name)]
    above = [(name, getattr(filters, name)) for name in KNOWN_ABOVE if getattr(filters, name)]
    gone += [(name, value) for name, value in above if KNOWN_ABOVE[name](value) is None]
    without: dict[str, Any] = dict.fromkeys((name for name, _value in gone), "")
    kept = replace(filters, **without)
    return LookedUp(kept, keys, names, tuple(gone), tuple(dict.fromkeys(retired)))


def _one_of(column: str, keys: Iterable[int]) -> Q:
    """By key, so that a list of one unit reads that unit's own index in its order."""
    first, *others = keys
    return Q(**{f"{column}__in": [first, *others]}) if others else Q(**{column: first})


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None
