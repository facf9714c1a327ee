"""A forgotten password, before the sign-in: the office is told. The answer is the same whoever is asked for."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from casework.errors import Refusal
from casework.offices.forgotten import ask_for_password
from oversight.public_page.limits import count_password_request
from web.client_address import address_of
from web.pages.fields import show_refusals
from web.pages.form_words import WordedForm
from web.requests import Request
from web.sign_in import person_named


class ForgottenForm(WordedForm):
    username = forms.CharField(
        label=_("Phone number or user name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )


def forgotten(request: Request) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("choose_password")
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                count_password_request(address_of(request), at=request.at)
                ask_for_password(person=person_named(form.cleaned_data["username"]), at=request.at)
            except Refusal as error:
                show_refusals(form, error)
                status = error.status
            else:
                return render(request, "people/forgotten.html", {"is_asked": True})
    return render(request, "people/forgotten.html", {"form": form}, status=status)


urlpatterns = [path("forgotten", forgotten, name="forgotten")]
