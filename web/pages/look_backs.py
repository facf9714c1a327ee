"""Look-backs: what an inspector was drawn for, the check on site, and what an office watches."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from casework.errors import Refusal
from casework.lifecycle.look_back import Seen, refusal_to_look_back, refusal_to_pass_on
from casework.models import Case, Evidence, LookBack, Person
from casework.models.look_back import LookBackKind, LookBackState, Outcome
from casework.queries import look_backs_for, look_backs_watched_by
from casework.rights.roles import inspectors_shown_to, may_view, sees_unannounced
from casework.working_time.deadlines import local_day
from flows import look_back as flow
from flows.submitted import Form
from web.pages.fields import PHOTOS, SAVED, FilesField, PositionField, show_refusals
from web.pages.form_words import WordedForm
from web.requests import Request

PAGE = 40
TWO_ROWS = forms.Textarea(attrs={"rows": 2})


class LookBackForm(WordedForm):
    needed = frozenset({"photos"})

    key = forms.UUIDField(widget=forms.HiddenInput)
    photos = FilesField(
        label=_("Photos from there"), accept=PHOTOS, capture=True, help_text=_("At least one, taken now.")
    )
    outcome = forms.ChoiceField(label=_("Does it stay fixed?"), choices=Outcome.choices, widget=forms.RadioSelect)
    is_paper_only = forms.BooleanField(
        label=_("It was never put right: closed on paper only"), required=False, help_text=_("Only if it is not fixed.")
    )
    words = forms.CharField(label=_("What did you see?"), widget=forms.Textarea(attrs={"rows": 3}))
    asked = forms.IntegerField(
        label=_("How many of those affected did you ask?"), required=False, min_value=0, max_value=999
    )
    latitude = PositionField(label=_("Latitude"), most=90)
    longitude = PositionField(label=_("Longitude"), most=180)
    why_no_position = forms.CharField(
        label=_("Without a position: why?"),
        required=False,
        max_length=200,
        help_text=_("For example: no signal indoors."),
    )

    def __init__(self, *args: Any, look_back: LookBack, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        if look_back.kind != LookBackKind.REVERSE:
            self.fields["asked"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """A missing photo is named together with what the form misses; where it was taken only the file can say."""
        said = super().clean() or {}
        if not said.get("photos"):
            self.add_error("photos", _("Take at least one photo on site."))
        return said

    def seen(self) -> Seen:
        said = self.cleaned_data
        return Seen(**{name: said[name] for name in Seen.__dataclass_fields__})


class PassingForm(WordedForm):
    reason = forms.CharField(label=_("Why does somebody else have to go?"), widget=TWO_ROWS)


def look_backs(request: Request) -> HttpResponse:
    """Mine first, then what my office watches: open ones, the most urgent first."""
    on = request.on
    watched = list(look_backs_watched_by(request.user, on)[: PAGE + 1])
    return render(
        request,
        "look_backs/list.html",
        {
            "mine": list(look_backs_for(request.user, on)),
            "watched": watched[:PAGE],
            "shown": inspectors_shown_to(request.user, watched, on),
            "has_more": len(watched) > PAGE,
        },
    )


def readable_look_back(request: Request, pk: int) -> LookBack:
    """A look-back whose case the reader may see; one that is not done only for who may know of it."""
    on = request.on
    found = (
        LookBack.objects.filter(pk=pk)
        .select_related(
            "case__village",
            "case__town",
            "case__county",
            "case__city",
            "case__item__aspect",
            "case__object",
            "inspector",
        )
        .select_related("closure", "led_to")
        .first()
    )
    if found is None or not may_view(request.user, found.case, on):
        raise Http404
    if found.state != LookBackState.DONE and not sees_unannounced(request.user, found.case, on):
        raise Http404
    return found


def look_back(request: Request, pk: int) -> HttpResponse:
    """The form for the drawn inspector, the result for everybody else."""
    at = request.at
    found = readable_look_back(request, pk)
    refused = refusal_to_look_back(request.user, found, at)
    if request.method != "POST":
        return show(request, found, None if refused else LookBackForm(look_back=found))
    if refused is not None:
        raise refused
    form = LookBackForm(request.POST, request.FILES, look_back=found)
    if not form.is_valid():
        return show(request, found, form, status=422)
    try:
        again = flow.take(
            look_back=found,
            seen=form.seen(),
            photos=form.cleaned_data["photos"],
            by=request.user,
            at=at,
            form=Form(form.cleaned_data["key"]),
        )
    except Refusal as error:
        show_refusals(form, error)
        return show(request, found, form, status=error.status)
    if again is not None:
        messages.success(
            request,
            _("Entered. The problem is now case %(number)s; the office decides on it.") % {"number": again.number},
            extra_tags=SAVED,
        )
        return redirect("case", number=again.number)
    messages.success(request, _("The result is entered."), extra_tags=SAVED)
    return redirect("look_back", pk=found.pk)


def show(request: Request, found: LookBack, form: LookBackForm | None, *, status: int = 200) -> HttpResponse:
    case, at = found.case, request.at
    photos = list(case.evidence.select_related("look_back_photo").order_by("number"))
    return render(
        request,
        "look_backs/look_back.html",
        {
            "look_back": found,
            "case": case,
            "form": form,
            "may_pass_on": refusal_to_pass_on(request.user, found, at) is None,
            "shown": inspectors_shown_to(request.user, [found], local_day(at)),
            "before": [one for one in photos if one.kind == "before" and one.is_image][:2],
            "after": [one for one in photos if one.kind == "after" and one.is_image][-2:],
            "seen": [one for one in photos if _belongs(one, found)],
        },
        status=status,
    )


def _belongs(evidence: Evidence, look_back: LookBack) -> bool:
    photo = getattr(evidence, "look_back_photo", None)
    return photo is not None and photo.look_back_id == look_back.pk


def pass_on(request: Request, pk: int) -> HttpResponse:
    found = readable_look_back(request, pk)
    form = PassingForm(request.POST or None)
    refused = refusal_to_pass_on(request.user, found, request.at)
    if refused is not None:
        raise refused
    if request.method == "POST" and form.is_valid():
        flow.pass_on(look_back=found, reason=form.cleaned_data["reason"], by=request.user, at=request.at)
        messages.success(request, _("Somebody else is drawn within minutes."), extra_tags=SAVED)
        return redirect("look_backs")
    return render(
        request,
        "look_backs/passing.html",
        {"look_back": found, "case": found.case, "form": form},
        status=422 if form.errors else 200,
    )


def watch_panel(case: Case, reader: Person, on: date) -> list[LookBack]:
    """The look-backs of a case for its page: what is done for everybody, what is to come for who may know of it."""
    if case.closed_on is None or case.is_imported_history:
        return []
    found = case.look_backs.select_related("inspector", "led_to").order_by("opens_on", "id")
    if not sees_unannounced(reader, case, on):
        found = found.filter(state=LookBackState.DONE)
    rows = list(found)
    shown = inspectors_shown_to(reader, rows, on)
    for row in rows:
        row.names_inspector = row.pk in shown
    return rows


urlpatterns = [
    path("look-backs", look_backs, name="look_backs"),
    path("look-backs/<int:pk>", look_back, name="look_back"),
    path("look-backs/<int:pk>/passing", pass_on, name="look_back_passing"),
]
