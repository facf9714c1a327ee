"""A long job belongs to one worker at a time: claimed, kept alive by its heartbeat, taken over from a silent worker,
parked when it fails.

A job is a row with `state`, `heartbeat_at`, `trouble`, `at` and `finished_at`. Every write of a worker is bound to the
heartbeat that it wrote last, so that whoever was silent for too long and was replaced changes nothing any more.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import models
from django.db.models import Q

from casework.clocks.resting import NOT_THE_ROW, place_of
from casework.models.job import JobState

log = logging.getLogger(__name__)

Job = TypeVar("Job", bound=models.Model)

# A run whose worker has given no sign of life is taken over; one that nobody was told of is found by the sweep.
SILENCE_ALLOWED = timedelta(minutes=2)
PATIENCE = timedelta(seconds=30)
# Whoever waits for it is told.
SILENCE_NOTICED = timedelta(minutes=4)


class TakenOver(Exception):
    """Another worker goes on with this job: this one was silent for too long."""


def unfinished(jobs: type[models.Model], *, at: datetime) -> list[int]:
    """Jobs that wait, or whose worker has fallen silent."""
    waiting = Q(state=JobState.WAITING, at__lt=at - PATIENCE)
    return list(jobs._default_manager.filter(_silent(at) | waiting).order_by("pk").values_list("pk", flat=True))


def silent_since(job: Any, *, at: datetime) -> datetime | None:
    """When a job that isn't done gave its last sign of life, if another worker should have been at it by now."""
    if job.state not in (JobState.WAITING, JobState.RUNNING):
        return None
    last: datetime = job.heartbeat_at or job.at
    return last if at - last > SILENCE_NOTICED else None


def claim(jobs: type[Job], pk: int, *, at: datetime) -> Job | None:
    """The job, for this worker alone; None where another has it or it is done."""
    free = Q(state=JobState.WAITING) | _silent(at)
    if not jobs._default_manager.filter(free, pk=pk).update(state=JobState.RUNNING, heartbeat_at=at):
        return None
    return jobs._default_manager.get(pk=pk)


def beat(job: Any, *, at: datetime, **progress: object) -> None:
    """Say that the worker lives and how far it is. Raises TakenOver where the job has another worker."""
    _write(job, {**progress, "heartbeat_at": at})


def finish(job: Any, *, at: datetime, **result: object) -> None:
    """Done. Raises TakenOver where the job has another worker."""
    _write(job, {**result, "state": JobState.DONE, "finished_at": at})


def park(job: Any, trouble: str, *, at: datetime) -> None:
    """Failed, with words for whoever asked for it; nothing where the job has another worker."""
    try:
        _write(job, {"state": JobState.FAILED, "trouble": trouble, "finished_at": at})
    except TakenOver:
        return


def run(job: Any, work: Callable[[], None], *, trouble: Callable[[], str], now: Callable[[], datetime]) -> None:
    """Do the work of a claimed job. Whatever it fails of would be the same next time: it is parked, and raised for the
    log. With the database away it stays claimed, and is taken over when that is back.
    """
    try:
        work()
    except TakenOver:
        return
    except NOT_THE_ROW:
        raise
    except Exception:
        park(job, trouble(), at=now())
        raise


def run_all(keys: Iterable[int], run_one: Callable[[int], None]) -> None:
    """Run these one after the other: one that fails is parked by itself, and the later ones still run."""
    for key in keys:
        try:
            run_one(key)
        except NOT_THE_ROW:
            raise
        except Exception as error:
            log.error("job %s failed: %s", key, place_of(error))


def _silent(at: datetime) -> Q:
    return Q(state=JobState.RUNNING, heartbeat_at__lt=at - SILENCE_ALLOWED)


def _write(job: Any, values: dict[str, object]) -> None:
    mine = type(job)._default_manager.filter(pk=job.pk, state=JobState.RUNNING, heartbeat_at=job.heartbeat_at)
    if not mine.update(**values):
        raise TakenOver
    for name, value in values.items():
        setattr(job, name, value)
