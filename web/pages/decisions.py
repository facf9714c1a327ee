"""Decisions on major matters: those of an area, of one village, and one with its six steps."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal
from casework.rights.territories import villages_seen_by
from casework.talk.attachments import files_of
from oversight.decisions.deciding import effective_steps, open_decision
from oversight.decisions.judging import (
    Fault,
    faults_of,
    has_majority,
    has_quorum,
    needed_in_favour,
    needed_present,
)
from oversight.decisions.records import Decision, DecisionStep, StepKind
from oversight.duty.records import GapKind
from oversight.rights import enters_from_paper, may_enter_for
from web.pages.fields import SAVED, show_refusals
from web.pages.form_words import WordedForm
from web.pages.numbered_pages import NumberedPage, numbered_page
from web.pages.village_pages import chosen_area, own_village, readable_village, require_reader
from web.requests import Request

LISTED = 30


class DecisionForm(WordedForm):
    matter = forms.CharField(
        label=_("Matter"), help_text=_("Such as: lease of the eastern pond, 2026 to 2029."), max_length=120
    )
    words = forms.CharField(
        label=_("What it is about"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=4000
    )


@dataclass(frozen=True)
class Row:
    """A decision in a list: how far it is, and what is wrong with it."""

    decision: Decision
    taken: int
    faults: list[Fault]


def rows_of(request: Request, decisions: QuerySet[Decision]) -> tuple[NumberedPage, list[Row]]:
    """A page of decisions with their steps: two queries."""
    page = numbered_page(request, decisions.select_related("village__parent"), size=LISTED)
    steps: dict[int, list[DecisionStep]] = {one.pk: [] for one in page.rows}
    for step in effective_steps().filter(decision__in=steps).order_by("kind"):
        steps[step.decision_id].append(step)
    return page, [Row(one, len(steps[one.pk]), list(faults_of(steps[one.pk], on=request.on))) for one in page.rows]


def decisions(request: Request) -> HttpResponse:
    """Those of the area; a committee goes straight to its own."""
    require_reader(request)
    if (own := own_village(request)) is not None:
        return redirect("village_decisions", code=own.code)
    unit, villages = chosen_area(request)
    found = Decision.objects.filter(village__in=villages.order_by().values("pk"))
    page, rows = rows_of(request, found)
    return render(request, "decisions/list.html", {"page": page, "rows": rows, "unit": unit, "names_village": True})


def village_decisions(request: Request, code: str) -> HttpResponse:
    """A village's decisions; its committee, or its town from paper, opens one here."""
    village = readable_village(request, code)
    may_enter = may_enter_for(request.user, village, request.on)
    form = DecisionForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            try:
                made = open_decision(
                    village=village, matter=said["matter"], words=said["words"], by=request.user, at=request.at
                )
            except Refusal as error:
                if isinstance(error, NotAllowed):
                    raise
                show_refusals(form, error)
                status = error.status
            else:
                messages.success(request, gettext("It is entered. Now its steps, one by one."), extra_tags=SAVED)
                return redirect("decision", pk=made.pk)
        elif not may_enter:
            open_decision(village=village, matter="", by=request.user, at=request.at)
    page, rows = rows_of(request, Decision.objects.filter(village=village))
    return render(
        request,
        "decisions/list.html",
        {
            "page": page,
            "rows": rows,
            "village": village,
            "form": form if may_enter else None,
            "from_paper": may_enter and enters_from_paper(request.user, village, request.on),
        },
        status=status,
    )


def readable_decision(request: Request, pk: int) -> Decision:
    found = Decision.objects.filter(pk=pk).select_related("village__parent", "by").first()
    if found is None or not villages_seen_by(request.user, on=request.on).filter(pk=found.village_id).exists():
        raise Http404
    return found


@dataclass(frozen=True)
class Shown:
    """One of the six steps as the page shows it."""

    kind: StepKind
    step: DecisionStep | None
    faults: list[Fault]
    is_next: bool

    @property
    def quorum(self) -> tuple[bool, int] | None:
        return _judged(has_quorum(self.step), needed_present(self.step)) if self.step else None

    @property
    def majority(self) -> tuple[bool, int] | None:
        return _judged(has_majority(self.step), needed_in_favour(self.step)) if self.step else None

    @property
    def is_missing(self) -> bool:
        return any(fault.kind == GapKind.STEP_MISSING for fault in self.faults)

    @property
    def is_early(self) -> bool:
        return any(fault.kind == GapKind.STEP_EARLY for fault in self.faults)

    @property
    def files(self) -> list[tuple[int, object]]:
        return list(enumerate(files_of(self.step.files), start=1)) if self.step else []


def _judged(is_met: bool | None, needed: int | None) -> tuple[bool, int] | None:
    return None if is_met is None or needed is None else (is_met, needed)


def decision(request: Request, pk: int) -> HttpResponse:
    """A decision with its six steps, the quorum and majority of each vote, and what is missing or too early."""
    found = readable_decision(request, pk)
    steps = {one.kind: one for one in effective_steps().filter(decision=found).select_related("by", "minutes")}
    faults = list(faults_of(list(steps.values()), on=request.on))
    nothing_yet = next((kind for kind in StepKind if kind not in steps), None)
    return render(
        request,
        "decisions/decision.html",
        {
            "decision": found,
            "shown": [
                Shown(kind, steps.get(kind), [one for one in faults if one.step == kind], kind == nothing_yet)
                for kind in StepKind
            ],
            "faults": faults,
            "is_whole": len(steps) == len(StepKind),
            "may_enter": may_enter_for(request.user, found.village, request.on),
        },
    )


urlpatterns = [
    path("decisions", decisions, name="decisions"),
    path("decisions/villages/<str:code>", village_decisions, name="village_decisions"),
    path("decisions/<int:pk>", decision, name="decision"),
]
