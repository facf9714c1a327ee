"""A findings file on its way into cases: a dry run first, then batches that survive a worker's death."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from casework.deadlines import local_day
from casework.errors import Invalid, Refusal
from casework.imports.columns import FINDINGS, cells_of, columns_of
from casework.imports.findings import ImportedFinding, Matcher, code_in, understand
from casework.imports.outcome import refused_csv
from casework.imports.tables import Row, Table, read_table
from casework.lifecycle.importing import fingerprint, import_findings, known_of
from casework.models import Case, FindingImport, Person, Unit
from casework.models.finding_import import JobState
from casework.queries import villages_reportable_by
from flows.steps import start_processes

BATCH = 250
PREVIEWED = 30
NEEDED = ("village_code", "found_on", "description")
# A run whose worker has given no sign of life for so long is taken over by another.
SILENCE_ALLOWED = timedelta(minutes=2)


def start_import(*, upload: File, by: Person | None, at: datetime, is_dry_run: bool) -> FindingImport:
    """Keep the file and have it read in the background."""
    run = keep_file(upload=upload, by=by, at=at, is_dry_run=is_dry_run)
    transaction.on_commit(lambda: nudge(run))
    return run


def keep_file(*, upload: File, by: Person | None, at: datetime, is_dry_run: bool) -> FindingImport:
    """Keep the file for `run_import`. Refuses at once what can't be read as a findings file."""
    content = upload.read()
    table = read_table(content)
    _columns, unknown = columns_of(table, FINDINGS, needed=NEEDED)
    if not table.rows:
        raise Invalid("no_rows", _("The file holds column names, but no rows."))
    run = FindingImport.objects.create(
        name=str(upload.name or "findings").rpartition("/")[2][:255],
        sha256=hashlib.sha256(content).hexdigest(),
        is_dry_run=is_dry_run,
        rows_total=len(table.rows),
        unknown_columns=unknown,
        by=by,
        at=at,
    )
    run.file.save(f"{run.pk}-{run.sha256[:12]}", ContentFile(content))
    return run


def confirm_import(*, dry_run: FindingImport, by: Person | None, at: datetime) -> FindingImport:
    """Import the good rows of a dry run; confirmed twice, the same import is given."""
    if not dry_run.is_dry_run or dry_run.state != JobState.DONE:
        raise Invalid("not_a_preview", _("Look at the preview first."))
    run, is_new = FindingImport.objects.get_or_create(
        confirmed_from=dry_run,
        defaults={
            "name": dry_run.name,
            "file": dry_run.file.name,
            "sha256": dry_run.sha256,
            "rows_total": dry_run.rows_total,
            "unknown_columns": dry_run.unknown_columns,
            "by": by,
            "at": at,
        },
    )
    if is_new:
        transaction.on_commit(lambda: nudge(run))
    return run


def nudge(run: FindingImport) -> None:
    """Say "look now"; if nobody hears it, the sweep finds the run."""
    try:
        current_app.send_task("flows.tasks.run_finding_import", [run.pk])
    except Exception:  # a broker that is down must not take the upload with it
        return


def unfinished(at: datetime) -> list[int]:
    """Runs that wait, or whose worker has fallen silent."""
    silent = Q(state=JobState.RUNNING, heartbeat_at__lt=at - SILENCE_ALLOWED)
    waiting = Q(state=JobState.WAITING, at__lt=at - timedelta(seconds=30))
    return list(FindingImport.objects.filter(silent | waiting).values_list("pk", flat=True))


def run_import(pk: int) -> None:
    """Read a file to its end, from where an earlier worker left it. Whoever comes second to a run leaves it alone."""
    now = timezone.now()
    claimed = FindingImport.objects.filter(
        Q(state=JobState.WAITING) | Q(state=JobState.RUNNING, heartbeat_at__lt=now - SILENCE_ALLOWED), pk=pk
    ).update(state=JobState.RUNNING, heartbeat_at=now)
    if not claimed:
        return
    run = FindingImport.objects.get(pk=pk)
    with translation.override((run.by.language if run.by else "") or "zh-hans"):
        try:
            _Reader(run).read()
        except Refusal as refusal:
            run.state, run.trouble, run.finished_at = JobState.FAILED, str(refusal), timezone.now()
            run.save(update_fields=["state", "trouble", "finished_at"])


class _Reader:
    """Reads one file in batches; each batch is one transaction with its progress."""

    def __init__(self, run: FindingImport) -> None:
        self.run = run
        with run.file.open("rb") as file:
            self.table: Table = read_table(file.read())
        self.columns, _unknown = columns_of(self.table, FINDINGS, needed=NEEDED)
        self.matcher = Matcher()
        self.on = local_day(run.at)
        self.scope: set[int] | None = None
        if run.by is not None:
            self.scope = set(villages_reportable_by(run.by, on=self.on).values_list("pk", flat=True))
        self.refused: list[tuple[Row, str]] = []
        self.seen: set[tuple[int, str]] = set()

    def read(self) -> None:
        rows = self.table.rows
        for row, found in self._understood(rows[: self.run.rows_read]):  # what an earlier worker has done already
            if not isinstance(found, Invalid):
                self.seen.add(fingerprint(found))
            else:
                self.refused.append((row, str(found)))
        while self.run.rows_read < len(rows):
            self._read_batch(rows[self.run.rows_read : self.run.rows_read + BATCH])
        self._finish()

    def _read_batch(self, rows: list[Row]) -> None:
        with transaction.atomic():
            good: list[tuple[Row, ImportedFinding]] = []
            for row, found in self._understood(rows):
                if isinstance(found, Invalid):
                    self.refused.append((row, str(found)))
                    self._preview(row, "refused", str(found))
                elif fingerprint(found) in self.seen:
                    self._known(row)
                else:
                    self.seen.add(fingerprint(found))
                    good.append((row, found))
            self._take(good)
            self.run.rows_read += len(rows)
            self.run.refused = len(self.refused)
            self.run.heartbeat_at = timezone.now()
            self.run.save()

    def _take(self, good: list[tuple[Row, ImportedFinding]]) -> None:
        known = known_of([finding for _row, finding in good], other_than=self.run)
        new: list[ImportedFinding] = []
        likely: dict[int, Case] = {}
        for index, (row, finding) in enumerate(good):
            if index in known.cases:
                self._known(row)
                continue
            if index in known.likely:
                likely[len(new)] = known.likely[index]
            self._tell(row, finding, known.likely.get(index))
            new.append(finding)
        self.run.added += len(new)
        self.run.unclassified += sum(finding.is_unclassified for finding in new)
        self.run.likely_duplicates += len(likely)
        if new and not self.run.is_dry_run:
            cases = import_findings(new, likely, found_in=self.run, by=self.run.by, at=self.run.at)
            start_processes(cases, at=self.run.at)

    def _understood(self, rows: list[Row]) -> Iterator[tuple[Row, ImportedFinding | Invalid]]:
        cells = [cells_of(row.cells, self.columns) for row in rows]
        units = {unit.code: unit for unit in Unit.objects.filter(code__in={code_in(each) for each in cells})}
        for row, each in zip(rows, cells, strict=True):
            try:
                yield row, understand(each, units=units, scope=self.scope, matcher=self.matcher, on=self.on)
            except Invalid as refusal:
                yield row, refusal

    def _known(self, row: Row) -> None:
        self.run.unchanged += 1
        self._preview(row, "unchanged", str(_("known already")))

    def _tell(self, row: Row, finding: ImportedFinding, likely: Case | None) -> None:
        words = []
        if likely is not None:
            words.append(str(_("likely a duplicate of %(number)s, for screening") % {"number": likely.number}))
        if finding.is_unclassified:
            words.append(str(_("to be classified")))
        if finding.closed_on is not None:
            words.append(str(_("history, arrives closed")))
        self._preview(row, "added", " · ".join(words) or str(_("good")), village=finding.village.name)

    def _preview(self, row: Row, result: str, words: str, village: str = "") -> None:
        if len(self.run.preview) >= PREVIEWED:
            return
        cells = cells_of(row.cells, self.columns)
        line: dict[str, Any] = {name: str(cells.get(name, "") or "") for name in PREVIEW_COLUMNS}
        self.run.preview.append(
            {
                **line,
                "village": village or str(cells["village_code"]),
                "row": row.number,
                "result": result,
                "words": words,
            }
        )

    def _finish(self) -> None:
        if self.refused:
            name = f"{self.run.pk}.refused.csv"
            self.run.refused_file.save(name, ContentFile(refused_csv(self.table, self.refused)), save=False)
        self.run.state, self.run.finished_at = JobState.DONE, timezone.now()
        self.run.save()


PREVIEW_COLUMNS = ("found_on", "category", "severity", "description")
