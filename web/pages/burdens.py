"""The burden meter: what each village was asked for in a month."""

from collections import Counter
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed
from casework.models import Unit
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do
from casework.rights.territories import lines_above, villages_seen_by
from casework.working_time.deadlines import local_day
from notifications.burden import burdens, month_of
from oversight.duty.asked import Entered, entered_for
from oversight.visits.queries import visits_by_village
from web.requests import Request

SHOWN = 200
FIRST = date(2000, 2, 1)  # nothing is older, and there is a month before it


def burden(request: Request) -> HttpResponse:
    on = request.on
    if not may_do(request.user, OfficeAction.SEE_BURDEN, on):
        raise NotAllowed("no_burden_post", _("The burden meter is for towns and offices."))
    month = month_from(request.GET.get("month", ""), on)
    villages = list(villages_seen_by(request.user, on=on).select_related("parent"))
    during = month_of(month)
    entered = entered_for([one.pk for one in villages], *during)
    entries = {pk: one.total for pk, one in entered.items()}
    found = burdens(villages, month=month, visits=visits_by_village(villages, *during), entries=entries)
    asked = [one for one in found if one.total]
    return render(
        request,
        "villages/burden.html",
        {
            "month": month,
            "earlier": (month.replace(day=1) - month.resolution).replace(day=1),
            "later": local_day(month_of(month)[1]) if month < on.replace(day=1) else None,
            "burdens": [(one, entered.get(one.village.pk)) for one in asked[:SHOWN]],
            "asked_by": asked_by([one for one in villages if one.pk in entered], entered, on),
            "quiet": len(found) - len(asked),
            "most": asked[0].total if asked else 0,
        },
    )


def asked_by(villages: list[Unit], entered: dict[int, Entered], on: date) -> list[tuple[str, int]]:
    """Whose rule asked for the entries: each county with its number, the most first."""
    counts = Counter[str]()
    for pk, line in lines_above(villages, on=on).items():
        if line.county is not None:
            counts[line.county.name] += entered[pk].total
    return counts.most_common()


def month_from(words: str, on: date) -> date:
    try:
        month = date.fromisoformat(f"{words}-01")
    except ValueError:
        return on.replace(day=1)
    return min(max(month, FIRST), on)


urlpatterns = [path("burden", burden, name="burden")]
