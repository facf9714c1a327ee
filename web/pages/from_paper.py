"""What a village's committee brings on paper, entered by a clerk of its town: the plan and the rectification.

Whoever enters it has had a hand in the case (casework/rights/hands.py), so a colleague reviews it; the case says who entered it.
"""

from typing import Any, ClassVar

from django.contrib import messages
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from casework.errors import Refusal
from casework.lifecycle.evidence import add_evidence
from casework.lifecycle.planning import papers_of_plan
from casework.models import Case, Evidence, Person, Term
from casework.models.evidence import EvidenceKind
from casework.models.unit import on_day
from casework.rights.table import Action
from casework.stages import Role
from flows import steps
from web.pages.case_forms import case_step
from web.pages.fields import PROOFS, FilesField
from web.pages.plans import PlanForm
from web.pages.rectification import RectificationForm
from web.requests import Request
from web.templatetags.words import labelled

OWN_HAND = _("You enter it for the village, so you have had a hand in it and do not review it: a colleague does.")
NO_COLLEAGUE = _(
    "You enter it for the village, so you have had a hand in it and do not review it. "
    "Nobody else holds a reviewer's post at the town today: ask for a colleague before you go on."
)


def lead_of(case: Case, reader: Person, on: Any) -> Any:
    """What the clerk is told first: who reviews it then."""
    posts = Term.objects.filter(on_day(on), post__unit=case.town_id, post__role=Role.TOWN_REVIEWER)
    return OWN_HAND if posts.exclude(person=reader).filter(person__is_active=True).exists() else NO_COLLEAGUE


class PlanFromPaperForm(PlanForm):
    """The signed plan is kept as soon as it arrives, whatever of the words is still refused."""

    action = Action.ENTER_FROM_PAPER
    keeps_files = True
    heading = _("Enter the plan from paper")
    button = _("Enter the plan")
    done = _("The plan is entered from the village's paper.")

    paper = FilesField(
        label=_("The signed plan"),
        accept=PROOFS,
        help_text=_("A photo or scan of the paper that the committee signed."),
    )

    def arrange(self) -> None:
        super().arrange()
        self.needed.add("paper")
        self.lead = lead_of(self.case, self.reader, self.on)

    def papers(self) -> list[Evidence]:
        """The paper that has arrived for this plan."""
        return list(papers_of_plan(self.case).order_by("number"))

    def before_taking(self, request: Request) -> bool:
        taken = 0
        for upload in self.cleaned_data.get("paper", []):
            try:
                steps.take(
                    add_evidence,
                    case=self.case,
                    kind=EvidenceKind.DOCUMENT,
                    upload=upload,
                    from_paper=True,
                    by=self.reader,
                    at=request.at,
                )
            except Refusal as refusal:
                self.add_error("paper", labelled(upload.name, refusal))
            else:
                taken += 1
        if taken:
            said = ngettext("%(count)d file is kept.", "%(count)d files are kept.", taken) % {"count": taken}
            messages.success(request, said)
        return super().before_taking(request) and not self.errors

    def words(self) -> dict[str, Any]:
        return {**super().words(), "from_paper": True}


class RectificationFromPaperForm(RectificationForm):
    action = Action.ENTER_FROM_PAPER
    from_paper: ClassVar[bool] = True
    heading = _("Enter the rectification from paper")
    button = _("Enter the rectification")
    done = _("The rectification is entered from the village's paper. A colleague reviews it next.")

    def arrange(self) -> None:
        super().arrange()
        self.lead = lead_of(self.case, self.reader, self.on)


urlpatterns = [
    path("cases/<str:number>/plan-from-paper", case_step(PlanFromPaperForm), name="plan_from_paper"),
    path(
        "cases/<str:number>/rectification-from-paper",
        case_step(RectificationFromPaperForm),
        name="rectification_from_paper",
    ),
]
