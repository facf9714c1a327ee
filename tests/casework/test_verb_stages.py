"""At which stages each verb of the door is open: the whole table, so that a new verb without a row fails.

Asked of the verbs themselves and not of the door, which refuses a step at the wrong stage before its verb is asked.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from casework.errors import Conflict, Refusal
from casework.escalation.sweeping import sweep
from casework.lifecycle.evidence import add_evidence
from casework.lifecycle.extension import ask_extension
from casework.lifecycle.pausing import pause_case
from casework.lifecycle.recording import move
from casework.models import Case, Closure, Letter, RelapseCandidate
from casework.proofs.uploads import look_at
from casework.stages import ENDS_BY_INTERVENTION, MOVES, OPEN, ImpossibleMove, Stage, require_move
from casework.working_time.deadlines import add_working_days, midnight
from flows import steps
from flows.steps import STEPS
from tests.casework.test_verbs import words_of
from tests.cast import Cast
from tests.walk import DOOR, NOW, TODAY, case_at, photo, rectified, reported, reviewed

BEFORE_REVIEW = (Stage.PLANNING, Stage.PLAN_APPROVAL, Stage.RECTIFICATION)
# verb → the stages at which it is open, and somebody of the cast who may then.
TABLE: dict[str, tuple[tuple[Stage, ...], str]] = {
    "screen_case": ((Stage.SCREENING,), "county_supervisor"),
    "assign_case": ((Stage.ASSIGNMENT,), "county_supervisor"),
    "submit_plan": ((Stage.PLANNING,), "willow_head"),
    "submit_rectification": ((Stage.RECTIFICATION,), "willow_head"),
    "review_case": (
        (Stage.PLAN_APPROVAL, Stage.FIRST_REVIEW, Stage.SECOND_REVIEW, Stage.CITY_REVIEW),
        "town_reviewer",
    ),
    "close_case": ((Stage.STRIKE_OFF,), "county_supervisor"),
    "decline_strike_off": ((Stage.STRIKE_OFF,), "county_supervisor"),
    "classify_case": ((Stage.SCREENING, Stage.ASSIGNMENT), "county_supervisor"),
    "reassign_case": (BEFORE_REVIEW, "county_supervisor"),
    "transfer_case": ((Stage.SCREENING, Stage.ASSIGNMENT, *BEFORE_REVIEW), "county_supervisor"),
    "add_evidence": ((Stage.RECTIFICATION,), "willow_head"),
    "take_back_evidence": ((Stage.RECTIFICATION,), "willow_head"),
    "name_signers": ((Stage.RECTIFICATION,), "willow_head"),
    "ask_extension": (BEFORE_REVIEW, "willow_head"),
    "decide_extension": (OPEN, "town_reviewer"),
    "pause_case": (OPEN, "county_supervisor"),
    "resume_case": (OPEN, "county_supervisor"),
    "sign_letter": (OPEN, "willow_head"),
    "answer_letter": (OPEN, "willow_head"),
    "judge_letter": (OPEN, "county_supervisor"),
    "record_interview": (OPEN, "county_supervisor"),
    "decline_referral": (OPEN, "county_supervisor"),
    # What is found later on is often a relapse of a case, and a case itself may be struck off before the verdict.
    "give_verdict": ((*OPEN, Stage.CLOSED), "county_supervisor"),
    "name_earlier": ((*OPEN, Stage.CLOSED), "county_supervisor"),
    "appeal_verdict": ((*OPEN, Stage.CLOSED), "willow_head"),
    "withdraw_case": (OPEN, "county_supervisor"),
    "refer_case": (OPEN, "county_supervisor"),
    "undo_step": (OPEN, "county_supervisor"),
    "remind_turn": (OPEN, "county_supervisor"),
}


def test_every_verb_of_the_door_has_its_row() -> None:
    assert set(TABLE) == set(DOOR)
    assert all(set(stages) == set(TABLE[verb.__name__][0]) for verb, stages in STEPS.items())


def arguments(step: str, case: Case, cast: Cast) -> dict[str, Any]:
    """Good words for each verb, so that a refusal is about the stage alone."""
    given: dict[str, Any] = {
        "add_evidence": {"kind": "after", "upload": look_at(photo()).stored()},
        "decide_extension": {"grant": False, "reason": "没有理由"},
        "resume_case": {},
        "remind_turn": {"words": "请尽快"},
        "record_interview": {"held_on": TODAY, "people": "柳大山", "result": "承诺整改"},
        "decline_referral": {"reason": "情节轻微"},
    }
    if step in given:
        return dict(given[step])
    if step == "undo_step":
        return {"event": case.events.get(kind="assigned")}
    if step in ("take_back_evidence", "name_signers"):
        kind = (
            {"kind": "after", "measure": case.plans.get().measures.first()}
            if step == "take_back_evidence"
            else {
                "kind": "signed_sheet",
                "names_follow": True,
            }
        )
        steps.take(add_evidence, case=case, upload=photo(), by=cast.willow_head, at=NOW, **kind)
        return {"evidence": case.evidence.get(kind=kind["kind"])} | (
            {"signed_by": ["李小琴"]} if step == "name_signers" else {}
        )
    if step.endswith("_letter"):
        sweep(at=midnight(add_working_days(case.due_on, 1)))
        words = {"name": "柳大山"} if step == "sign_letter" else {"words": "已整改"}
        return {"letter": Letter.objects.get(), **words}
    if step == "name_earlier":
        earlier = reported(cast)
        Case.objects.filter(pk=earlier.pk).update(stage=Stage.CLOSED, waits_at=None, closed_on=case.found_on)
        earlier.refresh_from_db()
        return {"earlier": earlier, "verdict": "new", "reason": "换了一面墙"}
    if step.endswith("_verdict"):
        candidate = RelapseCandidate.objects.create(
            case=case, earlier=reported(cast), score=1, found="report", found_at=NOW
        )
        return {"candidate": candidate, "reason": "换了一面墙"} | ({"verdict": "new"} if step == "give_verdict" else {})
    return words_of(step, case, cast)


def refused(step: str, case: Case, stage: Stage, cast: Cast, given: dict[str, Any]) -> str:
    """The code with which the verb refuses a case that stands at this stage; empty if it does something. Taken back."""
    case.stage = stage
    if stage == Stage.CLOSED:
        case.closed_on, case.waits_at = TODAY, None
    try:
        with transaction.atomic():
            DOOR[step](case=case, by=getattr(cast, TABLE[step][1]), at=NOW + timedelta(days=1), **given)
            transaction.set_rollback(True)
    except Refusal as refusal:
        return refusal.code
    return ""


@pytest.mark.parametrize("step", sorted(TABLE))
def test_a_verb_is_refused_at_every_stage_but_its_own(step: str, cast: Cast) -> None:
    case = case_at(Stage.RECTIFICATION, cast)
    given = arguments(step, case, cast)
    case.refresh_from_db()
    for stage in Stage:
        if DOOR[step] in STEPS and stage in TABLE[step][0]:
            continue  # taken wherever a case is walked
        code = refused(step, Case.objects.get(pk=case.pk), stage, cast, given)
        if stage not in TABLE[step][0]:
            # What was referred only the discipline office sees, which the rights say before the stage is asked.
            assert code in ({"wrong_stage", "referred"} if stage == Stage.REFERRED else {"wrong_stage"}), stage
        else:
            assert code != "wrong_stage", stage


@pytest.mark.parametrize(("kind", "stages"), [("before", OPEN), ("look_back", (Stage.CLOSED,))])
def test_the_other_kinds_of_proof_have_stages_of_their_own(kind: str, stages: tuple[Stage, ...], cast: Cast) -> None:
    case = case_at(Stage.RECTIFICATION, cast)
    by = cast.county_supervisor if kind == "before" else cast.inspector
    for stage in Stage:
        case.stage = stage
        if stage in stages or stage == Stage.REFERRED:
            continue
        with pytest.raises(Conflict) as conflict:
            add_evidence(case=case, kind=kind, upload=photo(), by=by, at=NOW)
        assert conflict.value.code == "wrong_stage", stage


class TestMoves:
    def test_only_what_the_page_of_stages_knows_is_a_move(self) -> None:
        for before in Stage:
            for after in Stage:
                ways = MOVES.get(before, ()) + (ENDS_BY_INTERVENTION if before in OPEN else ())
                if after in ways:
                    require_move(before, after)
                else:
                    with pytest.raises(ImpossibleMove):
                        require_move(before, after)

    def test_a_new_case_begins_where_cases_begin(self) -> None:
        require_move("", Stage.SCREENING)
        with pytest.raises(ImpossibleMove):
            require_move("", Stage.PLANNING)

    def test_a_verb_cannot_put_a_case_where_its_stage_does_not_lead(self, cast: Cast) -> None:
        case = case_at(Stage.PLANNING, cast)
        with pytest.raises(ImpossibleMove):
            move(case, Stage.CLOSED, at=NOW)
        assert Case.objects.get(pk=case.pk).stage == Stage.PLANNING


ENDINGS: dict[str, tuple[Stage, str, dict[str, Any]]] = {
    "withdrawn": (Stage.PLANNING, "withdraw_case", {"reason": "误报"}),
    "referred": (Stage.PLANNING, "refer_case", {"reason": "涉嫌套取资金"}),
    "closed": (Stage.STRIKE_OFF, "close_case", {"tests": dict.fromkeys(Closure.TESTS, True)}),
    "refused": (Stage.SCREENING, "screen_case", {"outcome": "refused", "reason": "不属实"}),
    "duplicate": (Stage.SCREENING, "screen_case", {"outcome": "duplicate"}),
}


@pytest.mark.parametrize("end", ENDINGS)
def test_an_end_takes_along_what_is_open_beside_the_path(end: str, cast: Cast) -> None:
    before, step, words = ENDINGS[end]
    original = reported(cast)
    case = case_at(before if end != "closed" else Stage.RECTIFICATION, cast)
    if case.stage != Stage.SCREENING:
        asked = words_of("ask_extension", case, cast)
        case = steps.take(ask_extension, case=case, by=cast.willow_head, at=NOW, **asked)
    while case.stage != before:
        case = {
            Stage.RECTIFICATION: lambda case: rectified(cast, case),
            Stage.FIRST_REVIEW: lambda case: reviewed(case, cast.town_reviewer),
            Stage.SECOND_REVIEW: lambda case: reviewed(case, cast.county_supervisor),
        }[Stage(case.stage)](case)
    case = steps.take(pause_case, case=case, by=cast.county_supervisor, at=NOW, reason="汛期")
    more = (
        {"duplicate_of": original} if end == "duplicate" else {"to": cast.discipline_unit} if end == "referred" else {}
    )
    later = NOW + timedelta(days=3)
    case = steps.take(DOOR[step], case=case, by=cast.county_supervisor, at=later, **words, **more)
    assert case.stage == end
    assert (case.paused_on, case.next_step_at) == (None, None)
    pause = case.pauses.get()
    assert (pause.ends_on, pause.resumed_at, pause.resumed_by) == (later.date(), later, None)
    assert pause.history.latest().history_step == step
    for extension in case.extensions.all():
        assert (extension.decided_at, extension.granted, extension.decided_by) == (later, None, None)
    assert not Case.objects.filter(pk=case.pk, extensions__decided_at=None, extensions__isnull=False).exists()
