"""Visits to villages: what waits and what was done, and a new one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal
from casework.models import CatalogueItem, Person, Unit
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do
from casework.rights.territories import villages_of
from casework.values.numbers import whole_number
from oversight.models import VillageVisit, VillageVisitKind, VisitState
from oversight.visits.planning import plan_visit
from oversight.visits.queries import NEEDS, Narrowed, narrowed
from oversight.visits.records import OPEN_STATES
from oversight.visits.rights import inspectors_for, visits_seen_by
from web.pages.fields import SAVED, DayField, show_refusals
from web.pages.form_words import WordedForm
from web.pages.units import found_villages
from web.requests import Request

PAGE = 40
LONGEST_CODE = 100
SHOWS = {"open": _("To make"), "done": _("Done"), "called_off": _("Called off")}


def require_reader(request: Request) -> None:
    if not may_do(request.user, OfficeAction.SEE_VISITS, request.on):
        raise NotAllowed("no_visits", _("Visits are read by inspectors and by the offices of counties and the city."))


def visits(request: Request) -> HttpResponse:
    """What waits, by the day until which somebody goes; or what was done, the latest first."""
    require_reader(request)
    show = request.GET.get("show") if request.GET.get("show") in SHOWS else "open"
    may_plan = may_do(request.user, OfficeAction.PLAN_VISIT, request.on)
    by = narrowed_by(request)
    if not may_plan and "inspector" not in request.GET:
        by = replace(by, inspector=request.user.pk)  # an inspector's own ones, until the colleagues' are asked for
    seen = narrowed(visits_seen_by(request.user, request.on), by).select_related(*NEEDS, "signature")
    after = request.GET.get("after", "")
    rows, next_key = page_of_open(seen, after) if show == "open" else page_of_ended(seen, str(show), after)
    return render(
        request,
        "visits/list.html",
        {
            "visits": rows,
            "next_key": next_key,
            "show": show,
            "shows": list(SHOWS.items()),
            "kinds": VillageVisitKind.choices,
            "by": by,
            "village": Unit.objects.filter(code=by.village).first() if by.village else None,
            "item": CatalogueItem.objects.filter(code=by.item).first() if by.item else None,
            "on": request.on,
            "may_plan": may_plan,
            "with_inspector": by.inspector is None,
            "is_mine": not may_plan and by.inspector == request.user.pk,
        },
    )


def narrowed_by(request: Request) -> Narrowed:
    """What the address says; what can't be read narrows nothing."""
    said = request.GET
    kind = said.get("kind", "")
    return Narrowed(
        kind=kind if kind in VillageVisitKind.values else "",
        village=said.get("village", "")[:LONGEST_CODE],
        item=said.get("item", "")[:LONGEST_CODE],
        county=said.get("county", "")[:LONGEST_CODE],
        inspector=whole_number(said.get("inspector", "")),
        first=day_of(said.get("first", "")),
        last=day_of(said.get("last", "")),
        is_wrong=said.get("wrong") == "1",
    )


def day_of(words: str) -> date | None:
    try:
        day = date.fromisoformat(words)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2200 else None


def page_of_open(visits: QuerySet[VillageVisit], after: str) -> tuple[list[VillageVisit], str]:
    day, pk = key_of(after)
    found = visits.filter(state__in=OPEN_STATES).order_by("due_by", "id")
    if (due := day_of(day)) is not None and pk is not None:
        found = found.filter(Q(due_by__gt=due) | Q(due_by=due, id__gt=pk))
    return first_page(list(found[: PAGE + 1]), "due_by")


def page_of_ended(visits: QuerySet[VillageVisit], show: str, after: str) -> tuple[list[VillageVisit], str]:
    """The done ones by the moment at which they were done, those that were called off by that of the decision."""
    field = "done_at" if show == "done" else "called_off_at"
    state = VisitState.DONE if show == "done" else VisitState.CALLED_OFF
    moment, pk = key_of(after)
    found = visits.filter(state=state).order_by(f"-{field}", "-id")
    if (at := moment_of(moment)) is not None and pk is not None:
        found = found.filter(Q(**{f"{field}__lt": at}) | Q(**{field: at}, id__lt=pk))
    return first_page(list(found[: PAGE + 1]), field)


def first_page(rows: Sequence[VillageVisit], field: str) -> tuple[list[VillageVisit], str]:
    page = list(rows[:PAGE])
    return page, f"{getattr(page[-1], field).isoformat()}_{page[-1].pk}" if len(rows) > PAGE else ""


def key_of(after: str) -> tuple[str, int | None]:
    first, _sign, pk = after[:80].rpartition("_")
    return first, whole_number(pk)


def moment_of(words: str) -> datetime | None:
    try:
        at = parse_datetime(words.replace(" ", "+"))
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None and 2000 <= at.year <= 2200 else None


class PlanForm(WordedForm):
    """The village by typing, as when a problem is reported."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    village = forms.CharField(
        label=_("Village"),
        help_text=_("Type a part of the name or the code."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-picker": "units"}),
    )
    village_code = forms.CharField(widget=forms.HiddenInput(attrs={"data-picked": ""}), required=False)
    kind = forms.ChoiceField(label=_("Why does somebody go?"), choices=VillageVisitKind.choices)
    inspector = forms.ChoiceField(
        label=_("Who goes?"), help_text=_("Nobody inspects a village or town in which they sit or sat lately.")
    )
    due_by = DayField(label=_("Until when?"))

    def __init__(self, *args: Any, request: Request, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.villages = villages_of(request.user, OfficeAction.PLAN_VISIT, on=request.on)
        self.people = {str(one.pk): one for one in inspectors_for(request.user, request.on)}
        self.candidates: list[Unit] = []
        inspector = self.fields["inspector"]
        assert isinstance(inspector, forms.ChoiceField)
        inspector.choices = [("", _("Choose")), *((key, str(one)) for key, one in self.people.items())]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        name = said.get("village", "").strip()
        village = self.villages.filter(code=said.get("village_code") or name).first()
        if village is None and name:
            found = list(found_villages(self.villages, name)[:20])
            exact = [one for one in found if one.name == name]
            if len(exact) == 1 or len(found) == 1:
                village = (exact if len(exact) == 1 else found)[0]
            elif found:
                self.candidates = found
                self.add_error("village", _("Several villages match. Choose one of them."))
            else:
                self.add_error("village", _("Your office's area has no village of this name or code."))
        said["village_unit"] = village
        return said

    def chosen_inspector(self) -> Person:
        return self.people[self.cleaned_data["inspector"]]


def new_visit(request: Request) -> HttpResponse:
    if not may_do(request.user, OfficeAction.PLAN_VISIT, request.on):
        raise NotAllowed("no_planning_post", _("Visits are planned by the offices of counties and the city."))
    if request.method != "POST":
        code = request.GET.get("village", "")[:LONGEST_CODE]
        village = villages_of(request.user, OfficeAction.PLAN_VISIT, on=request.on).filter(code=code).first()
        initial = {"village": village.name, "village_code": village.code} if village else {}
        return render(request, "visits/new.html", {"form": PlanForm(request=request, initial=initial)})
    form = PlanForm(request.POST, request=request)
    if not form.is_valid():
        return render(request, "visits/new.html", {"form": form}, status=422)
    said = form.cleaned_data
    try:
        made = plan_visit(
            village=said["village_unit"],
            inspector=form.chosen_inspector(),
            due_by=said["due_by"],
            kind=said["kind"],
            by=request.user,
            at=request.at,
            key=said["key"],
        )
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        return render(request, "visits/new.html", {"form": form}, status=error.status)
    messages.success(request, gettext("The visit is planned; its inspector finds it on the first page."), SAVED)
    return redirect("visit", pk=made.pk)


urlpatterns = [
    path("visits", visits, name="visits"),
    path("visits/new", new_visit, name="new_visit"),
]
