"""Who a step of the ladder is for: the posts behind each word, at each level of a case."""

import pytest

from casework.ladder.recipients import HEADS, HELPERS, Seat, as_rows, level_of, seats, seats_of
from casework.models import Case, EscalationStep
from casework.models.escalation_policy import Recipient
from casework.stages import RESPONSIBLE_ROLES, Level, Role, Stage

CITY, COUNTY, TOWN, VILLAGE, DEPARTMENT, HELPER, SUPPORT = range(1, 8)
AT_TOWN = Seat(TOWN, (Role.TOWN_REVIEWER,))
AT_COUNTY = Seat(COUNTY, (Role.COUNTY_SUPERVISOR,))
AT_CITY = Seat(CITY, (Role.CITY_SUPERVISOR,))


def case_with(**values: object) -> Case:
    """A village's case in the middle of its rectification."""
    units = {"city_id": CITY, "county_id": COUNTY, "town_id": TOWN, "village_id": VILLAGE, "responsible_id": VILLAGE}
    return Case(**{**units, "waits_at_id": VILLAGE, "stage": Stage.RECTIFICATION, **values})


@pytest.mark.parametrize(
    ("unit", "level"),
    [
        (CITY, Level.CITY),
        (COUNTY, Level.COUNTY),
        (TOWN, Level.TOWN),
        (VILLAGE, Level.VILLAGE),
        (DEPARTMENT, Level.TOWN),
    ],
)
def test_a_unit_of_a_case_stands_at_its_level_and_a_department_at_a_towns(unit: int, level: Level) -> None:
    assert level_of(case_with(), unit) == level


@pytest.mark.parametrize(
    ("unit", "above", "two_above"),
    [
        (VILLAGE, AT_TOWN, AT_COUNTY),
        (TOWN, AT_COUNTY, AT_CITY),
        (DEPARTMENT, AT_COUNTY, AT_CITY),
        (COUNTY, AT_CITY, AT_CITY),
        (CITY, AT_CITY, AT_CITY),
    ],
)
def test_above_is_counted_from_whose_turn_it_is_and_ends_at_the_city(unit: int, above: Seat, two_above: Seat) -> None:
    case = case_with(waits_at_id=unit)
    assert seats([Recipient.ABOVE], case) == [above]
    assert seats([Recipient.TWO_ABOVE], case) == [two_above]


def test_above_is_counted_from_the_unit_that_is_named() -> None:
    assert seats([Recipient.ABOVE], case_with(waits_at_id=TOWN), unit=VILLAGE) == [AT_TOWN]


def test_a_village_of_no_town_has_nobody_right_above_it() -> None:
    assert seats([Recipient.ABOVE, Recipient.TWO_ABOVE], case_with(town_id=None)) == [AT_COUNTY]


@pytest.mark.parametrize(
    ("stage", "is_the_citys", "roles"),
    [
        (Stage.SCREENING, False, (Role.COUNTY_SUPERVISOR,)),
        (Stage.RECTIFICATION, True, RESPONSIBLE_ROLES),
        (Stage.FIRST_REVIEW, False, (Role.TOWN_REVIEWER,)),
        (Stage.STRIKE_OFF, False, (Role.COUNTY_SUPERVISOR,)),
        (Stage.STRIKE_OFF, True, (Role.CITY_SUPERVISOR,)),
    ],
)
def test_the_turn_is_the_stages_and_the_citys_where_the_city_strikes_off(
    stage: Stage, is_the_citys: bool, roles: tuple[Role, ...]
) -> None:
    case = case_with(stage=stage, severity=4 if is_the_citys else 3)
    assert seats([Recipient.TURN], case) == [Seat(VILLAGE, roles)]


def test_where_it_is_nobodys_turn_nobody_is_told() -> None:
    assert seats([Recipient.TURN], case_with(stage=Stage.CLOSED, waits_at_id=None)) == []


def test_the_responsible_unit_and_its_head_are_told_of_what_is_assigned_to_them() -> None:
    case = case_with(responsible_id=DEPARTMENT)
    assert seats([Recipient.RESPONSIBLE], case) == [Seat(DEPARTMENT, RESPONSIBLE_ROLES)]
    assert seats([Recipient.HEAD], case) == [Seat(DEPARTMENT, HEADS)]
    assert set(HEADS) == {Role.COMMITTEE_HEAD, Role.DEPARTMENT_MEMBER}


@pytest.mark.parametrize("code", [Recipient.RESPONSIBLE, Recipient.HEAD])
def test_before_the_assignment_the_village_does_not_hear_of_it(code: Recipient) -> None:
    case = case_with(responsible_id=None, waits_at_id=COUNTY, stage=Stage.SCREENING)
    assert seats([code], case) == [AT_COUNTY]


def test_the_offices_the_helper_and_the_support_are_told_where_there_are_any() -> None:
    codes = [Recipient.COUNTY, Recipient.CITY, Recipient.HELPER, Recipient.SUPPORT]
    assert seats(codes, case_with(county_id=None)) == [AT_CITY]
    assert seats(codes, case_with(support_id=SUPPORT), helper=HELPER) == [
        AT_COUNTY,
        AT_CITY,
        Seat(HELPER, HELPERS),
        Seat(SUPPORT, (Role.DEPARTMENT_MEMBER,)),
    ]
    assert set(HELPERS) == {*RESPONSIBLE_ROLES, Role.TOWN_REVIEWER}


def test_who_is_meant_twice_is_told_once_and_gets_no_copy() -> None:
    step = EscalationStep(to=["turn", "responsible", "two_above"], copies=["county", "city", "turn"])
    to, copies = seats_of(step, case_with())
    assert to == [Seat(VILLAGE, RESPONSIBLE_ROLES), AT_COUNTY]
    assert copies == [AT_CITY]


def test_seats_are_stored_as_the_unit_and_its_roles() -> None:
    assert as_rows([AT_TOWN, Seat(VILLAGE, HEADS)]) == [
        [TOWN, ["town_reviewer"]],
        [VILLAGE, ["committee_head", "department_member"]],
    ]
