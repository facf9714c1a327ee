"""What is done with the rows that are ticked in the list: one result a row, and what failed stays ticked with its reason.

Never a review and never a strike-off: those ask for a look at each case.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal
from casework.lifecycle.assignment import reassign_case
from casework.lifecycle.reminding import LONGEST, remind_turn
from casework.models import Case, Post
from casework.queries import visible
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do
from casework.stages import COMMITTEE, Role
from casework.values.numbers import whole_number
from flows import steps
from flows.submitted import Form
from web.pages.batches import key_of
from web.pages.fields import field_of, post_choices
from web.pages.form_words import WordedForm
from web.pages.villages import measures_of
from web.requests import Request

MOST = 100
ROW_NEEDS = ("village", "town", "item", "responsible", "waits_at")


def numbers_of(words: Sequence[str]) -> list[str]:
    """Case numbers that a form or an address names, each once."""
    return list(dict.fromkeys(one.strip()[:40] for one in words if one.strip()))[:MOST]


def cases_of(request: Request, numbers: Sequence[str]) -> list[Case]:
    """The cases of these numbers that the reader may see, in the order in which they are named. One query."""
    found = visible(request.user, request.on).filter(number__in=numbers).select_related(*ROW_NEEDS)
    by_number = {case.number: case for case in found}
    return [by_number[number] for number in numbers if number in by_number]


@dataclass
class Row:
    """A ticked case; after the hand-in with what became of it."""

    case: Case
    key: UUID
    is_ticked: bool = True
    is_done: bool = False
    error: Refusal | None = None


class SeveralForm(WordedForm):
    """What all the ticked cases are given."""

    verb: ClassVar[steps.Verb]
    heading: ClassVar[Any]
    lead: ClassVar[Any]
    button: ClassVar[Any]
    done: ClassVar[Any]

    def __init__(self, *args: Any, cases: Sequence[Case], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.arrange(cases, on)

    def arrange(self, cases: Sequence[Case], on: date) -> None:
        """Choices that depend on the cases."""

    def take(self, request: Request, row: Row) -> None:
        """Do it to the row's case, through the one door; a refusal is the row's result."""
        version = whole_number(request.POST.get(f"version-{row.case.pk}", ""))
        given = {"case": row.case, "by": request.user, "at": request.at, **self.cleaned_data}
        try:
            steps.take(self.verb, Form(row.key, version), **given)
        except Refusal as error:
            row.error = error
        else:
            row.is_done = True


class ReassignmentsForm(SeveralForm):
    verb = staticmethod(reassign_case)
    heading = _("Reassign several")
    lead = _("One post becomes responsible for all of them. Deadlines and rounds stay as they are.")
    button = _("Reassign what is ticked")
    done = _("Reassigned:")

    post = forms.ModelChoiceField(label=_("Responsible post"), queryset=Post.objects.none())
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}))

    def arrange(self, cases: Sequence[Case], on: date) -> None:
        """The departments above these cases, and the committees of their villages; whom a post can't get, its row says."""
        offices = {unit for case in cases for unit in (case.city_id, case.county_id)}
        departments = Q(role=Role.DEPARTMENT_MEMBER, unit__parent__in=offices)
        committees = Q(role__in=COMMITTEE, unit__in={case.village_id for case in cases})
        posts = Post.objects.filter(departments | committees, unit__is_active=True)
        field = field_of(self, "post", forms.ModelChoiceField)
        field.queryset = posts
        ordered = posts.select_related("unit").order_by("unit__level", "unit__path", "role", "number")
        field.choices = post_choices(ordered, on=on, empty=_("Choose a post"))


class RemindersForm(SeveralForm):
    verb = staticmethod(remind_turn)
    heading = _("Remind several")
    lead = _("Whoever's turn it is hears of it at once. Each case is reminded of once a day at most.")
    button = _("Remind of what is ticked")
    done = _("Reminded:")

    words = forms.CharField(
        label=_("A word to them"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2})
    )


def several(form_class: type[SeveralForm]) -> Callable[[Request], HttpResponse]:
    """GET shows the cases that the address names, POST does it for those that are ticked."""

    def view(request: Request) -> HttpResponse:
        if not may_do(request.user, OfficeAction.ASSIGN, request.on):
            raise NotAllowed("not_an_office", _("The offices of county and city do this for several cases at once."))
        said = request.POST if request.method == "POST" else request.GET
        numbers = numbers_of([*said.getlist("row"), *said.getlist("case")])
        ticked = set(numbers_of(said.getlist("case")))
        cases = cases_of(request, numbers)
        rows = [Row(case, key_of(request, case), case.number in ticked) for case in cases]
        data = request.POST if request.method == "POST" else None
        form = form_class(data, cases=cases, on=request.on)
        if request.method == "POST" and ticked and form.is_valid():
            for row in rows:
                if row.is_ticked:
                    form.take(request, row)
        failed = sum(row.error is not None for row in rows)
        done = [row for row in rows if row.is_done]
        return render(
            request,
            "cases/several.html",
            {
                "form": form,
                "rows": [row for row in rows if not row.is_done],
                "done": [Row(case, row.key) for case, row in zip(_again(request, done), done, strict=True)],
                "failed": failed,
                "gone": len(numbers) - len(cases),
                "is_empty_hand": request.method == "POST" and not ticked,
            },
            status=422 if failed or form.errors else 200,
        )

    return view


def _again(request: Request, rows: Sequence[Row]) -> list[Case]:
    """The cases as they are now; whom the reader sees no longer stands as it was."""
    now = {case.pk: case for case in cases_of(request, [row.case.number for row in rows])} if rows else {}
    return [now.get(row.case.pk, row.case) for row in rows]


def on_paper(request: Request) -> HttpResponse:
    """The ticked cases as a list to print, with measures and deadlines."""
    if not may_do(request.user, OfficeAction.EXPORT_LEDGER, request.on):
        raise NotAllowed("no_ledger_post", _("Lists of cases are printed by towns and offices."))
    cases = cases_of(request, numbers_of(request.GET.getlist("case")))
    return render(request, "cases/paper.html", {"cases": cases, "measures": measures_of(cases), "on": request.on})


urlpatterns = [
    path("reassignments", several(ReassignmentsForm), name="reassignments"),
    path("reminders", several(RemindersForm), name="reminders"),
    path("paper-list", on_paper, name="paper_list"),
]
