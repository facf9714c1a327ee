"""The office looks at a report: accepts it, refuses it, marks it as a duplicate; and gives it its place in the catalogue."""

from functools import partial
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from casework.lifecycle.reporting import classify_case, screen_case
from casework.models import Case
from casework.models.category import Severity
from casework.models.exit import ScreeningOutcome
from casework.queries import likely_duplicates
from casework.rights.table import Action
from casework.stages import OPEN, Stage
from flows import steps
from web.pages.assignments import ASSIGNMENT, CATEGORY, AssigningForm
from web.pages.case_forms import CaseForm, case_step
from web.pages.fields import ItemField, field_of, grouped_items
from web.pages.queue import WAITING
from web.pages.relapses import came_back_panel, struck_off_before
from web.templatetags.words import title


class CaseField(forms.ModelChoiceField):
    def label_from_instance(self, other: Case) -> str:
        return f"{other.number} · {title(other)}"


class Decision(TextChoices):
    """What an office says to a report: the outcomes of the screening, and acceptance together with the assignment."""

    ASSIGNED = "assigned", _("Accept and assign it")
    ACCEPTED = ScreeningOutcome.ACCEPTED.value, _("Accept it, assign it later")
    REFUSED = ScreeningOutcome.REFUSED.value, _("Refuse the report")
    DUPLICATE = ScreeningOutcome.DUPLICATE.value, _("Duplicate of an open case")


class ScreeningForm(AssigningForm):
    verb = staticmethod(screen_case)
    action = Action.SCREENING
    stages = (Stage.SCREENING,)
    heading = _("Screen the report")
    lead = _("Is this a problem for us, and is it new? Accepted and assigned, the village sees it and its clock runs.")
    button = _("Decide")
    queue = WAITING

    outcome = forms.ChoiceField(label=_("Decision"), choices=Decision.choices, widget=forms.RadioSelect)
    duplicate_of = CaseField(
        label=_("Which open case is it a duplicate of?"), queryset=Case.objects.none(), required=False
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Needed for a refusal; the reporter reads it."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    field_order = ("outcome",)

    def arrange(self) -> None:
        super().arrange()
        case = self.case
        self.needed |= {"duplicate_of", "reason"}
        others = Case.objects.filter(village=case.village_id, stage__in=OPEN).exclude(pk=case.pk)
        field_of(self, "duplicate_of", CaseField).queryset = others
        self.initial.update(outcome=Decision.ASSIGNED, duplicate_of=lambda: self.likely and self.likely.pk)

    # Asked for by the page alone, these three, and not where the form is handed in.

    @cached_property
    def likely(self) -> Case | None:
        case = self.case
        known = case.likely_duplicate_of
        if known is not None and known.is_open:
            return known
        return likely_duplicates(case.village_id, case.item_id, case.object_id).exclude(pk=case.pk).first()

    @cached_property
    def came_back(self) -> Any:
        return came_back_panel(self.case, self.reader, self.on)

    @cached_property
    def struck_off_before(self) -> Any:
        return struck_off_before(self.case, self.reader, self.on)

    def decision(self) -> str:
        return str(self.cleaned_data.get("outcome", ""))

    def assigns(self) -> bool:
        return self.decision() == Decision.ASSIGNED

    def clean(self) -> dict[str, Any]:
        """What stands in fields that the decision does not ask for does not matter."""
        ends = self.decision() in (Decision.REFUSED, Decision.DUPLICATE)
        unasked = [*(CATEGORY if ends else ("duplicate_of", "reason")), *(() if self.assigns() else ASSIGNMENT)]
        for name in unasked:
            self.errors.pop(name, None)
        return super().clean()

    def acts(self) -> list[tuple[steps.Verb, dict[str, Any]]]:
        said, decision = self.cleaned_data, self.decision()
        if decision in (Decision.REFUSED, Decision.DUPLICATE):
            ended = {"outcome": decision, "reason": said["reason"], "duplicate_of": said["duplicate_of"]}
            return [(screen_case, ended)]
        accepted = (screen_case, {"outcome": ScreeningOutcome.ACCEPTED.value})
        return [accepted, *(super().acts() if self.assigns() else self.classification())]

    def told(self) -> Any:
        return {
            Decision.ASSIGNED: _("Accepted and assigned."),
            Decision.ACCEPTED: _("Accepted; it is still to be assigned."),
            Decision.REFUSED: _("The report is refused."),
            Decision.DUPLICATE: _("Marked as a duplicate."),
        }[Decision(self.decision())]


class ClassificationForm(CaseForm):
    verb = staticmethod(classify_case)
    action = Action.CLASSIFY
    stages = (Stage.SCREENING, Stage.ASSIGNMENT)
    heading = _("Classify the case")
    lead = _("The item decides the written standard, the kind of rectification and the working days.")
    button = _("Classify")
    done = _("The case is classified.")

    item = ItemField(label=_("Catalogue item"))
    severity = forms.TypedChoiceField(label=_("Severity"), choices=Severity.choices, coerce=int)
    object_name = forms.CharField(
        label=_("Object"),
        help_text=_("The board, contract, ledger, asset or duty it is about."),
        required=False,
        max_length=100,
    )

    def arrange(self) -> None:
        field_of(self, "item", ItemField).choices = partial(grouped_items, _("Choose an item"))
        self.initial.update(
            item=self.case.item_id,
            severity=self.case.severity or Severity.MODERATE,
            object_name=str(self.case.object or ""),
        )


urlpatterns = [
    path("cases/<str:number>/screening", case_step(ScreeningForm), name="screening"),
    path("cases/<str:number>/classification", case_step(ClassificationForm), name="classification"),
]
