"""Requirements that came down to a unit: what waits, one of them signed for and passed on, and where it stands below."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.errors import NotAllowed, Refusal
from casework.models import Unit
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do
from casework.values.numbers import whole_number
from oversight.members.rights import runs
from oversight.models import Requirement
from oversight.opinions.below import goes_on, units_below
from oversight.opinions.passing import LONGEST_NAME, pass_on, post_of_signer, sign_requirement
from oversight.opinions.queries import of_person, requirements_visible_to, to_act_on
from oversight.opinions.tree import tree_of
from web.pages.fields import SAVED, show_refusals
from web.pages.form_words import WordedForm
from web.requests import Request

PAGE = 30
NEEDS = ("opinion__mechanism", "unit", "parent__unit", "receipt", "move__to__unit")


class ReceiptForm(WordedForm):
    name = forms.CharField(label=_("Sign with your name"), max_length=LONGEST_NAME)


class PassingForm(WordedForm):
    """All units below that have not got it are chosen to begin with."""

    units = forms.MultipleChoiceField(label=_("To whom"), widget=forms.CheckboxSelectMultiple, required=False)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=1000, help_text=_("What the units below should know beside it.")
    )

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needed = {"units"}  # said by the verb, in its own words
        self.below = {str(unit.pk): unit for unit in units}
        field = self.fields["units"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(key, unit.name) for key, unit in self.below.items()]
        field.initial = list(self.below)

    def chosen(self) -> list[Unit]:
        return [self.below[key] for key in self.cleaned_data["units"]]


def requirements(request: Request) -> HttpResponse:
    """What waits for the reader's signature or is to be passed on, then all that came to the own unit."""
    if not may_do(request.user, OfficeAction.PASS_ON, request.on):
        raise NotAllowed(
            "no_requirements", _("Requirements are signed for by villages, towns, counties and member units.")
        )
    after = whole_number(request.GET.get("after", ""))
    found = of_person(request.user, request.on).select_related(*NEEDS)
    rows = list((found if after is None else found.filter(pk__lt=after))[: PAGE + 1])
    waiting = to_act_on(request.user, request.on).select_related(*NEEDS)
    return render(
        request,
        "requirements/list.html",
        {
            "waiting": list(waiting[:PAGE]) if after is None else [],
            "rows": rows[:PAGE],
            "next_key": rows[PAGE - 1].pk if len(rows) > PAGE else "",
            "on": request.on,
        },
    )


def readable_requirement(request: Request, pk: int) -> Requirement:
    found = Requirement.objects.filter(requirements_visible_to(request.user, request.on), pk=pk)
    row = found.select_related(*NEEDS).first()
    if row is None:
        raise Http404
    return row


def requirement(request: Request, pk: int) -> HttpResponse:
    return show(request, readable_requirement(request, pk))


def show(
    request: Request,
    row: Requirement,
    *,
    receipt: ReceiptForm | None = None,
    passing: PassingForm | None = None,
    status: int = 200,
) -> HttpResponse:
    on = request.on
    may_sign = post_of_signer(request.user, row, on) is not None and not hasattr(row, "move")
    is_signed, passes_on = hasattr(row, "receipt"), goes_on(row.unit.level, row.opinion.reaches)
    if may_sign and not is_signed and receipt is None:
        receipt = ReceiptForm(initial={"name": request.user.name})
    if may_sign and is_signed and passes_on and passing is None:
        left = units_left(request, row)
        passing = PassingForm(units=left) if left else None
    branches = tree_of(row.opinion, on=on, under=row.unit) if passes_on else []
    own = next((one for one in branches if one.row.key == row.pk), None)
    return render(
        request,
        "requirements/requirement.html",
        {
            "row": row,
            "opinion": row.opinion,
            "receipt_form": receipt,
            "passing_form": passing,
            "own": own,
            "passes_on": passes_on,
            "is_lead": runs(request.user, row.opinion.mechanism, on),
            "on": on,
        },
        status=status,
    )


def units_left(request: Request, row: Requirement) -> list[Unit]:
    """The units below that have not got this requirement."""
    have = Requirement.objects.filter(opinion=row.opinion_id).values("unit")
    return list(units_below(row.unit, request.on).exclude(pk__in=have))


@require_POST
def receipt(request: Request, pk: int) -> HttpResponse:
    row = readable_requirement(request, pk)
    form = ReceiptForm(request.POST)
    if not form.is_valid():
        return show(request, row, receipt=form, status=422)
    try:
        sign_requirement(requirement=row, name=form.cleaned_data["name"], by=request.user, at=request.at)
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        return show(request, row, receipt=form, status=error.status)
    messages.success(request, gettext("Signed for."), extra_tags=SAVED)
    return redirect("requirement", pk=pk)


@require_POST
def passing_on(request: Request, pk: int) -> HttpResponse:
    row = readable_requirement(request, pk)
    # Also those that have it by now: the verb says which.
    form = PassingForm(request.POST, units=list(units_below(row.unit, request.on)))
    if not form.is_valid():
        return show(request, row, passing=form, status=422)
    try:
        made = pass_on(
            requirement=row, units=form.chosen(), note=form.cleaned_data["note"], by=request.user, at=request.at
        )
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        return show(request, row, passing=form, status=error.status)
    said = ngettext("Passed on to one unit.", "Passed on to %(count)d units.", len(made)) % {"count": len(made)}
    messages.success(request, said, extra_tags=SAVED)
    return redirect("requirement", pk=pk)


urlpatterns = [
    path("requirements", requirements, name="requirements"),
    path("requirements/<int:pk>", requirement, name="requirement"),
    path("requirements/<int:pk>/receipt", receipt, name="requirement_receipt"),
    path("requirements/<int:pk>/passing-on", passing_on, name="requirement_passing"),
]
