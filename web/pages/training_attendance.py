"""Who was at a training: ticked on a list, imported from a table, or by the code on the wall."""

from collections.abc import Sequence

import segno
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal
from casework.models import Unit
from casework.models.unit import UnitLevel
from casework.tables.columns import name_of
from casework.tables.reading import read_small
from casework.values.numbers import whole_number
from flows import steps
from oversight.training.attending import attend_by_code, code_refusal, present, take_back_attendance, tick_attendance
from oversight.training.holding import SIGNS, require_holder
from oversight.training.importing import ATTENDANCE_COLUMNS, ATTENDANCES, import_attendance
from oversight.training.queries import holders_under
from oversight.training.records import Attendance, TrainingSession
from web.pages.fields import SAVED, show_refusals
from web.pages.form_words import WordedForm
from web.pages.numbered_pages import numbered_page
from web.pages.training_session import ReasonForm, readable_session
from web.requests import Request

LISTED = 200


def keys_from(words: Sequence[str]) -> list[int]:
    """The keys that were ticked; what can be no key is nobody's."""
    return [whole_number(word) or 0 for word in words]


class AttendanceTableForm(WordedForm):
    file = forms.FileField(
        label=_("List of who was there"),
        help_text=_("CSV or XLSX. Repeatable: who is on the list already stays."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
    )


def held_session(request: Request, pk: int) -> TrainingSession:
    session = readable_session(request, pk)
    require_holder(request.user, session.unit, request.at)
    return session


def ticking(request: Request, pk: int) -> HttpResponse:
    """The holders of the session's posts to tick; of a whole county one town after the other."""
    session = held_session(request, pk)
    if request.method == "POST":
        try:
            made = tick_attendance(
                session=session, people=keys_from(request.POST.getlist("people")), by=request.user, at=request.at
            )
        except Refusal as error:
            if isinstance(error, NotAllowed):
                raise
            return show_ticks(request, session, error=error)
        said = gettext("%(count)d people are entered.") % {"count": len(made)}
        messages.success(request, said, extra_tags=SAVED)
        return redirect("training_session", pk=pk)
    return show_ticks(request, session)


def show_ticks(request: Request, session: TrainingSession, *, error: Refusal | None = None) -> HttpResponse:
    towns = list(Unit.objects.filter(session.unit.subtree(), level=UnitLevel.TOWN, is_active=True).order_by("path"))
    town = next((one for one in towns if one.code == request.GET.get("town", "")), None)
    terms = holders_under(session.unit, on=session.day).filter(post__role__in=session.roles)
    if town is not None:
        terms = terms.filter(post__unit__path__startswith=town.path)
    there = set(present(session).values_list("person_id", flat=True))
    page = numbered_page(request, terms.exclude(person__in=there), size=LISTED)
    return render(
        request,
        "training/ticks.html",
        {
            "session": session,
            "towns": towns if len(towns) > 1 else [],
            "town": town,
            "page": page,
            "there": len(there),
            "ticked": set(keys_from(request.POST.getlist("people"))),
            "error": error,
        },
        status=error.status if error else 200,
    )


def importing(request: Request, pk: int) -> HttpResponse:
    session = held_session(request, pk)
    form = AttendanceTableForm(request.POST or None, request.FILES or None)
    outcome = None
    if request.method == "POST" and form.is_valid():
        try:
            table = read_small(form.cleaned_data["file"], ATTENDANCE_COLUMNS)
            with steps.door():
                outcome = import_attendance(table, session=session, by=request.user, at=request.at)
        except Refusal as refusal:
            if isinstance(refusal, NotAllowed):
                raise
            form.add_error("file", str(refusal.sentence))
    context = {
        "session": session,
        "form": form,
        "outcome": outcome,
        "names": [name_of(ours, ATTENDANCES) for ours in ATTENDANCES],
    }
    return render(request, "training/import.html", context, status=422 if form.errors else 200)


def wall(request: Request, pk: int) -> HttpResponse:
    """The code to print and hang up: an address, a square for the camera, and the signs to type."""
    session = held_session(request, pk)
    address = request.build_absolute_uri(reverse("training_code", args=[session.code]))
    square = segno.make(address, error="m").svg_inline(omitsize=True, border=2, dark="#000", light="#fff")
    return render(
        request,
        "training/wall.html",
        {"session": session, "address": address, "square": mark_safe(square)},
    )


def typed_code(request: Request) -> HttpResponse:
    """The code as somebody types it, led to its page."""
    said = "".join(request.GET.get("code", "").upper().split())[:8]
    if said and set(said) <= set(SIGNS):
        return redirect("training_code", code=said)
    messages.error(request, gettext("A code has six letters and digits. Look at the wall again."))
    return redirect("trainings")


def by_code(request: Request, code: str) -> HttpResponse:
    """The session of a code, to say “I am here”."""
    session = TrainingSession.objects.filter(code=code.upper()[:8]).select_related("unit").first()
    if session is None:
        message = _("There is no training with this code. Look at the wall again, or ask whoever holds it.")
        return render(request, "training/code.html", {"refusal": message}, status=404)
    refusal: Refusal | None = code_refusal(session, request.at)
    if request.method == "POST":
        try:
            attend_by_code(session=session, by=request.user, at=request.at)
        except Refusal as error:
            refusal = error
        else:
            messages.success(request, gettext("You are entered."), extra_tags=SAVED)
            return redirect("training_code", code=session.code)
    is_there = present(session).filter(person=request.user).exists()
    return render(
        request,
        "training/code.html",
        {
            "session": session,
            "refusal": None if is_there and request.method != "POST" else refusal,
            "is_there": is_there,
        },
        status=refusal.status if refusal and request.method == "POST" else 200,
    )


def taking_back(request: Request, pk: int) -> HttpResponse:
    """Say that somebody was not there."""
    attendance = get_object_or_404(Attendance.objects.select_related("session__unit", "person", "unit"), pk=pk)
    readable_session(request, attendance.session_id)
    require_holder(request.user, attendance.session.unit, request.at)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            take_back_attendance(
                attendance=attendance, reason=form.cleaned_data["reason"], by=request.user, at=request.at
            )
        except Refusal as error:
            show_refusals(form, error)
            return render(request, "training/taking_back.html", {"one": attendance, "form": form}, status=error.status)
        messages.success(request, gettext("It is taken back and counts no more."), extra_tags=SAVED)
        return redirect("training_session", pk=attendance.session_id)
    return render(
        request, "training/taking_back.html", {"one": attendance, "form": form}, status=422 if form.errors else 200
    )


urlpatterns = [
    path("trainings/<int:pk>/attendance", ticking, name="training_ticks"),
    path("trainings/<int:pk>/import", importing, name="training_import"),
    path("trainings/<int:pk>/wall", wall, name="training_wall"),
    path("trainings/code", typed_code, name="training_typed_code"),
    path("trainings/codes/<str:code>", by_code, name="training_code"),
    path("trainings/attendances/<int:pk>/taking-back", taking_back, name="attendance_taking_back"),
]
