"""Refused rows of a findings file, corrected on its page."""

import re
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from casework.errors import Conflict, Refusal
from casework.models import FindingImport
from casework.tables.columns import FINDINGS, name_of
from flows.finding_corrections import correct_rows, fields_of
from web.pages.fields import SAVED
from web.pages.import_access import own_import
from web.requests import Request

FIELD = re.compile(r"row-(\d{1,7})-([a-z_]{1,20})")
LONG = ("description", "required_action")


@require_POST
def rows(request: Request, pk: int) -> HttpResponse:
    """Keep what was typed, and check the file again."""
    run = own_import(request, pk)
    typed: dict[int, dict[str, str]] = {}
    for name, words in request.POST.items():
        if found := FIELD.fullmatch(name):
            typed.setdefault(int(found[1]), {})[found[2]] = str(words)
    try:
        run = correct_rows(run=run, typed=typed, by=request.user, at=request.at)
    except Conflict:
        raise
    except Refusal as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, gettext("What you typed is kept; the file is checked with it."), extra_tags=SAVED)
    return redirect("import", pk=run.pk)


def rows_to_mend(run: FindingImport) -> list[dict[str, Any]]:
    """The refused rows that the page offers, each with its reason by the language and its fields."""
    return [
        {
            "row": row["row"],
            "reasons": row["reasons"],
            "fields": [
                {
                    "name": f"row-{row['row']}-{ours}",
                    "label": name_of(ours, FINDINGS),
                    "words": words,
                    "long": ours in LONG,
                }
                for ours, words in sorted(fields_of(row), key=lambda field: field[0] in LONG)
            ],
            "has_long": row["long"],
        }
        for row in run.refused_rows
    ]


urlpatterns = [path("imports/<int:pk>/rows", rows, name="import_rows")]
