"""A member unit's report: the form for who writes it, the report with its flags for who reads it."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal, refuse
from casework.models import Case
from casework.models.unit import UnitLevel
from casework.rights.territories import villages_under
from casework.talk.attachments import files_of
from flows import steps
from flows.submitted import fingerprint
from oversight.duty.queries import VillageWork, village_work
from oversight.members.rights import reports_for, reports_seen_by, runs
from oversight.models import ExpectedReport, OwnFigureName, ReportVersion, UnitReport
from oversight.reporting.checks import Finding, findings_of
from oversight.reporting.deciding import may_accept
from oversight.reporting.drafting import begun_answers, save_draft
from oversight.reporting.findings_in_words import in_words
from oversight.reporting.own_figures import Counted, own_figures
from oversight.reporting.queries import versions_of
from oversight.reporting.submitting import checked, submit_report, why_incomplete
from oversight.reporting.window import closes_at, why_closed
from web.pages.evidence import send
from web.pages.fields import SAVED, show_refusals
from web.pages.unit_report_form import ExceptionForm, ReturnForm, UnitReportForm
from web.requests import Request

NEEDS = ("period__mechanism__lead", "unit", "membership", "report")


def readable(request: Request, pk: int) -> ExpectedReport:
    """The report, there or not, if the reader may see it; otherwise it isn't said whether it is expected."""
    expected = reports_seen_by(request.user, request.on).select_related(*NEEDS).filter(pk=pk).first()
    if expected is None:
        raise Http404
    return expected


def unit_report(request: Request, pk: int) -> HttpResponse:
    expected = readable(request, pk)
    if request.method == "POST":
        return taken(request, expected)
    return show(request, expected)


def taken(request: Request, expected: ExpectedReport) -> HttpResponse:
    """Save, look at the flags, or hand in. Whatever is refused, what was typed stays in the form."""
    if not reports_for(request.user, expected.unit_id, request.on):
        raise NotAllowed("not_your_unit", _("Only whoever reports for this unit writes its report."))
    form = UnitReportForm(request.POST, request.FILES, **of_form(request, expected))
    is_valid = form.is_valid()
    form.keep_files()
    act, key = request.POST.get("act", "save"), form.cleaned_data.get("key") or uuid4()
    try:
        if not (act == "submit" and ReportVersion.objects.filter(key=key).exists()):
            keep_draft(request, expected, form)
        if form.errors or not is_valid:
            return show(request, expected, form=form, status=422)
        if act == "save":
            said = _("The draft is saved. Your colleagues of this unit can go on with it.")
            messages.success(request, said, extra_tags=SAVED)
            return redirect("unit_report", pk=expected.pk)
        if act == "submit":
            refuse(why_incomplete(form.answers()))
        findings = checked(expected, form.answers(), at=request.at)
        if act == "check" or (findings and form.cleaned_data["looked"] != mark_of(findings)):
            form.put("looked", mark_of(findings))
            for refusal in why_incomplete(form.answers()):
                show_refusals(form, refusal)
            return show(request, expected, form=form, findings=findings, is_checked=True)
        with steps.door():
            submit_report(expected=expected, answers=form.answers(), by=request.user, at=request.at, key=key)
    except Refusal as refusal:
        show_refusals(form, refusal)
        return show(request, expected, form=form, status=refusal.status)
    messages.success(request, _("The report is handed in."), extra_tags=SAVED)
    return redirect("unit_report", pk=expected.pk)


def keep_draft(request: Request, expected: ExpectedReport, form: UnitReportForm) -> None:
    """What was typed stays on the server, whatever becomes of the rest."""
    with steps.door():
        draft = save_draft(
            expected=expected,
            answers=form.answers(),
            by=request.user,
            at=request.at,
            seen=form.cleaned_data.get("seen") or 0,
        )
    form.put("seen", str(draft.version))


def mark_of(findings: list[Finding]) -> str:
    """What of the flags its reader has seen: each by its kind and place, so that a changed one is shown again."""
    return fingerprint([[one.kind, one.code, one.values.get("section"), one.values.get("names")] for one in findings])


def of_form(request: Request, expected: ExpectedReport) -> dict[str, Any]:
    answers, draft = begun_answers(expected)
    return {
        "expected": expected,
        "request": request,
        "answers": answers,
        "initial": {"seen": draft.version if draft else 0},
    }


def show(
    request: Request,
    expected: ExpectedReport,
    *,
    form: UnitReportForm | None = None,
    office: dict[str, forms.Form] | None = None,
    findings: list[Finding] | None = None,
    is_checked: bool = False,
    status: int = 200,
) -> HttpResponse:
    at = request.at
    report: UnitReport | None = getattr(expected, "report", None)
    versions = list(versions_of(expected.pk)) if report else []
    newest = versions[0] if versions else None
    closed = why_closed(expected, at)
    may_write = reports_for(request.user, expected.unit_id, request.on)
    if form is None and may_write and closed is None:
        form = UnitReportForm(**of_form(request, expected))
    runs_it = runs(request.user, expected.period.mechanism, request.on)
    seen, office = {"version": report.version if report else 1}, office or {}
    flags = findings if findings is not None else findings_of(newest.findings) if newest else []
    return render(
        request,
        "unit_reports/unit_report.html",
        {
            "expected": expected,
            "period": expected.period,
            "report": report,
            "newest": newest,
            "versions": versions,
            "form": form,
            "closed": closed if may_write else None,
            "closes_at": closes_at(expected),
            "exceptions": list(expected.exceptions.select_related("by")),
            "findings": in_words(flags),
            "is_checked": is_checked,
            "own_figures": figures_of(expected, newest, on=request.on, is_live=form is not None),
            "village_work": village_work_of(expected, on=request.on),
            "runs_it": runs_it,
            "may_accept": report is not None and report.state == "submitted" and may_accept(request.user, report, at),
            "return_form": office.get("return") or ReturnForm(initial=seen, prefix="return"),
            "exception_form": office.get("exception") or ExceptionForm(prefix="exception"),
            "is_past": at > expected.period.on_time_until,
        },
        status=status,
    )


def village_work_of(expected: ExpectedReport, *, on: date) -> VillageWork | None:
    """What a county's villages entered in the period: nobody asks them for it again."""
    unit, period = expected.unit, expected.period
    if unit.level != UnitLevel.COUNTY:
        return None
    return village_work(villages_under([(unit.path, unit.pk)], on=on), period.first_day, period.last_day)


def figures_of(
    expected: ExpectedReport, newest: ReportVersion | None, *, on: date, is_live: bool
) -> list[tuple[str, str, int]]:
    """(name, label, value): as they stand now for who writes, as they stood for who reads."""
    counted: Any = (
        own_figures(expected.unit, expected.period, on=on) if is_live or newest is None else newest.own_figures.all()
    )
    return [(one.name, str(OwnFigureName(one.name).label), one.value) for one in counted]


def figure(request: Request, pk: int, name: str) -> HttpResponse:
    """The cases that a figure of the records counts."""
    expected = readable(request, pk)
    if name not in OwnFigureName.values:
        raise Http404
    newest = ReportVersion.objects.filter(report=pk).order_by("-number").first()
    counted: Any
    if newest is not None and "now" not in request.GET:
        counted, frozen_at = newest.own_figures.get(name=name), newest.at
    else:
        found: dict[str, Counted] = {
            one.name: one for one in own_figures(expected.unit, expected.period, on=request.on)
        }
        counted, frozen_at = found[name], None
    cases = (
        Case.objects.filter(pk__in=counted.cases).exclude(stage="referred").select_related("village__parent", "item")
    )
    return render(
        request,
        "unit_reports/figure.html",
        {
            "expected": expected,
            "label": OwnFigureName(name).label,
            "value": counted.value,
            "cases": cases.order_by("number"),
            "frozen_at": frozen_at,
            "has_more": counted.value > len(counted.cases),
        },
    )


def version(request: Request, pk: int, number: int) -> HttpResponse:
    """A report as it was handed in then."""
    expected = readable(request, pk)
    found = versions_of(pk).filter(number=number).first()
    if found is None:
        raise Http404
    return render(
        request,
        "unit_reports/version.html",
        {"expected": expected, "version": found, "findings": in_words(findings_of(found.findings))},
    )


def report_file(request: Request, pk: int, number: int, place: int) -> HttpResponseBase:
    """A file of a version: a picture in the browser, anything else as a download."""
    readable(request, pk)
    found = ReportVersion.objects.filter(report=pk, number=number).first()
    files = files_of(found.files) if found else []
    if not 1 <= place <= len(files):
        raise Http404
    file = files[place - 1]
    return send(
        request,
        file.stored_as,
        tag=file.sha256,
        media_type=file.media_type,
        shown_as=file.name,
        is_download=not file.is_image,
    )


urlpatterns = [
    path("unit-reports/<int:pk>", unit_report, name="unit_report"),
    path("unit-reports/<int:pk>/figures/<str:name>", figure, name="unit_report_figure"),
    path("unit-reports/<int:pk>/versions/<int:number>", version, name="unit_report_version"),
    path("unit-reports/<int:pk>/versions/<int:number>/files/<int:place>", report_file, name="unit_report_file"),
]
