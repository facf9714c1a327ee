"""Refused rows of a findings file, corrected on the page: kept with the run, checked again with the whole file."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.clocks.waking import wake
from casework.errors import Invalid
from casework.models import FindingImport, Person
from casework.models.job import JobState
from casework.tables.columns import FINDINGS
from casework.values.plain_text import clean_text
from flows.finding_columns import read_again, unconfirmed

# What a row may be given on the page beside the columns that its file has.
ALWAYS = ("village_code", "town", "village", "found_on", "description")


def fields_of(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The cells of a refused row that can be corrected, in the order of our columns."""
    cells = row["cells"]
    offered = {*cells, *ALWAYS} - set(row["long"])
    return [(ours, cells.get(ours, "")) for ours in FINDINGS if ours in offered]


@transaction.atomic
def correct_rows(
    *, run: FindingImport, typed: Mapping[int, Mapping[str, str]], by: Person, at: datetime
) -> FindingImport:
    """Keep what was typed for refused rows, by their numbers and our columns, and check the file again. A preview stays
    where it is; of an import that is done a new preview is made, in which its cases are known already.

    What is refused once more is shown with what was typed. Refuses where nothing was changed.
    """
    shown = {row["row"]: row for row in run.refused_rows}
    changed = {
        str(number): said
        for number, row in shown.items()
        if (said := _changed(typed.get(number, {}), dict(fields_of(row)))) or (number in typed and row["surplus"])
    }
    if not changed:
        raise Invalid("nothing_corrected", _("Nothing was changed yet. Correct a row, then check it again."))
    corrections = {
        number: {**run.corrections.get(number, {}), **changed.get(number, {})}
        for number in {*run.corrections, *changed}
    }
    if run.is_dry_run and not FindingImport.objects.filter(confirmed_from=run).exists():
        run = unconfirmed(run)
        run.corrections = corrections
        return read_again(run, at=at)
    return _new_preview(run, corrections, by=by, at=at)


def _changed(typed: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
    said = {ours: clean_text(words).strip() for ours, words in typed.items() if ours in before}
    return {ours: words for ours, words in said.items() if words != clean_text(before[ours]).strip()}


def _new_preview(run: FindingImport, corrections: dict[str, Any], *, by: Person, at: datetime) -> FindingImport:
    if not run.file or run.state != JobState.DONE:
        raise Invalid("preview_too_old", _("This preview is too old: its file was removed. Choose the file again."))
    same = ("name", "sha256", "rows_total", "sheet", "other_sheets", "passed_over", "unknown_columns", "column_names")
    copied = {name: getattr(run, name) for name in same}
    again = FindingImport.objects.create(
        **copied,
        file=run.file.name,
        photos_file=run.photos_file.name,
        is_dry_run=True,
        corrections=corrections,
        by=by,
        at=at,
    )
    transaction.on_commit(lambda: wake("flows.tasks.run_finding_import", again.pk))
    return again
