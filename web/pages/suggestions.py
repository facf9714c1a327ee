"""Complaints and suggestions about the system, of whoever is signed in: said here, and the answer read here."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, NotAllowed, Refusal
from oversight.suggestions.records import SuggestionKind
from oversight.suggestions.saying import LONGEST_CONTACT, city_of_person, make_suggestion, said_by
from web.pages.fields import SAVED, show_refusals
from web.pages.form_words import WordedForm
from web.pages.numbered_pages import numbered_page
from web.requests import Request

LISTED = 20
LONGEST_WORDS = 2000


class SuggestionForm(WordedForm):
    kind = forms.ChoiceField(label=_("What is it?"), choices=SuggestionKind.choices)
    words = forms.CharField(
        label=_("Your complaint or suggestion about the system"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    contact = forms.CharField(
        label=_("How can we reach you?"),
        help_text=_(
            "Only if you want a call. It is removed after half a year at the latest; the answer stands on this page."
        ),
        required=False,
        max_length=LONGEST_CONTACT,
    )


def suggestions(request: Request) -> HttpResponse:
    if request.method != "POST":
        return show(request, SuggestionForm())
    form = SuggestionForm(request.POST)
    if not form.is_valid():
        return show(request, form, status=422)
    try:
        city = city_of_person(request.user, request.on)
        if city is None:
            raise Conflict("no_city", _("You hold no post in a city. Tell the administrator."))
        make_suggestion(city=city, **form.cleaned_data, by=request.user, at=request.at)
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        return show(request, form, status=error.status)
    messages.success(request, gettext("It has arrived. The answer will stand here."), extra_tags=SAVED)
    return redirect("suggestions")


def show(request: Request, form: SuggestionForm, *, status: int = 200) -> HttpResponse:
    page = numbered_page(request, said_by(request.user), size=LISTED)
    return render(request, "suggestions/suggestions.html", {"form": form, "page": page}, status=status)


urlpatterns = [path("suggestions", suggestions, name="suggestions")]
