"""Duty rules: what each county asks of its villages, and since when."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal
from casework.models import Unit
from oversight.duty.records import DutyEvery, DutyRule
from oversight.duty.rules import Asked, counties_ruled_by, set_rule
from web.pages.fields import SAVED, DayField, show_refusals
from web.pages.form_words import WordedForm
from web.requests import Request

LISTED = 200


class RuleForm(WordedForm):
    county = forms.ChoiceField(label=_("County"))
    valid_from = DayField(
        label=_("Holds from"), help_text=_("Days before it are judged by the rule before."), required=False
    )
    duty_every = forms.ChoiceField(label=_("Duty days"), choices=DutyEvery.choices)
    meets_monthly = forms.BooleanField(label=_("A meeting a month"), required=False)
    no_absences = forms.BooleanField(label=_("No absence at major matters"), required=False)
    basis = forms.CharField(label=_("Basis"), help_text=_("The document that says so."), required=False, max_length=120)
    needed = ("valid_from",)

    def __init__(self, *args: Any, counties: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.counties = {str(one.pk): one for one in counties}
        county = self.fields["county"]
        assert isinstance(county, forms.ChoiceField)
        county.choices = [(key, one.name) for key, one in self.counties.items()]
        if len(counties) == 1:
            county.initial, county.widget = str(counties[0].pk), forms.HiddenInput()

    def asked(self) -> Asked:
        said = self.cleaned_data
        return Asked(
            valid_from=said["valid_from"],
            duty_every=said["duty_every"],
            meets_monthly=said["meets_monthly"],
            no_absences=said["no_absences"],
            basis=said["basis"],
        )


def duty_rules(request: Request) -> HttpResponse:
    counties = list(counties_ruled_by(request.user, request.on))
    if not counties:
        raise NotAllowed("no_rule_post", _("Duty rules are set by the offices of the counties and the city."))
    form = RuleForm(request.POST or None, counties=counties, initial={"duty_every": DutyEvery.WEEK})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                set_rule(
                    county=form.counties[form.cleaned_data["county"]],
                    asked=form.asked(),
                    by=request.user,
                    at=request.at,
                )
            except Refusal as error:
                show_refusals(form, error)
            else:
                messages.success(request, gettext("The rule is set."), extra_tags=SAVED)
                return redirect("duty_rules")
    rules = DutyRule.objects.filter(county__in=counties).select_related("county", "by")
    rules = rules.order_by("county__path", "-valid_from", "-id")
    named = {rule.county_id for rule in rules[:LISTED]}
    return render(
        request,
        "duty/rules.html",
        {
            "rules": list(rules[:LISTED]),
            "without": [one for one in counties if one.pk not in named],
            "form": form,
            "on": request.on,
        },
        status=status,
    )


urlpatterns = [path("duty/rules", duty_rules, name="duty_rules")]
