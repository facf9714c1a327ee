"""The strike-off: five tests ticked one by one; or the case goes back."""

from typing import Any

from django import forms
from django.urls import path
from django.utils.translation import gettext_lazy as _

from casework.lifecycle.closure import close_case, decline_strike_off
from casework.models import Closure
from casework.rights import Action
from casework.stages import Stage
from web.pages.case_forms import CaseForm, case_step


class ClosureForm(CaseForm):
    verb = staticmethod(close_case)
    action = Action.STRIKE_OFF
    stages = (Stage.STRIKE_OFF,)
    template = "cases/closure.html"
    heading = _("Strike off the case")
    lead = _(
        "Tick each test that you have checked yourself. All five are needed; the case then gets its closing number."
    )
    button = _("Strike off")
    done = _("The case is struck off.")
    is_official_act = True

    opinion = forms.CharField(label=_("Opinion"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def arrange(self) -> None:
        for test in Closure.TESTS:
            label = Closure._meta.get_field(test).verbose_name
            self.fields[test] = forms.BooleanField(label=label, required=False)

    def tests(self) -> list[Any]:
        return [self[test] for test in Closure.TESTS]

    def words(self) -> dict[str, Any]:
        return {
            "tests": {test: self.cleaned_data[test] for test in Closure.TESTS},
            "words": self.cleaned_data["opinion"],
        }


class StrikeOffReturnForm(CaseForm):
    verb = staticmethod(decline_strike_off)
    action = Action.STRIKE_OFF
    stages = (Stage.STRIKE_OFF,)
    heading = _("Return the case")
    lead = _("A test is not met. The case goes back to rectification and a new round begins.")
    button = _("Return")
    done = _("The case is returned.")

    reason = forms.CharField(
        label=_("Which test is not met, and what is missing?"), widget=forms.Textarea(attrs={"rows": 3})
    )


urlpatterns = [
    path("cases/<str:number>/closure", case_step(ClosureForm), name="strike_off"),
    path("cases/<str:number>/closure/return", case_step(StrikeOffReturnForm), name="strike_off_return"),
]
