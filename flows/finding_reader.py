"""Reads one findings file in batches; each batch is one transaction with its progress."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.jobs.machine import TakenOver, finish
from casework.lifecycle.finding_rows import ImportedFinding, Matcher, code_in, understand
from casework.lifecycle.importing import Known, fingerprint, import_findings, known_of
from casework.models import Case, FindingImport, Unit
from casework.models.job import JobState
from casework.models.resting_row import ClockName
from casework.queries import Line, lines_above, villages_importable_by
from casework.relapse.candidates import match_import
from casework.relapse.traits import note_traits
from casework.resting import NOT_THE_ROW, rest, work_off
from casework.tables.columns import FINDINGS, cells_of, columns_of
from casework.tables.outcome import refused_csv
from casework.tables.reading import Row, Table, read_table
from casework.working_time.deadlines import local_day
from flows.starting import start_processes

BATCH = 250
# The key of a row among those that rest: of which run, and which of its rows.
ROWS_OF_A_FILE = 10_000_000
PREVIEWED = 30
NEEDED = ("village_code", "found_on", "description")
PREVIEW_COLUMNS = ("found_on", "category", "severity", "description")


@dataclass
class Sorted:
    """A row and what becomes of it: a refusal, a case that is there already, or a new case, perhaps a duplicate."""

    row: Row
    refusal: str = ""
    is_known: bool = False
    finding: ImportedFinding | None = None
    likely: Case | None = None


class FindingReader:
    """Takes a run from where it stands to its end."""

    def __init__(self, run: FindingImport, *, now: Callable[[], datetime]) -> None:
        self.run, self.now = run, now
        with run.file.open("rb") as file:
            self.table: Table = read_table(file.read())
        self.columns, _unknown = columns_of(self.table, FINDINGS, needed=NEEDED)
        self.matcher = Matcher()
        self.on = local_day(run.at)
        self.scope: set[int] | None = None
        if run.by is not None:
            self.scope = set(villages_importable_by(run.by, on=self.on).values_list("pk", flat=True))
        self.lines: dict[int, Line] = {}
        self.refused: list[tuple[Row, str]] = []
        self.seen: dict[tuple[int, str], tuple[int, ImportedFinding]] = {}

    def read(self) -> None:
        rows = self.table.rows
        # What an earlier worker has done already is only sorted again, for the file of refused rows.
        for start in range(0, self.run.rows_read, BATCH):
            done = self._sorted(rows[start : min(start + BATCH, self.run.rows_read)])
            self.refused += [(each.row, each.refusal) for each in done if each.refusal]
        while self.run.rows_read < len(rows):
            self._read_batch(rows[self.run.rows_read : self.run.rows_read + BATCH])
        self._finish()

    def _read_batch(self, rows: list[Row]) -> None:
        with transaction.atomic():
            self._lock()
            batch = self._sorted(rows)
            for each in batch:
                self._preview(each)
            if not self.run.is_dry_run:
                self._write([each for each in batch if each.finding is not None])
            self.refused += [(each.row, each.refusal) for each in batch if each.refusal]
            new = [(each.finding, each.likely) for each in batch if each.finding is not None]
            self.run.added += len(new)
            self.run.unchanged += sum(each.is_known for each in batch)
            self.run.unclassified += sum(finding.is_unclassified for finding, _likely in new)
            self.run.likely_duplicates += sum(likely is not None for _finding, likely in new)
            self.run.refused = len(self.refused)
            self.run.rows_read += len(rows)
            self.run.heartbeat_at = self.now()
            self.run.save()

    def _write(self, good: list[Sorted]) -> None:
        """Write the good rows; one that can't be written joins the refused ones, and the others go on."""

        def write(rows: Sequence[Sorted]) -> None:
            new = [(each.finding, each.likely) for each in rows if each.finding is not None]
            note_traits(
                import_findings(new, self.lines, found_in=self.run, start=self._start, by=self.run.by, at=self.run.at)
            )

        failed = work_off(good, write)
        if failed and len(failed) == len(good) and (len(good) > 1 or self.run.rows_total == 1):
            raise failed[0][1]  # none could be written: that is no row's fault, and the whole run is parked
        for each, error in failed:
            each.finding, each.likely, each.refusal = None, None, str(self._unreadable(each.row, error))

    def _unreadable(self, row: Row, error: Exception) -> Invalid:
        rest(ClockName.IMPORTS, self.run.pk * ROWS_OF_A_FILE + row.number, error, at=self.now())
        return Invalid(
            "row_unreadable", _("This row could not be taken because of an error. Tell the administrator; mend it.")
        )

    def _start(self, cases: list[Case]) -> None:
        start_processes(cases, at=self.run.at)

    def _lock(self) -> None:
        """One real import writes at a time, so that no two can take the same finding; a dry run locks itself alone."""
        wanted = Q(pk=self.run.pk)
        if not self.run.is_dry_run:
            wanted |= Q(state=JobState.RUNNING, is_dry_run=False)
        locked = FindingImport.objects.select_for_update().filter(wanted).order_by("pk")
        now = next((run for run in locked if run.pk == self.run.pk), None)
        mine = (JobState.RUNNING, self.run.heartbeat_at, self.run.rows_read)
        if now is None or (now.state, now.heartbeat_at, now.rows_read) != mine:
            raise TakenOver

    def _sorted(self, rows: list[Row]) -> list[Sorted]:
        batch = [self._understood(row, found) for row, found in self._read_cells(rows)]
        findings = [each.finding for each in batch if each.finding is not None]
        known = known_of(findings, other_than=self.run)
        self.lines = lines_above({finding.village for finding in findings}, on=self.on)
        return [self._compared(each, known) for each in batch]

    def _read_cells(self, rows: list[Row]) -> Iterator[tuple[Row, ImportedFinding | Invalid]]:
        cells = [cells_of(row.cells, self.columns) for row in rows]
        units = {unit.code: unit for unit in Unit.objects.filter(code__in={code_in(each) for each in cells})}
        for row, each in zip(rows, cells, strict=True):
            try:
                row.require_whole()
                yield row, understand(each, units=units, scope=self.scope, matcher=self.matcher, on=self.on)
            except Invalid as refusal:
                yield row, refusal
            except NOT_THE_ROW:
                raise
            except Exception as error:
                yield row, self._unreadable(row, error)

    def _understood(self, row: Row, found: ImportedFinding | Invalid) -> Sorted:
        """Compared with the rows above it in the same file."""
        if isinstance(found, Invalid):
            return Sorted(row, refusal=str(found))
        first, same = self.seen.setdefault(fingerprint(found), (row.number, found))
        if first == row.number:
            return Sorted(row, finding=found)
        if same.description == found.description:
            return Sorted(row, is_known=True)
        return Sorted(row, refusal=str(_("Row %(row)d has this number already, with other words.") % {"row": first}))

    def _compared(self, each: Sorted, known: Known) -> Sorted:
        """Compared with the cases that are there."""
        finding = each.finding
        if finding is None:
            return each
        key, line = fingerprint(finding), self.lines[finding.village.pk]
        if key in known.cases:
            return Sorted(each.row, is_known=True)
        if key in known.taken:
            number = known.taken[key]
            refusal = str(_("The case %(number)s has this number, with other words.") % {"number": number})
            return Sorted(each.row, refusal=refusal)
        if line.town is None or line.county is None or line.city is None:
            refusal = str(_("This village has no town, county and city above it. Complete the units first."))
            return Sorted(each.row, refusal=refusal)
        each.likely = known.likely.get(key)
        return each

    def _preview(self, each: Sorted) -> None:
        if len(self.run.preview) >= PREVIEWED:
            return
        cells = cells_of(each.row.cells, self.columns)
        line: dict[str, Any] = {name: str(cells.get(name, "") or "") for name in PREVIEW_COLUMNS}
        result = "refused" if each.refusal else "unchanged" if each.is_known else "added"
        village = each.finding.village.name if each.finding else str(cells["village_code"])
        line |= {"village": village, "row": each.row.number, "result": result, "words": self._words(each)}
        self.run.preview.append(line)

    def _words(self, each: Sorted) -> str:
        if each.refusal or each.finding is None:
            return each.refusal or str(_("known already"))
        words = []
        if each.likely is not None:
            words.append(str(_("likely a duplicate of %(number)s, for screening") % {"number": each.likely.number}))
        if each.finding.is_unclassified:
            words.append(str(_("to be classified")))
        if each.finding.closed_on is not None:
            words.append(str(_("history, arrives closed")))
        return " · ".join(words) or str(_("good"))

    def _finish(self) -> None:
        if not self.run.is_dry_run:
            match_import(self.run, at=self.run.at)
        if self.refused:
            name = f"{self.run.pk}.refused.csv"
            self.run.refused_file.save(name, ContentFile(refused_csv(self.table, self.refused)), save=False)
        finish(self.run, at=self.now(), refused_file=self.run.refused_file.name)
