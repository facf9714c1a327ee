"""The committee says what it will do: measures with what, who and by when."""

import re
from typing import Any

from django import forms
from django.urls import path
from django.utils.translation import gettext_lazy as _

from casework.errors import Refusal
from casework.lifecycle.planning import Draft, submit_plan
from casework.models.measure import MeasureKind
from casework.queries import current_measures
from casework.rights.table import Action
from casework.stages import Stage
from casework.values.numbers import whole_number
from web.pages.case_forms import CaseForm, case_step
from web.pages.fields import DayField
from web.requests import Request

FIRST_ROWS = 2
MOST_ROWS = 12
MEASURE_FIELD = re.compile(r"^measures-(\d+)-(\w+)$")


class PlanForm(CaseForm):
    verb = staticmethod(submit_plan)
    action = Action.PLANNING
    stages = (Stage.PLANNING,)
    template = "cases/plan.html"
    heading = _("Plan of measures")
    lead = _(
        "What will be done, who does it, by when? Corrective puts this right, preventive keeps it from coming back."
    )
    button = _("Submit the plan")
    done = _("The plan is submitted.")

    rows = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST_ROWS)

    def arrange(self) -> None:
        earlier = current_measures(self.case)
        self.returned = self.case.reviews.filter(stage=Stage.PLAN_APPROVAL).order_by("-at").first()
        self.reasons = (
            list(self.returned.verdicts.filter(passed=False).select_related("measure")) if self.returned else []
        )
        self.row_count = self.initial["rows"] = self._row_count(max(len(earlier), FIRST_ROWS))
        for index in range(self.row_count):
            self._add_row(index)
            before = earlier[index] if index < len(earlier) else None
            place = f"measures-{index}-"
            kind = MeasureKind.PREVENTIVE if index == 1 else MeasureKind.CORRECTIVE
            self.initial.update(
                {
                    place + "kind": before.kind if before else kind,
                    place + "what": before.what if before else "",
                    place + "who": before.who if before else "",
                    place + "due_on": before.due_on if before else self.case.due_on,
                }
            )

    def _row_count(self, default: int) -> int:
        if not self.is_bound:
            return default
        said = whole_number(self.data.get("rows", ""), most=MOST_ROWS)
        count = default if said is None else said
        if "more" in self.data:
            count += 1
            self.data = self.data.copy()
            self.data["rows"] = str(min(count, MOST_ROWS))
        return min(max(count, 1), MOST_ROWS)

    def _add_row(self, index: int) -> None:
        """The verb asks for these words with sentences of its own, so the fields themselves let everything through."""
        place = f"measures-{index}-"
        self.fields[place + "kind"] = forms.ChoiceField(
            label=_("Kind"), choices=MeasureKind.choices, widget=forms.RadioSelect, required=False
        )
        self.fields[place + "what"] = forms.CharField(
            label=_("What will be done, to which board, contract, ledger or duty?"),
            required=False,
            max_length=300,
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        self.fields[place + "who"] = forms.CharField(label=_("Who does it"), required=False, max_length=60)
        self.fields[place + "due_on"] = DayField(label=_("By when"), required=False)
        self.needed |= {place + name for name in ("kind", "what", "who", "due_on")}

    def measures(self) -> list[list[Any]]:
        """The bound fields, a list for each measure."""
        names = ("kind", "what", "who", "due_on")
        return [[self[f"measures-{index}-{name}"] for name in names] for index in range(self.row_count)]

    def before_taking(self, request: Request) -> bool:
        return "more" not in request.POST

    def words(self) -> dict[str, Any]:
        """Rows in which nobody entered anything are left out."""
        return {"measures": [self._draft(index) for index in self._filled()]}

    def show(self, error: Refusal) -> None:
        """The verb counts the measures that it was given; the page counts its rows."""
        rows = self._filled()
        for one in error.each():
            found = MEASURE_FIELD.match(one.field)
            if found:
                one.field = f"measures-{rows[int(found[1])]}-{found[2]}"
        super().show(error)

    def _filled(self) -> list[int]:
        names = ("what", "who")
        return [
            index
            for index in range(self.cleaned_data["rows"])
            if any((self.cleaned_data.get(f"measures-{index}-{name}") or "").strip() for name in names)
        ]

    def _draft(self, index: int) -> Draft:
        said = {name: self.cleaned_data.get(f"measures-{index}-{name}") for name in ("kind", "what", "who", "due_on")}
        return Draft(
            what=said["what"] or "",
            who=said["who"] or "",
            due_on=said["due_on"],
            kind=said["kind"] or MeasureKind.CORRECTIVE,
        )


urlpatterns = [path("cases/<str:number>/plan", case_step(PlanForm), name="planning")]
