"""The policy as a written table, and the queries that must agree with it."""

from datetime import timedelta

import pytest

from casework import queries
from casework.lifecycle.exit import refer_case
from casework.models import Case, Person, Term, Unit
from casework.models.unit import UnitLevel
from casework.rights import roles, territories
from casework.rights.office_table import OfficeAction
from casework.rights.table import Action
from casework.stages import Role, Stage
from flows import steps
from tests import factories
from tests.cast import Cast
from tests.factories import holder
from tests.walk import NOW, TODAY, assigned, case_at, reported, screened

OWN, SIBLING, PARENT, FOREIGN = "own", "sibling", "parent", "foreign"

# role → relation of its unit to the case's → the actions that it allows. What isn't here is refused.
# own: the unit at which the role counts for this case. sibling: a unit beside it. parent: the unit above.
OFFICE = {
    Action.VIEW,
    Action.SCREENING,
    Action.CLASSIFY,
    Action.ASSIGNMENT,
    Action.REASSIGN,
    Action.TRANSFER,
    Action.PAUSE,
    Action.WITHDRAW,
    Action.REFER,
    Action.INTERVIEW,
    Action.ADD_PHOTO_BEFORE,
    Action.VERDICT,
    Action.COMMENT,
    Action.SEE_EARLIER_WORDS,
    Action.REMIND,
}
RECTIFY = {
    Action.VIEW,
    Action.PLANNING,
    Action.RECTIFICATION,
    Action.ADD_EVIDENCE,
    Action.ADD_PHOTO_BEFORE,
    Action.ASK_EXTENSION,
    Action.COMMENT,
    Action.ASK_WHAT_IS_MISSING,
}
TABLE: dict[Role, set[Action]] = {
    Role.INSPECTOR: {Action.VIEW, Action.LOOK_BACK, Action.COMMENT},
    # The village appeals, even where a department rectifies.
    Role.COMMITTEE_MEMBER: RECTIFY | {Action.APPEAL},
    Role.COMMITTEE_HEAD: RECTIFY | {Action.APPEAL},
    Role.TOWN_REVIEWER: {
        Action.VIEW,
        Action.PLAN_APPROVAL,
        Action.FIRST_REVIEW,
        Action.ENTER_FROM_PAPER,
        Action.DECIDE_EXTENSION,
        Action.APPEAL,
        Action.COMMENT,
    },
    Role.COUNTY_SUPERVISOR: OFFICE | {Action.SECOND_REVIEW, Action.STRIKE_OFF, Action.APPEAL},
    # Grave cases: the city reviews them and strikes them off (asked of a grave case below).
    Role.CITY_SUPERVISOR: OFFICE | {Action.CITY_REVIEW, Action.DECIDE_APPEAL},
    Role.DEPARTMENT_MEMBER: set(),
    Role.VOLUNTEER: set(),
    Role.ADMINISTRATOR: set(),
    # They see what their mechanism does, and no case by that.
    Role.LEAD_OFFICE: set(),
    Role.MEMBER_REPORTER: set(),
    Role.VILLAGE_SECRETARY: set(),
}
ACTIONS = [action for action in Action if action != Action.CITY_STRIKE_OFF]


def units(cast: Cast, role: Role) -> dict[str, object]:
    """A unit for each relation to Willow's case."""
    return {
        Role.INSPECTOR: {OWN: cast.city, SIBLING: cast.other_county, FOREIGN: cast.other_county},
        Role.COMMITTEE_MEMBER: {OWN: cast.willow, SIBLING: cast.poplar, FOREIGN: cast.reed},
        Role.COMMITTEE_HEAD: {OWN: cast.willow, SIBLING: cast.poplar, FOREIGN: cast.reed},
        Role.TOWN_REVIEWER: {OWN: cast.town, SIBLING: cast.elm.parent, FOREIGN: cast.reed.parent},
        Role.COUNTY_SUPERVISOR: {OWN: cast.county, SIBLING: cast.other_county, FOREIGN: cast.other_county},
        Role.CITY_SUPERVISOR: {OWN: cast.city},
        Role.DEPARTMENT_MEMBER: {OWN: cast.department, FOREIGN: cast.discipline_unit},
        Role.VOLUNTEER: {OWN: cast.town, SIBLING: cast.elm.parent, PARENT: cast.county, FOREIGN: cast.reed.parent},
        Role.ADMINISTRATOR: {OWN: cast.city},
        Role.LEAD_OFFICE: {OWN: cast.city},
        Role.MEMBER_REPORTER: {OWN: cast.county, SIBLING: cast.other_county, FOREIGN: cast.department},
        Role.VILLAGE_SECRETARY: {OWN: cast.willow, SIBLING: cast.poplar, FOREIGN: cast.reed},
    }[role]


def allowed(person: Person, case: Case) -> set[Action]:
    return {action for action in ACTIONS if roles.may(person, action, case, TODAY)}


def test_every_role_and_every_action_stand_in_the_table() -> None:
    assert set(TABLE) == set(Role)
    assert set().union(*TABLE.values()) == set(ACTIONS)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_may_what_the_table_says_at_its_own_unit_and_nothing_elsewhere(role: Role, cast: Cast) -> None:
    case = assigned(cast, screened(cast, reported(cast)))
    for relation, at in units(cast, role).items():
        person = holder(role, at, f"{role}-{relation}")
        expected = TABLE[role] if relation == OWN else set()
        assert allowed(person, case) == expected, (role, relation)
        seen = queries.visible(person, TODAY).filter(pk=case.pk).exists()
        assert seen == (Action.VIEW in expected), (role, relation)


def test_the_responsible_department_may_what_a_committee_may(cast: Cast) -> None:
    from casework.models import Post

    case = assigned(cast, screened(cast, reported(cast)), post=Post.objects.get(unit=cast.department))
    assert allowed(cast.department_member, case) == RECTIFY
    assert allowed(cast.willow_head, case) == {Action.VIEW, Action.APPEAL, Action.COMMENT}
    # Whoever decides on a department's extension stands above it: the county.
    assert Action.DECIDE_EXTENSION in allowed(cast.county_supervisor, case)
    assert Action.DECIDE_EXTENSION not in allowed(cast.town_reviewer, case)


def test_a_grave_case_is_struck_off_by_the_city(cast: Cast) -> None:
    case = case_at(Stage.CITY_REVIEW, cast)
    assert Action.STRIKE_OFF in allowed(cast.city_supervisor, case)
    assert Action.STRIKE_OFF not in allowed(cast.county_supervisor, case)


@pytest.mark.parametrize("action", [action for action in ACTIONS if action not in (Action.VIEW, Action.STRIKE_OFF)])
def test_predicate_and_queryset_agree(action: Action, cast: Cast) -> None:
    cases = [case_at(stage, cast) for stage in (Stage.SCREENING, Stage.PLANNING, Stage.RECTIFICATION)]
    cases.append(reported(cast, village=cast.reed, by=cast.inspector))
    for person in Person.objects.all():
        found = set(Case.objects.filter(roles.where(person, action, TODAY)))
        assert found == {case for case in cases if roles.post_for(person, action, case, TODAY)}, person


def test_visible_and_may_view_agree(cast: Cast) -> None:
    cases = [case_at(stage, cast) for stage in (Stage.SCREENING, Stage.PLANNING, Stage.STRIKE_OFF)]
    cases.append(reported(cast, village=cast.reed, by=cast.inspector))
    cases.append(reported(cast, by=cast.volunteer))
    referred = case_at(Stage.PLANNING, cast)
    cases.append(
        steps.take(refer_case, case=referred, by=cast.county_supervisor, at=NOW, to=cast.discipline_unit, reason="涉嫌")
    )
    for person in Person.objects.all():
        seen = set(queries.visible(person, TODAY))
        assert seen == {case for case in cases if roles.may_view(person, case, TODAY)}, person


def test_a_referred_case_is_seen_by_its_own_discipline_office_and_by_no_other(cast: Cast) -> None:
    other = factories.unit(UnitLevel.DEPARTMENT, cast.city, is_discipline_office=True)
    outsider = holder(Role.DEPARTMENT_MEMBER, other, "other discipline office")
    case = case_at(Stage.PLANNING, cast)
    case = steps.take(refer_case, case=case, by=cast.county_supervisor, at=NOW, to=cast.discipline_unit, reason="涉嫌")
    assert [roles.may_view(person, case, TODAY) for person in (cast.discipline, outsider)] == [True, False]
    assert [case in queries.visible(person, TODAY) for person in (cast.discipline, outsider)] == [True, False]
    assert roles.sees_originals(cast.discipline, case, TODAY)


def test_whoever_only_reported_a_case_sees_it_without_the_untouched_files(cast: Cast) -> None:
    case = reported(cast, by=cast.volunteer)
    assert roles.may_view(cast.volunteer, case, TODAY)
    assert not roles.sees_originals(cast.volunteer, case, TODAY)
    assert roles.sees_originals(cast.county_supervisor, case, TODAY)


def test_whoever_reported_a_case_adds_what_the_camera_saw_speaks_and_does_nothing_else_to_it(cast: Cast) -> None:
    own, other = reported(cast, by=cast.volunteer), reported(cast, by=cast.inspector)
    assert allowed(cast.volunteer, own) == {Action.VIEW, Action.ADD_PHOTO_BEFORE, Action.COMMENT}
    assert allowed(cast.volunteer, other) == set()


def test_nobody_screens_the_own_self_check_and_everybody_else_s_is_screened(cast: Cast) -> None:
    screening = {Action.SCREENING, Action.CLASSIFY}
    own = reported(cast, by=cast.county_supervisor, source="self_check")
    assert not screening & allowed(cast.county_supervisor, own)
    assert screening <= allowed(cast.county_supervisor, reported(cast, by=cast.town_reviewer, source="self_check"))
    assert screening <= allowed(cast.county_supervisor, reported(cast, by=cast.county_supervisor))


def test_a_refusal_says_whose_step_it_is(cast: Cast) -> None:
    milder, grave = case_at(Stage.STRIKE_OFF, cast), case_at(Stage.CITY_REVIEW, cast)
    assert roles.whose(Action.STRIKE_OFF, milder) == f"青禾区 {Role.COUNTY_SUPERVISOR.label}"
    assert roles.whose(Action.STRIKE_OFF, grave) == f"澄川市 {Role.CITY_SUPERVISOR.label}"
    assert roles.whose(Action.SECOND_REVIEW, grave) == f"青禾区 {Role.COUNTY_SUPERVISOR.label}"
    assert roles.whose(Action.DECIDE_EXTENSION, milder) == f"柳河镇 {Role.TOWN_REVIEWER.label}"


def test_waiting_lists_are_those_who_may(cast: Cast) -> None:
    for stage in (Stage.SCREENING, Stage.PLANNING, Stage.RECTIFICATION, Stage.FIRST_REVIEW, Stage.STRIKE_OFF):
        case = case_at(stage, cast)
        waiting = {person for person in Person.objects.all() if case in queries.waiting_for(person, TODAY)}
        may = {person for person in Person.objects.all() if roles.may(person, Action(stage), case, TODAY)}
        assert waiting <= may, stage
        assert waiting, stage


def test_a_volunteer_sees_only_what_they_reported(cast: Cast) -> None:
    own, _other = reported(cast, by=cast.volunteer), reported(cast)
    assert list(queries.visible(cast.volunteer, TODAY)) == [own]


def test_a_term_that_ended_yesterday_allows_nothing_today(cast: Cast) -> None:
    case = case_at(Stage.PLANNING, cast)
    assert roles.may(cast.willow_head, Action.PLANNING, case, TODAY)
    Term.objects.filter(person=cast.willow_head).update(valid_until=TODAY - timedelta(days=1))
    today = Person.objects.get(pk=cast.willow_head.pk)
    assert not roles.may(today, Action.PLANNING, case, TODAY)
    assert not queries.visible(today, TODAY).exists()
    assert not queries.waiting_for(today, TODAY).exists()


def test_a_term_that_begins_tomorrow_allows_nothing_today(cast: Cast) -> None:
    case = case_at(Stage.PLANNING, cast)
    Term.objects.filter(person=cast.willow_head).update(valid_from=TODAY + timedelta(days=1))
    assert not roles.may(Person.objects.get(pk=cast.willow_head.pk), Action.PLANNING, case, TODAY)


def test_somebody_switched_off_may_nothing(cast: Cast) -> None:
    case = case_at(Stage.PLANNING, cast)
    cast.willow_head.is_active = False
    cast.willow_head.save()
    assert not roles.may(Person.objects.get(pk=cast.willow_head.pk), Action.VIEW, case, TODAY)


def test_functional_zones_take_over_a_town_from_their_first_day(cast: Cast) -> None:
    from casework.offices.responsibilities import make_responsible

    make_responsible(cast.other_county, cast.elm.parent, note="", valid_from=TODAY)
    assert reported(cast, village=cast.elm).county == cast.other_county
    assert cast.elm not in territories.villages_seen_by(cast.county_supervisor, on=TODAY)
    assert cast.elm in territories.villages_seen_by(cast.outsider_county, on=TODAY)
    assert cast.elm in territories.villages_seen_by(cast.county_supervisor, on=TODAY - timedelta(days=1))


@pytest.mark.parametrize("days", [-1, 0])
@pytest.mark.parametrize("territory", ["elm", "town", "other"])
def test_who_covers_a_village_and_the_villages_of_a_person_agree(territory: str, days: int, cast: Cast) -> None:
    """Before a county answers for some of another's villages and from its first day on; also for none of them."""
    from casework.offices.responsibilities import make_responsible

    place = {"elm": cast.elm, "town": cast.elm.parent, "other": cast.reed}[territory]
    make_responsible(cast.county if territory == "other" else cast.other_county, place, note="", valid_from=TODAY)
    on, units, people = TODAY + timedelta(days=days), list(Unit.objects.all()), Person.objects.all()
    covered = 0
    for person in people:
        for action in (OfficeAction.REPORT, OfficeAction.FIND, OfficeAction.SEE_VILLAGES):
            asked = {unit for unit in units if territories.covers(person, action, unit, on=on)}
            assert asked == set(territories.villages_of(person, action, on=on)), (person, action)
            covered += len(asked)
    assert covered > len(people)


def test_a_closed_village_is_covered_by_nobody(cast: Cast) -> None:
    Unit.objects.filter(pk=cast.willow.pk).update(is_active=False)
    village = Unit.objects.get(pk=cast.willow.pk)
    assert not territories.may_report_for(cast.county_supervisor, village, on=TODAY)
