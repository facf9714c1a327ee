"""For ten minutes whoever accepted, assigned or passed may undo it, where nobody has acted on it yet."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from casework.errors import Conflict, Invalid, NotAllowed, Refusal
from casework.escalation.escalation import sweep_ladder
from casework.events import UNDO_FOR
from casework.lifecycle import assignment
from casework.lifecycle.assignment import assign_case
from casework.lifecycle.pausing import pause_case
from casework.lifecycle.reporting import classify_case, screen_case
from casework.lifecycle.undoing import undo_step
from casework.models import Case, CaseEvent, Escalation, LookBack, Person, Post, Review, Screening, Term, Undone
from casework.offices.retiring import retire_unit
from casework.proofs.verification import verify_history
from casework.queries import measures_to_decide, visible
from casework.rights.hands import RECTIFIED, had_a_hand
from casework.stages import Stage
from casework.talk.commenting import write_comment
from flows import steps
from flows.submitted import Form
from tests.casework.undoing import LATER, SOON, STEPS, accept, assign, last_event, passed, standing, undo
from tests.cast import Cast
from tests.factories import item
from tests.walk import TODAY, case_at, closed, head_post, planned, rectified, reviewed
from web.diagram import diagram_of


@pytest.mark.parametrize("stage", STEPS)
def test_the_case_stands_again_where_it_stood(stage: Stage, cast: Cast) -> None:
    take, who = STEPS[stage]
    case = case_at(stage, cast)
    before = standing(case)
    after = take(cast, case)
    assert after.stage != stage
    case = undo(after, getattr(cast, who))
    assert standing(case) == before
    assert case.version == after.version + 1
    event = last_event(case)
    assert (event.kind, event.by, event.at) == ("undone", getattr(cast, who), SOON)
    assert (event.stage_before, event.stage_after) == (after.stage, stage)
    assert [flaw for flaw in verify_history() if flaw] == []


@pytest.mark.parametrize("stage", STEPS)
def test_the_step_can_be_taken_again_and_the_case_goes_on_to_its_strike_off(stage: Stage, cast: Cast) -> None:
    take, who = STEPS[stage]
    case = undo(take(cast, case_at(stage, cast)), getattr(cast, who))
    case = take(cast, case, SOON + timedelta(minutes=1))
    by_stage = {
        Stage.ASSIGNMENT: lambda one: assign(cast, one, due_on=TODAY + timedelta(days=14)),
        Stage.PLANNING: lambda one: planned(cast, one),
        Stage.RECTIFICATION: lambda one: rectified(cast, one),
        **{review: lambda one, review=review: STEPS[review][0](cast, one) for review in list(STEPS)[2:]},
    }
    while case.stage != Stage.STRIKE_OFF:
        case = by_stage[Stage(case.stage)](case)
    case = closed(cast, case)
    assert case.stage == Stage.CLOSED
    assert [flaw for flaw in verify_history() if flaw] == []


def test_an_undone_step_opens_no_watch_and_no_relapse(cast: Cast) -> None:
    case = undo(STEPS[Stage.SECOND_REVIEW][0](cast, case_at(Stage.SECOND_REVIEW, cast)), cast.county_supervisor)
    assert (case.watch, case.relapse_of) == ("", None)
    assert not LookBack.objects.exists() and not Escalation.objects.exists()


def test_the_trail_shows_the_step_once(cast: Cast) -> None:
    case = undo(passed("town_reviewer")(cast, case_at(Stage.FIRST_REVIEW, cast)), cast.town_reviewer)
    drawn = {step.name: (step.state, step.visits) for step in diagram_of(case, case.events.all()).steps}
    assert (drawn["first_review"], drawn["second_review"]) == (("current", 1), ("ahead", 0))


def test_an_undone_form_that_is_sent_again_says_so_and_changes_nothing(cast: Cast) -> None:
    case, form = case_at(Stage.SCREENING, cast), Form(uuid4())
    words = {"case": case, "outcome": "accepted", "by": cast.county_supervisor, "at": LATER}
    undo(steps.take(screen_case, form, **words), cast.county_supervisor)
    with pytest.raises(Conflict) as refusal:
        steps.take(screen_case, form, **words)
    assert refusal.value.code == "form_undone"
    assert Case.objects.get(pk=case.pk).stage == Stage.SCREENING


def test_an_undoing_that_is_sent_twice_is_done_once(cast: Cast) -> None:
    case, form = accept(cast, case_at(Stage.SCREENING, cast)), Form(uuid4())
    words = {"case": case, "event": last_event(case), "by": cast.county_supervisor, "at": SOON}
    assert steps.take(undo_step, form, **words) == steps.take(undo_step, form, **words)
    assert Undone.objects.count() == 1


class TestReviews:
    @pytest.fixture
    def case(self, cast: Cast) -> Case:
        return undo(passed("town_reviewer")(cast, case_at(Stage.FIRST_REVIEW, cast)), cast.town_reviewer)

    def test_an_undone_review_counts_no_longer_and_stays(self, case: Case) -> None:
        assert not case.reviews.exists()
        review = Review.everything.get(case=case)
        assert review.undone == Undone.objects.get()
        assert review.undone.event.kind == "passed"
        assert measures_to_decide(case, [one.measure for one in review.verdicts.all()])

    def test_it_may_now_be_returned_in_the_same_round(self, cast: Cast, case: Case) -> None:
        case = reviewed(case, cast.town_reviewer, returned=(1,))
        assert (case.stage, case.round) == (Stage.RECTIFICATION, 2)
        assert list(Review.everything.filter(case=case).values_list("outcome", "attempt")) == [
            ("returned", 2),
            ("passed", 1),
        ]

    def test_each_new_pass_may_be_undone_anew(self, cast: Cast, case: Case) -> None:
        for minute in range(10, 13):
            at = LATER + timedelta(minutes=minute)
            case = undo(passed("town_reviewer")(cast, case, at), cast.town_reviewer, at)
        assert Undone.objects.count() == Review.everything.count() == 4
        assert reviewed(case, cast.town_reviewer).stage == Stage.SECOND_REVIEW

    def test_the_database_keeps_what_was_undone(self, case: Case) -> None:
        for change in (
            lambda: Undone.objects.all().delete(),
            lambda: Undone.objects.update(review=None),
            lambda: Review.everything.update(words="x"),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


class TestAssignments:
    def test_the_clocks_that_began_with_it_are_put_back(self, cast: Cast) -> None:
        case = case_at(Stage.ASSIGNMENT, cast)
        before = standing(case)
        case = assign(cast, case, due_on=TODAY + timedelta(days=2))
        assert (case.light, case.ladder_since) != (before["light"], before["ladder_since"])
        undo(case, cast.county_supervisor)
        assert standing(case) == before

    def test_its_reminder_waits_until_it_can_be_undone_no_longer(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(assignment, "UNDO_FOR", UNDO_FOR)
        case = assign(cast, case_at(Stage.ASSIGNMENT, cast), due_on=TODAY + timedelta(days=2))
        sweep_ladder(at=LATER + timedelta(minutes=9))
        assert not Escalation.objects.exists()
        sweep_ladder(at=LATER + UNDO_FOR)
        assert Escalation.objects.filter(case=case, kind="reminder").exists()

    def test_an_undone_assignment_is_ended_and_the_village_sees_the_case_no_longer(self, cast: Cast) -> None:
        case = assign(cast, case_at(Stage.ASSIGNMENT, cast))
        assert visible(cast.willow_head, TODAY).filter(pk=case.pk).exists()
        case = undo(case, cast.county_supervisor)
        assert not visible(cast.willow_head, TODAY).filter(pk=case.pk).exists()
        given = case.assignments.get()
        assert (given.ended_at, given.undone.event.kind) == (SOON, "assigned")

    def test_its_unit_had_no_hand_in_the_case(self, cast: Cast) -> None:
        case = assign(cast, case_at(Stage.ASSIGNMENT, cast))
        case = undo(case, cast.county_supervisor)
        case = steps.take(
            assign_case,
            case=case,
            post=Post.objects.get(unit=cast.department),
            due_on=TODAY + timedelta(days=14),
            by=cast.county_supervisor,
            at=SOON,
        )
        assert had_a_hand(cast.department_member, case, on=TODAY, parts=RECTIFIED)
        assert not had_a_hand(cast.willow_member, Case.objects.get(pk=case.pk), on=TODAY, parts=RECTIFIED)


class TestHandedInTogether:
    """Accepted, classified and assigned in one form: undone together."""

    def taken(self, cast: Cast, case: Case) -> Case:
        acts = [
            (screen_case, {"outcome": "accepted"}),
            (classify_case, {"item": item(3), "severity": 3, "object_name": "公示栏"}),
            (assign_case, {"post": head_post(cast.willow)}),
        ]
        return steps.take_in_order(acts, step="screen_case", case=case, by=cast.county_supervisor, at=LATER)

    def test_all_of_it_is_undone(self, cast: Cast) -> None:
        case = case_at(Stage.SCREENING, cast)
        before = standing(case)
        case = undo(self.taken(cast, case), cast.county_supervisor)
        assert standing(case) == before
        assert set(Undone.objects.values_list("event__kind", flat=True)) == {"accepted", "classified", "assigned"}
        assert {one.undoing for one in Undone.objects.all()} == {last_event(case)}
        assert [flaw for flaw in verify_history() if flaw] == []

    def test_and_may_be_handed_in_again(self, cast: Cast) -> None:
        case = undo(self.taken(cast, case_at(Stage.SCREENING, cast)), cast.county_supervisor)
        assert self.taken(cast, case).stage == Stage.PLANNING
        assert list(Screening.objects.order_by("attempt").values_list("attempt", flat=True)) == [1, 2]
        assert case.assignments.filter(ended_at=None).count() == 1


class TestRefused:
    @pytest.fixture
    def case(self, cast: Cast) -> Case:
        return assign(cast, case_at(Stage.ASSIGNMENT, cast))

    def refused(self, case: Case, by: Person, kind: type[Refusal], **given: Any) -> str:
        before = standing(case)
        with pytest.raises(kind) as refusal:
            undo(case, by, **given)
        assert standing(case) == before
        assert not Undone.objects.exists()
        return refusal.value.code

    @pytest.mark.parametrize(
        "who",
        ["city_supervisor", "town_reviewer", "willow_head", "inspector", "administrator", "outsider_county"],
    )
    def test_the_wrong_person(self, who: str, case: Case, cast: Cast) -> None:
        assert self.refused(case, getattr(cast, who), NotAllowed) == "not_your_step"

    def test_who_did_it_but_holds_the_post_no_longer(self, case: Case, cast: Cast) -> None:
        Term.objects.filter(person=cast.county_supervisor).update(valid_until=TODAY - timedelta(days=1))
        by = Person.objects.get(pk=cast.county_supervisor.pk)
        assert self.refused(case, by, NotAllowed) == "not_your_case"

    def test_ten_minutes_later(self, case: Case, cast: Cast) -> None:
        for minutes in (10, 11, 60 * 24):
            at = LATER + timedelta(minutes=minutes)
            assert self.refused(case, cast.county_supervisor, Conflict, at=at) == "too_late"
        assert undo(case, cast.county_supervisor, LATER + timedelta(minutes=9, seconds=59)).stage == Stage.ASSIGNMENT

    def test_somebody_was_told_of_it(self, case: Case, cast: Cast) -> None:
        CaseEvent.objects.filter(pk=last_event(case).pk).update(announced_at=SOON)
        assert self.refused(case, cast.county_supervisor, Conflict) == "too_late"

    def test_the_village_has_acted_on_it(self, case: Case, cast: Cast) -> None:
        event = last_event(case)
        planned(cast, case)
        with pytest.raises(Conflict) as refusal:
            undo(case, cast.county_supervisor, event=event)
        assert refusal.value.code == "acted_on"
        assert "willow_head" in str(refusal.value)

    def test_who_did_it_has_done_something_else_since(self, case: Case, cast: Cast) -> None:
        event = last_event(case)
        case = steps.take(pause_case, case=case, reason="等待鉴定", by=cast.county_supervisor, at=SOON)
        assert self.refused(case, cast.county_supervisor, Conflict, event=event) == "acted_on"

    def test_the_case_went_along_with_its_unit_meanwhile(self, case: Case, cast: Cast) -> None:
        event = last_event(case)
        retire_unit(unit=cast.willow, successor=cast.poplar, moves_cases=True, by=cast.administrator, at=SOON)
        assert self.refused(Case.objects.get(pk=case.pk), cast.county_supervisor, Conflict, event=event) == "acted_on"

    def test_a_comment_is_no_step(self, case: Case, cast: Cast) -> None:

        event = last_event(case)
        write_comment(case=case, words="收到,明天去看。", by=cast.willow_head, at=SOON, key=uuid4())
        assert undo(case, cast.county_supervisor, event=event).stage == Stage.ASSIGNMENT

    def test_undone_twice(self, case: Case, cast: Cast) -> None:
        event = last_event(case)
        case = undo(case, cast.county_supervisor)
        for _ in range(9):
            with pytest.raises(Conflict) as refusal:
                undo(case, cast.county_supervisor, event=event)
            assert refusal.value.code == "undone_already"
        assert Undone.objects.count() == 1

    def test_the_undoing_itself_and_every_other_kind_of_event(self, case: Case, cast: Cast) -> None:
        case = undo(case, cast.county_supervisor)
        with pytest.raises(Invalid) as refusal:
            undo(case, cast.county_supervisor)
        assert refusal.value.code == "not_undoable"

    def test_a_case_that_was_only_classified(self, cast: Cast) -> None:
        case = case_at(Stage.ASSIGNMENT, cast)
        case = steps.take(classify_case, case=case, item=item(3), severity=3, by=cast.county_supervisor, at=LATER)
        assert self.refused(case, cast.county_supervisor, Invalid) == "not_undoable"

    def test_a_step_of_another_case(self, case: Case, cast: Cast) -> None:
        other = case_at(Stage.ASSIGNMENT, cast)
        assert self.refused(case, cast.county_supervisor, Invalid, event=last_event(other)) == "step_elsewhere"
