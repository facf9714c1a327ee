"""The strike-off: five tests ticked one by one, each beside its own proof; or the case goes back."""

from typing import Any

from django import forms
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from casework.lifecycle.closure import close_case, decline_strike_off
from casework.models import Case, Closure, Evidence, Review, Submission, WiderCheck
from casework.models.evidence import EvidenceKind
from casework.models.measure import MeasureKind
from casework.queries import came_before, visible
from casework.rights.table import Action
from casework.stages import Stage
from web.pages.case_forms import CaseForm, case_step
from web.pages.queue import WAITING
from web.pages.rounds import measures_in_rounds


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
    queue = WAITING
    is_official_act = True

    opinion = forms.CharField(label=_("Opinion"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def arrange(self) -> None:
        labels = {field.name: field.verbose_name for field in Closure._meta.fields}
        for test in Closure.TESTS:
            self.fields[test] = forms.BooleanField(label=labels[test], required=False)

    def tests(self) -> list[Any]:
        return [self[test] for test in Closure.TESTS]

    @cached_property
    def evidence(self) -> list[Evidence]:
        return list(self.case.evidence.order_by("number"))

    @cached_property
    def record(self) -> list[dict[str, Any]]:
        """The measures as the page shows them: the latest report and proof, what came before, every verdict."""
        return [
            {
                "measure": one.measure,
                "report": one.reports[0] if one.reports else None,
                "proofs": one.latest_proofs(),
                "earlier_proofs": one.earlier_proofs(),
                "verdicts": one.verdicts,
            }
            for one in measures_in_rounds(self.case, self.evidence)[0]
        ]

    def corrective(self) -> list[dict[str, Any]]:
        return [one for one in self.record if one["measure"].kind != MeasureKind.PREVENTIVE]

    def preventive(self) -> list[dict[str, Any]]:
        return [one for one in self.record if one["measure"].kind == MeasureKind.PREVENTIVE]

    def before_photos(self) -> list[Evidence]:
        return [one for one in self.evidence if one.kind == EvidenceKind.BEFORE]

    def papers(self) -> list[Evidence]:
        return [one for one in self.evidence if one.kind in (EvidenceKind.SIGNED_SHEET, EvidenceKind.DOCUMENT)]

    def submissions(self) -> list[Submission]:
        return list(self.case.submissions.select_related("by").order_by("-round"))

    def reviews(self) -> list[Review]:
        reviews = self.case.reviews.exclude(stage=Stage.PLAN_APPROVAL).select_related("by", "by_unit")
        return list(reviews.order_by("-at", "-id"))

    def similar(self) -> list[Case]:
        """Other cases of this item in the same town that the reader may see, the newest first."""
        if self.case.item_id is None:
            return []
        same = visible(self.reader, self.on).filter(item=self.case.item_id, town=self.case.town_id)
        others = same.exclude(pk=self.case.pk).exclude(village=self.case.village_id)
        return list(others.select_related("village").order_by("-id")[:5])

    def wider_check(self) -> WiderCheck | None:
        checks = WiderCheck.objects.filter(county=self.case.county_id, item=self.case.item_id)
        return checks.select_related("county").order_by("-until", "-pk").first()

    def before_here(self) -> list[Case]:
        return list(came_before(self.case, self.reader, self.on)[:5])

    def told(self) -> Any:
        return _("The case is struck off as %(number)s.") % {"number": self.case.closing_number}

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
    queue = WAITING

    reason = forms.CharField(
        label=_("Which test is not met, and what is missing?"), widget=forms.Textarea(attrs={"rows": 3})
    )


urlpatterns = [
    path("cases/<str:number>/closure", case_step(ClosureForm), name="strike_off"),
    path("cases/<str:number>/closure/return", case_step(StrikeOffReturnForm), name="strike_off_return"),
]
