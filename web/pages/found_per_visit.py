"""Found per visit: by visit, item and village, with intervals; each figure opens its visits."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed
from casework.models import CatalogueItem, Unit
from oversight.models import VillageVisitKind
from oversight.visits.figures import Share, VisitScope, by_item, by_village, in_all
from web.pages.analysis import PERIODS, counties_of
from web.requests import Request
from web.templatetags.words import local_name

MOST_LINES = 60


def found_per_visit(request: Request) -> HttpResponse:
    on = request.on
    counties = counties_of(request.user, on)
    if not counties:
        raise NotAllowed("no_analysis_post", _("The analysis is for the offices of counties and the city."))
    chosen = [county for county in counties if county.code == request.GET.get("county")] or counties
    period = request.GET.get("period", "") if request.GET.get("period") in PERIODS else "year"
    kind = request.GET.get("kind", "") if request.GET.get("kind") in VillageVisitKind.values else ""
    days, _words = PERIODS[period]
    scope = VisitScope(tuple(county.pk for county in chosen), on - timedelta(days=days), on, kind)
    county = chosen[0].code if len(chosen) == 1 and len(counties) > 1 else ""
    whole = in_all(scope)
    items, villages = by_item(scope), by_village(scope)
    return render(
        request,
        "visits/found_per_visit.html",
        {
            "counties": counties if len(counties) > 1 else [],
            "county": county,
            "periods": [(name, words) for name, (_days, words) in PERIODS.items()],
            "period": period,
            "kinds": VillageVisitKind.choices,
            "kind": kind,
            "whole": whole,
            "all_url": visits_url(scope, county),
            "wrong_url": visits_url(scope, county, wrong="1"),
            "items": item_lines(items[:MOST_LINES], scope, county),
            "villages": village_lines(villages[:MOST_LINES], scope, county),
            "more_items": len(items) > MOST_LINES,
            "more_villages": len(villages) > MOST_LINES,
            "widest": max((one.found.high or 0 for one in [*items[:MOST_LINES], *villages[:MOST_LINES]]), default=0),
        },
    )


def visits_url(scope: VisitScope, county: str, **more: str) -> str:
    """The visits behind a figure."""
    query = {"show": "done", "first": scope.first.isoformat(), "last": scope.last.isoformat(), **more}
    query |= {name: value for name, value in (("kind", scope.kind), ("county", county)) if value}
    return f"{reverse('visits')}?{urlencode(query)}"


def item_lines(shares: list[Share], scope: VisitScope, county: str) -> list[dict[str, Any]]:
    items = CatalogueItem.objects.in_bulk([one.key for one in shares])
    return [
        {
            "share": one,
            "name": local_name(items[one.key]),
            "more": "",
            "url": visits_url(scope, county, item=items[one.key].code),
        }
        for one in shares
    ]


def village_lines(shares: list[Share], scope: VisitScope, county: str) -> list[dict[str, Any]]:
    villages = Unit.objects.select_related("parent").in_bulk([one.key for one in shares])
    return [
        {
            "share": one,
            "name": villages[one.key].name,
            "more": above.name if (above := villages[one.key].parent) else "",
            "url": visits_url(scope, county, village=villages[one.key].code),
        }
        for one in shares
    ]


urlpatterns = [path("visits/found", found_per_visit, name="found_per_visit")]
