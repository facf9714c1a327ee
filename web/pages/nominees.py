"""Nominees: entered for a village, checked by the departments, decided on, elected or taken back."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.errors import NotAllowed, Refusal
from casework.models import Unit
from casework.values.numbers import whole_number
from oversight.eligibility.checking import (
    decide_eligibility,
    enter_elected,
    missing_departments,
    nominate,
    sign_opinion,
    withdraw_nominee,
)
from oversight.eligibility.elections import villages_of_election
from oversight.eligibility.queries import waiting_for_department, with_missing
from oversight.eligibility.rights import (
    answers_seen_by,
    is_themself,
    may_decide,
    may_nominate,
    nominees_seen_by,
    signing_departments,
    villages_nominated_for,
)
from oversight.models import EligibilityItem, EligibilityKind, Nominee
from web.pages.elections import seen_election
from web.pages.fields import SAVED, show_refusals
from web.pages.nominee_forms import YES, ElectedForm, EligibilityForm, NomineeForm, OpinionForm
from web.pages.numbered_pages import numbered_page
from web.pages.training_session import ReasonForm
from web.requests import Request

LISTED, MOST_VILLAGES = 50, 2000


def nominees(request: Request) -> HttpResponse:
    """The nominees that the reader may see, of one election where the address names it; `waiting` for the reader's own
    department.
    """
    person, on = request.user, request.on
    departments = signing_departments(person, on)
    if not departments and not villages_nominated_for(person, on).exists():
        raise NotAllowed(
            "no_nominees", _("Nominees are seen by their town, the offices above it, and the departments.")
        )
    rows = nominees_seen_by(person, on)
    if (key := whole_number(request.GET.get("election", ""))) is not None:
        rows = rows.filter(election=key)
    if request.GET.get("waiting") and departments:
        rows = waiting_for_department(rows, departments)
    rows = with_missing(rows).select_related("village__parent", "election", "decision", "elected")
    page = numbered_page(request, rows.order_by("-election", "village__path", "pk"), size=LISTED)
    return render(request, "elections/nominees.html", {"page": page, "election": key, "signs": bool(departments)})


def nomination(request: Request, pk: int) -> HttpResponse:
    """Enter who is to stand in one of the reader's villages."""
    election = seen_election(request, pk)
    own = villages_nominated_for(request.user, request.on).order_by().values("pk")
    villages = villages_of_election(election, request.on).filter(pk__in=own).select_related("parent").order_by("path")
    form = NomineeForm(request.POST or None, villages=list(villages[:MOST_VILLAGES]))
    if not form.villages:
        raise NotAllowed("not_your_village", _("Nominees are entered by towns, and by the offices above them."))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            village = form.villages[form.cleaned_data["village"]]
            try:
                made = nominate(
                    election=election, village=village, nominated=form.nominated(), by=request.user, at=request.at
                )
            except Refusal as error:
                show_refusals(form, error)
                status = error.status
            else:
                messages.success(request, gettext("The nominee is entered."), extra_tags=SAVED)
                return redirect("nominee", pk=made.pk)
    return render(request, "elections/nomination.html", {"election": election, "form": form}, status=status)


def seen_nominee(request: Request, pk: int) -> Nominee:
    seen = nominees_seen_by(request.user, request.on)
    related = ("village__parent", "election__unit", "list", "decision__by", "elected__by", "by", "withdrawn_by")
    return get_object_or_404(seen.select_related(*related), pk=whole_number(str(pk)) or 0)


def nominee(request: Request, pk: int) -> HttpResponse:
    return show(request, seen_nominee(request, pk))


def own_opinion_forms(request: Request, found: Nominee) -> list[OpinionForm]:
    """A form for each department of the reader's that is asked and has not signed."""
    departments = signing_departments(request.user, request.on)
    asked: dict[Unit, list[EligibilityItem]] = {}
    for item in missing_departments(found).filter(department__in=departments).select_related("department"):
        asked.setdefault(item.department, []).append(item)
    return [OpinionForm(department=department, items=items) for department, items in asked.items()]


def show(request: Request, found: Nominee, *, status: int = 200, **forms_sent: Any) -> HttpResponse:
    """The nominee with as much of the check as this reader may see."""
    person, on = request.user, request.on
    decides, nominates = may_decide(person, found, on), may_nominate(person, found.village, on)
    is_open = found.withdrawn_at is None and not hasattr(found, "decision")
    elected = hasattr(found, "elected")
    may_be_elected = not elected and not is_open and found.withdrawn_at is None and found.decision.is_eligible
    own = is_themself(person, found)
    opinions = own_opinion_forms(request, found) if is_open and not own else []
    if sent := forms_sent.get("opinion"):
        opinions = [sent, *(one for one in opinions if one.department != sent.department)]
    missing = {item.pk for item in missing_departments(found)}
    said = {one.item_id: one for one in answers_seen_by(person, found, on).select_related("opinion__by")}
    departments = set(signing_departments(person, on))
    items = [
        (item, said.get(item.pk), item.pk in missing)
        for item in found.list.items.all()
        if decides or nominates or item.department_id in departments
    ]
    return render(
        request,
        "elections/nominee.html",
        {
            "nominee": found,
            "items": items,
            "applying": [one for _item, one, _missing in items if one and one.applies],
            "is_barred": any(one and one.applies and item.kind == EligibilityKind.CANNOT for item, one, _no in items),
            "missing_count": len(missing),
            "decides": decides,
            "sees_person": decides or nominates,
            "is_own": own,
            "opinions": opinions,
            "decision_form": forms_sent.get("decision")
            or (EligibilityForm() if decides and is_open and not own else None),
            "elected_form": forms_sent.get("elected")
            or (ElectedForm(initial={"elected_on": on}) if nominates and may_be_elected and not own else None),
            "withdrawal": forms_sent.get("withdrawal")
            or (ReasonForm() if nominates and found.withdrawn_at is None and not elected else None),
        },
        status=status,
    )


def refused(request: Request, found: Nominee, name: str, form: Any, error: Refusal | None = None) -> HttpResponse:
    """The page again with what was sent; who may not is told so by the page for that."""
    if isinstance(error, NotAllowed):
        raise error
    if error is not None:
        show_refusals(form, error)
    return show(request, found, status=error.status if error else 422, **{name: form})


@require_POST
def opinion(request: Request, pk: int, code: str) -> HttpResponse:
    """Sign for a department."""
    found = seen_nominee(request, pk)
    department = get_object_or_404(Unit, code=code[:20], level="department")
    items = list(found.list.items.filter(department=department))
    form = OpinionForm(request.POST, department=department, items=items)
    if not form.is_valid() and items and department.pk in signing_departments(request.user, request.on):
        return refused(request, found, "opinion", form)
    try:
        answers = form.answers() if form.is_valid() else {}
        sign_opinion(nominee=found, department=department, answers=answers, by=request.user, at=request.at)
    except Refusal as error:
        return refused(request, found, "opinion", form, error)
    messages.success(request, gettext("It is signed."), extra_tags=SAVED)
    return redirect("nominee", pk=pk)


@require_POST
def decision(request: Request, pk: int) -> HttpResponse:
    """Say whether they may stand."""
    found = seen_nominee(request, pk)
    form = EligibilityForm(request.POST)
    if not form.is_valid() and may_decide(request.user, found, request.on):
        return refused(request, found, "decision", form)
    try:
        decide_eligibility(
            nominee=found,
            is_eligible=form.cleaned_data.get("is_eligible") == YES,
            reason=form.cleaned_data.get("reason", ""),
            by=request.user,
            at=request.at,
        )
    except Refusal as error:
        return refused(request, found, "decision", form, error)
    messages.success(request, gettext("It is decided."), extra_tags=SAVED)
    return redirect("nominee", pk=pk)


@require_POST
def elected(request: Request, pk: int) -> HttpResponse:
    """Enter that they were elected."""
    found = seen_nominee(request, pk)
    form = ElectedForm(request.POST)
    if not form.is_valid() and may_nominate(request.user, found.village, request.on):
        return refused(request, found, "elected", form)
    day: date = form.cleaned_data.get("elected_on") or request.on
    try:
        enter_elected(nominee=found, elected_on=day, by=request.user, at=request.at)
    except Refusal as error:
        return refused(request, found, "elected", form, error)
    messages.success(request, gettext("It is entered that they were elected."), extra_tags=SAVED)
    return redirect("nominee", pk=pk)


@require_POST
def withdrawal(request: Request, pk: int) -> HttpResponse:
    """Take the nominee back."""
    found = seen_nominee(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid() and may_nominate(request.user, found.village, request.on):
        return refused(request, found, "withdrawal", form)
    try:
        reason = form.cleaned_data.get("reason", "")
        withdraw_nominee(nominee=found, reason=reason, by=request.user, at=request.at)
    except Refusal as error:
        return refused(request, found, "withdrawal", form, error)
    messages.success(request, gettext("The nominee is taken back."), extra_tags=SAVED)
    return redirect("nominee", pk=pk)


urlpatterns = [
    path("elections/nominees", nominees, name="nominees"),
    path("elections/<int:pk>/nomination", nomination, name="nomination"),
    path("elections/nominees/<int:pk>", nominee, name="nominee"),
    path("elections/nominees/<int:pk>/opinions/<str:code>", opinion, name="nominee_opinion"),
    path("elections/nominees/<int:pk>/decision", decision, name="nominee_decision"),
    path("elections/nominees/<int:pk>/elected", elected, name="nominee_elected"),
    path("elections/nominees/<int:pk>/withdrawal", withdrawal, name="nominee_withdrawal"),
]
