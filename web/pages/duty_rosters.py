"""A month's roster: proposed by turns, edited, saved, printed for the wall."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext

from casework.errors import NotAllowed, Refusal
from casework.models import Person, Unit
from casework.rights.territories import lines_above
from casework.values.numbers import whole_number
from casework.working_time.deadlines import ONE_DAY
from oversight.duty.queries import members_on, roster_of, turns_of
from oversight.duty.rosters import Turn, next_month, proposal, save_roster
from oversight.duty.rules import Rules
from oversight.mechanisms.corrections import EARLIEST
from oversight.rights import may_enter_for
from web.pages.fields import SAVED, DayField
from web.pages.village_pages import readable_village
from web.requests import Request

# A duty day a day, and some room to add.
MOST_ROWS, SPARE_ROWS = 40, 3


@dataclass(frozen=True)
class Line:
    """A row of the form as it was typed."""

    day: str
    person: int | None


def month_from(words: str) -> date:
    try:
        month = date.fromisoformat(f"{words}-01")
    except ValueError as error:
        raise Http404 from error
    if not EARLIEST <= month <= date(2100, 1, 1):
        raise Http404
    return month


def roster(request: Request, code: str, month: str) -> HttpResponse:
    village, first = readable_village(request, code), month_from(month)
    if request.method != "POST":
        return show(request, village, first)
    lines = [
        Line(day.strip()[:10], whole_number(person))
        for day, person in zip(request.POST.getlist("day"), request.POST.getlist("person"), strict=False)
        if day.strip() or person
    ][:MOST_ROWS]
    try:
        save_roster(village=village, month=first, turns=_turns(lines), by=request.user, at=request.at)
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        return show(request, village, first, lines=lines, sentences=[str(one) for one in error.each()])
    except forms.ValidationError:
        sentence = gettext("A row has no day, or no person. Fill in both, or clear the row.")
        return show(request, village, first, lines=lines, sentences=[sentence])
    messages.success(request, gettext("The roster is saved."), extra_tags=SAVED)
    return redirect("roster", code=code, month=month)


def _turns(lines: list[Line]) -> list[Turn]:
    found = []
    for line in lines:
        if line.person is None:
            raise forms.ValidationError("person")
        found.append((DayField().clean(line.day), line.person))
    return found


def show(
    request: Request,
    village: Unit,
    month: date,
    *,
    lines: list[Line] | None = None,
    sentences: list[str] | None = None,
) -> HttpResponse:
    saved = roster_of(village, month)
    turns = turns_of(saved) if saved else []
    rule = rule_of(village, month)
    proposed: list[Turn] = proposal(village, month, rule.duty_every) if rule and not saved else []
    members = members_on(village, month)
    may_enter = may_enter_for(request.user, village, request.on)
    if lines is None:
        asked = [(turn.day, turn.person_id) for turn in turns] or proposed
        lines = [Line(str(day), person) for day, person in asked]
    spare = [Line("", None)] * min(SPARE_ROWS, MOST_ROWS - len(lines))
    return render(
        request,
        "duty/roster.html",
        {
            "village": village,
            "month": month,
            "before": (month - ONE_DAY).replace(day=1),
            "after": next_month(month),
            "saved": saved,
            "turns": turns,
            "people": _with(members, turns),
            "lines": [*lines, *spare],
            "is_proposal": not saved and bool(proposed),
            "rule": rule,
            "may_enter": may_enter,
            "sentences": sentences or [],
        },
        status=422 if sentences else 200,
    )


def _with(members: list[Person], turns: list[Any]) -> list[Person]:
    """The members of the month's first day, and whoever stands on the roster since."""
    people = {member.pk: member for member in members}
    for turn in turns:
        people.setdefault(turn.person_id, turn.person)
    return list(people.values())


def rule_of(village: Unit, day: date) -> Any:
    county = lines_above([village], on=day)[village.pk].county
    return Rules([county.pk]).on(county.pk, day) if county else None


def roster_sheet(request: Request, code: str, month: str) -> HttpResponse:
    """The roster as a page of A4 for the wall."""
    village, first = readable_village(request, code), month_from(month)
    saved = roster_of(village, first)
    if saved is None:
        raise Http404
    return render(
        request,
        "duty/roster_sheet.html",
        {"village": village, "month": first, "turns": turns_of(saved), "saved": saved},
    )


urlpatterns = [
    path("duty/villages/<str:code>/rosters/<str:month>", roster, name="roster"),
    path("duty/villages/<str:code>/rosters/<str:month>/sheet", roster_sheet, name="roster_sheet"),
]
