"""The reviewers pass or return, measure by measure."""

from typing import Any

from django import forms
from django.urls import path
from django.utils.translation import gettext_lazy as _

from casework.lifecycle.review import Verdict, review_case
from casework.models import MeasureReport
from casework.queries import current_measures
from casework.rights import Action
from casework.stages import Stage
from web.pages.case_forms import CaseForm, case_step
from web.pages.flags import flag_lines

PASS, RETURN = "pass", "return"


class ReviewForm(CaseForm):
    """What the four reviews share; each is its own form with its own right."""

    verb = staticmethod(review_case)
    template = "cases/review.html"
    button = _("Hand in the decision")
    done = _("The decision is recorded.")

    on_site = forms.BooleanField(label=_("I was there and saw it"), required=False)
    signature_visible = forms.BooleanField(
        label=_("The supervisor's own signature is visible on the signed sheet"), required=False
    )
    words_of_reviewer = forms.CharField(label=_("Opinion"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def arrange(self) -> None:
        self.to_decide = current_measures(self.case)
        self.flags = flag_lines(self.case, self.reader, self.on)
        for measure in self.to_decide:
            place = f"verdicts-{measure.pk}-"
            self.fields[place + "passed"] = forms.ChoiceField(
                label=_("Decision on this measure"),
                choices=[(PASS, _("Pass")), (RETURN, _("Return"))],
                widget=forms.RadioSelect,
                required=False,
            )
            self.fields[place + "reason"] = forms.CharField(
                label=_("What is missing?"),
                help_text=_("Needed for a return; the village reads it."),
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self.fields[place + "passed"].needed = True

    def measures(self) -> list[dict[str, Any]]:
        """Each measure with its fields, the latest report on it, and all its proof in this round or the last."""
        reports: dict[int, MeasureReport] = {}
        for report in MeasureReport.objects.filter(measure__in=self.to_decide).order_by("submission__round"):
            reports[report.measure_id] = report
        evidence = list(self.case.evidence.order_by("number"))
        return [
            {
                "measure": measure,
                "passed": self[f"verdicts-{measure.pk}-passed"],
                "reason": self[f"verdicts-{measure.pk}-reason"],
                "report": reports.get(measure.pk),
                "proofs": [one for one in evidence if one.measure_id == measure.pk],
            }
            for measure in self.to_decide
        ]

    def before_photos(self) -> list[Any]:
        return [one for one in self.case.evidence.order_by("number") if one.kind == "before"]

    def signed_sheets(self) -> list[Any]:
        return [one for one in self.case.evidence.order_by("number") if one.kind == "signed_sheet"]

    def words(self) -> dict[str, Any]:
        said = self.cleaned_data
        verdicts = {
            measure.pk: Verdict(
                passed=said[f"verdicts-{measure.pk}-passed"] == PASS, reason=said[f"verdicts-{measure.pk}-reason"]
            )
            for measure in self.to_decide
            if said.get(f"verdicts-{measure.pk}-passed")
        }
        return {
            "verdicts": verdicts,
            "words": said["words_of_reviewer"],
            "on_site": said.get("on_site", False),
            "signature_visible": said.get("signature_visible", False),
        }


class PlanApprovalForm(ReviewForm):
    action = Action.PLAN_APPROVAL
    stages = (Stage.PLAN_APPROVAL,)
    heading = _("Approve the plan")
    lead = _("Does each measure say what, who and by when, and will it cure the problem?")

    def arrange(self) -> None:
        super().arrange()
        del self.fields["on_site"], self.fields["signature_visible"]


class FirstReviewForm(ReviewForm):
    action = Action.FIRST_REVIEW
    stages = (Stage.FIRST_REVIEW,)
    heading = _("First review")
    lead = _("The town looks on site whether each measure is done.")


class SecondReviewForm(ReviewForm):
    action = Action.SECOND_REVIEW
    stages = (Stage.SECOND_REVIEW,)
    heading = _("Second review")
    lead = _("The county looks at the proof of each measure.")


class CityReviewForm(ReviewForm):
    action = Action.CITY_REVIEW
    stages = (Stage.CITY_REVIEW,)
    heading = _("City review")
    lead = _("Serious cases, key villages and relapses are approved by the city.")


urlpatterns = [
    path("cases/<str:number>/plan-approval", case_step(PlanApprovalForm), name="plan_approval"),
    path("cases/<str:number>/first-review", case_step(FirstReviewForm), name="first_review"),
    path("cases/<str:number>/second-review", case_step(SecondReviewForm), name="second_review"),
    path("cases/<str:number>/city-review", case_step(CityReviewForm), name="city_review"),
]
