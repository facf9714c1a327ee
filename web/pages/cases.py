"""The list of cases: narrowed, sorted, counted, page by page by key."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext, ngettext

from casework.lists.filters import CaseFilters, looked_up
from casework.lists.orders import MOST_SORTED, SORTS
from casework.lists.paging import page_of, sorted_page
from casework.models import Case
from casework.queries import count_of, visible_parts
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do
from web.pages.case_board import board
from web.pages.case_calendar import month
from web.pages.case_columns import COLUMNS, column_choices, columns_of, heads, joined, table_rows
from web.pages.case_filters import FilterPanel
from web.requests import Request

ROW_NEEDS = ("village", "town", "item")
# Beyond this the page says "more than": whoever reads 10,000 rows takes the ledger.
MOST_IN_LIST = 10_000


def cases(request: Request) -> HttpResponse:
    on = request.on
    looked = looked_up(CaseFilters.from_query(request.GET), on)
    found = looked.narrow(visible_parts(request.user, on), request.user, on)
    may_export = may_do(request.user, OfficeAction.EXPORT_LEDGER, on)
    show = {"board": board, "calendar": month}.get(looked.filters.view, table)
    return render(
        request,
        "cases/list.html",
        {
            "filters": looked.filters,
            "query": query_string(looked.filters).removeprefix("?"),
            "panel": FilterPanel(request, looked),
            "is_filtered": looked.filters.as_query().keys() - {"sort", "view"},
            "may_export": may_export,
            "may_tick": may_export,
            **show(request, looked.filters, found),
        },
    )


def table(request: Request, filters: CaseFilters, found: list[QuerySet[Case]]) -> dict[str, Any]:
    """A page of rows in the columns that the reader chose."""
    columns = columns_of(request.user)
    may_tick = may_do(request.user, OfficeAction.EXPORT_LEDGER, request.on)
    after = request.GET.get("after", "")
    sort, needs = filters.sort, joined(columns)
    if sort in SORTS:
        page = page_of(found, sort=sort, after=after, needs=needs)
        is_all = not after and not page.next_key
        count = len(page.cases) if is_all else count_of(found, filters.order, MOST_IN_LIST + 1)
    else:
        count = count_of(found, filters.order, MOST_IN_LIST + 1)
        if count <= MOST_SORTED:
            page = sorted_page(found, sort=sort, order=filters.order, after=after, needs=needs)
        else:
            sort = filters.indexed_sort
            page = page_of(found, sort=sort, after=after, needs=needs)
    return {
        "heads": heads(columns, sort),
        "sort_refused": sort_refused(filters.sort) if sort != filters.sort else "",
        "rows": table_rows(page.cases, columns, ticks=may_tick),
        "next_key": page.next_key,
        "count_words": count_words(count),
        "column_choices": column_choices(columns),
        "is_first_page": not after,
        "is_empty": not page.cases,
    }


def sort_refused(sort: str) -> str:
    """Why a list stays in its usual order."""
    return gettext(
        "By “%(column)s” only lists of up to %(most)s cases are sorted: this one holds more, and all of them would have to "
        "be read. It stands in its usual order. Narrow it, by a village, a stage or days, and sort then."
    ) % {"column": COLUMNS[sort.removeprefix("-")].label, "most": f"{MOST_SORTED:,}"}


def count_words(count: int) -> str:
    if count > MOST_IN_LIST:
        return gettext("more than %(most)s cases") % {"most": f"{MOST_IN_LIST:,}"}
    return ngettext("%(count)s case", "%(count)s cases", count) % {"count": f"{count:,}"}


def query_string(filters: CaseFilters) -> str:
    query = filters.as_query()
    return f"?{urlencode(query)}" if query else ""


urlpatterns = [
    path("cases", cases, name="cases"),
]
