"""The switch of the public page, and the list of words that are masked there."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.errors import NotAllowed, Refusal
from casework.models import Unit
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from oversight.public_page.queries import city_above, is_on, masked_words
from oversight.public_page.records import MaskedWord, PublicPageSwitch
from oversight.public_page.switching import (
    LONGEST_WORD,
    add_masked_word,
    end_masked_word,
    may_switch,
    switch_public_page,
)
from web.pages.fields import SAVED, show_refusals
from web.pages.form_words import WordedForm
from web.requests import Request

MOST_SHOWN = 20


class SwitchForm(WordedForm):
    turn_on = forms.ChoiceField(choices=[("1", "1"), ("0", "0")], widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Who decided it, and why?"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class WordForm(WordedForm):
    words = forms.CharField(
        label=_("Word to be masked"), help_text=_("A nickname, a family, a firm."), max_length=LONGEST_WORD
    )


def own_city(request: Request) -> Unit:
    """The city of this reader's office."""
    held = posts_for(request.user, OfficeAction.RELEASE_CASE, request.on)
    city = city_above(held[0].unit_path) if held else None
    if city is None:
        raise NotAllowed("no_public_page", _("The public page is kept by the offices of county and city."))
    return city


def public_settings(request: Request) -> HttpResponse:
    city = own_city(request)
    if request.method != "POST":
        return show(request, city)
    form = SwitchForm(request.POST)
    if not form.is_valid():
        return show(request, city, switch=form, status=422)
    turn_on = form.cleaned_data["turn_on"] == "1"
    try:
        switch_public_page(
            city=city, turn_on=turn_on, reason=form.cleaned_data["reason"], by=request.user, at=request.at
        )
    except Refusal as error:
        return refused(request, city, error, switch=form)
    sentence = gettext("The public page is on.") if turn_on else gettext("The public page is off.")
    messages.success(request, sentence, extra_tags=SAVED)
    return redirect("public_settings")


def refused(request: Request, city: Unit, error: Refusal, **form: Any) -> HttpResponse:
    if isinstance(error, NotAllowed):
        raise error
    show_refusals(next(iter(form.values())), error)
    return show(request, city, status=error.status, **form)


def show(request: Request, city: Unit, *, status: int = 200, **forms_given: Any) -> HttpResponse:
    on = is_on(city)
    return render(
        request,
        "releases/settings.html",
        {
            "city": city,
            "is_on": on,
            "switches": PublicPageSwitch.objects.filter(city=city).select_related("by")[:MOST_SHOWN],
            "words": masked_words(city),
            "may_switch": may_switch(request.user, city, request.on),
            "switch": forms_given.get("switch") or SwitchForm(initial={"turn_on": "0" if on else "1"}),
            "word": forms_given.get("word") or WordForm(),
        },
        status=status,
    )


@require_POST
def words(request: Request) -> HttpResponse:
    city = own_city(request)
    form = WordForm(request.POST)
    if not form.is_valid():
        return show(request, city, word=form, status=422)
    try:
        add_masked_word(city=city, words=form.cleaned_data["words"], by=request.user, at=request.at)
    except Refusal as error:
        return refused(request, city, error, word=form)
    messages.success(request, gettext("It stands on the list."), extra_tags=SAVED)
    return redirect("public_settings")


@require_POST
def word_end(request: Request, pk: int) -> HttpResponse:
    word = get_object_or_404(MaskedWord, pk=pk, city=own_city(request))
    end_masked_word(word=word, by=request.user, at=request.at)
    messages.success(request, gettext("It was taken off the list."), extra_tags=SAVED)
    return redirect("public_settings")


urlpatterns = [
    path("public-page", public_settings, name="public_settings"),
    path("public-page/words", words, name="masked_words"),
    path("public-page/words/<int:pk>/end", word_end, name="masked_word_end"),
]
