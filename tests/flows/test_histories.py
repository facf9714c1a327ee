"""Random histories (promise 1): whatever people try in whatever order, no stage is reached that the page of stages
doesn't know, and every history can be explained from its events.
"""

import itertools
import os
import random
from datetime import timedelta
from typing import Any

import pytest

from casework.errors import Refusal
from casework.lifecycle.review import Verdict
from casework.models import Case, Closure, Person
from casework.queries import current_measures, measures_to_report
from casework.rights import roles
from casework.rights.table import Action
from casework.stages import ENDS, ENDS_BY_INTERVENTION, FIRST, MOVES, OPEN, Stage
from flows import steps
from flows.models import CaseTask
from tests.cast import Cast
from tests.walk import DOOR, NOW, TODAY, done, drafts, finding, head_post, proved

SHORT, LONG = 60, 10_000
TRIES = 25


def some_words(step: str, case: Case, cast: Cast, chance: random.Random) -> dict[str, Any]:
    passes = chance.random() < 0.7
    verdicts = {
        measure.pk: Verdict(passes or measure.number > 1, "" if passes else "看不清")
        for measure in current_measures(case)
    }
    return {
        "screen_case": {"outcome": chance.choice(["accepted"] * 6 + ["refused"]), "reason": "不属村务"},
        "assign_case": {"post": head_post(case.village), "due_on": TODAY + timedelta(days=14)},
        "submit_plan": {"measures": drafts()},
        "submit_rectification": {"reports": done(case)},
        "review_case": {"verdicts": verdicts, "signature_visible": True},
        "close_case": {"tests": dict.fromkeys(Closure.TESTS, chance.random() < 0.8)},
        "decline_strike_off": {"reason": "根源没有消除"},
        "transfer_case": {"county": chance.choice([cast.county, cast.other_county]), "reason": "管辖"},
        "ask_extension": {"due_on": TODAY + timedelta(days=40), "reason": "雨", "progress": "半"},
        "decide_extension": {"grant": chance.random() < 0.5, "reason": "按期完成"},
        "pause_case": {"reason": "等待鉴定"},
        "resume_case": {},
        "withdraw_case": {"reason": "误报"},
        "refer_case": {"to": cast.discipline_unit, "reason": "涉嫌"},
    }[step]


STEPS = [
    *["screen_case", "assign_case", "submit_plan", "submit_rectification", "review_case", "close_case"] * 4,
    *["decline_strike_off", "transfer_case", "ask_extension", "decide_extension", "pause_case", "resume_case"],
    *["withdraw_case", "refer_case"],
]


def walk(cast: Cast, people: list[Person], chance: random.Random) -> Case:
    """One random history: anybody tries anything; the door decides."""
    case = steps.report(
        finding=finding(cast.willow, severity=chance.choice([1, 2, 3, 4])),
        by=chance.choice([cast.inspector, cast.county_supervisor]),
        at=NOW,
    )
    for _ in range(TRIES * 4):
        if case.stage in ENDS:
            break
        step, by = chance.choice(STEPS), chance.choice(people)
        if step in ("withdraw_case", "refer_case") and chance.random() < 0.9:
            continue
        if chance.random() < 0.7:  # somebody does what is due
            step = next(verb.__name__ for verb, stages in steps.STEPS.items() if case.stage in stages)
            by = next(person for person in people if roles.may(person, Action(case.stage), case, TODAY))
        try:
            if step == "submit_rectification" and case.stage == Stage.RECTIFICATION and measures_to_report(case):
                case = proved(cast, case)
            case = steps.take(DOOR[step], case=case, by=by, at=NOW, **some_words(step, case, cast, chance))
        except Refusal as refusal:
            assert str(refusal)
            case = Case.objects.get(pk=case.pk)
    return case


def explain(case: Case) -> None:
    """Every event leads on from the one before it, along the page of stages."""
    events = list(case.events.order_by("id"))
    assert events[0].stage_before == "" and Stage(events[0].stage_after) in FIRST
    for before, after in itertools.pairwise(events):
        assert after.stage_before in ("", before.stage_after), (before.kind, after.kind)
        if after.stage_before and after.stage_after != after.stage_before:
            allowed = (*MOVES[Stage(after.stage_before)], *ENDS_BY_INTERVENTION)
            assert Stage(after.stage_after) in allowed, (after.stage_before, after.stage_after)
        assert after.version >= before.version
    assert events[-1].stage_after == case.stage
    latest = case.history.order_by("-history_id").first()
    assert latest is not None and latest.stage == case.stage and latest.round == case.round
    open_nodes = [
        task.flow_task.name
        for task in CaseTask.objects.filter(process_id=case.process_id, status="NEW", flow_task_type="HUMAN")
    ]
    assert open_nodes == ([case.stage] if case.stage in OPEN else [])
    assert case.submissions.count() <= case.round


def run(cast: Cast, count: int) -> None:
    people = list(Person.objects.all())
    ends = set()
    for seed in range(count):
        case = walk(cast, people, random.Random(seed))
        explain(case)
        ends.add(case.stage)
    assert Stage.CLOSED in ends


@pytest.mark.once
def test_some_random_histories_can_all_be_explained(cast: Cast) -> None:
    run(cast, SHORT)


@pytest.mark.long
@pytest.mark.skipif(os.environ.get("LONG") != "1", reason="long: 10,000 histories run with LONG=1")
def test_ten_thousand_random_histories_can_all_be_explained(cast: Cast) -> None:
    run(cast, LONG)
