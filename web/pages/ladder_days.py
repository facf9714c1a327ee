"""The ladder as a table: the day of a step is changed in its place, and what that would have done stands beside it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed, Refusal
from casework.ladder.rungs import BY_DEADLINE
from casework.ladder.versions import StepDraft, check_steps, publish_ladder
from casework.models import EscalationPolicy, EscalationStep, StepKind
from casework.models.escalation_policy import Recipient
from casework.rights.roles import rules_city
from casework.working_time.deadlines import local_day
from web.pages.fields import SAVED, DayField, show_refusals
from web.pages.form_words import WordedForm
from web.pages.ladder import city_of, initial_of, policy_today, preview_of, values_of, versions_of
from web.requests import Request


class DaysForm(WordedForm):
    """A number for each step of the ladder of today, by its place; the rest of a step stays as it is."""

    policy = forms.IntegerField(widget=forms.HiddenInput)
    valid_from = DayField(label=_("Holds from"))
    note = forms.CharField(label=_("Why"), required=False, max_length=300)

    def __init__(self, *args: Any, steps: list[EscalationStep], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.steps = steps
        for index, step in enumerate(steps):
            if step.kind != StepKind.VACANCY:
                field = forms.IntegerField(label=step.get_kind_display(), initial=step.moment)
                field.widget.attrs["aria-describedby"] = f"after-{index}"
                self.fields[f"steps-{index}-moment"] = field

    def drafts(self) -> list[StepDraft]:
        said = self.cleaned_data
        return [
            StepDraft(**{**values_of(step), "moment": said.get(f"steps-{index}-moment", step.moment)})
            for index, step in enumerate(self.steps)
        ]

    def rows(self, counts: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
        """Each step with its field and the counts of its kind."""
        return [
            {
                "step": step,
                "field": self[f"steps-{index}-moment"] if f"steps-{index}-moment" in self.fields else None,
                "index": index,
                "count": counts.get(step.kind),
            }
            for index, step in enumerate(self.steps)
        ]


def days(request: Request) -> HttpResponse:
    """`look` shows what the numbers would have done and keeps nothing; without it they become the next version."""
    at = request.at
    on = local_day(at)
    city = city_of(request, on)
    if city is None or rules_city(request.user, on) != city.pk:
        raise NotAllowed("not_your_rules", _("Only the city office sets the ladder."))
    today = policy_today(versions_of(city), on)
    steps = list(today.steps.order_by("id")) if today else []
    initial = {**initial_of(today, on), "policy": today.pk if today else 0}
    form = DaysForm(request.POST or None, steps=steps, initial=initial)
    drafts = [StepDraft(**values_of(step)) for step in steps]
    if request.method == "POST" and form.is_valid():
        try:
            drafts = take(request, form, today)
            if "look" not in request.POST:
                said = form.cleaned_data
                publish_ladder(
                    city=city,
                    steps=drafts,
                    by=request.user,
                    at=at,
                    valid_from=said["valid_from"],
                    note=said["note"],
                    reds_in_a_row=initial["reds_in_a_row"],
                    relapses=initial["relapses"],
                )
                messages.success(
                    request, _("The new ladder is kept. It holds from the day that you chose."), extra_tags=SAVED
                )
                return redirect("ladder")
        except Refusal as error:
            show_refusals(form, error)
            drafts = [StepDraft(**values_of(step)) for step in steps]
    kinds = [StepKind(kind) for kind in BY_DEADLINE]
    counts = dict(zip(kinds, preview_of(city, steps, drafts, on), strict=True))
    return render(
        request,
        "ladder/days.html",
        {"form": form, "rows": form.rows(counts), "recipients": dict(Recipient.choices)},
        status=422 if form.errors else 200,
    )


def take(request: Request, form: DaysForm, today: EscalationPolicy | None) -> list[StepDraft]:
    """The steps with their new numbers. Refuses what runs backwards, and numbers of a ladder that holds no more."""
    if today is None or form.cleaned_data["policy"] != today.pk:
        raise Conflict("ladder_changed", _("Another version has come into force since. Load the page again."))
    drafts = form.drafts()
    check_steps(drafts)
    if "look" not in request.POST and all(
        draft.moment == step.moment for draft, step in zip(drafts, form.steps, strict=True)
    ):
        raise Invalid("nothing_changed", _("No number is another one. Change one, or leave the ladder as it is."))
    return drafts


urlpatterns = [path("ladder/days", days, name="ladder_days")]
