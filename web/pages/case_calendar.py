"""The open cases of a list by deadline: a month as a grid, each day with how many are due and the first of them."""

import calendar as months
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from casework.lists.filters import CaseFilters
from casework.models import Case
from casework.queries import first_of_each
from casework.stages import OPEN
from casework.working_time import calendar
from casework.working_time.workdays import FIRST, LAST
from web.requests import Request

SHOWN = 3
# So many deadlines of a month are read; a list that holds more is narrowed first.
MOST_IN_MONTH = 10_000


def month(request: Request, filters: CaseFilters, found: list[QuerySet[Case]]) -> dict[str, Any]:
    """The month that the address names, or this one; two queries, along the index of each part."""
    first = month_of(request.GET.get("month", ""), request.on)
    weeks = months.Calendar().monthdatescalendar(first.year, first.month)
    due = Q(stage__in=OPEN, due_on__gte=weeks[0][0], due_on__lte=weeks[-1][-1])
    keys = first_of_each([[part.filter(due) for part in found]], ("due_on", "id"), MOST_IN_MONTH)
    numbered = keys.order_by().annotate(
        in_day=Window(RowNumber(), partition_by="due_on", order_by=F("id").asc()),
        on_day=Window(Count("pk"), partition_by="due_on"),
    )
    shown = list(numbered.filter(in_day__lte=SHOWN).values_list("pk", "due_on", "on_day"))
    cases = Case.objects.select_related("village").in_bulk([pk for pk, _due_on, _on_day in shown])
    counts = {due_on: on_day for _pk, due_on, on_day in shown}
    by_day: dict[date | None, list[Case]] = defaultdict(list)
    for pk, due_on, _on_day in sorted(shown):
        by_day[due_on].append(cases[pk])
    workdays = calendar.current()
    return {
        "month": first,
        "months_beside": [one.strftime("%Y-%m") for one in beside(first)],
        "weekdays": weeks[0],
        "weeks": [
            [
                {
                    "day": day,
                    "is_other_month": day.month != first.month,
                    "is_off": not workdays.is_working(day),
                    "is_today": day == request.on,
                    "count": counts.get(day, 0),
                    "cases": by_day[day],
                }
                for day in week
            ]
            for week in weeks
        ],
        "is_cut": sum(counts.values()) >= MOST_IN_MONTH,
        "most": MOST_IN_MONTH,
        "is_empty": False,
    }


def month_of(words: str, on: date) -> date:
    """The first day of a month that is written 2026-03; without one, or beyond what the calendar knows, of this one."""
    try:
        first = date.fromisoformat(f"{words}-01")
    except ValueError:
        return on.replace(day=1)
    return first if FIRST.year < first.year < LAST.year else on.replace(day=1)


def beside(first: date) -> tuple[date, date]:
    """The month before and the month after."""
    return (first - timedelta(days=1)).replace(day=1), (first + timedelta(days=31)).replace(day=1)
