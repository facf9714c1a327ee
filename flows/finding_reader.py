"""Reads one findings file in batches; each batch is one transaction with its progress."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.lifecycle.finding_rows import ImportedFinding, Matcher, code_in, understand
from casework.lifecycle.importing import Known, fingerprint, import_findings, known_of
from casework.models import Case, FindingImport, Unit
from casework.models.finding_import import JobState
from casework.queries import Line, lines_above, villages_of
from casework.relapse.candidates import match_import
from casework.relapse.traits import note_traits
from casework.rights import OfficeAction
from casework.tables.columns import FINDINGS, cells_of, columns_of
from casework.tables.outcome import refused_csv
from casework.tables.reading import Row, Table, read_table
from casework.working_time.deadlines import local_day
from flows.starting import start_processes

BATCH = 250
PREVIEWED = 30
NEEDED = ("village_code", "found_on", "description")
PREVIEW_COLUMNS = ("found_on", "category", "severity", "description")


class TakenOver(Exception):
    """Another worker goes on with this run: this one was silent for too long."""


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

    def __init__(self, run: FindingImport) -> None:
        self.run = run
        with run.file.open("rb") as file:
            self.table: Table = read_table(file.read())
        self.columns, _unknown = columns_of(self.table, FINDINGS, needed=NEEDED)
        self.matcher = Matcher()
        self.on = local_day(run.at)
        self.scope: set[int] | None = None
        if run.by is not None:
            self.scope = set(villages_of(run.by, OfficeAction.IMPORT, on=self.on).values_list("pk", flat=True))
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
            self.refused += [(each.row, each.refusal) for each in batch if each.refusal]
            new = [(each.finding, each.likely) for each in batch if each.finding is not None]
            if new and not self.run.is_dry_run:
                written = import_findings(
                    new, self.lines, found_in=self.run, start=self._start, by=self.run.by, at=self.run.at
                )
                note_traits(written)
            self.run.added += len(new)
            self.run.unchanged += sum(each.is_known for each in batch)
            self.run.unclassified += sum(finding.is_unclassified for finding, _likely in new)
            self.run.likely_duplicates += sum(likely is not None for _finding, likely in new)
            self.run.refused = len(self.refused)
            self.run.rows_read += len(rows)
            self.run.heartbeat_at = timezone.now()
            self.run.save()

    def _start(self, cases: list[Case]) -> None:
        start_processes(cases, at=self.run.at)

    def _lock(self) -> None:
        """One real import writes at a time, so that no two can take the same finding; a dry run locks itself alone."""
        wanted = Q(pk=self.run.pk)
        if not self.run.is_dry_run:
            wanted |= Q(state=JobState.RUNNING, is_dry_run=False)
        locked = FindingImport.objects.select_for_update().filter(wanted).order_by("pk")
        now = next((run for run in locked if run.pk == self.run.pk), None)
        if now is None or now.state != JobState.RUNNING or now.rows_read != self.run.rows_read:
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
        self.run.state, self.run.finished_at = JobState.DONE, timezone.now()
        self.run.save()
