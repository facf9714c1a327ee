"""Findings come in as a file: first a dry run with a preview, then the good rows."""

from datetime import date
from io import BytesIO
from typing import Any

from django import forms
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.errors import Refusal
from casework.jobs import machine
from casework.models import CatalogueItem, FindingImport
from casework.models.job import JobState
from casework.rights.office_table import OfficeAction
from casework.rights.territories import villages_of
from casework.tables.columns import FINDINGS, name_of
from casework.tables.template import write_template
from flows.finding_import import confirm_import, start_import
from web.pages.form_words import WordedForm
from web.pages.import_access import own_import, require_importer
from web.pages.import_columns import asked_columns
from web.pages.import_rows import rows_to_mend
from web.requests import Request

RECENT = 15
LARGE = ("preview", "refused_rows", "corrections", "photos_left")
READ_AS_WELL = (
    "finding_no", "category", "severity", "object", "source", "inspector", "fact_on", "required_action", "due_days",
    "photos", "is_closed", "closed_on",
)  # fmt: skip
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_VILLAGES = 20_000
ENDED = (JobState.DONE, JobState.FAILED)
WAITS = _("This waits: nothing works in the background at the moment. Nothing is lost.")


class FileForm(WordedForm):
    file = forms.FileField(
        label=_("Findings file"),
        help_text=_("CSV or XLSX. Nothing is written before you have seen the preview."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
    )

    photos = forms.FileField(
        label=_("ZIP of the photos"),
        help_text=_(
            "Each photo belongs to the finding that names it in the column of photos, or by whose number the file or its "
            "folder is called."
        ),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
        required=False,
    )


def imports(request: Request) -> HttpResponse:
    """Choose a file, and find the earlier ones again."""
    require_importer(request)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            said = form.cleaned_data
            run = start_import(
                upload=said["file"], photos=said["photos"], by=request.user, at=request.at, is_dry_run=True
            )
            return redirect("import", pk=run.pk)
        except Refusal as error:
            if error.code == "columns_missing":
                return asked_columns(request, said["file"], said["photos"], error)
            form.add_error("photos" if error.field == "photos" else "file", str(error.sentence))
    runs = FindingImport.objects.filter(by=request.user).defer(*LARGE).order_by("-id")[:RECENT]
    named = {ours: name_of(ours, FINDINGS) for ours in FINDINGS}
    context = {"form": form, "runs": list(runs), "columns": named, "more": [named[ours] for ours in READ_AS_WELL]}
    return render(request, "imports/list.html", context, status=422 if form.errors else 200)


def one_import(request: Request, pk: int) -> HttpResponse:
    run = own_import(request, pk)
    confirmed = FindingImport.objects.filter(confirmed_from=run).first()
    context = {
        "run": run,
        "confirmed": confirmed,
        "is_running": run.state not in ENDED,
        "silent_since": machine.silent_since(run, at=request.at),
        "rows": [shown(line) for line in run.preview],
        "to_mend": rows_to_mend(run) if run.state == JobState.DONE and run.file and confirmed is None else [],
        "may_match": run.is_dry_run and confirmed is None and bool(run.file),
        "column_names": [(theirs, name_of(ours, FINDINGS)) for theirs, ours in run.column_names.items()],
    }
    return render(request, "imports/import.html", context)


def shown(line: dict[str, Any]) -> dict[str, Any]:
    """A row of the preview for its reader: the day as it was understood, and beside it how it was written."""
    written = line.get("found_on_written", line.get("found_on", ""))
    try:
        day = date.fromisoformat(line.get("found_on") or "")
    except ValueError:
        return {**line, "day": "", "written": written}
    exact = date_format(day, gettext("N j, Y"))
    return {**line, "day": exact, "written": "" if written in (exact, day.isoformat()) else written}


def progress(request: Request, pk: int) -> JsonResponse:
    run = own_import(request, pk)
    return JsonResponse(
        {
            "done": run.state in ENDED,
            "value": run.rows_read,
            "total": run.rows_total,
            "words": WAITS
            if machine.silent_since(run, at=request.at)
            else gettext("%(read)d of %(total)d rows") % {"read": run.rows_read, "total": run.rows_total},
        }
    )


@require_POST
def confirmation(request: Request, pk: int) -> HttpResponse:
    """Import the good rows of a dry run; a second click leads to the same import."""
    run = confirm_import(dry_run=own_import(request, pk), by=request.user, at=request.at)
    return redirect("import", pk=run.pk)


def template(request: Request) -> FileResponse:
    """The table to fill in, with the categories and this office's villages."""
    require_importer(request)
    villages = villages_of(request.user, OfficeAction.IMPORT, on=request.on).select_related("parent__parent")
    items = CatalogueItem.objects.filter(is_active=True).select_related("aspect").order_by("aspect__order", "order")
    file = BytesIO()
    write_template(file, items=list(items), villages=villages.order_by("path")[:MOST_VILLAGES])
    file.seek(0)
    name = gettext("Findings")
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def refused(request: Request, pk: int) -> HttpResponseBase:
    run = own_import(request, pk)
    if not run.refused_file:
        raise Http404
    return FileResponse(
        run.refused_file.open("rb"), as_attachment=True, filename=f"{run.name}.refused.csv", content_type="text/csv"
    )


urlpatterns = [
    path("imports", imports, name="imports"),
    path("imports/template.xlsx", template, name="import_template"),
    path("imports/<int:pk>", one_import, name="import"),
    path("imports/<int:pk>/progress", progress, name="import_progress"),
    path("imports/<int:pk>/confirmation", confirmation, name="import_confirmation"),
    path("imports/<int:pk>/refused", refused, name="import_refused"),
]
