"""The Celery shells of imports: they call and decide nothing."""

from celery import shared_task
from django.utils import timezone

from casework.jobs.machine import run_all
from flows.finding_import import run_import, unfinished


@shared_task
def run_finding_import(pk: int) -> None:
    """Read one file to its end."""
    run_import(pk)


@shared_task
def finish_imports() -> None:
    """Pick up what a dead worker left, or a nudge that was lost."""
    run_all(unfinished(timezone.now()), run_import)
