"""The one door: lock, permission, verb, advance the task, in one transaction.

Pages, the API, imports and tests all come through here; nothing else touches an activation. A form carries the
version of the case it was filled from and a key of its own: an older version is a conflict that says what happened
meanwhile, and a key that was handed in before changes nothing (a double click).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from typing import Any, ParamSpec

from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.exceptions import FlowLockFailed
from viewflow.workflow.status import PROCESS, STATUS

from casework.caching.read_once import take_over
from casework.database.trouble import breaks, refusal_of
from casework.errors import Busy, Conflict
from casework.events import WITHOUT_VERSION
from casework.lifecycle.assignment import assign_case, reassign_case, transfer_case
from casework.lifecycle.closure import close_case, decline_strike_off
from casework.lifecycle.evidence import add_evidence, receive
from casework.lifecycle.exit import refer_case, withdraw_case
from casework.lifecycle.extension import ask_extension, decide_extension
from casework.lifecycle.interviews import decline_referral, record_interview
from casework.lifecycle.letters import answer_letter, judge_letter, sign_letter
from casework.lifecycle.pausing import pause_case, resume_case
from casework.lifecycle.planning import submit_plan
from casework.lifecycle.rectification import submit_rectification
from casework.lifecycle.reminding import remind_turn
from casework.lifecycle.reporting import Finding, classify_case, report_case, screen_case
from casework.lifecycle.review import review_case
from casework.lifecycle.taking_back import name_signers, take_back_evidence
from casework.lifecycle.undoing import undo_step
from casework.lifecycle.verdicts import appeal_verdict, give_verdict, name_earlier
from casework.models import Case, Person
from casework.models.case_event import EventKind
from casework.stages import ENDS, ENDS_BY_INTERVENTION, Stage
from flows.models import CaseProcess, CaseTask, SubmittedForm
from flows.nodes import StepActivation
from flows.rectification import RectificationFlow
from flows.starting import start_processes
from flows.stepping_back import step_back
from flows.submitted import NO_FORM, Form, already_submitted, fingerprint, remember
from flows.trail import Trail

Verb = Callable[..., Any]
Arguments = ParamSpec("Arguments")

# The verbs that finish a step, with the stages whose step it is: they advance the flow.
STEPS: dict[Verb, tuple[Stage, ...]] = {
    screen_case: (Stage.SCREENING,),
    assign_case: (Stage.ASSIGNMENT,),
    submit_plan: (Stage.PLANNING,),
    submit_rectification: (Stage.RECTIFICATION,),
    review_case: (Stage.PLAN_APPROVAL, Stage.FIRST_REVIEW, Stage.SECOND_REVIEW, Stage.CITY_REVIEW),
    close_case: (Stage.STRIKE_OFF,),
    decline_strike_off: (Stage.STRIKE_OFF,),
}
# The other verbs on a case: its step stays open, an earlier one is opened again, or the whole process ends.
INTERVENTIONS: tuple[Verb, ...] = (
    classify_case,
    reassign_case,
    transfer_case,
    add_evidence,
    take_back_evidence,
    name_signers,
    ask_extension,
    decide_extension,
    pause_case,
    resume_case,
    sign_letter,
    answer_letter,
    judge_letter,
    record_interview,
    decline_referral,
    give_verdict,
    name_earlier,
    appeal_verdict,
    withdraw_case,
    refer_case,
    remind_turn,
    undo_step,
)


# What is done before the door, without a lock: files are looked at and stored. Each asks for the rights itself.
BEFORE_THE_DOOR: dict[Verb, tuple[str, Verb]] = {add_evidence: ("upload", receive)}


def report(*, finding: Finding, by: Person, at: datetime, form: Form = NO_FORM) -> Case:
    """Open a case and start its process. The same form handed in again gives the same case."""
    content = fingerprint(finding)

    def opened() -> Case:
        with door():
            known = already_submitted(form, step="report_case", content=content)
            if known is not None:
                return known
            case = report_case(finding=finding, by=by, at=at)
            start_processes([case], at=at)
            remember(form, case, step="report_case", content=content, at=at)
            return case

    return _once(opened, form, step="report_case", content=content)


def take(
    verb: Callable[Arguments, Any], form: Form = NO_FORM, /, *args: Arguments.args, **kwargs: Arguments.kwargs
) -> Case:
    """Do a verb of `STEPS` or `INTERVENTIONS`, with its own arguments by name, and give the case as it is now.

    A step is meant for the stage at which the caller knew the case: if it has moved on meanwhile, that is a conflict,
    also when the same verb would be right for the stage it has reached.

    Refuses with NotAllowed, Invalid, Conflict (somebody was faster; the form is older than the case) or Busy (the lock
    could not be had in time). Nothing is changed then.
    """
    given: dict[str, Any] = dict(kwargs)
    case, at, step = given.pop("case"), given["at"], verb.__name__
    content = fingerprint({name: value for name, value in given.items() if name not in ("by", "at")})
    if verb in BEFORE_THE_DOOR:
        name, prepare = BEFORE_THE_DOOR[verb]
        given[name] = prepare(case=case, **given)
    meant_for = case.stage if verb in STEPS else None
    return _hand_in([(verb, given)], form, step=step, content=content, case=case, meant_for=meant_for, at=at)


def take_in_order(
    acts: Sequence[tuple[Verb, dict[str, Any]]],
    form: Form = NO_FORM,
    *,
    step: str,
    case: Case,
    by: Person,
    at: datetime,
) -> Case:
    """Do several verbs on one case, one after the other, each with its own arguments: all of them, or none when one
    refuses. They are one form, known as `step`, and meant for the stage at which the caller knew the case.
    """
    content = fingerprint([(verb.__name__, given) for verb, given in acts])
    given = [(verb, {**words, "by": by, "at": at}) for verb, words in acts]
    return _hand_in(given, form, step=step, content=content, case=case, meant_for=case.stage, at=at)


def _hand_in(
    acts: Sequence[tuple[Verb, dict[str, Any]]],
    form: Form,
    *,
    step: str,
    content: str,
    case: Case,
    meant_for: str | None,
    at: datetime,
) -> Case:
    def done() -> Case:
        with door(), lock_of(case):
            remember(form, case, step=step, content=content, at=at)
            locked = _locked(case)
            _require_seen_version(locked, form)
            if meant_for not in (None, locked.stage):
                raise already_moved(locked)
            trail = Trail(locked.process)
            for verb, given in acts:
                _do(verb, locked, given, trail)
            trail.write()
            return locked

    return _once(done, form, step=step, content=content)


def _once(do: Callable[[], Case], form: Form, *, step: str, content: str) -> Case:
    """What `do` gives. A form whose key is kept already was handed in before, or while this one waited for it: then
    nothing of it is done, and here is the case that it led to.
    """
    try:
        return do()
    except Busy as busy:
        known = already_submitted(form, step=step, content=content) if busy.code == "twice" else None
        if known is None:
            raise
        return known


def _locked(case: Case) -> Case:
    """The case as it is in the database now, its row locked."""
    locked = (
        Case.objects.select_for_update(of=("self",))
        .select_related("process", "village", "town", "county", "city", "responsible", "item")
        .get(pk=case.pk)
    )
    take_over(locked, known=case)
    return locked


def _do(verb: Verb, case: Case, given: dict[str, Any], trail: Trail) -> None:
    if verb in STEPS:
        _advance(verb, case, given, trail)
    elif verb in INTERVENTIONS:
        stage = case.stage
        verb(case=case, **given)
        if case.stage == stage:
            return
        trail.write()
        if case.stage in ENDS_BY_INTERVENTION:
            _cancel(case, at=given["at"])
        else:
            step_back(case, at=given["at"])
        _require_agreement(case, trail)
    else:
        raise LookupError(f"{verb.__name__} is no verb of the door")


def lock_of(case: Case) -> AbstractContextManager[Any]:
    """The engine's lock on the case's process. History that was imported has none: its row alone is locked."""
    return RectificationFlow.lock(case.process_id) if case.process_id else nullcontext()


def _advance(verb: Verb, case: Case, given: dict[str, Any], trail: Trail) -> None:
    if case.stage in ENDS or case.stage not in STEPS[verb]:
        raise already_moved(case)
    activation = _open_activation(case, trail)
    activation.take(by=given["by"], at=given["at"], from_paper=given.get("from_paper", False))
    verb(case=case, **given)
    # The gateways read the case through the process; give them the one that the verb has changed.
    activation.process.case = case
    activation.execute()
    _require_agreement(case, trail)


def _open_activation(case: Case, trail: Trail) -> StepActivation:
    task = next(iter(trail.open_steps), None)
    if task is None or task.flow_task.name != case.stage:
        raise already_moved(case)
    task.process.case = case
    return StepActivation.of(task, trail)


def _require_agreement(case: Case, trail: Trail) -> None:
    """The graph and the domain must tell the same story; if not, nothing of it happens."""
    open_nodes = [task.flow_task.name for task in trail.open_steps]
    if open_nodes != ([] if case.stage in ENDS else [case.stage]):
        raise RuntimeError(f"{case.number}: the case stands at {case.stage}, the flow at {open_nodes}")


def _cancel(case: Case, *, at: datetime) -> None:
    """End the process of a case that left the path."""
    for task in CaseTask.objects.filter(process_id=case.process_id, status=STATUS.NEW):
        task.flow_task.activation_class(task).cancel()
    CaseProcess.objects.filter(pk=case.process_id).update(status=PROCESS.CANCELED, finished=at)


def already_moved(case: Case) -> Conflict:
    """Somebody was faster: says who did what, and when."""
    last = (
        case.events.exclude(kind__in=WITHOUT_VERSION)
        .select_related("by", "by_unit")
        .order_by("-version", "-id")
        .first()
    )
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


@contextmanager
def door() -> Iterator[None]:
    """One transaction. Turns the database's own words for "somebody else is at it" into ours, and so what it says of a
    full disk or a lost connection, also when it says so at the commit.
    """
    try:
        with transaction.atomic():
            yield
    except FlowLockFailed as error:
        raise Busy("busy", _("The case is being changed at this moment. Send it again in a few seconds.")) from error
    except OperationalError as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error
    except IntegrityError as error:
        if not breaks(error, table=SubmittedForm._meta.db_table, column="key"):
            raise
        raise Busy(
            "twice", _("This form is being handed in at this moment. Send it again in a few seconds.")
        ) from error
