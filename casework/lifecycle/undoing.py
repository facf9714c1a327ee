"""For some minutes whoever accepted, assigned or passed may undo it, where nobody has acted on it yet."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed
from casework.events import TALK_KINDS, UNDO_FOR, UNDOABLE_KINDS
from casework.lifecycle.recording import record, require, require_stage, settle, verb
from casework.models import Assignment, Case, CaseEvent, Person, Review, Screening, Undone
from casework.models.case_event import EventKind
from casework.models.relapse import FoundBy
from casework.relapse.candidates import note_and_match
from casework.rights.table import Action
from casework.stages import OPEN

# What these steps change of a case. Whose turn it is and what the clocks do follows from it.
PUT_BACK = (
    "stage",
    "item",
    "is_item_guessed",
    "object",
    "severity",
    "kind",
    "days",
    "clause",
    "responsible",
    "support",
    "lead",
    "due_on",
    "assigned_at",
)
# A category that was given in the same form is undone with it.
TOGETHER = (*UNDOABLE_KINDS, EventKind.CLASSIFIED)
STEPS_TO_UNDO = ("screen_case", "classify_case", "assign_case", "review_case")


def last_form(events: Sequence[CaseEvent]) -> list[CaseEvent]:
    """Of a case's events in their order those that were handed in last and together, if they can be undone; what is only
    said in a comment is none of them.
    """
    form: list[CaseEvent] = []
    for event in reversed([event for event in events if event.kind not in TALK_KINDS]):
        if event.kind not in TOGETHER or (form and (event.at, event.by_id) != (form[0].at, form[0].by_id)):
            break
        form.insert(0, event)
    return form if any(event.kind in UNDOABLE_KINDS for event in form) else []


def step_to_undo(events: Sequence[CaseEvent], person: Person, *, at: datetime) -> CaseEvent | None:
    """The event by which this person may undo the last step now; the events stand in their order."""
    form = last_form(events)
    if not form or form[0].by_id != person.pk or at - form[0].at >= UNDO_FOR:
        return None
    return form[-1] if all(event.announced_at is None or event.kind not in UNDOABLE_KINDS for event in form) else None


@verb
def undo_step(*, case: Case, event: CaseEvent, by: Person, at: datetime) -> CaseEvent:
    """Undo the step that this event tells of, with all that was handed in together with it.

    The case stands again where it stood, with the deadline and the unit it had. What the step wrote stays and counts no
    longer (`Undone`); nobody is told of either. Refuses whoever did not do it, a step that is no acceptance, assignment
    or pass, one that was undone, was told of already, or that somebody has acted on.
    """
    form = _form_of(case, event, by=by, at=at)
    first = form[0]
    require(by, Action(first.stage_before), case, at)
    before = _before(case, form)
    stage, had_category = case.stage, (case.item_id, case.object_id)
    for field in Case._meta.concrete_fields:
        if field.name in PUT_BACK:
            setattr(case, field.attname, getattr(before, field.attname))
    written = [_record_of(case, one, at=at) for one in form]
    if any("assignment" in one for one in written):
        case.ladder_since, case.ladder_raised, case.ladder_refers = None, 0, False
    case.next_step_at = None
    settle(case, at=at)
    undoing = record(case, EventKind.UNDONE, by=by, at=at, action=Action(first.stage_before), before=stage)
    Undone.objects.bulk_create(
        [Undone(event=one, undoing=undoing, **rows) for one, rows in zip(form, written, strict=True)]
    )
    # Nobody is told of it any more.
    CaseEvent.objects.filter(pk__in=[one.pk for one in form], announced_at=None).update(announced_at=at)
    if (case.item_id, case.object_id) != had_category:
        note_and_match(case, found=FoundBy.REPORT, at=at)
    return undoing


def _form_of(case: Case, event: CaseEvent, *, by: Person, at: datetime) -> list[CaseEvent]:
    """The events of the form, of which nobody is told meanwhile; refuses what can't be undone."""
    if event.case_id != case.pk:
        raise Invalid("step_elsewhere", _("This step does not belong to this case."))
    if event.by_id != by.pk:
        raise NotAllowed("not_your_step", _("Only who did a step may undo it: %(who)s.") % {"who": event.by or "–"})
    if event.kind not in TOGETHER:
        raise Invalid(
            "not_undoable",
            _("Only an acceptance, an assignment and a pass can be undone, not: %(what)s.") % _what(event),
        )
    if Undone.objects.filter(event=event).exists():
        raise Conflict("undone_already", _("This step was undone already. Each step is undone once."))
    require_stage(case, *OPEN)
    if at - event.at >= UNDO_FOR:
        raise _too_late()
    same_or_later = Q(pk__gte=event.pk) | Q(at=event.at)
    events = list(case.events.filter(same_or_later).select_related("by").order_by("id"))
    since = [one for one in events if one.pk > event.pk and one.kind not in TALK_KINDS]
    acted = [one for one in since if (one.at, one.by_id) != (event.at, event.by_id) or one.kind not in TOGETHER]
    if acted:
        raise Conflict(
            "acted_on",
            _("Something was done since: %(what)s. The step can't be undone any more.") % _what(acted[-1]),
            values={"event": acted[-1]},
        )
    form = last_form(events)
    if event not in form:
        raise Invalid("not_undoable", _("What was classified by itself is not undone: classify it anew."))
    _hold_back(form)
    if case.stage != form[-1].stage_after or case.version != form[-1].version:
        raise Conflict("acted_on", _("The case has changed since. The step can't be undone any more."))
    return form


def _hold_back(form: list[CaseEvent]) -> None:
    """Lock what nobody has been told of yet. Who is being told at this very moment is not waited for: the telling waits
    for the case, which is locked here.
    """
    untold = CaseEvent.objects.select_for_update(skip_locked=True).filter(
        pk__in=[one.pk for one in form], kind__in=UNDOABLE_KINDS, announced_at=None
    )
    if len(untold) < sum(one.kind in UNDOABLE_KINDS for one in form):
        raise _too_late()


def _what(event: CaseEvent) -> dict[str, str]:
    return {"what": f"{event.by or ''} {event.get_kind_display()}".strip()}


def _too_late() -> Conflict:
    return Conflict(
        "too_late",
        _("Ten minutes have passed, and those concerned are told. Let the case be returned, or pass it on."),
    )


def _before(case: Case, form: list[CaseEvent]) -> Any:
    """The case's row of history before the form; each of its verbs wrote one."""
    rows: Any = case.history
    written = rows.filter(history_step__in=STEPS_TO_UNDO, history_date=form[0].at, history_user=form[0].by_id)
    first = written.order_by("-history_id")[len(form) - 1]
    return rows.filter(history_id__lt=first.history_id).order_by("-history_id")[:1].get()


def _record_of(case: Case, event: CaseEvent, *, at: datetime) -> dict[str, Review | Screening | Assignment]:
    """What this event's verb wrote, by the column of `Undone`; an assignment ends."""
    if event.kind == EventKind.ACCEPTED:
        return {"screening": case.screenings.order_by("-attempt")[0]}
    if event.kind == EventKind.ASSIGNED:
        assignment = case.assignments.select_for_update().get(ended_at=None)
        assignment.ended_at = at
        assignment.save(update_fields=["ended_at"])
        return {"assignment": assignment}
    if event.kind == EventKind.CLASSIFIED:
        return {}
    return {"review": case.reviews.get(stage=event.stage_before, round=event.round, by=event.by_id, at=event.at)}
