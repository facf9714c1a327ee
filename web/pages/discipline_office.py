"""The posts of a discipline office, given and ended by those who hold one there: nobody else lets anybody in."""

from datetime import date

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.errors import NotAllowed, Refusal
from casework.models import Person, Term, Unit
from casework.offices.accounts import hand_out_password, one_time_password
from casework.offices.terms import end_term, give_post
from casework.rights.held_posts import posts_held
from casework.stages import Role
from casework.working_time.deadlines import local_day
from web.pages.fields import show_refusals
from web.pages.form_words import WordedForm
from web.requests import Request

DAY = forms.DateInput(attrs={"type": "date"})


class PostForm(WordedForm):
    person = forms.CharField(label=_("User name or mobile number"), max_length=150)
    valid_from = forms.DateField(label=_("from"), widget=DAY)
    valid_until = forms.DateField(label=_("until"), widget=DAY, required=False)

    def clean_person(self) -> Person:
        words = self.cleaned_data["person"].strip()
        found = Person.objects.filter(Q(username=words) | Q(phone=words), is_active=True).first()
        if found is None:
            raise forms.ValidationError(_("Nobody has this user name or number. The administrator makes accounts."))
        return found


class EndForm(WordedForm):
    valid_until = forms.DateField(label=_("Last day"), widget=DAY)


def own_office(request: Request, on: date) -> Unit:
    held = next((one for one in posts_held(request.user, on) if one.is_discipline_office), None)
    if held is None:
        raise NotAllowed("no_discipline_post", _("This page is for those who hold a post of a discipline office."))
    return Unit.objects.get(pk=held.unit_id)


def discipline_office(request: Request) -> HttpResponse:
    """Who holds a post of my office and since when; give another person one."""
    at = request.at
    office = own_office(request, local_day(at))
    form = PostForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                give_post(unit=office, role=Role.DEPARTMENT_MEMBER, by=request.user, at=at, **form.cleaned_data)
            except Refusal as error:
                show_refusals(form, error)
                status = error.status
            else:
                messages.success(request, _("The post is given."))
                return redirect("discipline_office")
    terms = Term.objects.filter(post__unit=office).select_related("person", "post").order_by("-valid_from", "-id")
    return render(
        request, "people/discipline_office.html", {"office": office, "form": form, "terms": list(terms)}, status=status
    )


@require_POST
def discipline_office_term(request: Request, pk: int) -> HttpResponse:
    """Set the last day of a term at my office."""
    at = request.at
    office = own_office(request, local_day(at))
    term = get_object_or_404(Term, pk=pk, post__unit=office)
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the last day."))
        return redirect("discipline_office")
    try:
        end_term(term=term, valid_until=form.cleaned_data["valid_until"], by=request.user, at=at)
    except Refusal as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The last day is set."))
    return redirect("discipline_office")


@require_POST
def discipline_office_password(request: Request, pk: int) -> HttpResponse:
    """A one-time password for a colleague who has forgotten theirs; no administrator may set it."""
    office = own_office(request, request.on)
    person = get_object_or_404(Person.objects.filter(terms__post__unit=office).distinct(), pk=pk)
    password = one_time_password()
    hand_out_password(person=person, password=password, by=request.user, at=request.at)
    messages.success(
        request,
        _("One-time password of %(name)s, shown only now: %(password)s") % {"name": person, "password": password},
    )
    return redirect("discipline_office")


urlpatterns = [
    path("discipline-office", discipline_office, name="discipline_office"),
    path("discipline-office/terms/<int:pk>", discipline_office_term, name="discipline_office_term"),
    path("discipline-office/people/<int:pk>/password", discipline_office_password, name="discipline_office_password"),
]
