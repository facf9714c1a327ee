"""Finding a village by typing: 1,334 names, many of them twice."""

from django.db.models import Q, QuerySet
from django.http import JsonResponse
from django.urls import path

from casework.models import Unit
from casework.rights.territories import villages_reportable_by, villages_seen_by
from web.requests import Request

SHOWN = 20


def reportable(request: Request) -> QuerySet[Unit]:
    return villages_reportable_by(request.user, on=request.on)


def readable(request: Request) -> QuerySet[Unit]:
    return villages_seen_by(request.user, on=request.on)


def found_villages(villages: QuerySet[Unit], words: str) -> QuerySet[Unit]:
    """Villages in whose name, code or town's name each word stands; the town tells two of one name apart."""
    for word in words.split()[:4]:
        villages = villages.filter(Q(name__icontains=word) | Q(code__startswith=word) | Q(parent__name__icontains=word))
    return villages.select_related("parent__parent").order_by("path")


def search(request: Request) -> JsonResponse:
    """What the picker asks while somebody types: `words`, and `for=report` where a report is meant."""
    words = request.GET.get("words", "").strip()[:40]
    villages = reportable(request) if request.GET.get("for") == "report" else readable(request)
    found = list(found_villages(villages, words)[: SHOWN + 1]) if words else []
    return JsonResponse(
        {
            "units": [{"code": unit.code, "name": unit.name, "above": above(unit)} for unit in found][:SHOWN],
            "has_more": len(found) > SHOWN,
        }
    )


def above(unit: Unit) -> str:
    """County and town, in words."""
    names = [
        unit.parent.parent.name if unit.parent and unit.parent.parent else "",
        unit.parent.name if unit.parent else "",
    ]
    return " · ".join(name for name in names if name)


urlpatterns = [path("units", search, name="units")]
