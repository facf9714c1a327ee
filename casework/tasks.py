"""The Celery shells of the clocks: they call the lifecycle and decide nothing."""

import logging

from celery import shared_task
from django.utils import timezone

from casework.clocks.real_clock import agreed_now
from casework.clocks.waking import wake
from casework.errors import Refusal
from casework.escalation.escalation import is_much_due, sweep_ladder
from casework.escalation.sweeping import sweep as sweep_at
from casework.jobs.ledger import unfinished_exports, write_export
from casework.jobs.machine import run_all
from casework.models import Evidence
from casework.proofs.checks import check_evidence
from casework.proofs.previews import SCREEN, make_preview

log = logging.getLogger(__name__)


@shared_task
def sweep() -> None:
    """Take every step that is due; where there is much, a second worker helps."""
    at = agreed_now()
    if at is None:
        return
    if is_much_due(at=at):
        wake("casework.tasks.help_sweep")
    sweep_at(at=at)


@shared_task
def help_sweep() -> None:
    """Climb the ladder beside another worker: what one has claimed the other leaves alone."""
    at = agreed_now()
    if at is not None:
        sweep_ladder(at=at)


@shared_task(ignore_result=True)
def make_previews(pk: int) -> None:
    """Make the small copies of one photo and look at it; what is there already is left."""
    evidence = Evidence.everything.select_related("case").get(pk=pk)
    try:
        make_preview(evidence, SCREEN)
    except Refusal as error:  # the first reader's request tries again
        log.warning("No preview of evidence %s: %s", pk, error)
    check_evidence(evidence, at=timezone.now())


@shared_task
def write_ledger_export(pk: int) -> None:
    """Write one long ledger."""
    write_export(pk)


@shared_task
def finish_ledgers() -> None:
    """Pick up what a dead worker left, or a nudge that was lost."""
    run_all(unfinished_exports(timezone.now()), write_export)
