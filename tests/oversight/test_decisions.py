"""Decisions in six steps: what each needs, the quorum and majority of the votes, and what is missing or too early."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from casework.errors import Refusal
from casework.models import Unit
from oversight.decisions.deciding import Taken, correct_step, effective_steps, open_decision, take_step, withdraw_step
from oversight.decisions.judging import decision_gaps, faults_of, has_majority, has_quorum, needed_present
from oversight.decisions.records import Decision, DecisionStep, MeetingForm, StepKind
from oversight.duty.minutes import Held, enter_minutes
from oversight.duty.records import GapKind, Minutes, MinutesKind
from oversight.mechanisms.queries import Span
from tests.cast import Cast
from tests.walk import NOW, TODAY

FIRST = date(2026, 2, 2)


def opened(cast: Cast, matter: str = "鱼塘承包") -> Decision:
    return open_decision(village=cast.willow, matter=matter, by=cast.willow_head, at=NOW)


def taken(kind: int, day: date | None = None, **changed: Any) -> Taken:
    values: dict[str, Any] = {"kind": kind, "held_on": day or FIRST + timedelta(days=kind), "words": "同意"}
    if kind in (3, 4):
        values |= {"due": 30, "present": 20, "in_favour": 11}
    if kind == 4:
        values["form"] = MeetingForm.REPRESENTATIVES
    if kind > 4:
        values["place"] = "东墙"
    return Taken(**{**values, **changed})


def take(cast: Cast, decision: Decision, *kinds: int, **changed: Any) -> list[DecisionStep]:
    by = {"by": cast.willow_head, "at": NOW}
    return [take_step(decision=decision, taken=taken(kind, **changed), **by) for kind in kinds]


def faults(decision: Decision, on: date = TODAY) -> list[tuple[GapKind, int]]:
    steps = list(effective_steps().filter(decision=decision).order_by("kind"))
    return [(one.kind, one.step) for one in faults_of(steps, on=on)]


def code_of(verb: Any, *args: Any, **given: Any) -> str:
    with pytest.raises(Refusal) as refused:
        verb(*args, **given)
    return refused.value.code


class TestFaults:
    def test_six_steps_in_their_order_have_none(self, cast: Cast) -> None:
        decision = opened(cast)
        take(cast, decision, 1, 2, 3, 4, 5, 6)
        assert faults(decision) == []

    def test_one_that_is_skipped_is_missing_and_what_is_still_to_come_is_not(self, cast: Cast) -> None:
        decision = opened(cast)
        take(cast, decision, 1, 2)
        assert faults(decision) == []
        take(cast, decision, 4)
        assert faults(decision, FIRST + timedelta(days=5)) == [(GapKind.STEP_MISSING, 3)]

    def test_one_before_an_earlier_step_is_too_early(self, cast: Cast) -> None:
        decision = opened(cast)
        take(cast, decision, 1, 2)
        take(cast, decision, 3, day=FIRST)
        assert faults(decision) == [(GapKind.STEP_EARLY, 3)]

    def test_steps_of_one_day_are_in_order(self, cast: Cast) -> None:
        decision = opened(cast)
        take(cast, decision, 1, 2, 3, day=FIRST)
        assert faults(decision) == []

    def test_a_decision_that_is_not_published_for_long(self, cast: Cast) -> None:
        decision = opened(cast)
        take(cast, decision, 1, 2, 3, 4)
        voted = FIRST + timedelta(days=4)
        assert faults(decision, voted + timedelta(days=10)) == []
        assert faults(decision, voted + timedelta(days=11)) == [(GapKind.STEP_MISSING, 5)]

    @pytest.mark.parametrize(
        ("kind", "counts", "expected"),
        [
            (3, (30, 20, 11), []),
            (3, (30, 19, 11), [GapKind.NO_QUORUM]),
            (3, (31, 20, 11), [GapKind.NO_QUORUM]),
            (3, (30, 20, 10), [GapKind.NO_MAJORITY]),
            (4, (30, 19, 9), [GapKind.NO_QUORUM, GapKind.NO_MAJORITY]),
        ],
    )
    def test_quorum_and_majority(
        self, kind: int, counts: tuple[int, int, int], expected: list[GapKind], cast: Cast
    ) -> None:
        decision = opened(cast)
        due, present, in_favour = counts
        take(cast, decision, *range(1, kind))
        take(cast, decision, kind, due=due, present=present, in_favour=in_favour)
        assert [one for one, step in faults(decision, FIRST + timedelta(days=6)) if step == kind] == expected

    def test_of_all_villagers_more_than_half_must_be_there(self, cast: Cast) -> None:
        decision = opened(cast)
        (step,) = take(cast, decision, 4, form=MeetingForm.VILLAGERS, due=400, present=200, in_favour=150)
        assert (needed_present(step), has_quorum(step), has_majority(step)) == (201, False, True)
        (first,) = take(cast, decision, 1)
        assert (has_quorum(first), has_majority(first)) == (None, None)

    def test_they_are_found_in_the_villages_of_an_area(self, cast: Cast, django_assert_num_queries: Any) -> None:
        for matter in ("鱼塘承包", "道路硬化"):
            take(cast, opened(cast, matter), 1, 3)
            villages = Unit.objects.filter(cast.county.subtree(), level="village")
            with django_assert_num_queries(2):
                found = decision_gaps(villages, Span(FIRST, TODAY), on=TODAY)
        assert [(one.matter, one.kind) for one in found] == [
            ("鱼塘承包", GapKind.STEP_MISSING),
            ("道路硬化", GapKind.STEP_MISSING),
        ]
        assert decision_gaps(villages, Span(TODAY, TODAY), on=TODAY) == []
        assert decision_gaps(Unit.objects.filter(pk=cast.poplar.pk), Span(FIRST, TODAY), on=TODAY) == []


class TestMinutesServe:
    def minutes(self, cast: Cast, village: Unit | None = None) -> Minutes:
        held = Held(MinutesKind.MAJOR_MATTER, FIRST, [cast.willow_head.pk], "鱼塘承包", "表决通过")
        return enter_minutes(village=village or cast.willow, held=held, by=cast.willow_head, at=NOW)

    def test_day_and_words_are_not_asked_for_again(self, cast: Cast) -> None:
        decision, minutes = opened(cast), self.minutes(cast)
        step = take_step(
            decision=decision,
            taken=Taken(kind=3, due=30, present=25, in_favour=20, minutes=minutes),
            by=cast.willow_head,
            at=NOW,
        )
        assert (step.held_on, step.minutes) == (FIRST, minutes)

    def test_those_of_another_village_do_not(self, cast: Cast) -> None:
        decision = open_decision(village=cast.poplar, matter="x", by=cast.poplar_head, at=NOW)
        given = {"taken": Taken(kind=1, minutes=self.minutes(cast)), "by": cast.poplar_head, "at": NOW}
        assert code_of(take_step, decision=decision, **given) == "other_minutes"


class TestEntering:
    @pytest.mark.parametrize(
        ("kind", "changed", "code"),
        [
            (3, {"present": 31}, "more_present"),
            (3, {"in_favour": 21}, "more_in_favour"),
            (3, {"due": None}, "count_missing"),
            (1, {"due": 0}, "nobody_due"),
            (3, {"due": 10**9}, "count_odd"),
            (4, {"form": ""}, "form_missing"),
            (5, {"place": " "}, "place_missing"),
            (1, {"words": ""}, "nothing_shown"),
            (1, {"day": TODAY + timedelta(1)}, "day_ahead"),
            (7, {}, "kind_unknown"),
        ],
    )
    def test_what_is_refused(self, kind: int, changed: dict[str, Any], code: str, cast: Cast) -> None:
        assert code_of(take, cast, opened(cast), kind, **changed) == code
        assert not DecisionStep.objects.exists()

    def test_a_step_is_entered_once_corrected_and_entered_anew_after_it_was_taken_back(self, cast: Cast) -> None:
        decision, by = opened(cast), {"by": cast.willow_head, "at": NOW}
        (step,) = take(cast, decision, 1)
        assert code_of(take, cast, decision, 1) == "entered_already"
        later = correct_step(step=step, taken=taken(1, words="改"), reason="写错", **by)
        assert code_of(correct_step, step=later, taken=taken(2), reason="x", **by) == "other_step"
        withdraw_step(step=later, reason="未开会", **by)
        assert faults(decision) == [] and not effective_steps().exists()
        take(cast, decision, 1)
        assert effective_steps().get().replaces is not None

    def test_the_village_and_its_town_enter_and_nobody_else(self, cast: Cast) -> None:
        decision = opened(cast)
        acts = {"decision": decision, "at": NOW}
        assert take_step(**acts, taken=taken(1), by=cast.town_reviewer).from_paper
        for person in (cast.poplar_head, cast.county_supervisor, cast.outsider_town):
            assert code_of(take_step, **acts, taken=taken(2), by=person) == "not_your_village"

    def test_the_same_matter_is_one_decision(self, cast: Cast) -> None:
        opened(cast)
        assert code_of(opened, cast) == "entered_already"
        assert code_of(opened, cast, " ") == "words_missing"

    def test_the_database_keeps_steps_and_their_counts(self, cast: Cast) -> None:
        (step,) = take(cast, opened(cast), 3)
        for change in (
            lambda: DecisionStep.objects.filter(pk=step.pk).update(present=30),
            lambda: DecisionStep.objects.create(
                decision=step.decision,
                kind=StepKind.PROPOSAL,
                held_on=FIRST,
                due=1,
                present=2,
                by=cast.willow_head,
                at=NOW,
            ),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
