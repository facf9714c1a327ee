"""A findings file on its way into cases: a dry run first, then batches that survive a worker's death."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from casework.clocks.waking import wake
from casework.errors import Invalid, NotAllowed, Refusal
from casework.jobs import machine
from casework.models import FindingImport, Person
from casework.models.job import JobState
from casework.proofs.photo_zips import LARGEST_ZIP, entries_of, on_disk
from casework.relapse.candidates import match_import
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do
from casework.tables.columns import FINDING_COLUMNS, columns_of, with_names
from casework.tables.parsing import Table
from casework.tables.reading import look_at, look_at_heads
from casework.working_time.deadlines import local_day
from flows.finding_columns import names_of_office, said_by_office
from flows.finding_reader import FindingReader


def start_import(
    *, upload: File, by: Person | None, at: datetime, is_dry_run: bool, photos: File | None = None
) -> FindingImport:
    """Keep the file, with the ZIP of its photos, and have it read in the background."""
    run = keep_file(upload=upload, by=by, at=at, is_dry_run=is_dry_run, photos=photos)
    transaction.on_commit(lambda: wake("flows.tasks.run_finding_import", run.pk))
    return run


def keep_file(
    *, upload: File, by: Person | None, at: datetime, is_dry_run: bool, photos: File | None = None
) -> FindingImport:
    """Keep the file for `run_import`. Refuses at once what can't be read as a findings file, or as a ZIP of photos."""
    require_importer(by, at=at)
    _require_zip(photos)
    names = names_of_office(by, at)
    wanted = with_names(FINDING_COLUMNS, names)
    contents = look_at(upload, wanted)
    if not contents.count:
        raise Invalid("no_rows", _("The file holds column names, but no rows."))
    columns, unknown = columns_of(contents.table, wanted.known, needed=wanted.needed)
    run = _kept(
        upload,
        contents.table,
        rows_total=contents.count,
        is_dry_run=is_dry_run,
        column_names=said_by_office(contents.table, columns),
        unknown_columns=unknown,
        by=by,
        at=at,
    )
    _keep_files(run, upload, photos)
    return run


def keep_to_match(
    *, upload: File, refusal: Refusal, by: Person, at: datetime, photos: File | None = None
) -> FindingImport:
    """Keep a file of which needed columns are missing by their names, until somebody has said which they are. Refuses
    with what else keeps it from being read.
    """
    require_importer(by, at=at)
    _require_zip(photos)
    upload.seek(0)
    table = look_at_heads(upload, FINDING_COLUMNS, rows=1)
    if not table.rows:
        raise refusal
    run = _kept(upload, table, is_dry_run=True, state=JobState.FAILED, trouble=str(refusal), by=by, at=at)
    _keep_files(run, upload, photos)
    return run


def _require_zip(photos: File | None) -> None:
    """Refuse at once what is no ZIP that can be read; it is looked at in a process of its own."""
    if photos is None:
        return
    if (photos.size or 0) > LARGEST_ZIP:
        raise Invalid("zip_too_large", _("The ZIP has more than 400 MB. Split it."), field="photos")
    with on_disk(photos) as path:
        if not entries_of(path):
            raise Invalid("zip_empty", _("This ZIP holds no photos."), field="photos")


def _keep_files(run: FindingImport, upload: File, photos: File | None) -> None:
    run.file.save(f"{run.pk}-{run.sha256[:12]}", upload)
    if photos is not None:
        photos.seek(0)
        run.photos_file.save(f"{run.pk}-{run.sha256[:12]}.photos.zip", photos)


def _kept(upload: File, table: Table, **said: Any) -> FindingImport:
    digest = hashlib.sha256()
    for piece in upload.chunks():
        digest.update(piece)
    upload.seek(0)
    return FindingImport.objects.create(
        name=str(upload.name or "findings").rpartition("/")[2][:255],
        sha256=digest.hexdigest(),
        sheet=table.sheet,
        other_sheets=table.other_sheets,
        passed_over=table.passed_over,
        **said,
    )


def require_importer(by: Person | None, *, at: datetime) -> None:
    """Refuse a person who holds no post of an office; nobody in particular is whoever runs the command."""
    if by is not None and not may_do(by, OfficeAction.IMPORT, local_day(at)):
        raise NotAllowed("no_importing_post", _("Findings are imported by the offices of counties and the city."))


def confirm_import(*, dry_run: FindingImport, by: Person | None, at: datetime) -> FindingImport:
    """Import the good rows of a dry run; confirmed twice, the same import is given."""
    require_importer(by, at=at)
    if not dry_run.is_dry_run or dry_run.state != JobState.DONE:
        raise Invalid("not_a_preview", _("Look at the preview first."))
    if not dry_run.file:
        raise Invalid("preview_too_old", _("This preview is too old: its file was removed. Choose the file again."))
    run, is_new = FindingImport.objects.get_or_create(
        confirmed_from=dry_run,
        defaults={
            "name": dry_run.name,
            "file": dry_run.file.name,
            "sha256": dry_run.sha256,
            "rows_total": dry_run.rows_total,
            "sheet": dry_run.sheet,
            "other_sheets": dry_run.other_sheets,
            "passed_over": dry_run.passed_over,
            "unknown_columns": dry_run.unknown_columns,
            "column_names": dry_run.column_names,
            "corrections": dry_run.corrections,
            "photos_file": dry_run.photos_file.name,
            "by": by,
            "at": at,
        },
    )
    if is_new:
        transaction.on_commit(lambda: wake("flows.tasks.run_finding_import", run.pk))
    return run


def unfinished(at: datetime) -> list[int]:
    """Runs that wait, or whose worker has fallen silent."""
    return machine.unfinished(FindingImport, at=at)


def run_import(pk: int, *, now: Callable[[], datetime] = timezone.now) -> None:
    """Read a file to its end, from where an earlier worker left it. Whoever comes second to a run leaves it alone."""
    run = machine.claim(FindingImport, pk, at=now())
    if run is None:
        return

    def work() -> None:
        try:
            require_importer(run.by, at=now())
            FindingReader(run, now=now).read()
        except Refusal as refusal:
            machine.park(run, str(refusal), at=now())

    def trouble() -> str:
        return str(_("The import stopped because of an error. Tell the administrator; then import it again."))

    with translation.override((run.by.language if run.by else "") or "zh-hans"):
        machine.run(run, work, trouble=trouble, now=now)
    if run.state == JobState.DONE and not run.is_dry_run:
        # The cases stand, and whoever imported them goes on. Left unfinished, it is the sweep's to look for them.
        match_import(run, at=run.at)
