"""A unit's report as a workbook: taken away to fill in, and read back into the draft."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from casework.errors import Refusal
from flows import steps
from oversight.reporting.answers import Answers
from oversight.reporting.drafting import begun_answers, save_draft
from oversight.reporting.window import require_open, require_reporter
from oversight.reporting.workbooks import read_workbook, write_workbook
from web.pages.fields import SAVED, show_refusals
from web.pages.form_words import WordedForm
from web.pages.unit_reports import readable
from web.requests import Request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class WorkbookForm(WordedForm):
    file = forms.FileField(
        label=_("Workbook"),
        help_text=_("The XLSX of this page, filled in. It replaces the words of the draft; files stay."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )


def workbook(request: Request, pk: int) -> HttpResponse:
    """The report as it stands: the draft of who writes it, or the newest version."""
    expected = readable(request, pk)
    answers, draft = begun_answers(expected)
    content = write_workbook(expected, answers, stated_on=draft.stated_on if draft else None)
    name = f"{expected.unit_name} {expected.period.first_day} {expected.period.last_day}.xlsx"
    disposition = content_disposition_header(True, name) or "attachment"
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition})


def import_workbook(request: Request, pk: int) -> HttpResponse:
    """Read a filled-in workbook into the draft. It is handed in from the form, as any other."""
    expected = readable(request, pk)
    require_reporter(expected, request.user, request.at)
    require_open(expected, request.at)
    form = WorkbookForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            read = read_workbook(form.cleaned_data["file"], expected)
            before, draft = begun_answers(expected)
            with steps.door():
                save_draft(
                    expected=expected,
                    answers=Answers(read.answers.sections, read.answers.figures, before.files),
                    by=request.user,
                    at=request.at,
                    seen=draft.version if draft else 0,
                    stated_on=read.stated_on,
                    imported_at=request.at,
                )
        except Refusal as refusal:
            show_refusals(form, refusal)
        else:
            said = _("The workbook is read into the draft. Look at it, then hand it in.")
            messages.success(request, said, extra_tags=SAVED)
            return redirect("unit_report", pk=pk)
    status = 422 if form.errors else 200
    return render(request, "unit_reports/import.html", {"expected": expected, "form": form}, status=status)


urlpatterns = [
    path("unit-reports/<int:pk>/workbook", workbook, name="unit_report_workbook"),
    path("unit-reports/<int:pk>/import", import_workbook, name="unit_report_import"),
]
