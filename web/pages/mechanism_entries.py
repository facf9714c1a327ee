"""An entry of a county's log: whole, with its files; corrected by a later one, or taken back."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.errors import NotAllowed, Refusal
from casework.talk.attachments import files_of
from oversight.mechanisms.meetings import correct_meeting, may_log, withdraw_meeting
from oversight.models import Meeting
from web.pages.evidence import send
from web.pages.fields import SAVED, show_refusals
from web.pages.form_words import WordedForm
from web.pages.mechanisms import MeetingForm, may_read, query_around, salt
from web.requests import Request


class CorrectionForm(MeetingForm):
    reason = forms.CharField(label=_("Why is it corrected?"), max_length=500)
    field_order = (*MeetingForm.field_order, "reason")


class WithdrawalForm(WordedForm):
    reason = forms.CharField(label=_("Why is it taken back?"), max_length=500)


def readable_entry(request: Request, pk: int) -> Meeting:
    entry = Meeting.objects.filter(pk=pk).select_related("unit", "by", "replaces").first()
    if entry is None or not may_read(request, entry.unit):
        raise Http404
    return entry


def entry(request: Request, pk: int) -> HttpResponse:
    """An entry whole, with what it replaced and what replaced it; corrected here by a later one."""
    meeting = readable_entry(request, pk)
    if request.method != "POST":
        return show_entry(request, meeting)
    form = CorrectionForm(request.POST, request.FILES, salt=salt(request, meeting.unit))
    is_valid = form.is_valid()
    form.keep_files()
    if not is_valid or form.errors:
        return show_entry(request, meeting, form=form, status=422)
    reason = form.cleaned_data["reason"]
    try:
        made = correct_meeting(meeting=meeting, held=form.held(), reason=reason, by=request.user, at=request.at)
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        return show_entry(request, meeting, form=form, status=error.status)
    messages.success(request, gettext("It is corrected; the earlier entry stays to be read."), extra_tags=SAVED)
    return redirect("mechanism_entry", pk=made.pk)


@require_POST
def withdrawal(request: Request, pk: int) -> HttpResponse:
    """Say that it did not take place."""
    meeting = readable_entry(request, pk)
    form = WithdrawalForm(request.POST)
    if not form.is_valid():
        return show_entry(request, meeting, taking_back=form, status=422)
    try:
        withdraw_meeting(meeting=meeting, reason=form.cleaned_data["reason"], by=request.user, at=request.at)
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        return show_entry(request, meeting, taking_back=form, status=error.status)
    messages.success(request, gettext("It is taken back and counts no more."), extra_tags=SAVED)
    return redirect("mechanism_entry", pk=pk)


def show_entry(
    request: Request,
    meeting: Meeting,
    *,
    form: CorrectionForm | None = None,
    taking_back: WithdrawalForm | None = None,
    status: int = 200,
) -> HttpResponse:
    later = Meeting.objects.filter(replaces=meeting.pk).select_related("by").first()
    may_correct = later is None and not meeting.is_withdrawn and may_log(request.user, meeting.unit, request.on)
    if form is None and may_correct:
        names = ("kind", "held_on", "document_number", "minutes", "present")
        form = CorrectionForm(
            salt=salt(request, meeting.unit), initial={name: getattr(meeting, name) for name in names}
        )
        form.kept = files_of(meeting.files)
    return render(
        request,
        "mechanisms/entry.html",
        {
            "entry": meeting,
            "files": list(enumerate(files_of(meeting.files), start=1)),
            "later": later,
            "form": form,
            "taking_back": (taking_back or WithdrawalForm()) if may_correct or taking_back else None,
            "back": query_around(meeting, request),
        },
        status=status,
    )


def entry_file(request: Request, pk: int, number: int) -> HttpResponseBase:
    """A file of an entry goes out only through this check."""
    files = files_of(readable_entry(request, pk).files)
    if not 1 <= number <= len(files):
        raise Http404
    file = files[number - 1]
    return send(
        request,
        file.stored_as,
        tag=file.sha256,
        media_type=file.media_type,
        shown_as=file.name,
        is_download=not file.is_image,
    )


urlpatterns = [
    path("mechanisms/entries/<int:pk>", entry, name="mechanism_entry"),
    path("mechanisms/entries/<int:pk>/withdrawal", withdrawal, name="mechanism_entry_withdrawal"),
    path("mechanisms/entries/<int:pk>/files/<int:number>", entry_file, name="mechanism_entry_file"),
]
