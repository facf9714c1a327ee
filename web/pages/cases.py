"""The list of cases: filters, search, sorting, pages by key, and links that people keep."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.filters import SORTS, CaseFilters
from casework.models import Aspect, SavedList, Source, Unit
from casework.models.category import Severity
from casework.models.unit import UnitLevel
from casework.paging import page_of
from casework.queries import count_of, visible_parts
from casework.rights import OfficeAction
from casework.roles import may_do, posts_held
from casework.stages import Light, Stage
from web.pages.case_columns import column_choices, columns_of, heads, joined, table_rows
from web.requests import Request
from web.templatetags.words import local_name

ROW_NEEDS = ("village", "town", "item")
SORT_WORDS = {
    "due": _("Deadline, nearest first"),
    "-due": _("Deadline, farthest first"),
    "new": _("Newest first"),
    "old": _("Oldest first"),
}


# Beyond this the page says "more than": whoever reads 10,000 rows takes the ledger.
MOST_IN_LIST = 10_000


def cases(request: Request) -> HttpResponse:
    on = request.on
    filters = CaseFilters.from_query(request.GET)
    found = [filters.apply(part, request.user, on) for part in visible_parts(request.user, on)]
    columns = columns_of(request.user)
    after = request.GET.get("after", "")
    page = page_of(found, sort=filters.sort, after=after, needs=joined(columns))
    is_all = not after and not page.next_key
    count = len(page.cases) if is_all else count_of(found, filters.order, MOST_IN_LIST + 1)
    return render(
        request,
        "cases/list.html",
        {
            "filters": filters,
            "query": query_string(filters).removeprefix("?"),
            "heads": heads(columns, filters.sort),
            "rows": table_rows(page.cases, columns),
            "next_key": page.next_key,
            "count_words": count_words(count),
            "column_choices": column_choices(columns),
            "is_first_page": not after,
            "choices": choices(request, filters),
            "is_filtered": filters.as_query().keys() - {"sort"},
            "is_narrowed": filters.as_query().keys() - {"sort", "words", "state"},
            "saved": list(SavedList.objects.filter(person=request.user)),
            "may_export": may_do(request.user, OfficeAction.EXPORT_LEDGER, on),
        },
    )


def count_words(count: int) -> str:
    if count > MOST_IN_LIST:
        return gettext("more than %(most)s cases") % {"most": f"{MOST_IN_LIST:,}"}
    return ngettext("%(count)s case", "%(count)s cases", count) % {"count": f"{count:,}"}


def choices(request: Request, filters: CaseFilters) -> list[dict[str, Any]]:
    """The filters as plain words in a row: each with its name, its label and its choices."""
    found = [
        _choice("state", _("State"), [("open", _("Open")), ("closed", _("Ended")), ("all", _("All"))], filters.state),
        _choice("stage", _("Stage"), [("", _("any")), *Stage.choices], filters.stage),
        _choice("light", _("Light"), [("", _("any")), *Light.choices], filters.light),
        _choice("severity", _("Severity"), [("", _("any")), *Severity.choices], filters.severity or ""),
        _choice(
            "aspect",
            _("Aspect"),
            [("", _("any")), *((aspect.code, local_name(aspect)) for aspect in Aspect.objects.all())],
            filters.aspect,
        ),
        _choice("source", _("Source"), [("", _("any")), *Source.choices], filters.source),
    ]
    below = units_below(request)
    if below:
        level = "county" if below[0].level == UnitLevel.COUNTY else "town"
        current = getattr(filters, level)
        found.append(
            _choice(level, below[0].get_level_display(), [("", _("any")), *((u.code, u.name) for u in below)], current)
        )
    found.append(_choice("sort", _("Sort"), [(sort, SORT_WORDS[sort]) for sort in SORTS], filters.sort))
    return found


def units_below(request: Request) -> list[Unit]:
    """The counties of a city's people, the towns of a county's: what they narrow their lists by."""
    held = posts_held(request.user, request.on)
    for level, below in ((UnitLevel.CITY, UnitLevel.COUNTY), (UnitLevel.COUNTY, UnitLevel.TOWN)):
        units = {one.unit_id for one in held if one.unit_level == level}
        if units:
            return list(Unit.objects.filter(parent__in=units, level=below, is_active=True))
    return []


def _choice(name: str, label: Any, options: list[tuple[Any, Any]], current: Any) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "options": [(str(value), words) for value, words in options],
        "current": str(current),
    }


@require_POST
def save(request: Request) -> HttpResponse:
    """Keep the filters of this list under a name of one's own."""
    filters = CaseFilters.from_query(request.POST)
    name = " ".join(request.POST.get("name", "").split())[:40]
    if name:
        SavedList.objects.update_or_create(person=request.user, name=name, defaults={"query": filters.as_query()})
    return redirect(f"{reverse('cases')}{query_string(filters)}")


@require_POST
def forget(request: Request, pk: int) -> HttpResponse:
    SavedList.objects.filter(person=request.user, pk=pk).delete()
    return redirect("cases")


def query_string(filters: CaseFilters) -> str:
    query = filters.as_query()
    return f"?{urlencode(query)}" if query else ""


urlpatterns = [
    path("cases", cases, name="cases"),
    path("lists", save, name="lists"),
    path("lists/<int:pk>/removal", forget, name="list_removal"),
]
