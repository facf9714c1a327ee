"""The sign-in of a village's committee: by the QR code on a paper or a link in a message, and a one-time code.

The link gives no right and says nothing of anybody. What is answered when a code is asked for is the same whether the
number is known or not; of a number its last two digits are shown. It needs no script.
"""

from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from casework.errors import Invalid, Refusal
from casework.models import SignInLink
from casework.offices.sign_in_codes import plain_number, send_code
from casework.offices.sign_in_links import LinkEnded, link_of
from casework.queries import visible
from casework.values.short_codes import case_of
from oversight.public_page.limits import count_code
from web.client_address import address_of
from web.pages.fields import show_refusals
from web.pages.form_words import WordedForm
from web.requests import Request
from web.sign_in import BY_CODE

SHOWN_DIGITS = 2


class CodeForm(WordedForm):
    number = forms.CharField(
        label=_("Your mobile number"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    digits = forms.CharField(
        label=_("Code of six digits"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "digits"}),
    )

    def __init__(self, *args: Any, link: SignInLink | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needed = {"digits"}
        self.errors_lead = _("You are not signed in yet.")
        if link is not None and link.person is not None:
            del self.fields["number"]


def unshared(view: Any) -> Any:
    """In no cache and no search engine."""

    @wraps(view)
    def open_view(request: Request, **named: Any) -> HttpResponse:
        answer: HttpResponse = view(request, **named)
        answer.headers["X-Robots-Tag"] = "noindex, nofollow"
        answer.headers.setdefault("Cache-Control", "private, no-store")
        return answer

    return open_view


@unshared
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_by_code(request: Request, handle: str = "", code: str = "") -> HttpResponse:
    """Ask for a code, type it, and be where the work is. Without a link: with a code that the office gave."""
    if request.user.is_authenticated:
        return lead_in(request, code)
    link = None
    if handle:
        try:
            link = link_of(handle, at=request.at)
        except LinkEnded as error:
            return render(request, "people/sign_in_by_code.html", {"ended": error}, status=error.status)
    form = CodeForm(request.POST if request.method == "POST" else None, link=link)
    number = link.person.phone if link is not None and link.person is not None else ""
    told, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            number = number or plain_number(form.cleaned_data.get("number", ""))
            try:
                if "ask" in request.POST and link is not None:
                    count_code(address_of(request), at=request.at)
                    send_code(link=link, number=number, at=request.at)
                    told, status = number[-SHOWN_DIGITS:], 200
                else:
                    enter(request, link, number, form.cleaned_data["digits"])
                    return lead_in(request, code)
            except Refusal as error:
                show_refusals(form, error)
                status = error.status
    said = {
        "form": form,
        "link": link,
        "told": told,
        "ending": (number or "")[-SHOWN_DIGITS:],
        "sends": bool(link is not None and settings.SMS_GATEWAY_URL),
    }
    return render(request, "people/sign_in_by_code.html", said, status=status)


def enter(request: Request, link: SignInLink | None, number: str, digits: str) -> None:
    """Sign in, or refuse in one sentence for whatever is wrong."""
    name = link.person.username if link is not None and link.person is not None else number
    person = authenticate(request, username=name, digits=digits, link=link, at=request.at) if digits else None
    if person is None:
        raise Invalid(
            "code_refused",
            _("This code does not open. Compare it, or ask for a new one: it holds ten minutes, once, for five tries."),
            field="digits",
        )
    code = request.__dict__["sign_in_code"]
    login(request, person)
    request.session[BY_CODE] = True
    if code.given_by_id is not None:
        request.session.set_expiry(code.lasts_until)


def lead_in(request: Request, code: str) -> HttpResponse:
    """To the case that the paper names, if it is there for this reader; else home, where what waits comes first."""
    try:
        case = visible(request.user, request.on).filter(pk=case_of(code)).first() if code else None
    except Refusal:
        case = None
    return redirect("case", number=case.number) if case is not None else redirect("home")


def address_of_link(handle: str, code: str = "") -> str:
    """What a QR code says."""
    return settings.SITE_URL + (
        reverse("sign_in_to_case", args=[handle, code]) if code else reverse("sign_in_by_link", args=[handle])
    )


urlpatterns = [
    path("in", sign_in_by_code, name="sign_in_by_code"),
    path("in/<str:handle>", sign_in_by_code, name="sign_in_by_link"),
    path("in/<str:handle>/<str:code>", sign_in_by_code, name="sign_in_to_case"),
]
