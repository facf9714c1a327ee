"""A village with its problem list; printable."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from casework.lists.paging import page_of
from casework.models import Case, Measure, Term
from casework.models.unit import on_day
from casework.queries import visible
from casework.rights.held_posts import posts_held
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do
from casework.stages import COMMITTEE, OPEN
from oversight.rights import may_enter_for
from oversight.visits.rights import visits_shown_on_village
from web.pages.cases import ROW_NEEDS
from web.pages.units import found_villages, readable
from web.pages.walls import walls_shown_on_village
from web.requests import Request

FOUND_AT_ONCE = 60
PRINTED = 200
VISITS = 6
WALLS = 12


def villages(request: Request) -> HttpResponse:
    """The villages under the reader's posts, by typing; somebody with one village goes straight there."""
    own = [one for one in posts_held(request.user, request.on) if one.role in COMMITTEE]
    words = request.GET.get("words", "").strip()[:40]
    found = list(found_villages(readable(request), words)[: FOUND_AT_ONCE + 1])
    if not words and len(found) == 1 and own:
        return redirect("village", code=found[0].code)
    return render(
        request,
        "villages/list.html",
        {
            "words": words,
            "villages": found[:FOUND_AT_ONCE],
            "has_more": len(found) > FOUND_AT_ONCE,
            "may_let_in": may_do(request.user, OfficeAction.LET_IN, request.on),
        },
    )


def measures_of(cases: list[Case]) -> dict[int, list[Measure]]:
    """The measures of the latest plan of each case, for the list on paper: one query."""
    latest: dict[int, list[Measure]] = {}
    for measure in (
        Measure.objects.filter(plan__case__in=cases).select_related("plan").order_by("plan__number", "number")
    ):
        found = latest.setdefault(measure.plan.case_id, [])
        if found and found[0].plan_id != measure.plan_id:
            found.clear()
        found.append(measure)
    return latest


def village(request: Request, code: str) -> HttpResponse:
    on = request.on
    unit = readable(request).select_related("parent__parent").filter(code=code).first()
    if unit is None:
        raise Http404
    cases = visible(request.user, on).filter(village=unit)
    open_cases = list(cases.filter(stage__in=OPEN).select_related(*ROW_NEEDS).order_by("due_on", "id")[:PRINTED])
    ended = page_of([cases.exclude(stage__in=OPEN)], sort="new", after=request.GET.get("after", ""), needs=ROW_NEEDS)
    committee = (
        Term.objects.filter(on_day(on), post__unit=unit, post__role__in=COMMITTEE)
        .select_related("person", "post")
        .order_by("post__role", "post__number")
    )
    return render(
        request,
        "villages/village.html",
        {
            "village": unit,
            "open_cases": open_cases,
            "measures": measures_of([*open_cases, *ended.cases]),
            "ended": ended,
            "committee": list(committee),
            "walls": walls_shown_on_village(request, unit, WALLS),
            "visits": list(visits_shown_on_village(request.user, unit, on)[:VISITS]),
            "may_list_visits": may_do(request.user, OfficeAction.SEE_VISITS, on),
            "may_let_in": may_do(request.user, OfficeAction.LET_IN, on),
            "may_enter": may_enter_for(request.user, unit, on),
            "may_report": may_do(request.user, OfficeAction.REPORT, on),
            "on": on,
        },
    )


urlpatterns = [
    path("villages", villages, name="villages"),
    path("villages/<str:code>", village, name="village"),
]
