"""The draw of a spot check: an office draws, those who go there read it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from casework.errors import NotAllowed, Refusal
from casework.models import Person, SpotCheckDraw, Unit
from casework.numbers import whole_number
from oversight.spot_checks import draw, seen_by
from web.requests import Request

MOST_REASON = 500  # characters


def spot_check(request: Request, pk: int) -> HttpResponse:
    """Which villages, why, and who goes there."""
    readable = seen_by(request.user, request.on).select_related("county", "by", "earlier")
    found = get_object_or_404(readable, pk=pk)
    return render(
        request,
        "analysis/spot_check.html",
        {"draw": found, "visits": visit_rows(found), "repeated_by": list(found.repeated_by.order_by("at"))},
    )


def visit_rows(found: SpotCheckDraw) -> list[dict[str, Any]]:
    weights = dict(found.population)
    villages = Unit.objects.select_related("parent").in_bulk([village for village, _inspector in found.visits])
    people = Person.objects.in_bulk([inspector for _village, inspector in found.visits if inspector])
    return [
        {"village": villages[village], "inspector": people.get(inspector), "expected": weights.get(village)}
        for village, inspector in found.visits
    ]


@require_POST
def new_spot_check(request: Request) -> HttpResponse:
    county = get_object_or_404(Unit, code=request.POST.get("county", ""))
    number = whole_number(request.POST.get("number", "")) or 0
    try:
        made = draw(
            county=county,
            number=number,
            reason=request.POST.get("reason", "")[:MOST_REASON],
            by=request.user,
            at=request.at,
        )
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        messages.error(request, str(error))
        return redirect(f"{reverse('analysis')}#spot-checks")
    messages.success(request, gettext("Drawn. Those who go there find it among what they have to do."))
    return redirect("spot_check", pk=made.pk)


urlpatterns = [
    path("spot-checks", new_spot_check, name="spot_checks"),
    path("spot-checks/<int:pk>", spot_check, name="spot_check"),
]
