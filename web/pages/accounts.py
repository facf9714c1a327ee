"""People as an administrator keeps them: found by name or number, corrected, given a password, switched off."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.errors import NotAllowed, Refusal
from casework.models import Person, Term
from casework.models.unit import on_day
from casework.offices.account_changes import correct_account, new_password, seen_of, switch_off, switch_on
from casework.offices.accounts import refusal_to_hand_out
from casework.offices.posts import Area, area_of, people_called, people_in
from casework.rights.office_table import OfficeAction
from casework.values.numbers import whole_number
from web.pages.fields import SAVED, DayField, show_refusals
from web.pages.form_words import WordedForm
from web.requests import Request

FOUND_AT_ONCE = 40
OFFERED = 12
LONGEST_WORDS = 40


class AccountForm(WordedForm):
    name = forms.CharField(label=_("Name"), max_length=60)
    phone = forms.CharField(
        label=_("Mobile number"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"}), required=False
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class SwitchOffForm(WordedForm):
    last_day = DayField(label=_("Last day in the posts"))


def require_area(request: Request) -> Area:
    area = area_of(request.user, OfficeAction.ADMINISTER, on=request.on)
    if not area.paths:
        raise NotAllowed("not_administrator", _("Accounts are kept by an administrator."))
    return area


def people(request: Request) -> HttpResponse:
    """Whom the administrator looks for, with what they hold today."""
    known = people_in(require_area(request), on=request.on)
    words = typed(request)
    found = list(people_called(known, words)[: FOUND_AT_ONCE + 1])
    held = posts_in_words(found, on=request.on)
    return render(
        request,
        "people/list.html",
        {
            "words": words,
            "rows": [(person, held[person.pk]) for person in found[:FOUND_AT_ONCE]],
            "has_more": len(found) > FOUND_AT_ONCE,
        },
    )


def people_found(request: Request) -> JsonResponse:
    """What the picker asks while somebody types."""
    known = people_in(require_area(request), on=request.on).filter(is_active=True)
    found = list(people_called(known, typed(request))[:OFFERED])
    held = posts_in_words(found, on=request.on)
    return JsonResponse(
        {"people": [{"code": one.pk, "name": one.name, "above": in_words(one, held[one.pk])} for one in found]}
    )


def typed(request: Request) -> str:
    return request.GET.get("words", "").replace("\0", "").strip()[:LONGEST_WORDS]


def in_words(person: Person, held: str) -> str:
    return " · ".join(part for part in (person.phone or person.username, held) if part)


def posts_in_words(people: Sequence[Person], *, on: date) -> dict[int, str]:
    """What each of these people holds on a day, by their keys: unit and role."""
    held: dict[int, list[str]] = {person.pk: [] for person in people}
    terms = Term.objects.filter(on_day(on), person__in=people).select_related("post__unit__parent").order_by("id")
    for term in terms:
        unit = term.post.unit
        above = f"{unit.parent.name} " if unit.parent and unit.level == "village" else ""
        held[term.person_id].append(f"{above}{unit.name} {term.post.get_role_display()}")
    return {key: "、".join(parts) for key, parts in held.items()}


def person_or_404(request: Request, pk: int) -> Person:
    person = people_in(require_area(request), on=request.on).filter(pk=pk).first()
    if person is None:
        raise Http404
    return person


def person(request: Request, pk: int) -> HttpResponse:
    """An account with its posts; name and number are corrected here."""
    one = person_or_404(request, pk)
    form = AccountForm(
        request.POST if request.method == "POST" else None,
        initial={"name": one.name, "phone": one.phone or "", "seen": str(seen_of(one))},
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            try:
                correct_account(
                    person=one,
                    name=said["name"],
                    phone=said["phone"],
                    seen=whole_number(said["seen"]),
                    by=request.user,
                    at=request.at,
                )
            except Refusal as error:
                show_refusals(form, error)
                status = error.status
            else:
                messages.success(request, _("Saved."), SAVED)
                return redirect("person", pk=pk)
    return render(request, "people/person.html", context_of(request, one, form=form), status=status)


def context_of(request: Request, one: Person, **more: Any) -> dict[str, Any]:
    on = request.on
    terms = Term.objects.filter(person=one).select_related("post__unit__parent").order_by("-valid_from", "-id")
    lasting = list(terms.filter(Q(valid_until=None) | Q(valid_until__gte=on)))
    refused = refusal_to_hand_out(person=one, by=request.user, at=request.at)
    return {
        "person": one,
        "seen": seen_of(one),
        "lasting": lasting,
        "former": list(terms.filter(valid_until__lt=on)[:20]),
        "refused": refused,
        "off_form": SwitchOffForm(initial={"last_day": on}),
        "is_self": one.pk == request.user.pk,
        "on": on,
        **more,
    }


@require_POST
def person_password(request: Request, pk: int) -> HttpResponse:
    """A one-time password, shown once, on a slip to hand out: it is kept nowhere, and a second click sets no second one."""
    one = person_or_404(request, pk)
    seen = whole_number(request.POST.get("seen", ""))
    try:
        password = new_password(person=one, seen=seen, by=request.user, at=request.at)
    except Refusal as error:
        messages.error(request, str(error))
        return redirect("person", pk=pk)
    one.refresh_from_db()
    said = {"person": one, "password": password, "post": None, "back": reverse("person", args=[pk])}
    return render(request, "people/slip.html", said)


@require_POST
def person_switching(request: Request, pk: int) -> HttpResponse:
    """Switch an account off with its posts, or on again."""
    one = person_or_404(request, pk)
    seen = whole_number(request.POST.get("seen", ""))
    form = SwitchOffForm(request.POST)
    try:
        if not one.is_active:
            switch_on(person=one, seen=seen, by=request.user, at=request.at)
            messages.success(request, _("The account is open again. Its posts are given anew on the page of the unit."))
        elif form.is_valid():
            last_day = form.cleaned_data["last_day"]
            switch_off(person=one, last_day=last_day, seen=seen, by=request.user, at=request.at)
            messages.success(request, _("The account is switched off and its posts have ended."))
        else:
            messages.error(request, " ".join(str(each) for each in form.errors["last_day"]))
    except Refusal as error:
        messages.error(request, str(error))
    return redirect("person", pk=pk)


urlpatterns = [
    path("people", people, name="people"),
    path("people/found", people_found, name="people_found"),
    path("people/<int:pk>", person, name="person"),
    path("people/<int:pk>/password", person_password, name="person_password"),
    path("people/<int:pk>/switching", person_switching, name="person_switching"),
]
