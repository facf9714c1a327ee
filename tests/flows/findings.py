"""A file of findings, for the tests of their import."""

import csv
from io import StringIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from casework.models import FindingImport, Person
from flows.finding_import import run_import, start_import
from tests.cast import Cast

HEADER = (
    "finding_no,village_code,found_on,category,severity,description,required_action,due_days,source,object,closed_on\n"
)


def line(cast: Cast, **cells: str) -> str:
    words = {
        "finding_no": "F-1",
        "village_code": cast.willow.code,
        "found_on": "2026-02-27",
        "category": "明白墙闲置",
        "severity": "较重",
        "description": "西侧明白墙空着",
        **cells,
    }
    out = StringIO()
    csv.DictWriter(out, HEADER.strip().split(",")).writerow(words)
    return out.getvalue()


def upload(*lines: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("问题清单.csv", (HEADER + "".join(lines)).encode())


def imported(*lines: str, by: Person | None, is_dry_run: bool = False) -> FindingImport:
    run = start_import(upload=upload(*lines), by=by, at=timezone.now(), is_dry_run=is_dry_run)
    run_import(run.pk)
    run.refresh_from_db()
    return run


def counts(run: FindingImport) -> tuple[int, int, int]:
    return run.added, run.unchanged, run.refused


def reasons(run: FindingImport) -> list[str]:
    with run.refused_file.open("rb") as file:
        return [row["reason"] for row in csv.DictReader(StringIO(file.read().decode("utf-8-sig")))]
