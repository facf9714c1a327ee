"""The office makes a post responsible, and later passes the case on to another post or another county."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import path
from django.utils.translation import gettext_lazy as _

from casework.lifecycle.assignment import (
    REASSIGNABLE,
    TRANSFERABLE,
    assign_case,
    default_due_on,
    reassign_case,
    transfer_case,
)
from casework.models import Case, Post, Unit
from casework.models.unit import UnitLevel
from casework.rights import Action
from casework.stages import COMMITTEE, Role, Stage
from web.pages.case_forms import CaseForm, case_step
from web.pages.fields import DayField, field_of, post_choices
from web.pages.queue import WAITING


class AssignmentForm(CaseForm):
    verb = staticmethod(assign_case)
    action = Action.ASSIGNMENT
    stages = (Stage.ASSIGNMENT,)
    heading = _("Assign the case")
    lead = _("From now on the village sees the case, and its clock runs.")
    button = _("Assign")
    done = _("The case is assigned.")
    queue = WAITING

    post = forms.ModelChoiceField(label=_("Responsible post"), queryset=Post.objects.none())
    due_on = DayField(label=_("Deadline"))
    lead_name = forms.CharField(label=_("Responsible leader"), required=False, max_length=60)
    support = forms.ModelChoiceField(
        label=_("Supporting department"), queryset=Unit.objects.none(), required=False, empty_label=_("none")
    )
    helper = forms.ModelChoiceField(
        label=_("Paired helper"), queryset=Unit.objects.none(), required=False, empty_label=_("none")
    )
    note = forms.CharField(label=_("Note for the village"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def arrange(self) -> None:
        arrange_posts(self, self.case, self.on)
        departments = Unit.objects.filter(level=UnitLevel.DEPARTMENT, is_active=True, parent=self.case.city_id)
        for name in ("support", "helper"):
            field_of(self, name, forms.ModelChoiceField).queryset = departments
        due_on = default_due_on(self.case, on=self.on)
        self.initial["due_on"] = due_on
        if due_on is not None:
            days = self.case.days or (self.case.item.days if self.case.item else 0)
            self.fields["due_on"].help_text = _(
                "%(days)d working days from today, unless you choose otherwise. A day off means the next working day."
            ) % {"days": days}

    def words(self) -> dict[str, Any]:
        words = super().words()
        words["lead"] = words.pop("lead_name")
        return words


class ReassignmentForm(CaseForm):
    verb = staticmethod(reassign_case)
    action = Action.REASSIGN
    stages = REASSIGNABLE
    heading = _("Reassign the case")
    lead = _("Another post becomes responsible. Deadline and round stay as they are.")
    button = _("Reassign")
    done = _("The case is reassigned.")

    post = forms.ModelChoiceField(label=_("Responsible post"), queryset=Post.objects.none())
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}))

    def arrange(self) -> None:
        arrange_posts(self, self.case, self.on)


class TransferForm(CaseForm):
    verb = staticmethod(transfer_case)
    action = Action.TRANSFER
    stages = TRANSFERABLE
    heading = _("Transfer to another county")
    lead = _("The other county's office takes over. Your office may lose sight of the case.")
    button = _("Transfer")
    done = _("The case is transferred.")

    county = forms.ModelChoiceField(label=_("County, district or zone"), queryset=Unit.objects.none())
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}))

    def arrange(self) -> None:
        if self.case.city is not None:
            field_of(self, "county", forms.ModelChoiceField).queryset = Unit.objects.filter(
                self.case.city.subtree(), ~Q(pk=self.case.county_id), level=UnitLevel.COUNTY, is_active=True
            )


def arrange_posts(form: CaseForm, case: Case, on: date) -> None:
    """The posts that may rectify: the village's committee first, then the departments of city and county."""
    posts = responsible_posts(case)
    field = field_of(form, "post", forms.ModelChoiceField)
    field.queryset = posts
    choices = post_choices(
        posts.select_related("unit").order_by("unit__level", "unit__path", "role", "number"),
        on=on,
        empty=_("Choose a post"),
    )
    field.choices = choices
    committee = [choice for choice in choices[1:] if str(case.village) in choice[1]]
    if committee and form.verb is assign_case:
        form.initial["post"] = committee[0][0]


def responsible_posts(case: Case) -> QuerySet[Post]:
    committee = Q(unit=case.village_id, role__in=COMMITTEE)
    departments = Q(role=Role.DEPARTMENT_MEMBER, unit__parent__in=[case.city_id, case.county_id])
    return Post.objects.filter(committee | departments, unit__is_active=True)


urlpatterns = [
    path("cases/<str:number>/assignment", case_step(AssignmentForm), name="assignment"),
    path("cases/<str:number>/reassignment", case_step(ReassignmentForm), name="reassignment"),
    path("cases/<str:number>/transfer", case_step(TransferForm), name="transfer"),
]
