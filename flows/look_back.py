"""The graph of a look-back: due, an inspector is drawn, the check on site, and how it stands.

Its verbs stand in `casework/lifecycle/look_back.py`; the door is at the end of this file. Node names are stored data.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import Flow, nodes
from viewflow.workflow.lock import SelectForUpdateLock
from viewflow.workflow.status import PROCESS, STATUS

from casework.errors import Conflict
from casework.lifecycle import look_back as verbs
from casework.lifecycle.evidence import add_evidence, receive
from casework.models import Case, LookBack, Person
from casework.models.evidence import EvidenceKind
from casework.models.look_back import Outcome
from casework.watch.look_back_clock import sweep_look_backs
from flows.models import CaseProcess, CaseTask
from flows.nodes import End, Gateway, Step, StepActivation
from flows.starting import start_processes, task_of
from flows.steps import door
from flows.submitted import NO_FORM, Form, already_submitted, fingerprint, remember
from flows.trail import Trail, link


def turned_out(outcome: Outcome) -> Callable[[Any], bool]:
    """Whether the verb has entered this result."""

    def condition(activation: Any) -> bool:
        return bool(activation.process.look_back.outcome == outcome)

    return condition


class CheckOnSite(Step):
    """The inspector's step."""

    def check(self, activation: Any, *, by: Person, at: datetime, from_paper: bool = False) -> None:
        """Refuse a task of another node or a finished one, and whoever was not drawn or had a hand in the closure."""
        if activation.task.flow_task is not self or activation.status != STATUS.NEW:
            raise Conflict("task_done", _("This look-back is not open."))
        refused = verbs.refusal_to_look_back(by, activation.process.look_back, at)
        if refused is not None:
            raise refused


class LookBackFlow(Flow):
    """From the day on which it is due to its result."""

    process_title = _("Look-back")
    process_class = CaseProcess
    task_class = CaseTask
    lock_impl = SelectForUpdateLock(nowait=False, attempts=1)

    due = nodes.StartHandle().Annotation(title=_("Due, inspector drawn")).Next(this.check)
    check = CheckOnSite().Annotation(title=_("Check on site")).Next(this.how_it_stands)
    how_it_stands = (
        Gateway()
        .Annotation(title=_("How it stands"))
        .Case(this.stays_fixed, turned_out(Outcome.HELD))
        .Case(this.partly, turned_out(Outcome.PARTLY))
        .Case(this.is_back, turned_out(Outcome.BACK))
    )
    stays_fixed = End().Annotation(title=_("Stays fixed"))
    partly = End().Annotation(title=_("Partly"))
    is_back = End().Annotation(title=_("Is back"))


def sweep(*, at: datetime) -> int:
    """The clock of the look-backs, with the processes of those that open."""
    return sweep_look_backs(at=at, start=lambda opened: start_look_backs(opened, at=at))


def start_look_backs(opened: Iterable[LookBack], *, at: datetime) -> None:
    """Start the flow of look-backs that open: four inserts, however many there are. The caller saves their process."""
    opened = [one for one in opened if one.process_id is None]
    flow = LookBackFlow
    processes = CaseProcess.objects.bulk_create(
        [CaseProcess(flow_class=flow, status=PROCESS.NEW, created=at) for _one in opened]
    )
    due = CaseTask.objects.bulk_create([task_of(process, flow.due, at=at, done=True) for process in processes])
    checks = CaseTask.objects.bulk_create([task_of(process, flow.check, at=at, done=False) for process in processes])
    link(due, checks)
    for one, process in zip(opened, processes, strict=True):
        one.process_id = process.pk


def take(
    *,
    look_back: LookBack,
    seen: verbs.Seen,
    photos: Sequence[UploadedFile],
    by: Person,
    at: datetime,
    form: Form = NO_FORM,
) -> Case | None:
    """Enter the result of a look-back with its photos, all or nothing; gives the new case if the problem is back."""
    content = fingerprint([look_back.pk, seen, [photo.name for photo in photos]])
    # Before the door, since looking at photos may take seconds; whom the door will refuse is not looked at.
    is_welcome = verbs.refusal_to_look_back(by, LookBack.objects.get(pk=look_back.pk), at) is None
    received = [
        receive(case=look_back.case, kind=EvidenceKind.LOOK_BACK, upload=photo, by=by, at=at)
        for photo in (photos if is_welcome else ())
    ]
    with door(), LookBackFlow.lock(look_back.process_id):
        if already_submitted(form, step="check_look_back", content=content) is not None:
            return LookBack.objects.get(pk=look_back.pk).led_to
        locked = _locked(look_back)
        trail = Trail(locked.process)
        activation = _open_activation(locked, trail)
        activation.take(by=by, at=at)
        evidence = [
            add_evidence(case=locked.case, kind=EvidenceKind.LOOK_BACK, upload=photo, by=by, at=at)
            for photo in received
        ]
        again = verbs.check_look_back(look_back=locked, seen=seen, photos=evidence, by=by, at=at)
        if again is not None:
            start_processes([again], at=at)
            for photo in received:
                add_evidence(case=again, kind=EvidenceKind.BEFORE, upload=photo, by=by, at=at)
        activation.execute()
        trail.write()
        remember(form, locked.case, step="check_look_back", content=content, at=at)
        return again


def pass_on(*, look_back: LookBack, reason: str, by: Person, at: datetime) -> None:
    """Give a look-back back to the draw."""
    with door(), LookBackFlow.lock(look_back.process_id):
        verbs.pass_on_look_back(look_back=_locked(look_back), reason=reason, by=by, at=at)


def _locked(look_back: LookBack) -> LookBack:
    # The case as well: a verdict or another look-back may be at it.
    Case.objects.select_for_update().get(pk=look_back.case_id)
    return (
        LookBack.objects.select_for_update(of=("self",))
        .select_related(
            "process", "case__village", "case__county", "case__city", "case__item", "case__object", "closure"
        )
        .get(pk=look_back.pk)
    )


def _open_activation(look_back: LookBack, trail: Trail) -> StepActivation:
    task = next(iter(trail.open_steps), None)
    if task is None:
        raise Conflict("look_back_done", _("This look-back is not open."))
    task.process.look_back = look_back
    return StepActivation.of(task, trail)
