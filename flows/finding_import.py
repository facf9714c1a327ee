"""A findings file on its way into cases: a dry run first, then batches that survive a worker's death."""

import hashlib
from datetime import datetime, timedelta

from django.core.files.base import ContentFile, File
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, NotAllowed, Refusal
from casework.models import FindingImport, Person
from casework.models.finding_import import JobState
from casework.rights import OfficeAction
from casework.roles import may_do
from casework.tables.columns import FINDINGS, columns_of
from casework.tables.reading import LARGEST, read_table
from casework.waking import wake
from casework.working_time.deadlines import local_day
from flows.finding_reader import NEEDED, FindingReader, TakenOver

# A run whose worker has given no sign of life for so long is taken over by another.
SILENCE_ALLOWED = timedelta(minutes=2)


def start_import(*, upload: File, by: Person | None, at: datetime, is_dry_run: bool) -> FindingImport:
    """Keep the file and have it read in the background."""
    run = keep_file(upload=upload, by=by, at=at, is_dry_run=is_dry_run)
    transaction.on_commit(lambda: wake("flows.tasks.run_finding_import", run.pk))
    return run


def keep_file(*, upload: File, by: Person | None, at: datetime, is_dry_run: bool) -> FindingImport:
    """Keep the file for `run_import`. Refuses at once what can't be read as a findings file."""
    require_importer(by, at=at)
    if (upload.size or 0) > LARGEST:
        raise Invalid("file_too_large", _("The file has more than 100 MB. Split it."))
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


def require_importer(by: Person | None, *, at: datetime) -> None:
    """Refuse a person who holds no post of an office; nobody in particular is whoever runs the command."""
    if by is not None and not may_do(by, OfficeAction.IMPORT, local_day(at)):
        raise NotAllowed("no_importing_post", _("Findings are imported by the offices of counties and the city."))


def confirm_import(*, dry_run: FindingImport, by: Person | None, at: datetime) -> FindingImport:
    """Import the good rows of a dry run; confirmed twice, the same import is given."""
    require_importer(by, at=at)
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
        transaction.on_commit(lambda: wake("flows.tasks.run_finding_import", run.pk))
    return run


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
            require_importer(run.by, at=now)
            FindingReader(run).read()
        except TakenOver:
            return
        except Refusal as refusal:
            _fail(run, str(refusal))
        except (OperationalError, InterfaceError):
            raise  # the database is away: the sweep goes on when it is back
        except Exception:
            # Whatever it is, it would be the same next time: parked, with its trace in the log.
            _fail(run, str(_("The import stopped because of an error. Tell the administrator; then import it again.")))
            raise


def _fail(run: FindingImport, trouble: str) -> None:
    FindingImport.objects.filter(pk=run.pk).update(state=JobState.FAILED, trouble=trouble, finished_at=timezone.now())
