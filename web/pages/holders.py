"""One post: who holds it, who held it, and who is next; somebody new gets an account, a post and a password at once."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.errors import NotAllowed, Refusal
from casework.models import Person, Post, Term
from casework.offices.account_changes import bring_in
from casework.offices.holders import call_off_term, change_holder
from casework.offices.posts import area_of, people_called, people_in
from casework.offices.terms import end_term
from casework.rights.office_table import OfficeAction
from casework.rights.roles import administers
from casework.values.days_in_words import exact_day
from casework.values.numbers import whole_number
from web.pages.accounts import posts_in_words
from web.pages.fields import SAVED, DayField, show_refusals
from web.pages.form_words import WordedForm
from web.pages.posts import post_or_404, terms_of, unit_or_404, units_above
from web.requests import Request

MOST_CANDIDATES = 12


class DaysForm(WordedForm):
    valid_from = DayField(label=_("Holds it from"))
    valid_until = DayField(
        label=_("Last day"), required=False, help_text=_("Of a term with an end, such as that of a committee.")
    )


class HolderForm(DaysForm):
    """Somebody who has an account, by typing; where several are called so, the form comes back and asks which one."""

    words = forms.CharField(
        label=_("Next holder"),
        max_length=60,
        help_text=_("A part of the name, or the mobile number."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-picker": "people"}),
    )
    person = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-picked": ""}))
    field_order = ["words", "person", "valid_from", "valid_until"]

    def __init__(self, *args: Any, request: Request, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = area_of(request.user, OfficeAction.ADMINISTER, on=request.on)
        self.people = people_in(area, on=request.on).filter(is_active=True)
        self.on = request.on
        self.candidates: list[tuple[Person, str]] = []
        self.is_unknown = False

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        words = " ".join(said.get("words", "").split())
        if not words:
            return said
        picked = whole_number(said.get("person") or "")
        found = list(self.people.filter(pk=picked)) if picked is not None else []
        if not found:
            found = list(people_called(self.people, words)[: MOST_CANDIDATES + 1])
            exact = [one for one in found if words in (one.phone, one.username)]
            found = exact or found
        if len(found) == 1:
            said["holder"] = found[0]
        elif found:
            held = posts_in_words(found, on=self.on)
            self.candidates = [(one, held[one.pk]) for one in found[:MOST_CANDIDATES]]
            self.add_error("words", _("More than one is called so. Choose below which one, or type the number."))
        else:
            self.is_unknown = True
            self.add_error("words", _("Nobody in your area is called so, or has this number."))
        return said


class NewcomerForm(DaysForm):
    name = forms.CharField(label=_("Name"), max_length=60)
    phone = forms.CharField(
        label=_("Mobile number"),
        max_length=20,
        help_text=_("The person signs in with it."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    field_order = ["name", "phone", "valid_from", "valid_until"]


class EndForm(WordedForm):
    valid_until = DayField(label=_("Last day"))
    with_caretaker = forms.BooleanField(
        label=_("Without a next holder the office above looks after the open cases"), required=False
    )


def unit_post(request: Request, code: str, role: str, number: int) -> HttpResponse:
    """A post with all its holders; the administrator says who is next."""
    post = post_or_404(unit_or_404(request, code), role, number)
    if request.method == "POST":
        require_administrator(request, post)
    sent = request.POST if request.method == "POST" else None
    form = HolderForm(sent, request=request, initial={"valid_from": request.on})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            try:
                term = change_holder(
                    post=post,
                    person=said["holder"],
                    valid_from=said["valid_from"],
                    valid_until=said["valid_until"],
                    by=request.user,
                    at=request.at,
                )
            except Refusal as error:
                for refusal in error.each():
                    refusal.field = "words" if refusal.field == "person" else refusal.field
                show_refusals(form, error)
                status = error.status
            else:
                given = {"name": term.person, "day": exact_day(said["valid_from"])}
                messages.success(request, _("%(name)s holds the post from %(day)s.") % given, SAVED)
                return redirect("posts_of_unit", code=code)
    return render(request, "posts/post.html", context_of(request, post, form=form), status=status)


def new_person(request: Request, code: str, role: str, number: int) -> HttpResponse:
    """An account, the post and a one-time password; then the slip to hand out."""
    post = post_or_404(unit_or_404(request, code), role, number)
    require_administrator(request, post)
    form = NewcomerForm(
        request.POST if request.method == "POST" else None,
        initial={"valid_from": request.on, "name": request.GET.get("name", "")[:60]},
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                person, password = bring_in(post=post, by=request.user, at=request.at, **form.cleaned_data)
            except Refusal as error:
                show_refusals(form, error)
                status = error.status
            else:
                said = {
                    "person": person,
                    "password": password,
                    "post": post,
                    "back": reverse("posts_of_unit", args=[code]),
                }
                return render(request, "people/slip.html", said)
    return render(request, "posts/new_person.html", context_of(request, post, form=form), status=status)


def context_of(request: Request, post: Post, *, form: forms.Form) -> dict[str, Any]:
    terms, on = terms_of(post), request.on
    held = [term for term in terms if is_held(term, request)]
    return {
        "unit": post.unit,
        "above": units_above(post.unit, request),
        "post": post,
        "form": form,
        "now": held[0] if held else None,
        "to_come": [term for term in terms if term.valid_from is not None and term.valid_from > on],
        "former": [term for term in terms if term.valid_until is not None and term.valid_until < on],
        "may_change": administers(request.user, post.unit, on) and not post.unit.is_discipline_office,
        "end_form": EndForm(initial={"valid_until": held[0].valid_until if held else None}, prefix="end"),
    }


def is_held(term: Term, request: Request) -> bool:
    on = request.on
    return (term.valid_from is None or term.valid_from <= on) and (term.valid_until is None or term.valid_until >= on)


def require_administrator(request: Request, post: Post) -> None:
    if not administers(request.user, post.unit, request.on):
        raise NotAllowed("not_administrator", _("Posts are given by an administrator."))


@require_POST
def term_end(request: Request, code: str, role: str, number: int, pk: int) -> HttpResponse:
    """Set the last day of a term, or call one off that has not begun: the post is then nobody's from that day on."""
    post = post_or_404(unit_or_404(request, code), role, number)
    require_administrator(request, post)
    term = get_object_or_404(Term.objects.select_related("person"), pk=pk, post__isnull=False, post=post.pk)
    form = EndForm(request.POST, prefix="end")
    try:
        if "call_off" in request.POST:
            cared_for = bool(request.POST.get("end-with_caretaker"))
            call_off_term(term=term, by=request.user, at=request.at, with_caretaker=cared_for)
            said = _("The term of %(name)s is called off.") % {"name": term.person}
        elif form.is_valid():
            day = form.cleaned_data["valid_until"]
            cared_for = form.cleaned_data["with_caretaker"]
            end_term(term=term, valid_until=day, by=request.user, at=request.at, with_caretaker=cared_for)
            said = _("The last day of %(name)s is %(day)s.") % {"name": term.person, "day": exact_day(day)}
        else:
            messages.error(request, " ".join(str(one) for one in form.errors["valid_until"]))
            return redirect("unit_post", code=code, role=role, number=number)
    except Refusal as error:
        messages.error(request, str(error))
        return redirect("unit_post", code=code, role=role, number=number)
    messages.success(request, said)
    return redirect("posts_of_unit", code=code)


AT = "posts/<str:code>/<str:role>/<int:number>"
urlpatterns = [
    path(AT, unit_post, name="unit_post"),
    path(f"{AT}/new-person", new_person, name="new_person"),
    path(f"{AT}/terms/<int:pk>", term_end, name="term_end"),
]
