"""An entry of a village's log: whole, with its files; corrected by a later one, or taken back."""

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
from casework.rights.territories import villages_seen_by
from casework.talk.attachments import files_of
from oversight.decisions.records import DecisionStep
from oversight.duty.minutes import correct_minutes, withdraw_minutes
from oversight.duty.records import Minutes
from oversight.rights import may_enter_for
from web.pages.attached_file import send_attached
from web.pages.duty import MinutesForm, salt
from web.pages.fields import SAVED, show_refusals
from web.pages.training_session import ReasonForm, is_whole
from web.requests import Request


class CorrectionForm(MinutesForm):
    reason = forms.CharField(label=_("Why is it corrected?"), max_length=500)
    field_order = (*MinutesForm.field_order, "reason")


def readable_minutes(request: Request, pk: int) -> Minutes:
    found = Minutes.objects.filter(pk=pk).select_related("village__parent", "by", "replaces").first()
    if found is None or not villages_seen_by(request.user, on=request.on).filter(pk=found.village_id).exists():
        raise Http404
    return found


def minutes(request: Request, pk: int) -> HttpResponse:
    """An entry whole; corrected here by a later one."""
    entry = readable_minutes(request, pk)
    if request.method != "POST":
        return show(request, entry)
    form = CorrectionForm(
        request.POST, request.FILES, village=entry.village, today=request.on, salt=salt(request, entry.village)
    )
    if not is_whole(form):
        return show(request, entry, form=form, status=422)
    reason = form.cleaned_data["reason"]
    try:
        made = correct_minutes(minutes=entry, held=form.held(), reason=reason, by=request.user, at=request.at)
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        return show(request, entry, form=form, status=error.status)
    messages.success(request, gettext("It is corrected; the earlier entry stays to be read."), extra_tags=SAVED)
    return redirect("minutes", pk=made.pk)


@require_POST
def withdrawal(request: Request, pk: int) -> HttpResponse:
    """Say that it did not take place."""
    entry = readable_minutes(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return show(request, entry, taking_back=form, status=422)
    try:
        withdraw_minutes(minutes=entry, reason=form.cleaned_data["reason"], by=request.user, at=request.at)
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        return show(request, entry, taking_back=form, status=error.status)
    messages.success(request, gettext("It is taken back and counts no more."), extra_tags=SAVED)
    return redirect("duty_village", code=entry.village.code)


def show(
    request: Request,
    entry: Minutes,
    *,
    form: CorrectionForm | None = None,
    taking_back: ReasonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    later = Minutes.objects.filter(replaces=entry.pk).select_related("by").first()
    attendances = list(entry.attendances.select_related("person"))
    may_correct = later is None and not entry.is_withdrawn and may_enter_for(request.user, entry.village, request.on)
    if form is None and may_correct:
        names = ("kind", "held_on", "subject", "words")
        initial = {name: getattr(entry, name) for name in names}
        initial["present"] = [str(one.person_id) for one in attendances if one.was_present]
        form = CorrectionForm(
            village=entry.village, today=request.on, salt=salt(request, entry.village), initial=initial
        )
        form.kept = files_of(entry.files)
    return render(
        request,
        "duty/minutes.html",
        {
            "entry": entry,
            "present": [one.person for one in attendances if one.was_present],
            "absent": [one.person for one in attendances if not one.was_present],
            "files": list(enumerate(files_of(entry.files), start=1)),
            "later": later,
            "steps": list(DecisionStep.objects.filter(minutes=entry, replaced_by=None).select_related("decision")),
            "form": form if may_correct or (form and form.is_bound) else None,
            "taking_back": (taking_back or ReasonForm()) if may_correct or taking_back else None,
        },
        status=status,
    )


def minutes_file(request: Request, pk: int, number: int) -> HttpResponseBase:
    return send_attached(request, readable_minutes(request, pk).files, number)


urlpatterns = [
    path("duty/minutes/<int:pk>", minutes, name="minutes"),
    path("duty/minutes/<int:pk>/withdrawal", withdrawal, name="minutes_withdrawal"),
    path("duty/minutes/<int:pk>/files/<int:number>", minutes_file, name="minutes_file"),
]
