"""The ledger (台账): one row per case as XLSX, written row by row into a file that keeps no row in memory. The file goes into
Chinese archives, so it is Chinese in every language.
"""

import tempfile
from collections.abc import Callable
from datetime import date, datetime
from typing import IO, Any

import xlsxwriter
from django.core.files import File
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from casework.clocks.waking import wake
from casework.jobs import machine
from casework.jobs.ledger_rows import BATCH, COLUMNS, ledger_rows
from casework.lists.filters import CaseFilters
from casework.models import Case, LedgerExport, Person
from casework.queries import visible
from casework.working_time.deadlines import local_day

DIRECT_ROWS = 2000  # above it the browser doesn't wait: about a second


def ledger_name(on: date) -> str:
    """The file's name for a reader."""
    return f"台账-{on.isoformat()}.xlsx"


def write_ledger(
    cases: QuerySet[Case],
    file: IO[bytes],
    *,
    at: datetime | None = None,
    progress: Callable[[int], None] | None = None,
) -> None:
    """Write the cases of a queryset, the oldest first, into a file and leave it at its beginning. `progress` hears the
    number of rows after each batch and at the end. A case that can't be written stands there by its number, and from
    `at` on among the rows that rest.
    """
    # Nothing that a cell says is ever a formula, a link or a number in disguise.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book, translation.override("zh-hans"):
        sheet = book.add_worksheet("台账")
        heading = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1})
        days = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, 0, len(COLUMNS) - 1)
        for column, (name, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, name, heading)
        number = 0
        for number, row in enumerate(ledger_rows(cases, at=at), start=1):
            _write_row(sheet, number, row, days)
            if progress and number % BATCH == 0:
                progress(number)
        if progress:
            progress(number)
    file.seek(0)


def _write_row(sheet: Any, number: int, row: list[Any], days: Any) -> None:
    sheet.write_number(number, 0, number)
    for column, value in enumerate(row, start=1):
        if isinstance(value, date):
            sheet.write_datetime(number, column, datetime(value.year, value.month, value.day), days)
        elif isinstance(value, int):
            sheet.write_number(number, column, value)
        elif value:
            sheet.write_string(number, column, str(value)[:32_767])  # what a cell of the format can hold


def ask_export(*, filters: CaseFilters, by: Person, at: datetime) -> LedgerExport:
    """Have a long ledger written in the background."""
    export = LedgerExport.objects.create(filters=filters.as_query(), by=by, at=at)
    transaction.on_commit(lambda: wake("casework.tasks.write_ledger_export", export.pk))
    return export


def write_export(pk: int, *, now: Callable[[], datetime] = timezone.now) -> None:
    """Write one ledger in the scope of whoever asked for it, as it is on this day. Claimed by one worker at a time."""
    export = machine.claim(LedgerExport, pk, at=now())
    if export is None:
        return
    on = local_day(now())

    def work() -> None:
        cases = CaseFilters.from_query(export.filters).apply(visible(export.by, on), export.by, on)
        with tempfile.TemporaryFile(suffix=".xlsx") as file:
            write_ledger(cases, file, at=now(), progress=lambda rows: machine.beat(export, at=now(), rows_written=rows))
            export.file.save(f"{pk}.xlsx", File(file), save=False)
        machine.finish(export, at=now(), file=export.file.name)

    def trouble() -> str:
        with translation.override(export.by.language or "zh-hans"):
            return str(_("The ledger could not be written. Tell the administrator; then ask for it again."))

    machine.run(export, work, trouble=trouble, now=now)


def unfinished_exports(at: datetime) -> list[int]:
    """Ledgers that wait, or whose worker has fallen silent."""
    return machine.unfinished(LedgerExport, at=at)
