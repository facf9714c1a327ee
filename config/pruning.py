"""What is removed once nobody needs it any more: once a day, a bounded number of each, so that no minute is held up.

Cases, their events and their proof are never among it. Accounts of sign-ins are kept for half a year and a month, as
the law on the security of networks asks for six months.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet
from django.utils import timezone

from casework.clocks.cursors import keep_mark
from casework.clocks.resting import each
from casework.models import ClockMark, FindingImport, LedgerExport
from casework.models.job import JobState
from casework.models.resting_row import ClockName
from casework.phones.pieces import remove_expired
from casework.proofs.uploads import remove_stale_uploads
from casework.working_time.deadlines import local_day
from flows.models import SubmittedForm
from notifications.models import Delivery, State
from oversight.public_page.records import PublicUse
from oversight.suggestions.saying import clear_contacts

MOST = 10_000
ENDED = (JobState.DONE, JobState.FAILED)
IMPORT_FILES = timedelta(days=180)
LEDGER_FILES = timedelta(days=30)
# How somebody can be reached who said something about the system: after the answer, and without one.
CONTACTS_ANSWERED, CONTACTS = timedelta(days=30), timedelta(days=180)
HALF_UPLOADS = timedelta(days=1)  # no sender takes longer (config/buffering_worker.py)


def rows_of(at: datetime) -> list[QuerySet[Any]]:
    """The rows that go, a table each."""
    return [
        Session.objects.filter(expire_date__lt=at),
        PublicUse.objects.filter(ends_at__lte=at),
        # Longer than any session, so that a form sent again is always known.
        SubmittedForm.objects.filter(at__lt=at - timedelta(days=60)),
        AccessAttempt.objects.filter(attempt_time__lt=at - timedelta(days=30)),
        AccessFailureLog.objects.filter(attempt_time__lt=at - timedelta(days=210)),
        AccessLog.objects.filter(attempt_time__lt=at - timedelta(days=210)),
        Delivery.objects.filter(state__in=(State.SENT, State.CANCELLED), due_at__lt=at - timedelta(days=180)),
        Delivery.objects.filter(state__in=(State.FAILED, State.PARKED), due_at__lt=at - timedelta(days=365)),
    ]


def prune(*, at: datetime) -> int:
    """Remove what has had its time; gives how many rows and files. Each kind by itself."""
    mark = ClockMark.objects.filter(name="pruning").first()
    if mark is not None and local_day(mark.at) >= local_day(at):
        return 0
    # A demo that is swept ahead of its time must not sign its visitors out.
    before, removed = min(at, timezone.now()), list[int]()
    work: list[Callable[[], int]] = [partial(_remove_rows, rows) for rows in rows_of(before)]
    work += [
        lambda: _remove_import_files(before - IMPORT_FILES),
        lambda: _remove_ledger_files(before - LEDGER_FILES),
        lambda: remove_stale_uploads(before - HALF_UPLOADS),
        lambda: remove_expired(before, most=MOST),
        lambda: clear_contacts(answered_before=before - CONTACTS_ANSWERED, said_before=before - CONTACTS, most=MOST),
    ]
    each(
        ClockName.PRUNING, list(enumerate(work, 1)), lambda one: removed.append(one[1]()), at=at, key=lambda one: one[0]
    )
    keep_mark("pruning", at=at)
    return sum(removed)


def _remove_rows(rows: QuerySet[Any]) -> int:
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:MOST])
    return rows.model._default_manager.filter(pk__in=keys).delete()[0] if keys else 0


def _remove_import_files(before: datetime) -> int:
    """The uploaded tables; what was understood of them stays. A run that was confirmed later shares its file."""
    old = FindingImport.objects.filter(state__in=ENDED, at__lt=before).exclude(
        Q(file="") & Q(refused_file="") & Q(photos_file="")
    )
    young = FindingImport.objects.exclude(pk__in=old.values("pk")).exclude(file="").values_list("file", flat=True)
    runs = list(old.exclude(file__in=list(young)).values_list("pk", "file", "refused_file", "photos_file")[:MOST])
    FindingImport.objects.filter(pk__in=[pk for pk, *_files in runs]).update(file="", refused_file="", photos_file="")
    return _remove_files({name for _pk, *names in runs for name in names})


def _remove_ledger_files(before: datetime) -> int:
    old = LedgerExport.objects.filter(state__in=ENDED, at__lt=before).exclude(file="")
    found = dict(old.values_list("pk", "file")[:MOST])
    LedgerExport.objects.filter(pk__in=found).update(file="")
    return _remove_files(set(found.values()))


def _remove_files(names: set[str]) -> int:
    names -= {""}
    for name in names:
        default_storage.delete(name)
    return len(names)
