"""The office makes a post responsible, and later passes the case on to another post or another county."""

from collections.abc import Collection
from datetime import date, datetime
from functools import partial
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import path
from django.utils.translation import gettext_lazy as _

from casework.errors import Refusal
from casework.lifecycle.assignment import (
    REASSIGNABLE,
    TRANSFERABLE,
    assign_case,
    default_due_on,
    reassign_case,
    transfer_case,
)
from casework.lifecycle.reporting import classify_case
from casework.models import Case, Post, Term, Unit
from casework.models.category import Severity
from casework.models.unit import UnitLevel, on_day
from casework.rights.table import Action
from casework.stages import COMMITTEE, Role, Stage
from flows import steps
from flows.submitted import Form
from web.pages.case_forms import CaseForm, case_step
from web.pages.fields import DayField, ItemField, field_of, grouped_items, post_choices
from web.pages.queue import WAITING
from web.requests import Request

# The fields of the two parts of the form.
CATEGORY = ("item", "severity", "object_name")
ASSIGNMENT = ("post", "due_on", "lead_name", "support", "helper", "note")


class AssigningForm(CaseForm):
    """Category, responsible post and deadline in one form, each with what is usual filled in: what the screening and
    the assignment share. Nothing is asked for by the fields themselves; the verbs do, with sentences of their own.
    """

    template = "cases/assignment.html"

    item = ItemField(label=_("Catalogue item"), required=False)
    severity = forms.TypedChoiceField(
        label=_("Severity"), choices=Severity.choices, coerce=int, required=False, empty_value=None
    )
    object_name = forms.CharField(
        label=_("Object"),
        help_text=_("The board, contract, ledger, asset or duty it is about."),
        required=False,
        max_length=100,
    )
    post = forms.ModelChoiceField(label=_("Responsible post"), queryset=Post.objects.none(), required=False)
    due_on = DayField(label=_("Deadline"), required=False)
    lead_name = forms.CharField(label=_("Responsible leader"), required=False, max_length=60)
    support = forms.ModelChoiceField(
        label=_("Supporting department"), queryset=Unit.objects.none(), required=False, empty_label=_("none")
    )
    helper = forms.ModelChoiceField(
        label=_("Paired helper"), queryset=Unit.objects.none(), required=False, empty_label=_("none")
    )
    note = forms.CharField(label=_("Note for the village"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def arrange(self) -> None:
        self.needed |= {"item", "severity", "post", "due_on"}
        field_of(self, "item", ItemField).choices = partial(grouped_items, _("Choose an item"))
        arrange_posts(self, self.case, self.on, has_default=True)
        departments = Unit.objects.filter(level=UnitLevel.DEPARTMENT, is_active=True, parent=self.case.city_id)
        for name in ("support", "helper"):
            field_of(self, name, forms.ModelChoiceField).queryset = departments
        due_on = default_due_on(self.case, on=self.on)
        self.initial.update(
            item=self.case.item_id,
            severity=self.case.severity or Severity.MODERATE,
            object_name=str(self.case.object or ""),
            due_on=due_on,
        )
        days = self.case.days or (self.case.item.days if self.case.item else 0)
        self.fields["due_on"].help_text = (
            _("%(days)d working days from today, unless you choose otherwise. A day off means the next working day.")
            % {"days": days}
            if due_on is not None
            else _("Left empty, it follows from the working days of the catalogue item.")
        )

    def more_fields(self) -> list[forms.BoundField]:
        """What few assignments need: folded up unless something is in it."""
        return [self[name] for name in ASSIGNMENT[2:]]

    def has_more(self) -> bool:
        return any(field.value() or field.errors for field in self.more_fields())

    def assigns(self) -> bool:
        """Whether this form makes a post responsible."""
        return True

    def clean(self) -> dict[str, Any]:
        if self.assigns() and "post" not in self.errors and not self.cleaned_data.get("post"):
            self.add_error("post", _("Choose who puts it right."))
        return self.cleaned_data

    def acts(self) -> list[tuple[steps.Verb, dict[str, Any]]]:
        """What the form does, in its order: the category where it changes or nobody has looked at it yet, and the
        assignment.
        """
        return [*self.classification(), (assign_case, self.assignment())]

    def classification(self) -> list[tuple[steps.Verb, dict[str, Any]]]:
        said, case = self.cleaned_data, self.case
        known = str(case.object or "")
        item, severity, name = said["item"] or case.item, said["severity"], said["object_name"].strip() or known
        is_decision = case.is_item_guessed or (item, severity, name) != (case.item, case.severity, known)
        if item is None or severity is None or not is_decision:
            return []
        return [(classify_case, {"item": item, "severity": severity, "object_name": name})]

    def assignment(self) -> dict[str, Any]:
        said = self.cleaned_data
        names = ("post", "due_on", "support", "helper", "note")
        return {**{name: said[name] for name in names}, "lead": said["lead_name"]}

    def take(self, request: Request, at: datetime) -> None:
        """All that the form says, or nothing of it."""
        form = Form(self.cleaned_data["key"], self.cleaned_data["seen_version"])
        self.case = steps.take_in_order(
            self.acts(), form, step=self.verb.__name__, case=self.case, by=self.reader, at=at
        )

    def show(self, error: Refusal) -> None:
        """A category that is missing is missed at its field."""
        for one in error.each():
            if one.code == "unclassified":
                one.field = "item"
        super().show(error)


class AssignmentForm(AssigningForm):
    verb = staticmethod(assign_case)
    action = Action.ASSIGNMENT
    stages = (Stage.ASSIGNMENT,)
    heading = _("Assign the case")
    lead = _("From now on the village sees the case, and its clock runs.")
    button = _("Assign")
    done = _("The case is assigned.")
    queue = WAITING


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
        arrange_posts(self, self.case, self.on, has_default=False)


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


def arrange_posts(form: CaseForm, case: Case, on: date, *, has_default: bool) -> None:
    """The posts that may rectify: the village's committee first, then the departments of city and county."""
    posts = responsible_posts(case)
    field = field_of(form, "post", forms.ModelChoiceField)
    field.queryset = posts
    field.choices = partial(
        post_choices,
        posts.order_by("unit__level", "unit__path", "role", "number"),
        on=on,
        empty=_("Choose a post"),
    )
    if has_default:
        # As a function, as the choices: a form that is handed in has its post.
        form.initial["post"] = partial(_usual_post, case, on)


def _usual_post(case: Case, on: date) -> int | None:
    usual = usual_posts({case.village_id}, on).get(case.village_id)
    return usual.pk if usual is not None else None


def usual_posts(villages: Collection[int], on: date) -> dict[int, Post]:
    """By village the post of its committee that gets a case when nobody says otherwise: one that somebody holds, the
    head's before the others.
    """
    held = Term.objects.filter(on_day(on), post=OuterRef("pk"), person__is_active=True)
    posts = Post.objects.filter(unit__in=villages, role__in=COMMITTEE).annotate(is_held=Exists(held))
    found: dict[int, Post] = {}
    for post in posts.select_related("unit").order_by("-is_held", "role", "number"):
        found.setdefault(post.unit_id, post)
    return found


def responsible_posts(case: Case) -> QuerySet[Post]:
    committee = Q(unit=case.village_id, role__in=COMMITTEE)
    departments = Q(role=Role.DEPARTMENT_MEMBER, unit__parent__in=[case.city_id, case.county_id])
    return Post.objects.filter(committee | departments, unit__is_active=True).select_related("unit")


urlpatterns = [
    path("cases/<str:number>/assignment", case_step(AssignmentForm), name="assignment"),
    path("cases/<str:number>/reassignment", case_step(ReassignmentForm), name="reassignment"),
    path("cases/<str:number>/transfer", case_step(TransferForm), name="transfer"),
]
