"""The escalation ladder: what holds today, its versions, and the next one, with what it would have done last month."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal
from casework.ladder.preview import as_policies, count_steps
from casework.ladder.rungs import BY_DEADLINE
from casework.ladder.versions import StepDraft, check_steps, publish_ladder
from casework.models import Case, EscalationPolicy, EscalationStep, StepKind, Unit
from casework.models.category import Kind, Severity
from casework.models.escalation_policy import Recipient
from casework.rights.held_posts import posts_held
from casework.rights.roles import rules_city
from casework.stages import Light
from casework.working_time.deadlines import local_day
from web.pages.fields import SAVED, DayField, show_refusals
from web.pages.form_words import WordedForm
from web.requests import Request

PREVIEW_DAYS = 30
BLANK_STEPS = 1
CHECKBOXES = forms.CheckboxSelectMultiple


class StepForm(WordedForm):
    code = forms.CharField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Step"), choices=[("", "–"), *StepKind.choices])
    moment = forms.IntegerField(label=_("Day"), help_text=_("Working days from the deadline; before it with a minus."))
    light = forms.ChoiceField(label=_("Light"), choices=Light.choices, initial=Light.NONE)
    severities = forms.TypedMultipleChoiceField(
        label=_("Severities"), choices=Severity.choices, coerce=int, widget=CHECKBOXES, required=False
    )
    kinds = forms.MultipleChoiceField(label=_("Kinds"), choices=Kind.choices, widget=CHECKBOXES, required=False)
    to = forms.MultipleChoiceField(label=_("To"), choices=Recipient.choices, widget=CHECKBOXES, required=False)
    copies = forms.MultipleChoiceField(label=_("Copies"), choices=Recipient.choices, widget=CHECKBOXES, required=False)
    has_document = forms.BooleanField(label=_("With a numbered document"), required=False)
    words = forms.CharField(
        label=_("What the document requires"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Fields: {number} {village} {item} {unit} {office} {deadline} {days_overdue}"),
    )

    def draft(self) -> StepDraft:
        said = self.cleaned_data
        return StepDraft(**{name: said[name] for name in StepDraft.__dataclass_fields__ if name in said})


StepForms = forms.formset_factory(StepForm, extra=BLANK_STEPS, can_delete=True)


class PolicyForm(WordedForm):
    valid_from = DayField(label=_("Holds from"))
    reds_in_a_row = forms.IntegerField(
        label=_("Red lights in a row"),
        min_value=0,
        max_value=20,
        help_text=_("Then the next case starts one step higher; 0 is never."),
    )
    relapses = forms.IntegerField(
        label=_("Relapses"), min_value=0, max_value=20, help_text=_("Then a referral is proposed at once; 0 is never.")
    )
    note = forms.CharField(label=_("Why"), required=False, max_length=300)


def ladder(request: Request) -> HttpResponse:
    """What holds today, and every version with its days."""
    on = request.on
    city = city_of(request, on)
    versions = versions_of(city)
    today = policy_today(versions, on)
    return render(
        request,
        "ladder/ladder.html",
        {
            "policy": today,
            "steps": list(today.steps.order_by("id")) if today else [],
            "versions": versions,
            "on": on,
            "may_set": city is not None and rules_city(request.user, on) == city.pk,
            "recipients": dict(Recipient.choices),
        },
    )


def new_version(request: Request) -> HttpResponse:
    """The next version as a form; `look` shows what it would have done, without keeping anything."""
    at = request.at
    on = local_day(at)
    city = city_of(request, on)
    if city is None or rules_city(request.user, on) != city.pk:
        raise NotAllowed("not_your_rules", _("Only the city office sets the ladder."))
    today = policy_today(versions_of(city), on)
    steps = list(today.steps.order_by("id")) if today else []
    form = PolicyForm(request.POST or None, initial=initial_of(today, on))
    forms_ = StepForms(request.POST or None, prefix="steps", initial=[values_of(step) for step in steps])
    preview, status = None, 200
    if request.method == "POST":
        preview, status, done = taken(request, city, form, forms_, steps, at)
        if done:
            return redirect("ladder")
    return render(request, "ladder/new.html", {"form": form, "steps": forms_, "preview": preview}, status=status)


def taken(request: Request, city: Unit, form: Any, forms_: Any, steps: Any, at: Any) -> tuple[Any, int, bool]:
    """(preview, status, whether it stands)."""
    if not (form.is_valid() and forms_.is_valid()):
        return None, 422, False
    filled = [one for one in forms_ if one.has_changed() or one.initial]
    filled = [one for one in filled if not one.cleaned_data.get("DELETE")]
    drafts = [one.draft() for one in filled]
    try:
        check_steps(drafts)
        if "look" in request.POST:
            return preview_of(city, steps, drafts, local_day(at)), 200, False
        publish_ladder(city=city, steps=drafts, by=request.user, at=at, **form.cleaned_data)
    except Refusal as error:
        mark(error, form, filled)
        return None, error.status, False
    messages.success(request, _("The new ladder is kept. It holds from the day that you chose."), extra_tags=SAVED)
    return None, 200, True


def mark(error: Refusal, form: forms.Form, filled: list[Any]) -> None:
    """Put each sentence beside its field."""
    for one in error.each():
        parts = one.field.split("-")
        if len(parts) == 3 and parts[1].isdecimal():
            filled[int(parts[1])].add_error(parts[2], str(one.sentence))
        else:
            show_refusals(form, one)


def preview_of(city: Unit, steps: list[EscalationStep], drafts: list[StepDraft], on: date) -> list[dict[str, Any]]:
    """For each kind of step how often it came in the last thirty days, and how often it would have come."""
    cases = Case.objects.filter(city=city)
    first, last = on - timedelta(days=PREVIEW_DAYS), on - timedelta(days=1)
    now: Counter[str] = count_steps(as_policies(steps), cases, first=first, last=last)
    proposed = [EscalationStep(**{**draft.__dict__, "code": draft.code or draft.kind}) for draft in drafts]
    then: Counter[str] = count_steps(as_policies(proposed), cases, first=first, last=last)
    return [{"kind": StepKind(kind).label, "now": now[kind], "then": then[kind]} for kind in BY_DEADLINE]


def city_of(request: Request, on: date) -> Unit | None:
    """The city whose ladder this reader lives under."""
    held = posts_held(request.user, on)
    paths = {path for post in held for path in Unit.paths_down_to(post.unit_path)}
    return Unit.objects.filter(path__in=paths, level="city").order_by("path").first()


def versions_of(city: Unit | None) -> list[EscalationPolicy]:
    found = EscalationPolicy.objects.filter(Q(city=None) | Q(city=city)).select_related("by")
    return list(found.order_by("-valid_from", "-version"))


def policy_today(versions: list[EscalationPolicy], on: date) -> EscalationPolicy | None:
    return next((one for one in versions if one.valid_from <= on), None)


def initial_of(policy: EscalationPolicy | None, on: date) -> dict[str, Any]:
    return {
        "valid_from": on + timedelta(days=1),
        "reds_in_a_row": policy.reds_in_a_row if policy else 3,
        "relapses": policy.relapses if policy else 2,
    }


def values_of(step: EscalationStep) -> dict[str, Any]:
    return {name: getattr(step, name) for name in StepForm.base_fields}


urlpatterns = [path("ladder", ladder, name="ladder"), path("ladder/new", new_version, name="ladder_new")]
