"""Reads one findings file in batches; each batch is one transaction with its progress."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from tempfile import TemporaryFile
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from casework.clocks.resting import NOT_THE_ROW, rest, work_off
from casework.errors import Invalid
from casework.jobs.machine import TakenOver, finish
from casework.lifecycle.category_words import Matcher
from casework.lifecycle.finding_rows import ImportedFinding, understand
from casework.lifecycle.guess_marks import remarks_of
from casework.lifecycle.importing import import_findings
from casework.lifecycle.known_findings import Key, Known, fingerprint, known_of, news_in_file
from casework.lifecycle.sure_items import with_sure_items
from casework.models import Case, FindingImport
from casework.models.job import JobState
from casework.models.resting_row import ClockName
from casework.offices.villages import Villages
from casework.relapse.candidates import expect_matches
from casework.rights.office_table import OfficeAction
from casework.rights.territories import Line, lines_above, villages_of
from casework.tables.columns import cells_of, columns_of
from casework.tables.outcome import RefusedRows
from casework.tables.parsing import Row, Table
from casework.tables.reading import read_rows
from casework.working_time.deadlines import local_day
from flows.finding_columns import wanted_of
from flows.finding_photos import PhotosOfRun
from flows.finding_preview import MOST_TO_MEND, previewed, to_mend
from flows.sorted_rows import Sorted, refusal_of, taken, taken_by_row
from flows.starting import start_processes

log = logging.getLogger(__name__)

BATCH = 250
# The key of a row among those that rest: of which run, and which of its rows.
ROWS_OF_A_FILE = 10_000_000
PREVIEWED = 30


class FindingReader:
    """Takes a run from where it stands to its end."""

    def __init__(self, run: FindingImport, *, now: Callable[[], datetime]) -> None:
        self.run, self.now = run, now
        self.matcher, self.wanted = Matcher(), wanted_of(run)
        self.on = local_day(run.at)
        self.scope: set[int] | None = None
        if run.by is not None:
            self.scope = set(villages_of(run.by, OfficeAction.IMPORT, on=self.on).values_list("pk", flat=True))
        self.lines: dict[int, Line] = {}
        self.photos = PhotosOfRun(run) if run.photos_file else None
        self.seen: dict[Key, tuple[int, ImportedFinding]] = {}

    def read(self) -> None:
        with (
            self.run.file.open("rb") as file,
            read_rows(file, self.wanted) as (table, rows),
            TemporaryFile() as refused_file,
        ):
            self.table: Table = table
            self.columns, _unknown = columns_of(table, self.wanted.known, needed=self.wanted.needed)
            self.refused = RefusedRows(table, refused_file)
            # What an earlier worker has done already is only sorted again, for the file of refused rows.
            for start in range(0, self.run.rows_read, BATCH):
                earlier = self._sorted(list(islice(rows, min(BATCH, self.run.rows_read - start))))
                self._refuse(earlier)
                self._note_photos(earlier, [])
            while batch := list(islice(rows, BATCH)):
                self._read_batch(batch)
            self.refused.flush()
            self._finish(refused_file)

    def _read_batch(self, rows: list[Row]) -> None:
        with transaction.atomic():
            self._lock()
            batch = self._sorted(rows)
            written: list[Case] = []
            if not self.run.is_dry_run:
                written = self._write([each for each in batch if each.finding is not None])
            self._preview(batch, written)
            self._note_photos(batch, written)
            self._refuse(batch)
            new = [(each.finding, each.case) for each in batch if each.finding is not None]
            self.run.added += len(new)
            self.run.unchanged += sum(each.is_known for each in batch)
            self.run.unclassified += sum(finding.is_unclassified for finding, _likely in new)
            self.run.items_guessed += sum(finding.is_item_guessed for finding, _likely in new)
            self.run.likely_duplicates += sum(likely is not None for _finding, likely in new)
            self.run.refused = self.refused.count
            self.run.rows_read += len(rows)
            self.run.heartbeat_at = self.now()
            self.run.save()

    def _refuse(self, batch: list[Sorted]) -> None:
        for each in batch:
            if each.refusal is not None:
                self.refused.add(each.row, each.refusal())
                if len(self.run.refused_rows) < min(MOST_TO_MEND, self.refused.count):
                    self.run.refused_rows.append(to_mend(each))

    def _write(self, good: list[Sorted]) -> list[Case]:
        """Write the good rows; one that can't be written joins the refused ones, and the others go on."""
        written: dict[int, Case] = {}

        def write(rows: Sequence[Sorted]) -> None:
            new = [(each.finding, each.case) for each in rows if each.finding is not None]
            cases = import_findings(
                new, self.lines, found_in=self.run, start=self._start, by=self.run.by, at=self.run.at
            )
            written.update(zip((each.row.number for each in rows), cases, strict=True))

        failed = work_off(good, write)
        if failed and len(failed) == len(good) and (len(good) > 1 or self.run.rows_total == 1):
            raise failed[0][1]  # none could be written: that is no row's fault, and the whole run is parked
        for each, error in failed:
            each.refuse(self._unreadable(each.row, error))
        return [written[each.row.number] for each in good if each.finding is not None]

    def _unreadable(self, row: Row, error: Exception) -> Callable[[], str]:
        rest(ClockName.IMPORTS, self.run.pk * ROWS_OF_A_FILE + row.number, error, at=self.now())
        return lambda: _("This row could not be taken because of an error. Tell the administrator; mend it.")

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
        batch = list(self._understood(rows))
        self._take_sure_items(batch)
        findings = [each.finding for each in batch if each.finding is not None]
        known = known_of(findings, other_than=self.run)
        self.lines = lines_above({finding.village for finding in findings}, on=self.on)
        return [self._compared(each, known) for each in batch]

    def _take_sure_items(self, batch: list[Sorted]) -> None:
        """Of all rows at once. One that can't be read goes on without: it is classified at the desk."""

        def take(rows: Sequence[Sorted]) -> None:
            findings = [each.finding for each in rows if each.finding is not None]
            for each, finding in zip(rows, with_sure_items(findings, self.matcher), strict=True):
                each.finding = finding

        unnamed = [each for each in batch if each.finding is not None and each.finding.item is None]
        for each, error in work_off(unnamed, take):
            log.error("row %d of import %d can't be read: %s", each.row.number, self.run.pk, type(error).__name__)

    def _understood(self, rows: list[Row]) -> Iterator[Sorted]:
        """Each row by itself, and compared with the rows above it in the same file."""
        typed = self.run.corrections
        cells = [
            remarks_of(row.cells) | cells_of(row.cells, self.columns) | typed.get(str(row.number), {}) for row in rows
        ]
        villages = Villages(cells, scope=self.scope, on=self.on)

        for row, said in zip(rows, cells, strict=True):
            each = Sorted(row, said)
            understood = partial(self._finding_of, row, said, villages)
            try:
                each.finding = understood()
            except Invalid:
                yield each.refuse(partial(refusal_of, understood))
            except NOT_THE_ROW:
                raise
            except Exception as error:
                yield each.refuse(self._unreadable(row, error))
            else:
                each.village = each.finding.village
                yield self._compared_in_file(each, each.finding)

    def _finding_of(self, row: Row, cells: Mapping[str, Any], villages: Villages) -> ImportedFinding:
        if str(row.number) not in self.run.corrections:  # a person has looked at its cells
            row.require_whole()
        return understand(cells, villages=villages, matcher=self.matcher, on=self.on)

    def _compared_in_file(self, each: Sorted, finding: ImportedFinding) -> Sorted:
        first, earlier = self.seen.setdefault(fingerprint(finding), (each.row.number, finding))
        if first == each.row.number:
            return each
        news = news_in_file(finding, earlier)
        if news:
            return each.refuse(lambda: taken_by_row(first, news, finding))
        each.finding, each.is_known = None, True
        return each

    def _compared(self, each: Sorted, known: Known) -> Sorted:
        """Compared with the cases that are there."""
        finding = each.finding
        if finding is None:
            return each
        key, line = fingerprint(finding), self.lines[finding.village.pk]
        if key in known.cases:
            each.finding, each.is_known, each.case = None, True, known.cases[key]
            return each
        if key in known.taken:
            each.case, news = known.taken[key]
            return each.refuse(lambda: taken(known.taken[key][0], news, finding))
        if key in known.elsewhere:
            return each.refuse(
                lambda: _("%(number)s is the number of a case in another village.") % {"number": finding.finding_no}
            )
        if line.town is None or line.county is None or line.city is None:
            return each.refuse(
                lambda: _("This village has no town, county and city above it. Complete the units first.")
            )
        each.case = known.likely.get(key)
        return each

    def _preview(self, batch: list[Sorted], written: list[Case]) -> None:
        """The first rows as they were understood, with what became of them."""
        new = iter(written)
        for each in batch:
            case = next(new, None) if each.finding is not None else each.case
            if len(self.run.preview) < PREVIEWED:
                line = self.lines.get(each.village.pk) if each.village else None
                self.run.preview.append(previewed(each, case, line))

    def _note_photos(self, batch: list[Sorted], written: list[Case]) -> None:
        """Whose the photos of these rows are: of a dry run the row's, else its case's, also one that was there before."""
        new = iter(written)
        for each in batch if self.photos is not None else ():
            case = next(new, None) if each.finding is not None else each.case
            if self.photos is None or each.refusal is not None:
                continue
            if self.run.is_dry_run:
                self.photos.note(each.cells, each.row.number)
            elif case is not None:
                self.photos.note(each.cells, case.pk)

    def _finish(self, refused_file: Any) -> None:
        if not self.run.is_dry_run:
            expect_matches(self.run)
        if self.photos is not None and self.run.is_dry_run:
            self.photos.look()
        elif self.photos is not None:
            self.photos.attach(now=self.now)
        if self.refused.count:
            refused_file.seek(0)
            self.run.refused_file.save(f"{self.run.pk}.refused.csv", File(refused_file), save=False)
        finish(
            self.run,
            at=self.now(),
            refused_file=self.run.refused_file.name,
            photos_kept=self.run.photos_kept,
            photos_left=self.run.photos_left,
        )
