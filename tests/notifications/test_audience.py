"""Who hears of which kind of event, what waits for the digest, what a unit's robot hears and what is about a letter:
the table read the other way round.
"""

import pytest

from casework.models import CaseEvent
from casework.models.case_event import EventKind
from notifications.events import TELLINGS, UnknownEvent, Who, telling_of

NOBODY = {
    EventKind.IMPORTED,
    EventKind.CLASSIFIED,
    EventKind.EVIDENCE_ADDED,
    EventKind.REFERRAL_DECLINED,
    EventKind.LOOK_BACK_GIVEN_BACK,
    EventKind.CAME_BACK,
    EventKind.WATCHED_AGAIN,
}
HEARS: dict[Who, set[EventKind]] = {
    Who.TURN: {
        EventKind.MOVED,
        EventKind.REPORTED,
        EventKind.ASSIGNED,
        EventKind.REASSIGNED,
        EventKind.TRANSFERRED,
        EventKind.PLANNED,
        EventKind.PLAN_APPROVED,
        EventKind.PLAN_RETURNED,
        EventKind.SUBMITTED,
        EventKind.PASSED,
        EventKind.VERDICT_GIVEN,
    },
    Who.RESPONSIBLE: {
        EventKind.MOVED,
        EventKind.PASSED,
        EventKind.RETURNED,
        EventKind.CLOSED,
        EventKind.EXTENSION_GRANTED,
        EventKind.EXTENSION_REFUSED,
        EventKind.PAUSED,
        EventKind.RESUMED,
        EventKind.WITHDRAWN,
        EventKind.INTERVIEWED,
        EventKind.LETTER_JUDGED,
        EventKind.LOOK_BACK_DONE,
        EventKind.VERDICT_GIVEN,
        EventKind.DEADLINE_MOVED,
    },
    Who.SUPPORT: {EventKind.ASSIGNED},
    Who.REPORTER: {
        EventKind.ACCEPTED,
        EventKind.REFUSED,
        EventKind.DUPLICATE,
        EventKind.CLOSED,
        EventKind.WITHDRAWN,
        EventKind.VERDICT_GIVEN,
    },
    Who.DECIDER: {EventKind.EXTENSION_ASKED},
    Who.ISSUER: {
        EventKind.MOVED,
        EventKind.LETTER_SIGNED,
        EventKind.LETTER_ANSWERED,
        EventKind.LOOK_BACK_LATE,
        EventKind.LOOK_BACK_OVERDUE,
        EventKind.LOOK_BACK_VACANT,
        EventKind.LOOK_BACK_DONE,
    },
    Who.CITY: {EventKind.LOOK_BACK_OVERDUE, EventKind.VERDICT_APPEALED},
    Who.INSPECTOR: {EventKind.LOOK_BACK_DRAWN, EventKind.LOOK_BACK_NEAR, EventKind.LOOK_BACK_LATE},
    Who.TOWN: {EventKind.MOVED},
    Who.LEFT: {EventKind.MOVED},
    Who.DISCIPLINE: {EventKind.REFERRED},
    Who.STEP: {
        EventKind.REMINDED,
        EventKind.NOTICE_ISSUED,
        EventKind.LETTER_ISSUED,
        EventKind.INTERVIEW_DUE,
        EventKind.REFERRAL_PROPOSED,
        EventKind.STALLED,
        EventKind.LETTER_UNSIGNED,
        EventKind.VACANT,
    },
}


@pytest.mark.parametrize("who", Who)
def test_what_each_hears_of(who: Who) -> None:
    assert {kind for kind in EventKind if who in telling_of(CaseEvent(kind=kind)).audience} == HEARS[who]


def test_every_kind_has_an_audience_or_is_known_to_have_none() -> None:
    assert set(TELLINGS) == set(EventKind)
    assert {kind for kind, telling in TELLINGS.items() if not telling.audience} == NOBODY


def test_an_unknown_kind_is_a_slip_and_no_secret() -> None:
    with pytest.raises(UnknownEvent):
        telling_of(CaseEvent(kind="invented"))


def test_what_asks_for_a_step_or_decides_against_somebody_goes_at_once() -> None:
    """Everything else waits for the digest; of a case that ends or changes hands nobody learns a day late."""
    at_once = {
        EventKind.REPORTED,
        EventKind.REFUSED,
        EventKind.ASSIGNED,
        EventKind.REASSIGNED,
        EventKind.TRANSFERRED,
        EventKind.MOVED,
        EventKind.PLANNED,
        EventKind.PLAN_RETURNED,
        EventKind.SUBMITTED,
        EventKind.RETURNED,
        EventKind.EXTENSION_ASKED,
        EventKind.EXTENSION_GRANTED,
        EventKind.EXTENSION_REFUSED,
        EventKind.PAUSED,
        EventKind.WITHDRAWN,
        EventKind.REFERRED,
        EventKind.LETTER_ANSWERED,
        EventKind.LOOK_BACK_LATE,
        EventKind.LOOK_BACK_OVERDUE,
        EventKind.VERDICT_GIVEN,
        EventKind.VERDICT_APPEALED,
        EventKind.NOTICE_ISSUED,
        EventKind.LETTER_ISSUED,
        EventKind.INTERVIEW_DUE,
        EventKind.REFERRAL_PROPOSED,
        EventKind.LETTER_UNSIGNED,
    }
    assert {kind for kind, telling in TELLINGS.items() if not telling.digest} - NOBODY == at_once


def test_what_a_units_robot_hears() -> None:
    assert {
        EventKind.NOTICE_ISSUED,
        EventKind.LETTER_ISSUED,
        EventKind.INTERVIEW_DUE,
        EventKind.LETTER_UNSIGNED,
        EventKind.STALLED,
    } == {kind for kind, telling in TELLINGS.items() if telling.units}


def test_what_is_about_a_letter_opens_the_letter() -> None:
    assert {kind for kind, telling in TELLINGS.items() if telling.letter} == {
        EventKind.NOTICE_ISSUED,
        EventKind.LETTER_ISSUED,
        EventKind.LETTER_UNSIGNED,
        EventKind.LETTER_SIGNED,
        EventKind.LETTER_ANSWERED,
        EventKind.LETTER_JUDGED,
    }


def test_whoever_is_told_is_told_something() -> None:
    assert all(bool(telling.title) == bool(telling.audience) for telling in TELLINGS.values())
