"""Handovers of ended terms: a table of an area by state, and the shares before and after the change of term."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed
from casework.models import Unit
from casework.models.unit import UnitLevel
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do, posts_for
from casework.values.numbers import whole_number
from oversight.handover.comparison import DAYS, FOLLOWED, before_and_after
from oversight.handover.queries import State, counts_by_area, in_state, state_of, to_sign, visible_to
from oversight.models import HandoverPack
from web.requests import Request

PAGE = 30
MOST_TO_SIGN = 12
# The comparison and the link to the cases: changes of term of the last year.
A_YEAR = timedelta(days=365)
NEEDS = ("unit", "witness_unit", "county", "outgoing")


def require_reader(request: Request) -> None:
    if not may_do(request.user, OfficeAction.SEE_HANDOVERS, request.on):
        raise NotAllowed(
            "no_handovers",
            _(
                "Handovers are read by villages, towns, counties and the city; your own one is a link on your home page."
            ),
        )


def handovers(request: Request) -> HttpResponse:
    """What waits for the reader's signature; how many are in which state, by area; then the handovers themselves."""
    require_reader(request)
    on = request.on
    found = visible_to(request.user, on)
    area, column = chosen_area(request)
    if area is not None:
        found = found.filter(**{"county" if area.level == UnitLevel.COUNTY else "witness_unit": area})
    state = State(request.GET["state"]) if request.GET.get("state") in State.values else None
    after = whole_number(request.GET.get("after", ""))
    shown = found if state is None else found.filter(in_state(state, on))
    shown = shown if after is None else shown.filter(pk__lt=after)
    rows = list(shown.select_related(*NEEDS).prefetch_related("signatures").order_by("-pk")[: PAGE + 1])
    is_office = may_do(request.user, OfficeAction.WITNESS_HANDOVER, on)
    return render(
        request,
        "handovers/list.html",
        {
            "to_sign": list(to_sign(request.user, on).select_related(*NEEDS)[:MOST_TO_SIGN]) if after is None else [],
            "counts": counts_by_area(found, column, on) if is_office and after is None else [],
            "opens_area": column == "county",
            "rows": [(pack, state_of(pack, on), named(pack)) for pack in rows[:PAGE]],
            "next_query": urlencode(query(state, area) | {"after": rows[PAGE - 1].pk}) if len(rows) > PAGE else "",
            "states": [(one, "?" + urlencode(query(one, area)), one == state) for one in State],
            "state": state,
            "area": area,
            "is_office": is_office,
            "all_query": "?" + urlencode(query(None, area)),
            "on": on,
        },
    )


def query(state: State | None, area: Unit | None) -> dict[str, Any]:
    return {**({"state": state.value} if state else {}), **({"unit": area.code} if area else {})}


def named(pack: HandoverPack) -> dict[str, Any]:
    """What became of each side, by its name."""
    return {one.side: one for one in pack.signatures.all()}


def chosen_area(request: Request) -> tuple[Unit | None, str]:
    """The county or town of the address, and by which column its parts are counted: the city by county, others by town."""
    code = request.GET.get("unit", "")[:20]
    levels = (UnitLevel.COUNTY, UnitLevel.TOWN)
    area = Unit.objects.filter(code=code, level__in=levels).first() if code else None
    of_city = any(
        held.unit_level == UnitLevel.CITY for held in posts_for(request.user, OfficeAction.SEE_HANDOVERS, request.on)
    )
    return area, "county" if of_city and area is None else "witness_unit"


def comparison(request: Request) -> HttpResponse:
    """Relapses and missed deadlines before and after the changes of term of the last year, in the reader's area."""
    if not may_do(request.user, OfficeAction.WITNESS_HANDOVER, request.on):
        raise NotAllowed(
            "no_comparison", _("What changed after a change of term is read by towns, counties and the city.")
        )
    since = request.on - A_YEAR
    packs = changes_since(request, since)
    return render(
        request,
        "handovers/comparison.html",
        {
            "found": before_and_after(packs, on=request.on),
            "days": DAYS.days,
            "followed": FOLLOWED.days,
            "since": since,
            "cases_query": urlencode({"taken_over": "1", "term_from": since, "term_until": request.on}),
        },
    )


def changes_since(request: Request, since: date) -> QuerySet[HandoverPack]:
    return visible_to(request.user, request.on).filter(ended_on__gte=since)


urlpatterns = [
    path("handovers", handovers, name="handovers"),
    path("handovers/comparison", comparison, name="handover_comparison"),
]
