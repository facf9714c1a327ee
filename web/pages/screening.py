"""The office looks at a report: accepts it, refuses it, marks it as a duplicate; and gives it its place in the catalogue."""

from django import forms
from django.urls import path
from django.utils.translation import gettext_lazy as _

from casework.lifecycle.reporting import classify_case, screen_case
from casework.models import Case
from casework.models.category import Severity
from casework.models.exit import ScreeningOutcome
from casework.queries import likely_duplicates
from casework.rights import Action
from casework.stages import OPEN, Stage
from web.pages.case_forms import CaseForm, case_step
from web.pages.fields import ItemField, field_of, grouped_items
from web.pages.queue import WAITING
from web.templatetags.words import title


class CaseField(forms.ModelChoiceField):
    def label_from_instance(self, other: Case) -> str:
        return f"{other.number} · {title(other)}"


class ScreeningForm(CaseForm):
    verb = staticmethod(screen_case)
    action = Action.SCREENING
    stages = (Stage.SCREENING,)
    heading = _("Screen the report")
    lead = _("Is this a problem for us, and is it new? Accepted, it goes on to assignment.")
    button = _("Decide")
    done = _("The report is screened.")
    queue = WAITING

    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (ScreeningOutcome.ACCEPTED, _("Accept it")),
            (ScreeningOutcome.REFUSED, _("Refuse it")),
            (ScreeningOutcome.DUPLICATE, _("Duplicate of an open case")),
        ],
        widget=forms.RadioSelect,
    )
    duplicate_of = CaseField(
        label=_("Which open case is it a duplicate of?"), queryset=Case.objects.none(), required=False
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Needed for a refusal; the reporter reads it."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def arrange(self) -> None:
        case = self.case
        others = Case.objects.filter(village=case.village_id, stage__in=OPEN).exclude(pk=case.pk)
        field_of(self, "duplicate_of", CaseField).queryset = others
        likely = likely_duplicates(case.village_id, case.item_id, case.object_id).exclude(pk=case.pk).first()
        self.initial["duplicate_of"] = case.likely_duplicate_of_id or (likely.pk if likely else None)


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
        field_of(self, "item", ItemField).choices = grouped_items(_("Choose an item"))
        self.initial.update(
            item=self.case.item_id,
            severity=self.case.severity or Severity.MODERATE,
            object_name=str(self.case.object or ""),
        )


urlpatterns = [
    path("cases/<str:number>/screening", case_step(ScreeningForm), name="screening"),
    path("cases/<str:number>/classification", case_step(ClassificationForm), name="classification"),
]
