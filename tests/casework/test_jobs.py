"""A long job belongs to one worker: claimed, alive, taken over, parked, and never written by who was replaced."""

from datetime import datetime, timedelta

import pytest

from casework.jobs import machine
from casework.jobs.ledger import ask_export
from casework.jobs.machine import SILENCE_ALLOWED, SILENCE_NOTICED, TakenOver
from casework.lists.filters import CaseFilters
from casework.models import LedgerExport
from casework.models.job import JobState
from tests.cast import Cast
from tests.walk import NOW

TAKEN_OVER_AT = NOW + SILENCE_ALLOWED + timedelta(seconds=1)


@pytest.fixture
def job(cast: Cast) -> LedgerExport:
    return ask_export(filters=CaseFilters(), by=cast.county_supervisor, at=NOW)


def claimed(job: LedgerExport, at: datetime) -> LedgerExport:
    found = machine.claim(LedgerExport, job.pk, at=at)
    assert found is not None
    return found


def test_a_job_is_claimed_once(job: LedgerExport) -> None:
    claimed(job, NOW)
    assert machine.claim(LedgerExport, job.pk, at=NOW + SILENCE_ALLOWED) is None


def test_a_silent_worker_is_replaced_and_changes_nothing_any_more(job: LedgerExport) -> None:
    slow = claimed(job, NOW)
    quick = claimed(job, TAKEN_OVER_AT)
    for late in (
        lambda: machine.beat(slow, at=TAKEN_OVER_AT, rows_written=7),
        lambda: machine.finish(slow, at=TAKEN_OVER_AT),
    ):
        with pytest.raises(TakenOver):
            late()
    machine.park(slow, "late", at=TAKEN_OVER_AT)
    job.refresh_from_db()
    assert (job.state, job.rows_written, job.trouble) == (JobState.RUNNING, 0, "")
    machine.beat(quick, at=TAKEN_OVER_AT, rows_written=9)
    machine.finish(quick, at=TAKEN_OVER_AT)
    job.refresh_from_db()
    assert (job.state, job.rows_written) == (JobState.DONE, 9)


def test_a_heartbeat_keeps_others_away(job: LedgerExport) -> None:
    mine = claimed(job, NOW)
    machine.beat(mine, at=TAKEN_OVER_AT)
    assert machine.claim(LedgerExport, job.pk, at=TAKEN_OVER_AT + timedelta(seconds=1)) is None
    assert machine.unfinished(LedgerExport, at=TAKEN_OVER_AT) == []


def test_one_that_fails_does_not_keep_the_later_ones_from_running() -> None:
    done: list[int] = []

    def run(key: int) -> None:
        if key == 1:
            raise ZeroDivisionError
        done.append(key)

    machine.run_all([1, 2, 3], run)
    assert done == [2, 3]


def test_whoever_waits_hears_that_nobody_works(job: LedgerExport) -> None:
    assert machine.silent_since(job, at=NOW + SILENCE_NOTICED) is None
    assert machine.silent_since(job, at=NOW + SILENCE_NOTICED + timedelta(seconds=1)) == NOW
    mine = claimed(job, NOW + SILENCE_NOTICED)
    assert machine.silent_since(mine, at=NOW + SILENCE_NOTICED + timedelta(seconds=1)) is None
    machine.finish(mine, at=NOW)
    assert machine.silent_since(mine, at=NOW + timedelta(days=1)) is None
