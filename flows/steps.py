"""The one door: lock, permission, verb, advance the task, in one transaction.

Pages, the API, imports and tests all come through here; nothing else touches an activation. A form carries the
version of the case it was filled from and a key of its own: an older version is a conflict that says what happened
meanwhile, and a key that was handed in before changes nothing (a double click).
"""

import hashlib
import json
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.exceptions import FlowLockFailed
from viewflow.workflow.status import PROCESS, STATUS

from casework.errors import Busy, Conflict
from casework.lifecycle import (
    assignment,
    closure,
    evidence,
    exit,
    extension,
    interviews,
    letters,
    pausing,
    planning,
    rectification,
    reporting,
    review,
    taking_back,
    verdicts,
)
from casework.lifecycle.reporting import Finding
from casework.models import Case, Person
from casework.models.case_event import CLOCK_KINDS, EventKind
from casework.stages import ENDS, ENDS_BY_INTERVENTION, Stage
from flows.models import CaseProcess, CaseTask, HandedIn
from flows.nodes import StepActivation
from flows.rectification import RectificationFlow
from flows.starting import start_processes

Verb = Callable[..., Any]

# The verbs that finish a step, by the stage whose step it is: they advance the flow.
STEPS: dict[str, tuple[tuple[Stage, ...], Verb]] = {
    "screen_case": ((Stage.SCREENING,), reporting.screen_case),
    "assign_case": ((Stage.ASSIGNMENT,), assignment.assign_case),
    "submit_plan": ((Stage.PLANNING,), planning.submit_plan),
    "submit_rectification": ((Stage.RECTIFICATION,), rectification.submit_rectification),
    "review_case": (
        (Stage.PLAN_APPROVAL, Stage.FIRST_REVIEW, Stage.SECOND_REVIEW, Stage.CITY_REVIEW),
        review.review_case,
    ),
    "close_case": ((Stage.STRIKE_OFF,), closure.close_case),
    "decline_strike_off": ((Stage.STRIKE_OFF,), closure.decline_strike_off),
}
# The verbs beside the path: the step stays open, or the whole process ends.
INTERVENTIONS: dict[str, Verb] = {
    "classify_case": reporting.classify_case,
    "reassign_case": assignment.reassign_case,
    "transfer_case": assignment.transfer_case,
    "add_evidence": evidence.add_evidence,
    "take_back_evidence": taking_back.take_back_evidence,
    "name_signers": taking_back.name_signers,
    "ask_extension": extension.ask_extension,
    "decide_extension": extension.decide_extension,
    "pause_case": pausing.pause_case,
    "resume_case": pausing.resume_case,
    "sign_letter": letters.sign_letter,
    "answer_letter": letters.answer_letter,
    "judge_letter": letters.judge_letter,
    "record_interview": interviews.record_interview,
    "decline_referral": interviews.decline_referral,
    "give_verdict": verdicts.give_verdict,
    "appeal_verdict": verdicts.appeal_verdict,
    "withdraw_case": exit.withdraw_case,
    "refer_case": exit.refer_case,
}


@dataclass(frozen=True)
class Form:
    """What a form carries beside its words: its own key, and the version of the case that its reader saw."""

    key: UUID | None = None
    seen_version: int | None = None


NO_FORM = Form()


def report(*, finding: Finding, by: Person, at: datetime, form: Form = NO_FORM) -> Case:
    """Open a case and start its process. The same form handed in again gives the same case."""
    content = fingerprint(finding)
    with door():
        known = already_submitted(form, step="report_case", content=content)
        if known is not None:
            return known
        case = reporting.report_case(finding=finding, by=by, at=at)
        start_processes([case], at=at)
        remember(form, case, step="report_case", content=content, at=at)
        return case


def take(step: str, *, case: Case, by: Person, at: datetime, form: Form = NO_FORM, **words: Any) -> Case:
    """Do a verb of `STEPS` or `BESIDE` to a case and give the case as it is now.

    A step is meant for the stage at which the caller knew the case: if it has moved on meanwhile, that is a conflict,
    also when the same verb would be right for the stage it has reached.

    Refuses with NotAllowed, Invalid, Conflict (somebody was faster; the form is older than the case) or Busy (the lock
    could not be had in time). Nothing is changed then.
    """
    with door():
        content = fingerprint(words)
        with lock_of(case):
            if already_submitted(form, step=step, content=content) is not None:
                return Case.objects.get(pk=case.pk)
            locked = (
                Case.objects.select_for_update(of=("self",))
                .select_related("process", "village", "town", "county", "city", "responsible", "item")
                .get(pk=case.pk)
            )
            _require_seen_version(locked, form)
            if step in STEPS and case.stage != locked.stage:
                raise already_moved(locked)
            if step in STEPS:
                _advance(step, locked, by=by, at=at, words=words)
            else:
                INTERVENTIONS[step](case=locked, by=by, at=at, **words)
                if locked.stage in ENDS_BY_INTERVENTION:
                    _cancel(locked, at=at)
            remember(form, locked, step=step, content=content, at=at)
            return locked


def lock_of(case: Case) -> AbstractContextManager[Any]:
    """The engine's lock on the case's process. History that was imported has none: its row alone is locked."""
    return RectificationFlow.lock(case.process_id) if case.process_id else nullcontext()


def _advance(step: str, case: Case, *, by: Person, at: datetime, words: dict[str, Any]) -> None:
    stages, verb = STEPS[step]
    if case.stage in ENDS or case.stage not in stages:
        raise already_moved(case)
    activation = _open_activation(case)
    activation.take(by=by, at=at)
    verb(case=case, by=by, at=at, **words)
    # The gateways read the case through the process; give them the one that the verb has changed.
    activation.process.case = case
    activation.execute()
    _require_agreement(case)


def _open_activation(case: Case) -> StepActivation:
    task = (
        CaseTask.objects.select_related("process")
        .filter(process_id=case.process_id, status=STATUS.NEW, flow_task_type="HUMAN")
        .first()
    )
    if task is None or task.flow_task.name != case.stage:
        raise already_moved(case)
    task.process.case = case
    activation: StepActivation = task.flow_task.activation_class(task)
    activation.process.case = case
    return activation


def _require_agreement(case: Case) -> None:
    """The graph and the domain must tell the same story; if not, nothing of it happens."""
    open_nodes = [
        task.flow_task.name
        for task in CaseTask.objects.filter(process_id=case.process_id, status=STATUS.NEW, flow_task_type="HUMAN")
    ]
    if open_nodes != ([] if case.stage in ENDS else [case.stage]):
        raise RuntimeError(f"{case.number}: the case stands at {case.stage}, the flow at {open_nodes}")


def _cancel(case: Case, *, at: datetime) -> None:
    """End the process of a case that left the path."""
    for task in CaseTask.objects.filter(process_id=case.process_id, status=STATUS.NEW):
        task.flow_task.activation_class(task).cancel()
    CaseProcess.objects.filter(pk=case.process_id).update(status=PROCESS.CANCELED, finished=at)


def already_moved(case: Case) -> Conflict:
    """Somebody was faster: says who did what, and when."""
    last = case.events.exclude(kind__in=CLOCK_KINDS).select_related("by", "by_unit").order_by("-version", "-id").first()
    if last is None:
        return Conflict("already_moved", _("This step is no longer open."))
    return Conflict(
        "already_moved",
        _("Somebody was faster: %(who)s %(what)s. Your words are kept below.")
        % {"who": last.by or "", "what": last.get_kind_display()},
        values={"event": last},
    )


def _require_seen_version(case: Case, form: Form) -> None:
    if form.seen_version is None or form.seen_version == case.version:
        return
    events = list(
        case.events.filter(version__gt=form.seen_version)
        .exclude(kind__in=(EventKind.EVIDENCE_ADDED, EventKind.EVIDENCE_TAKEN_BACK))
        .select_related("by", "by_unit")
    )
    if not events:
        return  # only evidence was added, or the light turned: nothing that a form could contradict
    raise Conflict(
        "stale",
        _("The case has changed since you opened this form. See what happened, then decide again."),
        values={"events": events},
    )


def fingerprint(content: Any) -> str:
    """A hash over what a form said, so that one key can't stand for two contents."""
    return hashlib.sha256(json.dumps(content, default=repr, sort_keys=True).encode()).hexdigest()


def already_submitted(form: Form, *, step: str, content: str) -> Case | None:
    if form.key is None:
        return None
    known = HandedIn.objects.select_related("case").filter(key=form.key).first()
    if known is None:
        return None
    if (known.step, known.content) != (step, content):
        raise Conflict(
            "form_used", _("This form was handed in before with other words. Open it again and repeat the change.")
        )
    return known.case


def was_submitted(key: str, step: str) -> bool:
    """Whether a form with this key was taken before: what a second click on the button finds."""
    try:
        return HandedIn.objects.filter(key=UUID(key), step=step).exists()
    except ValueError:
        return False


def remember(form: Form, case: Case, *, step: str, content: str, at: datetime) -> None:
    if form.key is not None:
        HandedIn.objects.create(key=form.key, case=case, step=step, content=content, at=at)


class door:
    """One transaction. Turns the database's own words for "somebody else is at it" into ours."""

    def __enter__(self) -> None:
        self.transaction = transaction.atomic()
        self.transaction.__enter__()

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self.transaction.__exit__(kind, error, trace)
        if isinstance(error, FlowLockFailed | OperationalError):
            raise Busy(
                "busy", _("The case is being changed at this moment. Send it again in a few seconds.")
            ) from error
        if isinstance(error, IntegrityError) and "handedin" in str(error).lower():
            raise Busy("twice", _("This form is being handed in at this moment. Send it again in a few seconds."))
