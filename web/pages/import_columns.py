"""Columns of a findings file that are not known by their names: a person says what each holds, beside its first cells."""

from django.core.files.base import File
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from casework.errors import Conflict, Refusal
from casework.models import FindingImport
from casework.tables.columns import FINDINGS, name_of
from flows.finding_columns import choose_columns, open_columns
from flows.finding_import import keep_to_match
from web.pages.import_access import own_import
from web.requests import Request


def columns(request: Request, pk: int) -> HttpResponse:
    """GET shows the open columns with what was said of them before, POST says what they hold and reads the file anew."""
    run = own_import(request, pk)
    if request.method != "POST":
        return shown(request, run, said={}, refusal=None)
    said = {
        name.removeprefix("column-"): str(value) for name, value in request.POST.items() if name.startswith("column-")
    }
    chosen = {int(place): ours for place, ours in said.items() if place.isdecimal() and len(place) < 5}
    try:
        choose_columns(run=run, chosen=chosen, by=request.user, at=request.at)
    except Conflict:
        raise
    except Refusal as refusal:
        return shown(request, run, said=said, refusal=refusal)
    return redirect("import", pk=run.pk)


def asked_columns(request: Request, file: File, photos: File | None, refusal: Refusal) -> HttpResponse:
    """The page for a file that lacks the names of needed columns: kept, so that it needn't be chosen again."""
    run = keep_to_match(upload=file, photos=photos, refusal=refusal, by=request.user, at=request.at)
    return shown(request, run, said={}, refusal=refusal)


def shown(request: Request, run: FindingImport, *, said: dict[str, str], refusal: Refusal | None) -> HttpResponse:
    found, free = open_columns(run)
    context = {
        "run": run,
        "columns": [(one, said.get(str(one.place), one.column)) for one in found],
        "choices": [(ours, name_of(ours, FINDINGS)) for ours in free],
        "refusal": refusal,
    }
    return render(request, "imports/columns.html", context, status=refusal.status if refusal else 200)


urlpatterns = [path("imports/<int:pk>/columns", columns, name="import_columns")]
