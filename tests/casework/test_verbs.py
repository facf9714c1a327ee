"""What each verb refuses: the wrong person, the wrong stage, what is done already, and words that don't say enough."""

from datetime import timedelta
from typing import Any

import pytest

from casework.errors import Conflict, NotAllowed
from casework.models import Case, CaseEvent, Closure
from casework.stages import OPEN, Stage
from flows import steps
from tests.cast import Cast
from tests.factories import item
from tests.walk import (
    DOOR,
    NOW,
    TODAY,
    case_at,
    closed,
    done,
    drafts,
    head_post,
    proved,
    verdicts,
)

FIVE = dict.fromkeys(Closure.TESTS, True)


def words_of(step: str, case: Case, cast: Cast) -> dict[str, Any]:
    """Good words for each verb, so that a refusal is about the person or the stage alone."""
    return {
        "screen_case": lambda: {"outcome": "accepted"},
        "classify_case": lambda: {"item": item(2), "severity": 2},
        "assign_case": lambda: {"post": head_post(cast.willow), "due_on": TODAY + timedelta(days=14)},
        "submit_plan": lambda: {"measures": drafts()},
        "submit_rectification": lambda: {"reports": done(case)},
        "review_case": lambda: {"verdicts": verdicts(case), "signature_visible": True},
        "close_case": lambda: {"tests": FIVE},
        "decline_strike_off": lambda: {"reason": "根源没有消除"},
        "reassign_case": lambda: {"post": head_post(cast.poplar), "reason": "换人"},
        "transfer_case": lambda: {"county": cast.other_county, "reason": "属另一县"},
        "ask_extension": lambda: {"due_on": TODAY + timedelta(days=40), "reason": "连阴雨", "progress": "已备料"},
        "pause_case": lambda: {"reason": "等待鉴定"},
        "withdraw_case": lambda: {"reason": "误报"},
        "refer_case": lambda: {"to": cast.discipline_unit, "reason": "涉嫌套取资金"},
    }[step]()


# Where each verb is open, and who may then.
OFFICES = {"county_supervisor", "city_supervisor"}
RECTIFIERS = {"willow_head", "willow_member"}
VERBS: dict[str, tuple[tuple[Stage, ...], set[str]]] = {
    "screen_case": ((Stage.SCREENING,), OFFICES),
    "classify_case": ((Stage.SCREENING, Stage.ASSIGNMENT), OFFICES),
    "assign_case": ((Stage.ASSIGNMENT,), OFFICES),
    "submit_plan": ((Stage.PLANNING,), RECTIFIERS),
    "submit_rectification": ((Stage.RECTIFICATION,), RECTIFIERS),
    "close_case": ((Stage.STRIKE_OFF,), {"county_supervisor"}),
    "decline_strike_off": ((Stage.STRIKE_OFF,), {"county_supervisor"}),
    "transfer_case": (
        (Stage.SCREENING, Stage.ASSIGNMENT, Stage.PLANNING, Stage.PLAN_APPROVAL, Stage.RECTIFICATION),
        OFFICES,
    ),
    "ask_extension": ((Stage.PLANNING, Stage.PLAN_APPROVAL, Stage.RECTIFICATION), RECTIFIERS),
    "pause_case": (OPEN, OFFICES),
    "withdraw_case": (OPEN, OFFICES),
    "refer_case": (OPEN, OFFICES),
}
CAST = [
    "inspector",
    "willow_head",
    "willow_member",
    "poplar_head",
    "town_reviewer",
    "county_supervisor",
    "city_supervisor",
    "department_member",
    "discipline",
    "volunteer",
    "administrator",
    "outsider_county",
    "outsider_town",
    "outsider_head",
]


def prepared(stage: Stage, cast: Cast) -> Case:
    case = case_at(stage, cast)
    return proved(cast, case) if stage == Stage.RECTIFICATION else case


@pytest.mark.parametrize("step", VERBS)
def test_the_wrong_person_is_refused_and_nothing_is_written(step: str, cast: Cast) -> None:
    stages, allowed = VERBS[step]
    case = prepared(stages[-1] if stages[-1] != Stage.STRIKE_OFF else Stage.STRIKE_OFF, cast)
    words = words_of(step, case, cast)
    before = (Case.objects.get(pk=case.pk).version, CaseEvent.objects.count())
    for who in CAST:
        if who in allowed:
            continue
        with pytest.raises(NotAllowed) as refusal:
            steps.take(DOOR[step], case=case, by=getattr(cast, who), at=NOW, **words)
        assert str(refusal.value), who
    assert (Case.objects.get(pk=case.pk).version, CaseEvent.objects.count()) == before


@pytest.mark.parametrize("step", VERBS)
def test_the_wrong_stage_is_a_conflict(step: str, cast: Cast) -> None:
    stages, allowed = VERBS[step]
    by = getattr(cast, sorted(allowed)[0])
    wrong = [stage for stage in OPEN if stage not in stages] or [Stage.CLOSED]
    for stage in wrong[:2]:
        case = closed(cast, case_at(Stage.STRIKE_OFF, cast)) if stage == Stage.CLOSED else case_at(stage, cast)
        with pytest.raises((Conflict, NotAllowed)):
            steps.take(DOOR[step], case=case, by=by, at=NOW, **words_of(step, case, cast))
        assert Case.objects.get(pk=case.pk).stage == stage


@pytest.mark.parametrize("step", [step for step in VERBS if step not in ("classify_case", "transfer_case")])
def test_done_twice_the_second_is_a_conflict(step: str, cast: Cast) -> None:
    stages, allowed = VERBS[step]
    by = getattr(cast, sorted(allowed)[0])
    case = prepared(stages[-1], cast)
    words = words_of(step, case, cast)
    steps.take(DOOR[step], case=case, by=by, at=NOW, **words)
    with pytest.raises((Conflict, NotAllowed)):
        steps.take(DOOR[step], case=case, by=by, at=NOW, **words)
