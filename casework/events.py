"""What each kind of event is to those who count, compare and show: one row a kind. Who hears of it stands in
`notifications/events.py`.
"""

from collections.abc import Container
from datetime import datetime, timedelta
from typing import NamedTuple

from casework.models import Case, CaseEvent
from casework.models.case_event import EventKind
from casework.models.escalation_policy import StepKind


class EventRule(NamedTuple):
    """`by_clock`: by nobody's hand, so no new version of the case and no entry in its silence. `unannounced`: of a
    look-back that comes unannounced, so that those who are looked at don't read of it until it is done. `counted`: it
    changes a figure. `step`: the step of the ladder that it tells of. `talk`: words beside the steps, which change nothing
    of the case: no new version either, and no form is late because of them. `aside`: by hand, and yet
    of no version: it asks for something and changes nothing. `undoable`: whoever did it may undo it for
    `UNDO_FOR`, and for as long nobody is told of it.
    """

    by_clock: bool = False
    unannounced: bool = False
    counted: bool = False
    step: StepKind | None = None
    talk: bool = False
    undoable: bool = False
    aside: bool = False


UNDO_FOR = timedelta(minutes=10)

BY_HAND = EventRule()
TALK = EventRule(talk=True)
UNDOABLE = EventRule(undoable=True)
COUNTED = EventRule(counted=True)
UNANNOUNCED_CLOCK = EventRule(by_clock=True, unannounced=True)

EVENTS: dict[EventKind, EventRule] = {
    EventKind.REPORTED: COUNTED,
    EventKind.IMPORTED: COUNTED,
    EventKind.CLASSIFIED: COUNTED,
    EventKind.ACCEPTED: UNDOABLE,
    EventKind.REFUSED: BY_HAND,
    EventKind.DUPLICATE: BY_HAND,
    EventKind.ASSIGNED: UNDOABLE,
    EventKind.REASSIGNED: BY_HAND,
    EventKind.TRANSFERRED: COUNTED,
    EventKind.MOVED: COUNTED,
    EventKind.PLANNED: BY_HAND,
    EventKind.PLAN_APPROVED: UNDOABLE,
    EventKind.PLAN_RETURNED: BY_HAND,
    EventKind.SUBMITTED: BY_HAND,
    EventKind.PASSED: UNDOABLE,
    EventKind.RETURNED: BY_HAND,
    EventKind.CLOSED: COUNTED,
    EventKind.EXTENSION_ASKED: BY_HAND,
    EventKind.EXTENSION_GRANTED: BY_HAND,
    EventKind.EXTENSION_REFUSED: BY_HAND,
    EventKind.PAUSED: BY_HAND,
    EventKind.RESUMED: BY_HAND,
    EventKind.WITHDRAWN: BY_HAND,
    EventKind.REFERRED: COUNTED,
    EventKind.EVIDENCE_ADDED: BY_HAND,
    EventKind.EVIDENCE_TAKEN_BACK: BY_HAND,
    EventKind.INTERVIEWED: BY_HAND,
    EventKind.REFERRAL_DECLINED: BY_HAND,
    EventKind.LETTER_SIGNED: BY_HAND,
    EventKind.LETTER_ANSWERED: BY_HAND,
    EventKind.LETTER_JUDGED: BY_HAND,
    EventKind.REMINDED: EventRule(by_clock=True, step=StepKind.REMINDER),
    EventKind.NOTICE_ISSUED: EventRule(by_clock=True, step=StepKind.NOTICE),
    EventKind.LETTER_ISSUED: EventRule(by_clock=True, step=StepKind.LETTER),
    EventKind.INTERVIEW_DUE: EventRule(by_clock=True, step=StepKind.INTERVIEW),
    EventKind.REFERRAL_PROPOSED: EventRule(by_clock=True, step=StepKind.REFERRAL),
    EventKind.STALLED: EventRule(by_clock=True, step=StepKind.STALL),
    EventKind.LETTER_UNSIGNED: EventRule(by_clock=True, step=StepKind.UNSIGNED),
    EventKind.VACANT: EventRule(by_clock=True, step=StepKind.VACANCY),
    EventKind.VERDICT_GIVEN: COUNTED,
    EventKind.RELAPSED: BY_HAND,
    EventKind.WATCHED_AGAIN: BY_HAND,
    EventKind.VERDICT_APPEALED: BY_HAND,
    EventKind.LOOK_BACK_DRAWN: UNANNOUNCED_CLOCK,
    EventKind.LOOK_BACK_NEAR: UNANNOUNCED_CLOCK,
    EventKind.LOOK_BACK_LATE: UNANNOUNCED_CLOCK,
    EventKind.LOOK_BACK_OVERDUE: UNANNOUNCED_CLOCK,
    EventKind.LOOK_BACK_VACANT: UNANNOUNCED_CLOCK,
    EventKind.LOOK_BACK_DONE: COUNTED,
    EventKind.LOOK_BACK_GIVEN_BACK: EventRule(unannounced=True),
    EventKind.DEADLINE_MOVED: EventRule(by_clock=True),
    EventKind.COMMENTED: TALK,
    EventKind.ASKED: TALK,
    EventKind.QUESTION_RESOLVED: TALK,
    EventKind.COMMENT_EDITED: TALK,
    EventKind.URGED: EventRule(aside=True),
    EventKind.UNDONE: COUNTED,  # the category may have been given with the step
}


class IncompleteTable(Exception):
    """An event kind has no row: a new one without a rule is a slip, and the program doesn't start with it."""


def require_complete(table: Container[EventKind], *, name: str) -> None:
    """Refuse a table in which a kind is missing."""
    missing = [kind.value for kind in EventKind if kind not in table]
    if missing:
        raise IncompleteTable(f"{name}: no row for {', '.join(missing)}")


require_complete(EVENTS, name="EVENTS")
CLOCK_KINDS = tuple(kind for kind, rule in EVENTS.items() if rule.by_clock)
TALK_KINDS = tuple(kind for kind, rule in EVENTS.items() if rule.talk)
# What leaves the case at its version and writes no row of its history.
WITHOUT_VERSION = (*CLOCK_KINDS, *TALK_KINDS, *(kind for kind, rule in EVENTS.items() if rule.aside))
UNANNOUNCED = tuple(kind for kind, rule in EVENTS.items() if rule.unannounced)
UNDOABLE_KINDS = tuple(kind for kind, rule in EVENTS.items() if rule.undoable)
COUNTED_KINDS = tuple(kind for kind, rule in EVENTS.items() if rule.counted)
EVENT_OF: dict[StepKind, EventKind] = {rule.step: kind for kind, rule in EVENTS.items() if rule.step is not None}


def event_of(case: Case, kind: EventKind, *, at: datetime, words: str = "") -> CaseEvent:
    """An event of a case as it stands, not written yet: the clocks write theirs by the batch. Every event is made here."""
    return CaseEvent(
        case=case,
        kind=kind,
        at=at,
        round=case.round,
        version=case.version,
        stage_before=case.stage,
        stage_after=case.stage,
        words=words,
    )
