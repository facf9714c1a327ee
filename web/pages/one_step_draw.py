"""A draw of before lists were frozen under a hash: it stays to be read as it was."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path

from casework.models import Person, SpotCheckDraw, Unit
from oversight.spot_checks.one_step import one_step_draws
from web.requests import Request


def spot_check(request: Request, pk: int) -> HttpResponse:
    """Which villages, why, and who goes there."""
    readable = one_step_draws(request.user, request.on).select_related("county", "by", "earlier")
    found = get_object_or_404(readable, pk=pk)
    return render(
        request,
        "analysis/one_step_draw.html",
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


urlpatterns = [path("spot-checks/<int:pk>", spot_check, name="spot_check")]
