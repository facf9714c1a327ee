"""The page of stages agrees with itself: every stage is somebody's turn or an end, and can be reached."""

import pytest

from casework import stages
from casework.stages import (
    COMMITTEE,
    DESK_ROLES,
    ENDS,
    MOVES,
    OPEN,
    TURNS,
    ImpossibleMove,
    Level,
    Role,
    Stage,
    require_move,
)

GOES_BACK_TO = (Stage.PLANNING, Stage.RECTIFICATION)


def test_a_stage_is_an_end_or_somebodys_turn_and_never_both() -> None:
    assert set(ENDS) == {Stage.CLOSED, Stage.REFUSED, Stage.DUPLICATE, Stage.WITHDRAWN, Stage.REFERRED}
    assert set(OPEN) | set(ENDS) == set(Stage)
    assert not set(OPEN) & set(ENDS)
    assert set(TURNS) == set(MOVES) == set(OPEN)


def test_every_stage_but_the_first_is_reached_by_a_move_and_every_end_too() -> None:
    reached = {stage for moves in MOVES.values() for stage in moves}
    assert set(stages.FIRST) == {Stage.SCREENING, Stage.ASSIGNMENT} == set(stages.BEFORE_ASSIGNMENT)
    assert set(stages.ENDS_BY_INTERVENTION) == {Stage.WITHDRAWN, Stage.REFERRED}
    assert reached | {Stage.SCREENING} | set(stages.ENDS_BY_INTERVENTION) == set(Stage)
    assert not reached & set(stages.ENDS_BY_INTERVENTION)


def test_whoever_reviews_can_send_back_and_pass_on() -> None:
    assert set(stages.REVIEWS) == {Stage.PLAN_APPROVAL, Stage.FIRST_REVIEW, Stage.SECOND_REVIEW, Stage.CITY_REVIEW}
    for stage in (*stages.REVIEWS, Stage.STRIKE_OFF):
        assert any(after in GOES_BACK_TO for after in MOVES[stage]), stage
        assert len(MOVES[stage]) >= 2, stage


def test_what_a_stage_may_lead_to() -> None:
    """By the rules of the field: a plan may go without approval, a second review may need the city."""
    assert set(MOVES[Stage.SCREENING]) == {Stage.ASSIGNMENT, Stage.REFUSED, Stage.DUPLICATE}
    assert set(MOVES[Stage.PLANNING]) == {Stage.PLAN_APPROVAL, Stage.RECTIFICATION}
    assert set(MOVES[Stage.PLAN_APPROVAL]) == {Stage.RECTIFICATION, Stage.PLANNING}
    assert set(MOVES[Stage.FIRST_REVIEW]) == {Stage.SECOND_REVIEW, Stage.RECTIFICATION}
    assert set(MOVES[Stage.SECOND_REVIEW]) == {Stage.CITY_REVIEW, Stage.STRIKE_OFF, Stage.RECTIFICATION}
    assert set(MOVES[Stage.CITY_REVIEW]) == {Stage.STRIKE_OFF, Stage.RECTIFICATION}
    assert set(MOVES[Stage.STRIKE_OFF]) == {Stage.CLOSED, Stage.RECTIFICATION}


def test_each_level_has_its_roles_and_no_role_waits_at_two() -> None:
    roles_at: dict[Level, set[Role]] = {}
    for turn in (*TURNS.values(), stages.CITY_STRIKE_OFF):
        roles_at.setdefault(turn.level, set()).update(turn.roles)
    assert roles_at == {
        Level.RESPONSIBLE: {Role.COMMITTEE_MEMBER, Role.COMMITTEE_HEAD, Role.DEPARTMENT_MEMBER},
        Level.TOWN: {Role.TOWN_REVIEWER},
        Level.COUNTY: {Role.COUNTY_SUPERVISOR},
        Level.CITY: {Role.CITY_SUPERVISOR},
    }
    assert sorted(DESK_ROLES) == sorted(role for roles in roles_at.values() for role in roles)
    assert set(COMMITTEE) == {Role.COMMITTEE_MEMBER, Role.COMMITTEE_HEAD}
    assert set(stages.RESPONSIBLE_ROLES) == roles_at[Level.RESPONSIBLE]


def test_a_move_that_the_page_does_not_know_is_refused() -> None:
    for before in ("", *Stage):
        allowed = (
            stages.FIRST if not before else () if before in ENDS else (*MOVES[before], Stage.WITHDRAWN, Stage.REFERRED)
        )
        for after in Stage:
            if after in allowed:
                require_move(before, after)
            else:
                with pytest.raises(ImpossibleMove):
                    require_move(before, after)
