"""Which cases stand on the public page: an office releases each by itself, in words that name nobody."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.errors import NotAllowed, Refusal
from casework.models import Case
from casework.queries import visible
from oversight.mechanisms.corrections import LONGEST
from oversight.public_page.queries import current_releases, is_on, releasable
from oversight.public_page.records import Release
from oversight.public_page.releasing import Shown, may_release, photos_of, proposed, release_case, withdraw_release
from web.pages.fields import SAVED, field_of, show_refusals
from web.pages.form_words import WordedForm
from web.pages.numbered_pages import numbered_page
from web.pages.public_settings import own_city
from web.requests import Request

LISTED = 30


class ReleaseForm(WordedForm):
    problem = forms.CharField(
        label=_("The problem, as villagers read it"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4})
    )
    measure = forms.CharField(
        label=_("What is done about it"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )
    photos = forms.MultipleChoiceField(
        label=_("Photos on the public page"), required=False, widget=forms.CheckboxSelectMultiple
    )
    is_read = forms.BooleanField(
        label=_("I have read it: words and photos show nobody's face, name, number or home."),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        photos = photos_of(case)
        self.of_case = {str(photo.pk): photo for photo in photos}
        field_of(self, "photos", forms.MultipleChoiceField).choices = [
            (key, f"{photo.get_kind_display()} {photo.number}") for key, photo in self.of_case.items()
        ]
        if not photos:
            del self.fields["photos"]


class WithdrawalForm(WordedForm):
    reason = forms.CharField(label=_("Why is it taken off?"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


def releases(request: Request) -> HttpResponse:
    """What stands in public, or what could: of the own county or city, the newest first."""
    city = own_city(request)
    is_waiting = request.GET.get("state") == "waiting"
    mine = releasable(request.user, request.on)
    public = current_releases()
    rows = mine.exclude(pk__in=public.values("case")) if is_waiting else mine.filter(pk__in=public.values("case"))
    page = numbered_page(request, rows.select_related("village", "town").order_by("-id"), size=LISTED)
    shown = {one.case_id: one for one in public.filter(case__in=page.rows).select_related("by")}
    return render(
        request,
        "releases/releases.html",
        {
            "city": city,
            "is_on": is_on(city),
            "is_waiting": is_waiting,
            "page": page,
            "rows": [(case, shown.get(case.pk)) for case in page.rows],
        },
    )


def case_of(request: Request, number: str) -> Case:
    """A case that this reader sees and whose office may release it; of others it is not said whether there is one."""
    case = visible(request.user, request.on).filter(number=number).select_related("village", "city").first()
    if case is None or not may_release(request.user, case, request.on):
        raise Http404
    return case


def release(request: Request, number: str) -> HttpResponse:
    case = case_of(request, number)
    if request.method != "POST":
        return show(request, case)
    form = ReleaseForm(request.POST, case=case)
    if not form.is_valid():
        return show(request, case, form=form, status=422)
    said = form.cleaned_data
    shown = Shown(said["problem"], said["measure"], [int(key) for key in said.get("photos", ())])
    try:
        release_case(case=case, shown=shown, by=request.user, at=request.at)
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        return show(request, case, form=form, status=error.status)
    sentence = gettext("%(number)s stands on the public page.")
    if case.city is None or not is_on(case.city):
        sentence = gettext("%(number)s is released. It is read once the city turns the public page on.")
    messages.success(request, sentence % {"number": case.number}, extra_tags=SAVED)
    return redirect("releases")


@require_POST
def withdrawal(request: Request, number: str) -> HttpResponse:
    case = case_of(request, number)
    form = WithdrawalForm(request.POST)
    if not form.is_valid():
        return show(request, case, withdrawal=form, status=422)
    try:
        withdraw_release(case=case, reason=form.cleaned_data["reason"], by=request.user, at=request.at)
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        return show(request, case, withdrawal=form, status=error.status)
    sentence = gettext("%(number)s was taken off the public page.") % {"number": case.number}
    messages.success(request, sentence, extra_tags=SAVED)
    return redirect("releases")


def show(request: Request, case: Case, *, status: int = 200, **given: Any) -> HttpResponse:
    history = list(Release.objects.filter(case=case).select_related("by").prefetch_related("photos"))
    current = history[0] if history and not history[0].is_withdrawn else None
    form = given.get("form")
    if form is None:
        shown = (
            Shown(current.problem, current.measure, [one.evidence_id for one in current.photos.all()])
            if current
            else proposed(case)
        )
        values = {"problem": shown.problem, "measure": shown.measure, "photos": [str(key) for key in shown.photos]}
        form = ReleaseForm(case=case, initial=values)
    context = {"case": case, "form": form, "history": history, "current": current}
    context["withdrawal"] = given.get("withdrawal") or WithdrawalForm()
    return render(request, "releases/release.html", context, status=status)


urlpatterns = [
    path("releases", releases, name="releases"),
    path("cases/<str:number>/release", release, name="release"),
    path("cases/<str:number>/release/withdrawal", withdrawal, name="release_withdrawal"),
]
