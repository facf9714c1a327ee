"""Who hears of which kind of event, what waits for the digest, what a unit's robot hears and what is about a letter:
the table read the other way round.
"""

import pytest

from casework.models import Case, CaseEvent, Term
from casework.models.case_event import EventKind
from casework.stages import Role, Stage
from notifications.audience import listeners
from notifications.events import TELLINGS, UnknownEvent, Who, telling_of
from tests.casework.look_backs import opened, watched
from tests.cast import Cast
from tests.factories import appoint
from tests.walk import NOW, TODAY, assigned, planned, reported, screened

NOBODY = {
    EventKind.IMPORTED,
    EventKind.CLASSIFIED,
    EventKind.EVIDENCE_ADDED,
    EventKind.EVIDENCE_TAKEN_BACK,
    EventKind.REFERRAL_DECLINED,
    EventKind.LOOK_BACK_GIVEN_BACK,
    EventKind.RELAPSED,
    EventKind.WATCHED_AGAIN,
    EventKind.UNDONE,
}
HEARS: dict[Who, set[EventKind]] = {
    Who.TURN: {
        EventKind.COMMENTED,
        EventKind.ASKED,
        EventKind.URGED,
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
    Who.FOLLOWER: {
        EventKind.ASSIGNED,
        EventKind.SUBMITTED,
        EventKind.PASSED,
        EventKind.RETURNED,
        EventKind.CLOSED,
        EventKind.WITHDRAWN,
        EventKind.VERDICT_GIVEN,
        EventKind.COMMENTED,
        EventKind.ASKED,
        EventKind.QUESTION_RESOLVED,
    },
    Who.MENTIONED: {
        EventKind.COMMENTED,
        EventKind.ASKED,
        EventKind.QUESTION_RESOLVED,
        EventKind.COMMENT_EDITED,
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
        EventKind.ASKED,
        EventKind.COMMENT_EDITED,
        EventKind.URGED,
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


def heard(case: Case, kind: EventKind, **values: object) -> set[str]:
    """Who hears today of an event of this kind that a clock made on this case."""
    event = CaseEvent(pk=1, case=case, kind=kind, at=NOW, **{"stage_after": case.stage, **values})
    people = [listener.person for listener in listeners([event], on=TODAY)[1]]
    assert len(people) == len(set(people))
    return set(Term.objects.filter(person__in=people).values_list("person__username", flat=True))


@pytest.fixture
def case(cast: Cast) -> Case:
    return assigned(cast, screened(cast, reported(cast)))


def test_whoever_was_passed_meanwhile_has_nothing_to_do(case: Case) -> None:
    assert heard(case, EventKind.PLAN_RETURNED) == {"willow_head", "willow_member"}
    assert heard(case, EventKind.PLAN_RETURNED, stage_after=Stage.RECTIFICATION) == set()


def test_of_an_ended_case_no_turn_is_told(case: Case, cast: Cast) -> None:
    case.stage = Stage.CLOSED
    assert heard(case, EventKind.SUBMITTED) == set()
    assert heard(case, EventKind.CLOSED) == {"willow_head", "willow_member", "inspector"}


def test_a_reporter_is_told_while_they_hold_a_reporting_post(case: Case, cast: Cast) -> None:
    assert heard(case, EventKind.ACCEPTED) == {"inspector"}
    Term.objects.filter(person=cast.inspector).update(valid_until=TODAY)
    assert heard(case, EventKind.ACCEPTED) == {"inspector"}
    Term.objects.filter(person=cast.inspector).update(valid_from=None, valid_until=NOW.date().replace(year=2025))
    appoint(cast.inspector, Role.ADMINISTRATOR, cast.city)
    assert heard(case, EventKind.ACCEPTED) == set()


def test_a_reporter_and_a_responsible_unit_get_no_copy_but_the_message_itself(case: Case) -> None:
    for kind in (EventKind.ACCEPTED, EventKind.PAUSED):
        event = CaseEvent(pk=1, case=case, kind=kind, at=NOW, stage_after=case.stage)
        assert [listener.is_copy for listener in listeners([event], on=TODAY)[1]] in ([False], [False, False])


def test_the_level_above_decides_on_an_extension_and_hears_that_it_is_asked_for(case: Case, cast: Cast) -> None:
    assert heard(case, EventKind.EXTENSION_ASKED) == {"town_reviewer"}
    case.responsible_id = cast.department.pk
    assert heard(case, EventKind.EXTENSION_ASKED) == {"county_supervisor"}
    case.county_id = None
    assert heard(case, EventKind.EXTENSION_ASKED) == set()


def test_whoever_was_drawn_for_an_open_look_back_hears_of_it_while_the_account_is_open(cast: Cast) -> None:
    case = watched(cast)
    look_back = opened(case)
    drawn = look_back.inspector.username
    kinds = [kind for kind in EventKind if Who.INSPECTOR in telling_of(CaseEvent(kind=kind)).audience]
    assert kinds and all(drawn in heard(case, kind) for kind in kinds)
    type(look_back.inspector).objects.filter(pk=look_back.inspector_id).update(is_active=False)
    assert not any(drawn in heard(case, kind) for kind in kinds)


def test_nobody_is_told_whose_account_or_unit_is_closed(case: Case, cast: Cast) -> None:
    cast.willow_member.is_active = False
    cast.willow_member.save()
    assert heard(case, EventKind.PAUSED) == {"willow_head"}
    cast.willow.is_active = False
    cast.willow.save()
    assert heard(case, EventKind.PAUSED) == set()


def test_the_county_decides_on_an_extension_and_the_issuer_is_the_county(case: Case, cast: Cast) -> None:
    assert heard(planned(cast, case), EventKind.LETTER_ANSWERED) == {"county_supervisor"}
    assert heard(case, EventKind.VERDICT_APPEALED) == {"city_supervisor"}


def test_whoever_did_it_is_not_told_and_the_others_are(case: Case, cast: Cast) -> None:
    assert heard(case, EventKind.PAUSED, by=cast.willow_head) == {"willow_member"}


def test_before_the_assignment_the_village_hears_of_nothing(cast: Cast) -> None:
    case = screened(cast, reported(cast))
    case.responsible_id = cast.willow.pk
    assert heard(case, EventKind.PAUSED) == set()
    assert heard(case, EventKind.LETTER_ANSWERED) == {"county_supervisor"}
