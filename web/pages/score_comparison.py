"""Villages, towns and counties beside each other: a funnel with its limits and a table, in the order of the tree."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed
from casework.models import Unit
from oversight.figures.counting import BELOW, Flow, Months, chosen_months, flows_below, standings_below
from oversight.figures.rights import own_unit, sees_figures
from oversight.scorecards.comparison import Compared, compared
from web.requests import Request

# What is compared: a share of which less is better.
MEASURES: dict[str, tuple[Any, Any]] = {
    "again": (_("Returned before the strike-off"), lambda flow: (flow.again, flow.closed)),
    "back": (_("Came back after the strike-off"), lambda flow: (flow.back, flow.closed)),
    "overdue": (_("Overdue now"), None),
}


def comparison(request: Request) -> HttpResponse:
    """The units below one's own, or below another one of the own area; a year of strike-offs."""
    unit = area(request)
    measure = request.GET.get("of", "")
    measure = measure if measure in MEASURES else "again"
    months = chosen_months("", "1", on=request.on).year
    below = Unit.objects.filter(unit.subtree(), level=BELOW[unit.level], is_active=True).order_by("path")
    rows = compared(counts(unit, measure, months), list(below))
    return render(
        request,
        "scorecards/comparison.html",
        {
            "unit": unit,
            "measures": [(name, label) for name, (label, _part) in MEASURES.items()],
            "measure": measure,
            "label": MEASURES[measure][0],
            "rows": [(row, drawn(row)) for row in rows],
            "usual": rows[0].usual if rows else None,
            "outside": [row for row in rows if row.stands_out],
            "months": months,
        },
    )


def area(request: Request) -> Unit:
    code = request.GET.get("unit", "")
    unit = Unit.objects.filter(code=code).first() if code else own_unit(request.user, request.on)
    if not code and (unit is None or unit.level not in BELOW):
        raise NotAllowed("nothing_below", _("Units are compared by the offices of towns, counties and the city."))
    if unit is None or unit.level not in BELOW or not sees_figures(request.user, unit, request.on):
        raise Http404
    return unit


def counts(unit: Unit, measure: str, months: Months) -> dict[int, tuple[int, int]]:
    part = MEASURES[measure][1]
    if part is not None:
        flows: dict[int, Flow] = flows_below(unit, months)
        return {key: part(flow) for key, flow in flows.items()}
    month = months.last
    stood = standings_below(unit, [month])
    return {key: (by_month[month].overdue, by_month[month].assigned) for key, by_month in stood.items()}


def drawn(row: Compared) -> dict[str, str]:
    """The figures of the drawing, in percent."""
    shares = {"share": row.rate.share or 0, "usual": row.usual, "low": row.low, "high": row.high}
    return {name: f"{100 * share:.2f}" for name, share in shares.items()}


urlpatterns = [path("scorecards/comparison", comparison, name="score_comparison")]
