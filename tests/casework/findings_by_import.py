"""Findings that come in by an import, and the candidates that are printed for them."""

import csv
import json
from io import StringIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from flows.finding_import import keep_file, run_import

COLUMNS = ("finding_no", "village_code", "found_on", "closed_on", "category", "description")


def bring_in(rows: list[dict[str, str]]) -> None:
    out = StringIO()
    writer = csv.DictWriter(out, COLUMNS, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    upload = SimpleUploadedFile("findings.csv", out.getvalue().encode())
    run_import(keep_file(upload=upload, by=None, at=timezone.now(), is_dry_run=False).pk)


def printed() -> list[dict[str, Any]]:
    out = StringIO()
    call_command("candidates", "--json", stdout=out)
    return json.loads(out.getvalue())
