"""The filters of the list of cases as its page shows them: ticks in a row, the panel behind them, and what is set."""

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.lists.filters import LookedUp
from casework.lists.orders import SORTED_WHEN_FEW, SORTS
from casework.models import CatalogueItem, Source, Unit
from casework.models.category import Kind, Severity, local_name
from casework.models.unit import UnitLevel
from casework.rights.held_posts import posts_held
from casework.stages import Light, Stage, Watch
from casework.values.days_in_words import exact_day
from casework.values.numbers import whole_number
from oversight.models import SpotCheckPlan, VillageVisitKind
from oversight.spot_checks.found import PLAN
from oversight.spot_checks.queries import area_seen_by
from web.pages.case_columns import COLUMNS
from web.requests import Request

SORT_WORDS = {
    "due": _("Deadline, nearest first"),
    "-due": _("Deadline, farthest first"),
    "new": _("Newest first"),
    "old": _("Oldest first"),
}
STATES = (("open", _("Open")), ("closed", _("Ended")), ("all", _("All")))
VIEW_WORDS = (("list", _("List")), ("board", _("Board")), ("calendar", _("Calendar")))
QUICK = (
    ("waiting", _("Waits for me")),
    ("overdue", _("Late")),
    ("came_back", _("Came back")),
    ("unclassified", _("To be classified")),
    ("taken_over", _("After the change of term")),
)
# What is asked for by another page's link and has no field of its own here.
ONLY_BY_LINK = {
    "relapsed": _("Relapsed later"),
    "reported": _("Reported by me"),
    "kind": _("Kind of rectification"),
    "approver": _("Struck off by one person"),
    "closed_from": _("Struck off from"),
    "closed_until": _("Struck off until"),
    "term_from": _("Holder changed from"),
    "term_until": _("Holder changed until"),
}
GONE = {
    "village": _("No village is called “%(name)s” any more."),
    "town": _("No town is called “%(name)s” any more."),
    "county": _("No county is called “%(name)s” any more."),
    "desk": _("No office and no village is called “%(name)s” any more."),
    "item": _("The category “%(name)s” is no longer in the catalogue."),
    "aspect": _("The aspect “%(name)s” is no longer in the catalogue."),
    "visit": _("No kind of visit and no plan is called “%(name)s”."),
    "person": _("Nobody of the name “%(name)s” has an account."),
}


class FilterPanel:
    """Everything about the filters that the page says; three queries at most, for the catalogue and the units below,
    and one for the plan of spot checks that the list is narrowed by."""

    def __init__(self, request: Request, looked: LookedUp) -> None:
        self.request, self.looked, self.filters = request, looked, looked.filters
        self.query = looked.filters.as_query()

    @cached_property
    def views(self) -> list[dict[str, Any]]:
        """The same cases as a list, by stage, and by deadline."""
        return [
            {
                "words": words,
                "url": self._with("view", "" if value == "list" else value),
                "is_set": self.filters.view == value,
            }
            for value, words in VIEW_WORDS
        ]

    @cached_property
    def states(self) -> list[dict[str, Any]]:
        """Open, ended, all: one of them, as links."""
        return [
            {"words": words, "url": self._with("state", value), "is_set": self.filters.state == value}
            for value, words in STATES
        ]

    @cached_property
    def quick(self) -> list[dict[str, Any]]:
        """Ticks as links: set, a click takes them away."""
        found = []
        for name, words in QUICK:
            is_set = getattr(self.filters, name)
            found.append({"words": words, "url": self._with(name, "" if is_set else "1"), "is_set": is_set})
        return found

    @cached_property
    def selects(self) -> list[dict[str, Any]]:
        """The fields with choices, each with its name, its label and its options, some of them in groups."""
        filters = self.filters
        items = CatalogueItem.objects.select_related("aspect").order_by("aspect__order", "order")
        aspects: dict[str, tuple[str, list[tuple[str, str]]]] = {}
        for item in items:
            aspects.setdefault(item.aspect.code, (local_name(item.aspect), []))[1].append((item.code, local_name(item)))
        found = [
            _select("stage", _("Stage"), Stage.choices, filters.stage),
            _select("light", _("Light"), Light.choices, filters.light),
            _select("severity", _("Severity"), Severity.choices, filters.severity or ""),
            _select("aspect", _("Aspect"), [(code, name) for code, (name, _items) in aspects.items()], filters.aspect),
            {**_select("item", _("Category"), [], filters.item), "groups": list(aspects.values())},
            _select("source", _("Source"), Source.choices, filters.source),
            _select("visit", _("Found on a visit"), visits_of(self.request, filters.visit), filters.visit),
        ]
        below = units_below(self.request)
        if below:
            level = "county" if below[0].level == UnitLevel.COUNTY else "town"
            units = [(unit.code, unit.name) for unit in below]
            found.append(_select(level, below[0].get_level_display(), units, getattr(filters, level)))
        watched = [(value, words) for value, words in Watch.choices if value]
        found.append(_select("watch", _("After the strike-off"), watched, filters.watch))
        return found

    @cached_property
    def sorts(self) -> dict[str, Any]:
        return {
            "name": "sort",
            "label": _("Sort"),
            "options": [*((sort, SORT_WORDS[sort]) for sort in SORTS), *sorts_when_few()],
            "current": self.filters.sort,
        }

    @cached_property
    def texts(self) -> list[dict[str, Any]]:
        """The fields in which a name is typed."""
        return [
            {"name": name, "label": label, "value": self.looked.names.get(name, getattr(self.filters, name))}
            for name, label in (("village", _("Village")), ("desk", _("Now at")), ("person", _("Person")))
        ]

    @cached_property
    def days(self) -> list[dict[str, Any]]:
        return [
            {"name": name, "label": label, "value": getattr(self.filters, name)}
            for name, label in (
                ("found_from", _("Found from")),
                ("found_until", _("Found until")),
                ("due_from", _("Due from")),
                ("due_until", _("Due until")),
            )
        ]

    @cached_property
    def hidden(self) -> list[tuple[str, str]]:
        """What is set outside of the panel's form and stays when it is sent."""
        shown = {one["name"] for one in (*self.selects, *self.texts, *self.days)} | {"sort", "words"}
        return [(name, value) for name, value in self.query.items() if name not in shown]

    @cached_property
    def chips(self) -> list[dict[str, str]]:
        """What the list is narrowed by, each with its words and the address of the list without it."""
        labels: dict[str, Any] = {**ONLY_BY_LINK, "words": _("Search")}
        values: dict[tuple[str, str], Any] = {}
        for one in self.selects:
            labels[one["name"]] = one["label"]
            groups = [("", one["options"]), *one.get("groups", [])]
            values |= {(one["name"], value): words for _name, options in groups for value, words in options}
        for one in (*self.texts, *self.days):
            labels[one["name"]] = one["label"]
            values |= {(one["name"], str(one["value"])): _words_of(one["value"])}
        values |= {("kind", value): words for value, words in Kind.choices}
        left_out = {"state", "sort", "view"} | {name for name, _words in QUICK}
        return [
            {
                "label": str(labels.get(name, name)),
                "value": self._words(name, value, values),
                "url": self._with(name, ""),
            }
            for name, value in self.query.items()
            if name not in left_out
        ]

    def _words(self, name: str, value: str, values: dict[tuple[str, str], Any]) -> str:
        if name in self.looked.names:
            return self.looked.names[name]
        if name.startswith(("closed_", "term_")):
            return _words_of(getattr(self.filters, name))
        return "" if name in ("approver", "relapsed", "reported") else str(values.get((name, value), value))

    @cached_property
    def notes(self) -> list[str]:
        """What these filters name and is gone, in sentences; the rest of them works."""
        found = [
            gettext("%(why)s The list is shown without it.") % {"why": GONE[name] % {"name": value}}
            for name, value in self.looked.gone
        ]
        found += [
            gettext("%(unit)s is no longer in use. Open cases went on to the unit that came after it.") % {"unit": unit}
            for unit in self.looked.retired
        ]
        return found

    def _with(self, name: str, value: str) -> str:
        query = {key: old for key, old in self.query.items() if key != name}
        if value:
            query[name] = value
        if name == "state" and value != "open" and query.get("sort") == "due":
            del query["sort"]
        return f"?{urlencode(query)}"


def sorts_when_few() -> list[tuple[str, str]]:
    """The orders of short lists, each column both ways."""
    found = []
    for code in SORTED_WHEN_FEW:
        label = COLUMNS[code].label
        found.append((code, gettext("%(column)s, ascending") % {"column": label}))
        found.append((f"-{code}", gettext("%(column)s, descending") % {"column": label}))
    return found


def _select(name: str, label: Any, options: Any, current: Any) -> dict[str, Any]:
    options = [("", _("any")), *((str(value), words) for value, words in options)]
    return {"name": name, "label": label, "options": options, "current": str(current)}


def _words_of(value: Any) -> str:
    return str(exact_day(value)) if hasattr(value, "isoformat") else str(value)


def visits_of(request: Request, chosen: str) -> list[tuple[str, Any]]:
    """What a case can have been found on: each kind of visit, and the plan of spot checks from whose page the reader comes."""
    kinds: list[tuple[str, Any]] = list(VillageVisitKind.choices)
    pk = whole_number(chosen.removeprefix(PLAN)) if chosen.startswith(PLAN) else None
    if pk is None:
        return kinds
    plans = SpotCheckPlan.objects.filter(area_seen_by(request.user, request.on), pk=pk)
    return [*kinds, *((chosen, Truncator(plan.purpose).chars(30)) for plan in plans)]


def units_below(request: Request) -> list[Unit]:
    """The counties of a city's people, the towns of a county's: what they narrow their lists by."""
    held = posts_held(request.user, request.on)
    for level, below in ((UnitLevel.CITY, UnitLevel.COUNTY), (UnitLevel.COUNTY, UnitLevel.TOWN)):
        units = {one.unit_id for one in held if one.unit_level == level}
        if units:
            return list(Unit.objects.filter(parent__in=units, level=below, is_active=True))
    return []
