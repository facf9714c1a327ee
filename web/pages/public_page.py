"""The public page: read without a sign-in, without scripts and without cookies, and not there while it is off.

Whoever chooses the other language gets the one cookie that says so.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.errors import Refusal
from casework.models import Case, Unit
from casework.models.unit import UnitLevel
from casework.proofs.previews import SCREEN, make_turned_preview
from casework.proofs.turning import quarters_of
from casework.stages import Stage, Watch
from oversight.public_page.codes import LONGEST_CODE, case_of_code
from oversight.public_page.limits import count_address
from oversight.public_page.queries import SAID_TO_BE_DONE, cities_on, public_photo, public_releases, units_below
from oversight.public_page.stating import LONGEST_STATEMENT, say_not_fixed, take_photo
from oversight.suggestions.records import SuggestionKind
from oversight.suggestions.saying import LONGEST_CONTACT, make_suggestion
from web.client_address import address_of
from web.pages.evidence import send
from web.pages.fields import PHOTOS, FilesField, field_of, show_refusals
from web.pages.form_words import WordedForm
from web.pages.kept_files import FormWithFiles
from web.pages.numbered_pages import numbered_page
from web.pages.people import back_in_language
from web.requests import Request

LISTED = 20
LONGEST_WORDS = 2000
View = Callable[..., HttpResponseBase]


def public(view: View) -> View:
    """Nothing of it is there while the page is off. No search engine keeps it, and caches keep it for a minute."""

    @wraps(view)
    def open_view(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            if not cities_on().exists():
                raise Http404
            answer = view(request, *args, **kwargs)
        except Http404:
            answer = render(request, "public_page/none.html", status=404)
        answer.headers["X-Robots-Tag"] = "noindex, nofollow"
        is_kept = request.method in ("GET", "HEAD") and answer.status_code == 200
        answer.headers.setdefault("Cache-Control", "public, max-age=60" if is_kept else "no-store")
        patch_vary_headers(answer, ("Cookie",))  # in which language it was asked for
        return answer

    return open_view


@require_GET
@public
def public_pages(request: Request) -> HttpResponseBase:
    """The cities whose page is on; of the only one its page."""
    cities = list(cities_on()[:50])
    if len(cities) == 1:
        return show_unit(request, cities[0])
    return render(request, "public_page/cities.html", {"cities": cities})


@require_GET
@public
def public_unit(request: Request, code: str) -> HttpResponseBase:
    """A village's problems; above a village the units below that have some. Of a city whose page is off nothing."""
    unit = Unit.objects.filter(code=code).first()
    if unit is None or not cities_on().filter(path__in=unit.ancestor_paths()).exists():
        raise Http404
    return show_unit(request, unit)


def show_unit(request: Request, unit: Unit) -> HttpResponse:
    if unit.level != UnitLevel.VILLAGE:
        return render(request, "public_page/units.html", {"unit": unit, "below": units_below(unit)})
    found = public_releases(unit).select_related("case").prefetch_related("photos").order_by("-case__id")
    page = numbered_page(request, found, size=LISTED)
    rows = [(one, state_of(one.case, request), one.case.stage in SAID_TO_BE_DONE) for one in page.rows]
    above = Unit.objects.filter(path__in=unit.ancestor_paths()[:-1], level__in=(UnitLevel.COUNTY, UnitLevel.TOWN))
    context = {"unit": unit, "rows": rows, "page": page, "above": above.order_by("path")}
    return render(request, "public_page/village.html", context)


def state_of(case: Case, request: Request) -> Any:
    """Where a case stands, in words that need no explanation."""
    if case.stage == Stage.CLOSED:
        return PUT_RIGHT[Watch(case.watch)]
    if case.stage in SAID_TO_BE_DONE:
        return _("The village says it is done; it is being checked.")
    if case.due_on is not None and case.due_on < request.on:
        return _("The day has passed, and it is still being put right.")
    return _("It is being put right.")


PUT_RIGHT: dict[Watch, Any] = {
    Watch.NONE: _("It is put right, and was checked."),
    Watch.WATCHED: _("It is put right, and is still being watched."),
    Watch.ARCHIVED: _("It is put right, and stayed so when it was looked at again."),
    Watch.FAILED: _("It was put right and is back: it is dealt with anew."),
}


@require_GET
@public
def photo(request: Request, pk: int) -> HttpResponseBase:
    """A released photo, as its copy without metadata; not there once it was taken off the page."""
    evidence = public_photo(pk)
    if evidence is None:
        raise Http404
    quarters = quarters_of(evidence)
    try:
        name = make_turned_preview(evidence, SCREEN, quarters)
    except Refusal as error:
        raise Http404 from error
    return send(request, name, tag=f"{evidence.sha256}-{SCREEN}-{quarters}", media_type="image/webp")


@csrf_exempt
@require_POST
@public
def public_language(request: Request) -> HttpResponseBase:
    """Remember in the reader's own browser in which language these pages are read; nothing of it is kept here."""
    return back_in_language(request, request.POST.get("language", ""), home=reverse("public_pages"))


class NotFixedForm(FormWithFiles):
    look_at = staticmethod(take_photo)

    code = forms.CharField(
        label=_("Code of the problem"),
        help_text=_("It stands beside the problem on the list."),
        max_length=LONGEST_CODE,
    )
    words = forms.CharField(
        label=_("What is not put right?"),
        help_text=_("Please write no names and no phone numbers, your own neither."),
        required=False,
        max_length=LONGEST_STATEMENT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    uploads = FilesField(label=_("A photo, if you have one"), accept=PHOTOS, help_text=_("It is never shown here."))
    field_order: tuple[str, ...] = ("code", "words", "uploads")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@public
def not_fixed(request: Request) -> HttpResponseBase:
    """Nobody signs in here and no session counts, so there is nothing that a foreign page could send in their name."""
    salt = "not fixed"
    if request.method != "POST":
        form = NotFixedForm(salt=salt, initial={"code": request.GET.get("code", "")[:LONGEST_CODE]})
        return render(request, "public_page/not_fixed.html", {"form": form})
    form = NotFixedForm(request.POST, request.FILES, salt=salt)
    status = 422
    try:
        count_address(address_of(request), at=request.at)
        # Of a code that is unknown no file is looked at or kept.
        if form.is_valid() and case_of_code(form.cleaned_data["code"]) is not None:
            form.keep_files()
        if not form.errors:
            said = form.cleaned_data
            statement = say_not_fixed(code=said["code"], words=said["words"], photos=form.kept, at=request.at)
            return redirect("public_thanks", code=statement.case.village.code)
    except Refusal as error:
        form.is_valid()
        show_refusals(form, error)
        status = error.status
    return render(request, "public_page/not_fixed.html", {"form": form}, status=status)


@require_GET
@public
def thanks(request: Request, code: str) -> HttpResponseBase:
    unit = Unit.objects.filter(code=code).first()
    if unit is None or not cities_on().filter(path__in=unit.ancestor_paths()).exists():
        raise Http404
    return render(request, "public_page/thanks.html", {"unit": unit})


class PublicSuggestionForm(WordedForm):
    city = forms.ModelChoiceField(label=_("City"), queryset=Unit.objects.none(), to_field_name="code", empty_label=None)
    kind = forms.ChoiceField(label=_("What is it?"), choices=SuggestionKind.choices)
    words = forms.CharField(
        label=_("Your complaint or suggestion about the system"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    contact = forms.CharField(
        label=_("How can we reach you?"),
        help_text=_(
            "Only if you want an answer. Only the office reads it; it is removed after half a year at the latest."
        ),
        required=False,
        max_length=LONGEST_CONTACT,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cities = cities_on()
        field_of(self, "city", forms.ModelChoiceField).queryset = cities
        if len(found := list(cities[:2])) == 1:
            self.fields["city"].widget = forms.HiddenInput()
            self.fields["city"].initial = found[0].code


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@public
def suggestion(request: Request) -> HttpResponseBase:
    """About the system itself, from anybody. Whoever is signed in writes on a page of their own and reads the answer there."""
    if request.method != "POST":
        return render(request, "public_page/suggestion.html", {"form": PublicSuggestionForm()})
    form = PublicSuggestionForm(request.POST)
    status = 422
    try:
        count_address(address_of(request), at=request.at)
        if form.is_valid():
            made = make_suggestion(**form.cleaned_data, by=None, at=request.at)
            return redirect("public_thanks", code=made.city.code)
    except Refusal as error:
        form.is_valid()
        show_refusals(form, error)
        status = error.status
    return render(request, "public_page/suggestion.html", {"form": form}, status=status)


urlpatterns = [
    path("public", public_pages, name="public_pages"),
    path("public/not-fixed", not_fixed, name="not_fixed"),
    path("public/language", public_language, name="public_language"),
    path("public/suggestions", suggestion, name="public_suggestion"),
    path("public/photos/<int:pk>", photo, name="public_photo"),
    path("public/<str:code>", public_unit, name="public_unit"),
    path("public/<str:code>/thanks", thanks, name="public_thanks"),
]
