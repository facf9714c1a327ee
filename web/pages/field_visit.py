"""One visit to the field: what was seen, what was reported from there; corrected by a later entry, or taken back."""

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
from casework.models.unit import UnitLevel
from casework.queries import visible
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do
from casework.stages import Stage
from casework.talk.attachments import files_of
from oversight.mechanisms.visits import correct_visit, may_enter, withdraw_visit
from oversight.models import FieldVisit, VisitFinding
from web.pages.evidence import send
from web.pages.field_visits import VisitForm, mechanism_of, readable_visits, salt
from web.pages.fields import SAVED, show_refusals
from web.pages.form_words import WordedForm
from web.requests import Request


class CorrectionForm(VisitForm):
    reason = forms.CharField(label=_("Why is it corrected?"), max_length=500)
    field_order = (*VisitForm.field_order, "reason")


class WithdrawalForm(WordedForm):
    reason = forms.CharField(label=_("Why is it taken back?"), max_length=500)


def readable_visit(request: Request, pk: int) -> FieldVisit:
    visit = readable_visits(request).filter(pk=pk).first()
    if visit is None:
        raise Http404
    return visit


def field_visit(request: Request, pk: int) -> HttpResponse:
    visit = readable_visit(request, pk)
    if request.method != "POST":
        return show(request, visit)
    mechanism = mechanism_of(request)
    form = CorrectionForm(request.POST, request.FILES, units=[visit.unit], city=mechanism.lead, salt=salt(request))
    is_valid = form.is_valid()
    form.keep_files()
    if not is_valid or form.errors:
        return show(request, visit, form=form, status=422)
    reason = form.cleaned_data["reason"]
    try:
        made = correct_visit(
            mechanism=mechanism, visit=visit, visited=form.visited(), reason=reason, by=request.user, at=request.at
        )
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        return show(request, visit, form=form, status=error.status)
    messages.success(request, gettext("It is corrected; the earlier entry stays to be read."), extra_tags=SAVED)
    return redirect("field_visit", pk=made.pk)


@require_POST
def withdrawal(request: Request, pk: int) -> HttpResponse:
    """Say that nobody went."""
    visit = readable_visit(request, pk)
    form = WithdrawalForm(request.POST)
    if not form.is_valid():
        return show(request, visit, taking_back=form, status=422)
    try:
        withdraw_visit(visit=visit, reason=form.cleaned_data["reason"], by=request.user, at=request.at)
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        return show(request, visit, taking_back=form, status=error.status)
    messages.success(request, gettext("It is taken back and counts no more."), extra_tags=SAVED)
    return redirect("field_visit", pk=pk)


def show(
    request: Request,
    visit: FieldVisit,
    *,
    form: CorrectionForm | None = None,
    taking_back: WithdrawalForm | None = None,
    status: int = 200,
) -> HttpResponse:
    later = FieldVisit.objects.filter(replaces=visit.pk).select_related("by").first()
    places = [one.unit for one in visit.places.select_related("unit__parent")]
    is_own = may_enter(request.user, visit.unit, request.on)
    may_correct = is_own and later is None and not visit.is_withdrawn
    if form is None and may_correct:
        names = ("kind", "day", "people", "seen", "good_practice")
        initial = {name: getattr(visit, name) for name in names} | {"places": "、".join(one.code for one in places)}
        city = mechanism_of(request).lead
        form = CorrectionForm(units=[visit.unit], city=city, salt=salt(request), initial=initial)
        form.kept = files_of(visit.files)
    return render(
        request,
        "field_visits/visit.html",
        {
            "visit": visit,
            "places": places,
            "villages": [one for one in places if one.level == UnitLevel.VILLAGE],
            "files": list(enumerate(files_of(visit.files), start=1)),
            "later": later,
            "findings": findings_of(request, visit),
            "may_report": is_own and not visit.is_withdrawn and may_do(request.user, OfficeAction.REPORT, request.on),
            "form": form,
            "taking_back": (taking_back or WithdrawalForm()) if may_correct or taking_back else None,
        },
        status=status,
    )


def findings_of(request: Request, visit: FieldVisit) -> list[tuple[VisitFinding, bool]]:
    """The cases found on this visit, or on the entry that it corrects; each with whether the reader sees the case."""
    entries, earlier = [visit.pk], visit.replaces
    while earlier is not None and len(entries) < 20:
        entries.append(earlier.pk)
        earlier = earlier.replaces
    found = list(
        VisitFinding.objects.filter(visit__in=entries)
        .exclude(case__stage=Stage.REFERRED)
        .select_related("case__village", "case__item")
    )
    seen = visible(request.user, request.on).filter(pk__in=[one.case_id for one in found])
    keys = set(seen.values_list("pk", flat=True))
    return [(one, one.case_id in keys) for one in found]


def visit_file(request: Request, pk: int, number: int) -> HttpResponseBase:
    """A file of a visit goes out only through this check."""
    files = files_of(readable_visit(request, pk).files)
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
    path("field-visits/<int:pk>", field_visit, name="field_visit"),
    path("field-visits/<int:pk>/withdrawal", withdrawal, name="field_visit_withdrawal"),
    path("field-visits/<int:pk>/files/<int:number>", visit_file, name="field_visit_file"),
]
