"""Whoever rectified never accepts, and whoever is checked has no hand in the check: by name and by post."""

from datetime import timedelta

import pytest
from django.apps import apps

from casework.errors import Conflict, NotAllowed
from casework.lifecycle import closure, review
from casework.lifecycle.exit import refer_case
from casework.lifecycle.extension import ask_extension, decide_extension
from casework.lifecycle.reporting import screen_case
from casework.models import Case, Extension, Person, Term
from casework.rights import roles
from casework.rights.hands import RECORDS, had_a_hand, hands_of
from casework.rights.office_table import OFFICE_RIGHTS, OfficeAction
from casework.rights.table import RIGHTS, Action
from casework.stages import Role, Stage
from flows import steps
from tests.casework.test_verbs import FIVE, words_of
from tests.cast import Cast
from tests.factories import appoint, holder
from tests.walk import DOOR, NOW, TODAY, case_at, reported, reviewed, verdicts

# Names in a case that are no hand in its rectification or acceptance, and why.
NO_PART = {
    "Case.reported_by": "found it",
    "CaseMove.by": "which unit it lies at",
    "CaseEvent.by": "tells of the others",
    "Screening.by": "whether it is a case at all",
    "Withdrawal.by": "ends it",
    "Referral.by": "ends it",
    "Transfer.by": "whose case it is",
    "Assignment.assigned_by": "whose turn it is",
    "Interview.by": "the ladder",
    "LookBack.inspector": "is the check",
    "Comment.by": "words decide nothing",
    "Following.person": "hears of it",
    "Pairing.by": "who helps",
    "PhoneEntry.person": "found it",
    "PhoneEntry.by": "took in what a phone had found",
}


def test_every_record_that_names_a_person_is_decided_on() -> None:
    """A new record of a case can't be forgotten: it is a hand in it, or stands above with the reason."""
    named = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("casework").get_models()
        if not hasattr(model, "history_id")
        and (model is Case or any(one.name == "case" and one.related_model is Case for one in model._meta.fields))
        for field in model._meta.fields
        if field.related_model is Person
    }
    decided = {f"{model.__name__}.{field}" for model, field, _part, _condition in RECORDS}
    assert named == decided | set(NO_PART)


def fresh(person: Person) -> Person:
    """Without the posts that were read before."""
    return Person.objects.get(pk=person.pk)


ACCEPTING = {
    "review_case": Stage.FIRST_REVIEW,
    "close_case": Stage.STRIKE_OFF,
    "decline_strike_off": Stage.STRIKE_OFF,
}


@pytest.mark.parametrize("until", [None, TODAY, TODAY - timedelta(days=1)])
@pytest.mark.parametrize("step", ACCEPTING)
def test_a_seat_in_the_committee_since_the_assignment_forbids_to_accept(step: str, until: object, cast: Cast) -> None:
    """Also after changing posts, and without having handed in anything oneself."""
    case = case_at(ACCEPTING[step], cast)
    Case.objects.filter(pk=case.pk).update(assigned_at=NOW - timedelta(days=3))
    role, unit = (Role.TOWN_REVIEWER, cast.town) if step == "review_case" else (Role.COUNTY_SUPERVISOR, cast.county)
    person = holder(role, unit, "moved")
    appoint(person, Role.COMMITTEE_MEMBER, cast.willow, until=until)
    case = Case.objects.get(pk=case.pk)
    with pytest.raises(NotAllowed) as refused:
        steps.take(DOOR[step], case=case, by=fresh(person), at=NOW, **words_of(step, case, cast))
    assert refused.value.code == "own_work"


def test_a_seat_that_ended_before_the_assignment_forbids_nothing(cast: Cast) -> None:
    case = case_at(Stage.FIRST_REVIEW, cast)
    person = holder(Role.TOWN_REVIEWER, cast.town, "moved")
    appoint(person, Role.COMMITTEE_MEMBER, cast.willow, until=TODAY - timedelta(days=1))
    assert reviewed(case, fresh(person)).stage == Stage.SECOND_REVIEW


@pytest.mark.parametrize("is_member", [True, False])
def test_whoever_rectified_does_not_decide_on_more_time(is_member: bool, cast: Cast) -> None:
    case = case_at(Stage.RECTIFICATION, cast)
    words = words_of("ask_extension", case, cast)
    steps.take(ask_extension, case=case, by=cast.willow_head, at=NOW, **words)
    if not is_member:
        Term.objects.filter(person=cast.willow_head).update(valid_until=TODAY - timedelta(days=1))
    appoint(cast.willow_head, Role.TOWN_REVIEWER, cast.town)
    with pytest.raises(NotAllowed) as refused:
        steps.take(decide_extension, case=case, by=fresh(cast.willow_head), at=NOW, grant=True)
    assert refused.value.code == "own_work"
    assert Extension.objects.get().decided_at is None


def test_whoever_passed_a_review_does_not_pass_the_next(cast: Cast) -> None:
    case = reviewed(case_at(Stage.FIRST_REVIEW, cast), cast.town_reviewer)
    appoint(cast.town_reviewer, Role.COUNTY_SUPERVISOR, cast.county)
    with pytest.raises(NotAllowed) as refused:
        reviewed(case, fresh(cast.town_reviewer))
    assert refused.value.code == "own_review"
    case = reviewed(case, cast.county_supervisor, returned=(1,))
    assert case.stage == Stage.RECTIFICATION


def test_nobody_screens_the_self_check_of_the_own_hand(cast: Cast) -> None:
    case = reported(cast, source="self_check", by=cast.county_supervisor)
    for step in ("screen_case", "classify_case"):
        with pytest.raises(NotAllowed) as refused:
            steps.take(DOOR[step], case=case, by=cast.county_supervisor, at=NOW, **words_of(step, case, cast))
        assert refused.value.code == "own_report"
    assert steps.take(screen_case, case=case, by=cast.city_supervisor, at=NOW, outcome="accepted").stage == "assignment"
    found = reported(cast, by=cast.county_supervisor)
    assert found.stage == Stage.ASSIGNMENT


def test_a_verb_refuses_by_itself_what_the_door_refuses_before(cast: Cast) -> None:
    case = case_at(Stage.FIRST_REVIEW, cast)
    words = {"verdicts": verdicts(case), "signature_visible": True, "at": NOW}
    with pytest.raises(NotAllowed):
        review.review_case(case=case, by=cast.outsider_town, **words)
    with pytest.raises(Conflict):
        closure.close_case(case=case, by=cast.county_supervisor, tests=FIVE, at=NOW)


def test_nothing_is_done_to_a_referred_case_by_a_post_over_it(cast: Cast) -> None:
    case = case_at(Stage.RECTIFICATION, cast)
    steps.take(refer_case, case=case, by=cast.county_supervisor, at=NOW, to=cast.discipline_unit, reason="涉嫌")
    case = Case.objects.get(pk=case.pk)
    asked = 0
    for action in RIGHTS:
        for person in (cast.willow_head, cast.town_reviewer, cast.county_supervisor, cast.city_supervisor):
            if action != Action.VIEW and roles.post_for(person, action, case, TODAY) is not None:
                refused = roles.refusal(person, action, case, TODAY)
                assert refused is not None, (person, action)
                assert refused.code in ("referred", "not_your_case", "not_seen"), (person, action)
                asked += refused.code == "referred"
            assert not roles.may(person, action, case, TODAY), (person, action)
    assert asked > 20


def test_hands_take_as_many_queries_for_ten_cases_as_for_one(cast: Cast, django_assert_num_queries: object) -> None:
    cases = [case_at(Stage.FIRST_REVIEW, cast).pk for _ in range(3)]
    with django_assert_num_queries(4):
        hands = hands_of(cases, on=TODAY)
    assert all({cast.willow_head.pk, cast.willow_member.pk} <= found for found in hands.values())
    assert all(cast.inspector.pk not in found for found in hands.values())
    case = Case.objects.get(pk=cases[0])
    with django_assert_num_queries(1):
        assert had_a_hand(cast.willow_head, case, on=TODAY)
        assert not had_a_hand(cast.inspector, case, on=TODAY)


# What a post allows without a case; what isn't here is refused.
OFFICE = {
    "report",
    "find",
    "import",
    "analyse",
    "assign",
    "classify",
    "decide_relapse",
    "watch_look_backs",
    "see_look_backs",
    "mark_key_village",
    "start_wider_check",
    "draw_spot_check",
    "see_spot_checks",
    "see_villages",
    "see_burden",
    "export_ledger",
    "see_posts",
    "see_mechanism",
    "log_field_visit",
    "see_documents",
    "see_training",
    "see_practices",
    "describe_practice",
    "hold_training",
    "decide_gap",
    "set_duty_rules",
    "plan_visit",
    "see_visits",
    "see_handovers",
    "witness_handover",
    "see_figures",
    "locate_units",
    "see_stations",
    "keep_stations",
    "see_pairings",
    "pair_units",
    "see_scores",
    "release_case",
    "decide_statement",
    "see_phones",
    "keep_clue_platforms",
}
LEADING = {"see_mechanism", "run_mechanism", "log_field_visit", "keep_documents", "see_documents", "write_bulletin"}
FOR_ITS_VILLAGE = {
    "see_pairings",
    "see_training",
    "see_practices",
    "enter_for_village",
    "see_handovers",
    "see_figures",
    "see_scores",
    "appeal_score",
}
WITHOUT_A_CASE: dict[Role, set[str]] = {
    Role.INSPECTOR: {
        "report",
        "find",
        "see_look_backs",
        "see_spot_checks",
        "see_villages",
        "see_documents",
        "see_training",
        "see_practices",
        "make_visit",
        "see_visits",
    },
    Role.COMMITTEE_MEMBER: {"report", "see_villages", "see_documents", "pass_on"} | FOR_ITS_VILLAGE,
    Role.COMMITTEE_HEAD: {"report", "see_villages", "see_documents", "pass_on"} | FOR_ITS_VILLAGE,
    Role.TOWN_REVIEWER: {"report", "find", "see_villages", "see_burden", "export_ledger", "see_documents", "pass_on"}
    | {"hold_training", "decide_gap", "witness_handover", "decide_statement", "locate_units"}
    | {"see_stations", "report_for_station"}
    | FOR_ITS_VILLAGE,
    Role.COUNTY_SUPERVISOR: OFFICE | {"log_meeting", "pass_on", "score", "adopt_practice"},
    Role.CITY_SUPERVISOR: OFFICE
    | LEADING
    | {"set_rules", "watch_clocks", "publish_checklist", "decide_score_appeal"}
    | {"switch_public_page", "answer_suggestion", "draw_outline"},
    Role.DEPARTMENT_MEMBER: {"see_documents", "see_handovers", "see_pairings", "enter_help"},
    Role.VOLUNTEER: {"report", "find", "see_stations", "report_for_station"},
    Role.ADMINISTRATOR: {"administer", "watch_clocks", "see_posts"},
    Role.LEAD_OFFICE: {"report", "find", "see_training", "hold_training", "see_figures"}
    | {"see_practices", "describe_practice"}
    | LEADING,
    Role.MEMBER_REPORTER: {
        "report",
        "find",
        "report_for_unit",
        "log_meeting",
        "log_field_visit",
        "see_documents",
        "pass_on",
    },
    Role.VILLAGE_SECRETARY: {"see_training"},
}


# Links and one-time codes for committees.
OF_SIGN_IN: dict[Role, set[str]] = {
    role: {"let_in"} for role in (Role.TOWN_REVIEWER, Role.COUNTY_SUPERVISOR, Role.CITY_SUPERVISOR)
}
_RUNNING = {"see_elections", "run_election", "nominate"}
OF_ELECTIONS: dict[Role, set[str]] = {
    Role.COMMITTEE_MEMBER: {"see_elections"},
    Role.COMMITTEE_HEAD: {"see_elections"},
    Role.TOWN_REVIEWER: {"see_elections", "nominate"},
    Role.COUNTY_SUPERVISOR: _RUNNING,
    Role.CITY_SUPERVISOR: _RUNNING | {"publish_eligibility_list"},
    Role.DEPARTMENT_MEMBER: {"sign_eligibility"},
}


def test_what_needs_no_case_stands_in_one_table(cast: Cast) -> None:
    assert set(WITHOUT_A_CASE) == set(Role)
    assert set(OFFICE_RIGHTS) == set(OfficeAction)
    for role, rights in WITHOUT_A_CASE.items():
        expected = rights | OF_ELECTIONS.get(role, set()) | OF_SIGN_IN.get(role, set())
        person = holder(role, cast.city, f"{role}-anywhere")
        assert {one for one in OfficeAction if roles.may_do(person, one, TODAY)} == expected, role
