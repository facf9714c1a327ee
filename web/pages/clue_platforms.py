"""Which other platforms may send clues to the own office: a key is given, changed and withdrawn here."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from casework.errors import NotAllowed, Refusal
from casework.models import Unit
from casework.offices.clue_platforms import (
    LONGEST_NAME,
    change_key,
    give_key,
    offices_of,
    platforms_of,
    withdraw_key,
)
from web.pages.fields import SAVED, field_of, show_refusals
from web.pages.form_words import WordedForm
from web.pages.numbered_pages import numbered_page
from web.requests import Request

LISTED = 30


class PlatformForm(WordedForm):
    unit = forms.ModelChoiceField(label=_("Office"), queryset=Unit.objects.none(), empty_label=None)
    name = forms.CharField(
        label=_("Name of the platform"),
        help_text=_("As the office calls it. It stands with each of its clues."),
        max_length=LONGEST_NAME,
    )

    def __init__(self, *args: Any, request: Request, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = offices_of(request.user, request.on)
        field_of(self, "unit", forms.ModelChoiceField).queryset = offices
        if len(found := list(offices[:2])) == 1:
            self.fields["unit"].widget = forms.HiddenInput()
            self.fields["unit"].initial = found[0].pk


def require_keeper(request: Request) -> None:
    if not offices_of(request.user, request.on).exists():
        raise NotAllowed("no_platforms", _("Keys for other platforms are given by the county and by the city."))


@require_http_methods(["GET", "HEAD", "POST"])
def clue_platforms(request: Request) -> HttpResponse:
    require_keeper(request)
    if request.method != "POST":
        return show(request, PlatformForm(request=request))
    form = PlatformForm(request.POST, request=request)
    if not form.is_valid():
        return show(request, form, status=422)
    try:
        platform, key = give_key(**form.cleaned_data, by=request.user, at=request.at)
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        return show(request, form, status=error.status)
    return show(request, PlatformForm(request=request), of=platform.name, key=key)


@require_POST
def clue_platform(request: Request, pk: int) -> HttpResponse:
    """One of the buttons beside a platform."""
    require_keeper(request)
    platform = get_object_or_404(platforms_of(request.user, request.on), pk=pk)
    act = request.POST.get("act", "")
    if act == "change":
        key = change_key(platform=platform, by=request.user, at=request.at)
        return show(request, PlatformForm(request=request), of=platform.name, key=key)
    if act != "withdraw":
        raise Http404
    try:
        withdraw_key(platform=platform, by=request.user, at=request.at)
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        messages.error(request, str(error))
    else:
        messages.success(request, gettext("Nothing more is taken from this platform."), extra_tags=SAVED)
    return redirect("clue_platforms")


def show(request: Request, form: PlatformForm, *, of: str = "", key: str = "", status: int = 200) -> HttpResponse:
    """`key` is shown this once: nobody can read it here again."""
    page = numbered_page(request, platforms_of(request.user, request.on), size=LISTED)
    context = {"form": form, "page": page, "of": of, "key": key, "address": settings.SITE_URL + reverse("clues")}
    answer = render(request, "clues/platforms.html", context, status=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


urlpatterns = [
    path("clue-platforms", clue_platforms, name="clue_platforms"),
    path("clue-platforms/<int:pk>", clue_platform, name="clue_platform"),
]
