"""The ledger as XLSX for the filters of a list: at once when it is short, in the background when it is long."""

from datetime import date
from io import BytesIO

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, NotAllowed
from casework.jobs import machine
from casework.jobs.ledger import DIRECT_ROWS, ask_export, ledger_name, write_ledger
from casework.lists.filters import CaseFilters
from casework.models import Case, LedgerExport
from casework.models.job import JobState
from casework.queries import visible
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do
from casework.working_time.deadlines import local_day
from web.pages.imports import WAITS
from web.pages.ticked import numbers_of
from web.requests import Request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def ledger(request: Request) -> HttpResponseBase:
    at = request.at
    on = local_day(at)
    if not may_do(request.user, OfficeAction.EXPORT_LEDGER, on):
        raise NotAllowed("no_ledger_post", _("The ledger is for towns and offices."))
    if "ticked" in request.GET:
        return ticked_rows(request)
    filters = CaseFilters.from_query(request.GET)
    cases = filters.apply(visible(request.user, on), request.user, on)
    if cases.order_by()[: DIRECT_ROWS + 1].count() > DIRECT_ROWS:
        export = ask_export(filters=filters, by=request.user, at=at)
        return redirect("ledger_export", pk=export.pk)
    return written(cases, on)


def ticked_rows(request: Request) -> FileResponse:
    """The rows that are ticked in the list, and never all of it because none is."""
    cases = visible(request.user, request.on).filter(number__in=numbers_of(request.GET.getlist("case")))
    if not cases.exists():
        raise Invalid("nothing_ticked", _("Nothing is ticked. Tick rows in the list first."))
    return written(cases, request.on)


def written(cases: QuerySet[Case], on: date) -> FileResponse:
    file = BytesIO()
    write_ledger(cases, file)
    return FileResponse(file, as_attachment=True, filename=ledger_name(on), content_type=XLSX)


def export_page(request: Request, pk: int) -> HttpResponse:
    export = own_export(request, pk)
    is_running = export.state in (JobState.WAITING, JobState.RUNNING)
    return render(
        request,
        "ledgers/export.html",
        {
            "export": export,
            "is_running": is_running,
            "silent_since": machine.silent_since(export, at=request.at),
        },
    )


def progress(request: Request, pk: int) -> JsonResponse:
    export = own_export(request, pk)
    return JsonResponse(
        {
            "done": export.state in (JobState.DONE, JobState.FAILED),
            "value": export.rows_written,
            "total": 0,
            "words": WAITS
            if machine.silent_since(export, at=request.at)
            else gettext("%(count)d rows written") % {"count": export.rows_written},
        }
    )


def export_file(request: Request, pk: int) -> HttpResponseBase:
    export = own_export(request, pk)
    if not export.file:
        raise Http404
    return FileResponse(
        export.file.open("rb"), as_attachment=True, filename=ledger_name(local_day(export.at)), content_type=XLSX
    )


def own_export(request: Request, pk: int) -> LedgerExport:
    """A ledger is read by whoever asked for it: it holds what this person might see."""
    export = LedgerExport.objects.filter(pk=pk, by=request.user).first()
    if export is None:
        raise Http404
    return export


urlpatterns = [
    path("ledger", ledger, name="ledger"),
    path("ledgers/<int:pk>", export_page, name="ledger_export"),
    path("ledgers/<int:pk>/progress", progress, name="ledger_progress"),
    path("ledgers/<int:pk>/file", export_file, name="ledger_file"),
]
