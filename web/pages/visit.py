"""One visit to a village: on the way there, through the checklist, or as it was done."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.errors import Invalid, NotAllowed, Refusal
from casework.models import Unit
from casework.queries import visible
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do
from casework.stages import Stage
from casework.talk.attachments import files_of
from casework.values.numbers import whole_number
from oversight.models import ChecklistItem, HeadSignature, ItemAnswer, VillageVisit, VisitAnswer
from oversight.visits.making import answer_items, arrive
from oversight.visits.planning import call_off_visit
from oversight.visits.queries import NEEDS, Row, standing
from oversight.visits.rights import may_call_off, may_make, visits_seen_by, visits_shown_on_village
from oversight.visits.signing import SIGNATURE_BOX
from web.pages.evidence import send
from web.pages.fields import SAVED, PositionField, show_refusals
from web.pages.form_words import WordedForm
from web.pages.units import readable
from web.requests import Request


class ArrivalForm(WordedForm):
    key = forms.UUIDField(widget=forms.HiddenInput)
    latitude = PositionField(label=_("Latitude"), most=90, widget=forms.HiddenInput)
    longitude = PositionField(label=_("Longitude"), most=180, widget=forms.HiddenInput)
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)


class CallingOffForm(WordedForm):
    reason = forms.CharField(label=_("Why does nobody go there?"), max_length=300)


def readable_visit(request: Request, pk: int) -> VillageVisit:
    """A visit that the reader may read; a done one also whoever may open the page of its village."""
    found = VillageVisit.objects.filter(pk=pk).select_related(*NEEDS, "called_off_by", "office", "taken_in_by").first()
    if found is None:
        raise Http404
    if not visits_seen_by(request.user, request.on).filter(pk=pk).exists():
        is_neighbour = readable(request).filter(pk=found.village_id).exists()
        shown = visits_shown_on_village(request.user, found.village, request.on)
        if not (is_neighbour and shown.filter(pk=pk).exists()):
            raise Http404
    return found


def visit(request: Request, pk: int) -> HttpResponse:
    return show(request, readable_visit(request, pk))


def show(
    request: Request,
    found: VillageVisit,
    *,
    refusal: Refusal | None = None,
    ticked: dict[int, str] | None = None,
    odd: tuple[float, float] | None = None,
    calling_off: CallingOffForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """`ticked` are answers that were refused, `odd` is a position that is asked about."""
    stands = standing(found)
    is_mine = may_make(request.user, found, request.on)
    may_end = found.state == "planned" and may_call_off(request.user, found, request.on)
    seen = visible(request.user, request.on).filter(pk__in=[one.case_id for row in stands.rows for one in row.found])
    return render(
        request,
        "visits/visit.html",
        {
            "visit": found,
            "stands": stands,
            "rows": [row_of(row, ticked or {}, request, found) for row in stands.rows],
            "seen": set(seen.values_list("pk", flat=True)),
            "is_mine": is_mine,
            "may_see_place": may_do(request.user, OfficeAction.SEE_VISITS, request.on),
            "may_report": is_mine and may_do(request.user, OfficeAction.REPORT, request.on),
            "key": uuid4(),
            "other_key": uuid4(),
            "odd": odd,
            "refusal": refusal,
            "signature": HeadSignature.objects.filter(visit=found).first(),
            "box": SIGNATURE_BOX,
            "calling_off": (calling_off or CallingOffForm()) if may_end else None,
            "on": request.on,
        },
        status=status,
    )


def row_of(row: Row, ticked: dict[int, str], request: Request, found: VillageVisit) -> dict[str, Any]:
    """An item as the page shows it. Cases that were referred are seen by the discipline office alone."""
    given = row.answer.answer if row.answer else ""
    picture = files_of([row.line.picture])[0] if row.line.picture else None
    return {
        "line": row.line,
        "answer": row.answer,
        "given": ticked.get(row.line.pk, given),
        "label": row.answer.get_answer_display() if row.answer else "",
        "found": [one for one in row.found if one.case.stage != Stage.REFERRED],
        "has_found": bool(row.found),
        "picture": picture,
    }


@require_POST
def arrival(request: Request, pk: int) -> HttpResponse:
    found = readable_visit(request, pk)
    form = ArrivalForm(request.POST)
    if not form.is_valid():
        sentence = _("Your arrival was not entered. Press the button once more.")
        return show(request, found, refusal=Invalid("unreadable", sentence), status=422)
    said = form.cleaned_data
    place = (said["latitude"], said["longitude"])
    try:
        arrive(
            visit=found,
            latitude=place[0],
            longitude=place[1],
            is_confirmed=said["confirmed"],
            by=request.user,
            at=request.at,
            key=said["key"],
        )
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        odd = place if error.code == "position_odd" else None
        return show(request, found, refusal=error, odd=odd, status=error.status)
    return redirect("visit", pk=pk)


@require_POST
def answers(request: Request, pk: int) -> HttpResponse:
    """What is ticked is saved; whoever pressed “finding” goes on to report it."""
    found = readable_visit(request, pk)
    key, said, wanted = read_answers(request)
    try:
        if key is None:
            raise Invalid("key_missing", _("This page was not complete. Open the visit again, then save once more."))
        answer_items(visit=found, answers=said, by=request.user, at=request.at, key=key)
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        return show(request, readable_visit(request, pk), refusal=error, ticked=said, status=error.status)
    if wanted is not None:
        answer = ItemAnswer.objects.filter(visit=found, line=wanted).first()
        if answer is not None:
            return redirect(f"{reverse('report')}?answer={answer.pk}")
    left = len(standing(found).unanswered)
    if left:
        messages.success(request, gettext("Saved. Still to look at: %(count)d.") % {"count": left}, SAVED)
        return redirect("visit", pk=pk)
    messages.success(request, gettext("Every item is answered. Show the summary to the village's head."), SAVED)
    return redirect("visit_end", pk=pk)


def read_answers(request: Request) -> tuple[UUID | None, dict[int, str], int | None]:
    """The form's number, the answers by the keys of the items, and the item of which a finding is to be reported."""
    said: dict[int, str] = {}
    for name, words in request.POST.items():
        pk = whole_number(name.removeprefix("line-")) if name.startswith("line-") else None
        if pk is not None:
            said[pk] = str(words)[:20]
    wanted = whole_number(str(request.POST.get("finding", "")))
    if wanted is not None:
        said[wanted] = VisitAnswer.FINDING
    try:
        key = UUID(str(request.POST.get("key", "")))
    except ValueError:
        key = None
    return key, said, wanted


@require_POST
def calling_off(request: Request, pk: int) -> HttpResponse:
    found = readable_visit(request, pk)
    form = CallingOffForm(request.POST)
    if not form.is_valid():
        return show(request, found, calling_off=form, status=422)
    try:
        call_off_visit(visit=found, reason=form.cleaned_data["reason"], by=request.user, at=request.at)
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        return show(request, found, calling_off=form, refusal=error, status=error.status)
    messages.success(request, gettext("Nobody goes there; the visit stays with its reason."), SAVED)
    return redirect("visit", pk=pk)


def picture(request: Request, pk: int) -> HttpResponseBase:
    """How an item should look, for whoever may read checklists and for a village at its done visit."""
    line = get_object_or_404(ChecklistItem.objects.select_related("checklist"), pk=pk)
    if line.picture is None or not may_read_checklist(request, line):
        raise Http404
    file = files_of([line.picture])[0]
    return send(request, file.stored_as, tag=file.sha256, media_type=file.media_type, shown_as=file.name)


def may_read_checklist(request: Request, line: ChecklistItem) -> bool:
    """Within one city: inspectors, offices, and whoever may read villages there."""
    seen = readable(request)
    city = Unit.objects.get(pk=line.checklist.city_id)
    return seen.filter(path__startswith=city.path).exists()


urlpatterns = [
    path("visits/<int:pk>", visit, name="visit"),
    path("visits/<int:pk>/arrival", arrival, name="visit_arrival"),
    path("visits/<int:pk>/answers", answers, name="visit_answers"),
    path("visits/<int:pk>/cancellation", calling_off, name="visit_cancellation"),
    path("checklist-items/<int:pk>/picture", picture, name="checklist_picture"),
]
