"""The reviewers pass or return, measure by measure."""

from typing import Any

from django import forms
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from casework.lifecycle.review import Verdict, review_case
from casework.models import Evidence, Measure, Review
from casework.models.evidence import EvidenceKind
from casework.queries import current_measures, measures_to_decide
from casework.rights.table import Action
from casework.stages import Stage
from web.pages.case_forms import CaseForm, case_step
from web.pages.flags import flag_lines
from web.pages.queue import WAITING
from web.pages.rounds import MeasureInRounds, measures_in_rounds
from web.requests import Request

PASS, RETURN = "pass", "return"
# The name of the button that lets every measure pass on the page, without a script.
ALL_PASS = "all_pass"


class ReviewForm(CaseForm):
    """What the four reviews share; each is its own form with its own right."""

    verb = staticmethod(review_case)
    template = "cases/review.html"
    button = _("Hand in the decision")
    queue = WAITING

    on_site = forms.BooleanField(label=_("I was there and saw it"), required=False)
    signature_visible = forms.BooleanField(
        label=_("The supervisor's own signature is visible on the signed sheet"), required=False
    )
    words_of_reviewer = forms.CharField(label=_("Opinion"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def arrange(self) -> None:
        self.all_measures = current_measures(self.case)
        asked = {one.pk for one in measures_to_decide(self.case, self.all_measures)}
        self.to_decide = [one for one in self.all_measures if one.pk in asked]
        self.stand = [one for one in self.all_measures if one.pk not in asked]
        self.needed |= {f"verdicts-{pk}-passed" for pk in asked}
        for measure in self.all_measures:
            self._ask_about(measure)
        if ALL_PASS in self.data:
            self._let_pass()

    @cached_property
    def flags(self) -> list[Any]:
        """Asked for by the page alone, and not where the form is handed in."""
        return flag_lines(self.case, self.reader, self.on)

    def _let_pass(self) -> None:
        """What is to be decided on passes, but for what is returned already. Nothing is handed in by that."""
        self.data = self.data.copy()
        for measure in self.to_decide:
            place = f"verdicts-{measure.pk}-passed"
            if self.data.get(place) != RETURN:
                self.data[place] = PASS

    def before_taking(self, request: Request) -> bool:
        return ALL_PASS not in request.POST

    def _ask_about(self, measure: Measure) -> None:
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

    def measures(self) -> list[dict[str, Any]]:
        """What is to be decided on: each measure with its fields, what was reported and proved, and earlier verdicts."""
        return [self._shown(one) for one in self.record_of(self.to_decide)]

    def standing(self) -> list[dict[str, Any]]:
        """What this review passed in an earlier round and was not reported again."""
        return [self._shown(one) for one in self.record_of(self.stand)]

    def record_of(self, measures: list[Measure]) -> list[MeasureInRounds]:
        wanted = {one.pk for one in measures}
        found, _earlier = measures_in_rounds(self.case, self.evidence)
        return [one for one in found if one.measure.pk in wanted]

    def _shown(self, one: MeasureInRounds) -> dict[str, Any]:
        place = f"verdicts-{one.measure.pk}-"
        return {
            "measure": one.measure,
            "passed": self[place + "passed"],
            "reason": self[place + "reason"],
            "report": one.reports[0] if one.reports else None,
            "verdicts": one.verdicts,
            "proofs": one.latest_proofs(),
            "earlier_proofs": one.earlier_proofs(),
        }

    @cached_property
    def evidence(self) -> list[Evidence]:
        return list(self.case.evidence.order_by("number"))

    def before_photos(self) -> list[Evidence]:
        return [one for one in self.evidence if one.kind == EvidenceKind.BEFORE]

    def signed_sheets(self) -> list[Evidence]:
        return [one for one in self.evidence if one.kind == EvidenceKind.SIGNED_SHEET]

    @cached_property
    def reviews(self) -> list[Review]:
        """What the reviewers have said in every round, the latest first: who, whether on site, in which words."""
        said = self.case.reviews.exclude(stage=Stage.PLAN_APPROVAL).select_related("by", "by_unit")
        return list(said.order_by("-at", "-id"))

    def reviews_before(self) -> list[Review]:
        return [one for one in self.reviews if one.round == self.case.round]

    def reviews_of_earlier_rounds(self) -> list[Review]:
        return [one for one in self.reviews if one.round != self.case.round]

    def told(self) -> Any:
        passed = all(verdict.passed for verdict in self.words()["verdicts"].values())
        sentence = _("Passed, now at “%(stage)s”.") if passed else _("Returned, now at “%(stage)s”.")
        return sentence % {"stage": self.case.get_stage_display()}

    def words(self) -> dict[str, Any]:
        said = self.cleaned_data
        verdicts = {
            measure.pk: Verdict(
                passed=said[f"verdicts-{measure.pk}-passed"] == PASS, reason=said[f"verdicts-{measure.pk}-reason"]
            )
            for measure in self.all_measures
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
