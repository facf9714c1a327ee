"""A step of a decision: entered, corrected by a later entry, or taken back; minutes that are there already serve it."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.errors import NotAllowed, Refusal
from casework.talk.attachments import files_of
from casework.values.days_in_words import exact_day
from casework.values.numbers import whole_number
from oversight.decisions.deciding import (
    COUNTED,
    MOST_PEOPLE,
    PUBLICATIONS,
    Taken,
    correct_step,
    effective_steps,
    take_step,
    withdraw_step,
)
from oversight.decisions.records import Decision, DecisionStep, MeetingForm, StepKind
from oversight.duty.queries import minutes_of
from oversight.duty.records import Minutes, MinutesKind
from oversight.rights import may_enter_for, require_enterer
from web.pages.attached_file import send_attached
from web.pages.decisions import readable_decision
from web.pages.fields import SAVED, DayField, show_refusals
from web.pages.kept_files import FormWithFiles
from web.pages.training_session import ReasonForm, is_whole
from web.requests import Request

# Minutes of the last year are offered.
OFFERED_DAYS, MOST_OFFERED = 366, 40


class Count(forms.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=MOST_PEOPLE, required=False, **kwargs)


class StepForm(FormWithFiles):
    """What one step needs, and nothing else."""

    minutes = forms.ChoiceField(
        label=_("Minutes that are entered already"),
        help_text=_("Then day, words and files are theirs and are not asked for again."),
        required=False,
    )
    held_on = DayField(label=_("Date"), required=False)
    form = forms.ChoiceField(label=_("Who voted"), choices=MeetingForm.choices)
    due = Count(label=_("Entitled"))
    present = Count(label=_("Present"))
    in_favour = Count(label=_("In favour"))
    place = forms.CharField(label=_("Where it was published"), max_length=120)
    words = forms.CharField(label=_("What was said"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    reason = forms.CharField(label=_("Why is it corrected?"), max_length=500)
    field_order = ("minutes", "held_on", "form", "due", "present", "in_favour", "place", "words", "uploads", "reason")
    needed: tuple[str, ...] = ("held_on",)

    def __init__(self, *args: Any, kind: StepKind, offered: list[Minutes], corrects: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.offered = kind, {str(one.pk): one for one in offered}
        if kind in COUNTED:
            self.needed = ("held_on", "due", "present", "in_favour")
        for name, is_asked in (
            ("minutes", bool(offered) and kind not in PUBLICATIONS),
            ("form", kind == StepKind.VILLAGE_MEETING),
            ("place", kind in PUBLICATIONS),
            ("reason", corrects),
            *((count, kind not in PUBLICATIONS) for count in ("due", "present", "in_favour")),
        ):
            if not is_asked:
                del self.fields[name]
        if "minutes" in self.fields:
            field = self.fields["minutes"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("none of them")), *((key, _named(one)) for key, one in self.offered.items())]

    def taken(self) -> Taken:
        said = self.cleaned_data
        return Taken(
            kind=self.kind,
            held_on=said.get("held_on"),
            form=said.get("form", ""),
            due=said.get("due"),
            present=said.get("present"),
            in_favour=said.get("in_favour"),
            place=said.get("place", ""),
            words=said.get("words", ""),
            files=self.kept,
            minutes=self.offered.get(said.get("minutes", "")),
        )


def _named(minutes: Minutes) -> str:
    words = [exact_day(minutes.held_on), minutes.get_kind_display(), minutes.subject]
    return " · ".join(str(word) for word in words if word)


def kind_from(number: int) -> StepKind:
    try:
        return StepKind(number)
    except ValueError as error:
        raise Http404 from error


def offered_minutes(request: Request, decision: Decision, step: DecisionStep | None) -> list[Minutes]:
    """The meetings and matters of the last year, and the minutes that the step names already."""
    since = request.on - timedelta(days=OFFERED_DAYS)
    found = minutes_of(decision.village).filter(
        kind__in=(MinutesKind.MEETING, MinutesKind.MAJOR_MATTER), held_on__gte=since
    )
    offered = list(found[:MOST_OFFERED])
    if step is not None and step.minutes is not None and step.minutes_id not in {one.pk for one in offered}:
        offered.append(step.minutes)
    return offered


def step_form(request: Request, decision: Decision, kind: StepKind, step: DecisionStep | None) -> StepForm:
    is_post = request.method == "POST"
    given: dict[str, Any] = {
        "kind": kind,
        "offered": offered_minutes(request, decision, step),
        "corrects": step is not None,
        "salt": f"decision {decision.pk} {request.user.pk}",
    }
    if is_post:
        return StepForm(request.POST, request.FILES, **given)
    if step is None:
        return StepForm(initial={"minutes": request.GET.get("minutes", "")}, **given)
    names = ("held_on", "form", "due", "present", "in_favour", "place", "words")
    initial = {name: getattr(step, name) for name in names} | {"minutes": str(step.minutes_id or "")}
    form = StepForm(initial=initial, **given)
    form.kept = files_of(step.files)
    return form


def decision_step(request: Request, pk: int, number: int) -> HttpResponse:
    """Enter this step, or correct what is entered."""
    decision, kind = readable_decision(request, pk), kind_from(number)
    require_enterer(request.user, decision.village, request.at)
    step = effective_steps().filter(decision=decision, kind=kind).select_related("minutes").first()
    form = step_form(request, decision, kind, step)
    if request.method != "POST":
        return show(request, decision, kind, step, form=form)
    if not is_whole(form):
        return show(request, decision, kind, step, form=form, status=422)
    try:
        if step is None:
            take_step(decision=decision, taken=form.taken(), by=request.user, at=request.at)
        else:
            reason = form.cleaned_data["reason"]
            correct_step(step=step, taken=form.taken(), reason=reason, by=request.user, at=request.at)
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        return show(request, decision, kind, step, form=form, status=error.status)
    messages.success(request, gettext("The step is entered."), extra_tags=SAVED)
    return redirect("decision", pk=pk)


@require_POST
def withdrawal(request: Request, pk: int, number: int) -> HttpResponse:
    """Say that this step was not taken."""
    decision, kind = readable_decision(request, pk), kind_from(number)
    step = effective_steps().filter(decision=decision, kind=kind).select_related("decision__village").first()
    if step is None:
        raise Http404
    reason = ReasonForm(request.POST)
    if reason.is_valid():
        try:
            withdraw_step(step=step, reason=reason.cleaned_data["reason"], by=request.user, at=request.at)
        except Refusal as error:
            if isinstance(error, NotAllowed):
                raise
            show_refusals(reason, error)
        else:
            messages.success(request, gettext("It is taken back and counts no more."), extra_tags=SAVED)
            return redirect("decision", pk=pk)
    request.method = "GET"
    form = step_form(request, decision, kind, step)
    return show(request, decision, kind, step, form=form, taking_back=reason, status=422)


def show(
    request: Request,
    decision: Decision,
    kind: StepKind,
    step: DecisionStep | None,
    *,
    form: StepForm,
    taking_back: ReasonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    may_enter = may_enter_for(request.user, decision.village, request.on)
    return render(
        request,
        "decisions/step.html",
        {
            "decision": decision,
            "kind": kind,
            "step": step,
            "form": form,
            "taking_back": (taking_back or ReasonForm()) if step is not None and may_enter else None,
        },
        status=status,
    )


def step_file(request: Request, pk: int, number: int) -> HttpResponseBase:
    step = get_object_or_404(DecisionStep, pk=whole_number(str(pk)) or 0)
    readable_decision(request, step.decision_id)
    return send_attached(request, step.files, number)


urlpatterns = [
    path("decisions/<int:pk>/steps/<int:number>", decision_step, name="decision_step"),
    path("decisions/<int:pk>/steps/<int:number>/withdrawal", withdrawal, name="decision_step_withdrawal"),
    path("decisions/steps/<int:pk>/files/<int:number>", step_file, name="decision_step_file"),
]
