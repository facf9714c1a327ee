"""Home: a sentence, then what waits for me, what came back, what is late."""

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from casework.escalation.sweeping import silent_since
from casework.models import Case, RestingRow
from casework.queries import (
    came_back,
    candidates_to_decide,
    count_waiting,
    extensions_to_decide,
    first_waiting,
    letters_to_act_on,
    look_backs_for,
    overdue,
    visible,
    wider_checks_for,
)
from casework.rights import OfficeAction
from casework.roles import holds, may_do, posts_held, referred_to
from casework.stages import DESK_ROLES, Role
from casework.working_time import calendar
from notifications.channels import CHANNELS
from notifications.models import BlockedChannel
from oversight.spot_checks import visits_of
from web.pages.cases import ROW_NEEDS
from web.requests import Request

SHOWN = 6
LETTER_NEEDS = ("case__village", "issuer", "addressee", "receipt")
# Beyond this a count says "many": nobody plans the day by the difference between 200 and 300.
MOST_COUNTED = 200


def home(request: Request) -> HttpResponse:
    person, on = request.user, request.on
    held = posts_held(person, on)
    has_desk = holds(person, DESK_ROLES, on)
    lists = []
    if has_desk:
        lists = [
            ("waiting", rows(first_waiting(person, on, SHOWN + 1))),
            ("came_back", rows(came_back(person, on, SHOWN + 1))),
            ("extensions", rows(extensions_to_decide(person, on))),
        ]
    if has_desk or holds(person, [Role.INSPECTOR], on):
        lists.append(("overdue", rows(overdue(person, on, SHOWN + 1))))
    if holds(person, [Role.INSPECTOR, Role.VOLUNTEER], on):
        lists.append(("reported", rows(visible(person, on).filter(reported_by=person).order_by("-id"))))
    is_discipline_office = any(one.is_discipline_office for one in held)
    if is_discipline_office:
        lists.append(("referred", rows(Case.objects.filter(referred_to(person, on)).order_by("-id"))))
    tomorrow = on + timedelta(days=1)
    return render(
        request,
        "home/home.html",
        {
            "held": held,
            "has_desk": has_desk,
            "may_report": may_do(person, OfficeAction.FIND, on),
            "is_administrator": may_do(person, OfficeAction.ADMINISTER, on),
            **(troubles() if may_do(person, OfficeAction.WATCH_CLOCKS, on) else {}),
            "missing_year": missing_year(on) if may_do(person, OfficeAction.SET_RULES, on) else None,
            "count": count_waiting(person, on, MOST_COUNTED + 1) if has_desk else 0,
            "most": MOST_COUNTED,
            "due_soon": count_waiting(person, on, MOST_COUNTED + 1, due=(on, tomorrow)) if has_desk else 0,
            "letters": list(letters_to_act_on(person, on).select_related(*LETTER_NEEDS)[: SHOWN + 1])
            if has_desk
            else [],
            "look_backs": list(look_backs_for(person, on)[:SHOWN]),
            "candidates": candidates_to_decide(person, on).order_by()[: MOST_COUNTED + 1].count()
            if may_do(person, OfficeAction.DECIDE_RELAPSE, on)
            else 0,
            "wider_checks": wider_checks_for(person, on),
            "visits": visits_of(person, on),
            "is_discipline_office": is_discipline_office,
            "lists": [(name, found[:SHOWN], len(found) > SHOWN) for name, found in lists],
        },
    )


def troubles() -> dict[str, Any]:
    """What does not run: the clocks as a whole, single clocks and rows, channels."""
    resting = list(RestingRow.objects.select_related("case").order_by("-since", "-id")[: SHOWN + 1])
    return {
        "silent_since": silent_since(at=timezone.now()),
        "resting": resting[:SHOWN],
        "more_rest": len(resting) > SHOWN,
        "blocked": [
            (CHANNELS[row.channel].label if row.channel in CHANNELS else row.channel, row)
            for row in BlockedChannel.objects.select_related("endpoint__unit").order_by("since")[:SHOWN]
        ],
    }


def missing_year(on: date) -> int | None:
    """The year whose working days should be known by now and aren't: next year's are announced in November."""
    year = on.year + (on.month >= 11)
    return year if calendar.current().is_provisional(date(year, 1, 1)) else None


def rows(cases: QuerySet[Case]) -> list[Case]:
    return list(cases.select_related(*ROW_NEEDS)[: SHOWN + 1])


urlpatterns = [path("", home, name="home")]
