"""What the lead office does with a member unit's report: return it, accept it, open it longer for one unit."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.errors import NotAllowed, Refusal
from casework.values.numbers import whole_number
from flows import steps
from oversight.members.rights import require_lead
from oversight.models import ExpectedReport
from oversight.reporting.deciding import accept_report, except_from_close, return_report
from web.pages.fields import show_refusals
from web.pages.unit_report_form import ExceptionForm, ReturnForm
from web.pages.unit_reports import readable, show
from web.requests import Request


@require_POST
def returning(request: Request, pk: int) -> HttpResponse:
    expected = to_decide(request, pk)
    report = getattr(expected, "report", None)
    if report is None:
        raise Http404
    form = ReturnForm(request.POST, prefix="return")

    def act(said: dict[str, Any]) -> None:
        return_report(report=report, by=request.user, at=request.at, **said)

    return decided(request, expected, "return", form, act, _("The report is returned; the unit reads your reasons."))


@require_POST
def exception(request: Request, pk: int) -> HttpResponse:
    expected = to_decide(request, pk)
    form = ExceptionForm(request.POST, prefix="exception")

    def act(said: dict[str, Any]) -> None:
        except_from_close(expected=expected, by=request.user, at=request.at, **said)

    return decided(request, expected, "exception", form, act, _("The unit may hand in until then. It stays late."))


@require_POST
def acceptance(request: Request, pk: int) -> HttpResponse:
    expected = to_decide(request, pk)
    report = getattr(expected, "report", None)
    if report is None:
        raise Http404
    read = whole_number(request.POST.get("version", "")) or 0
    try:
        with steps.door():
            accept_report(report=report, version=read, by=request.user, at=request.at)
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The report is accepted."))
    return redirect("unit_report", pk=pk)


def to_decide(request: Request, pk: int) -> ExpectedReport:
    expected = readable(request, pk)
    require_lead(request.user, expected.period.mechanism, request.at)
    return expected


def decided(
    request: Request, expected: ExpectedReport, name: str, form: forms.Form, act: Any, done: Any
) -> HttpResponse:
    if form.is_valid():
        try:
            with steps.door():
                act(form.cleaned_data)
        except Refusal as refusal:
            show_refusals(form, refusal)
        else:
            messages.success(request, done)
            return redirect("unit_report", pk=expected.pk)
    return show(request, expected, office={name: form}, status=422)


urlpatterns = [
    path("unit-reports/<int:pk>/return", returning, name="unit_report_return"),
    path("unit-reports/<int:pk>/acceptance", acceptance, name="unit_report_acceptance"),
    path("unit-reports/<int:pk>/exception", exception, name="unit_report_exception"),
]
