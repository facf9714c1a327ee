"""What an inspector enters at a look-back, what becomes of the case, and that it stays as it was entered."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from casework.errors import Conflict, Invalid, NotAllowed, SeveralRefusals
from casework.escalation.sweeping import sweep
from casework.jobs.ledger_rows import COLUMNS, ledger_rows
from casework.lifecycle.extension import ask_extension, decide_extension
from casework.lifecycle.look_back import Seen
from casework.models import Case, Extension, LookBack, Term
from casework.models.look_back import LookBackKind, LookBackState
from casework.stages import Role, Stage, Watch
from flows import steps
from flows.models import CaseProcess, CaseTask
from tests.casework.look_backs import BACK, HELD, look, opened, opens, watched
from tests.cast import Cast
from tests.factories import appoint, holder
from tests.walk import NOW, TODAY, case_at


@pytest.fixture
def case(cast: Cast) -> Case:
    return watched(cast)


@pytest.fixture
def first(case: Case) -> LookBack:
    return opened(case)


class TestDoneStaysAsItWas:
    """Also for an administrator and a shell: the database refuses."""

    @pytest.mark.parametrize("state", ["done", "dropped"])
    @pytest.mark.parametrize("column", ["inspector", "outcome", "state", "passed_by", "words"])
    def test_a_finished_look_back_can_not_be_changed(self, state: str, column: str, first: LookBack) -> None:
        LookBack.objects.filter(pk=first.pk).update(state=state, outcome="held", done_at=NOW)
        value = {"inspector": None, "passed_by": [1], "state": "open"}.get(column, "back")
        with pytest.raises(DatabaseError), transaction.atomic():
            LookBack.objects.filter(pk=first.pk).update(**{column: value})

    def test_a_sweep_leaves_it_alone(self, first: LookBack, cast: Cast) -> None:
        look(first, cast.inspector)
        before = LookBack.objects.values().get(pk=first.pk)
        Term.objects.filter(person=cast.inspector).update(valid_until=TODAY)
        holder(Role.INSPECTOR, cast.county, "second")
        sweep(at=opens(first) + timedelta(days=2))
        assert LookBack.objects.values().get(pk=first.pk) == before

    def test_a_decided_extension_can_not_be_changed(self, cast: Cast) -> None:
        case = case_at(Stage.RECTIFICATION, cast)
        words = {"due_on": TODAY + timedelta(days=40), "reason": "雨", "progress": "备料"}
        steps.take(ask_extension, case=case, by=cast.willow_head, at=NOW, **words)
        steps.take(decide_extension, case=case, by=cast.town_reviewer, at=NOW, grant=True)
        with pytest.raises(DatabaseError), transaction.atomic():
            Extension.objects.update(granted=False)


class TestResults:
    def test_two_that_hold_archive_the_case(self, first: LookBack, cast: Cast) -> None:
        assert look(first, cast.inspector) is None
        case = Case.objects.get(pk=first.case_id)
        assert case.watch == Watch.WATCHED
        assert CaseProcess.objects.get(pk=first.process_id).status == "DONE"
        second = case.look_backs.get(state=LookBackState.PLANNED)
        sweep(at=opens(second))
        second.refresh_from_db()
        with pytest.raises(Invalid) as refusal:
            look(second, cast.inspector)
        assert refusal.value.code == "photo_used"
        look(second, cast.inspector, colour=90)
        case.refresh_from_db()
        assert (case.watch, case.stage, case.closed_on) == (Watch.ARCHIVED, Stage.CLOSED, TODAY)

    def test_one_that_is_back_becomes_a_case_with_a_candidate(self, first: LookBack, cast: Cast) -> None:
        again = look(first, cast.inspector, BACK)
        assert again is not None
        assert (again.stage, again.source, again.village) == (Stage.SCREENING, "look_back", cast.willow)
        assert again.candidates.get().earlier == first.case
        assert again.evidence.get().kind == "before"
        assert CaseTask.objects.get(process=again.process, finished=None).flow_task.name == "screening"
        first.refresh_from_db()
        case = first.case
        assert (case.watch, case.closed_on, first.led_to) == (Watch.FAILED, TODAY, again)
        assert set(case.look_backs.values_list("state", flat=True)) == {LookBackState.DONE, LookBackState.DROPPED}

    def test_closed_on_paper_only_is_counted_on_its_own(self, first: LookBack, cast: Cast) -> None:
        seen = Seen(outcome="back", words="从未整改", is_paper_only=True, why_no_position="无信号")
        look(first, cast.inspector, seen)
        assert LookBack.objects.filter(is_paper_only=True).get() == first

    def test_what_stays_fixed_was_not_closed_on_paper_only(self, first: LookBack, cast: Cast) -> None:
        look(first, cast.inspector, replace(HELD, is_paper_only=True))
        assert not LookBack.objects.filter(is_paper_only=True).exists()

    @pytest.mark.parametrize("state", [LookBackState.PLANNED, LookBackState.OPEN])
    @pytest.mark.parametrize(
        ("kind", "watch"), [(LookBackKind.REVERSE, Watch.ARCHIVED), (LookBackKind.AGAIN, Watch.WATCHED)]
    )
    def test_a_reverse_check_to_come_does_not_keep_it_from_the_archive(
        self, kind: str, watch: str, state: str, first: LookBack, cast: Cast
    ) -> None:
        first.case.look_backs.exclude(pk=first.pk).update(kind=kind, state=state)
        look(first, cast.inspector)
        assert Case.objects.get(pk=first.case_id).watch == watch

    def test_a_partial_result_is_looked_at_again(self, first: LookBack, cast: Cast) -> None:
        look(first, cast.inspector, Seen(outcome="partly", words="内容只更新了一半", why_no_position="无信号"))
        again = first.case.look_backs.get(kind=LookBackKind.AGAIN)
        assert again.opens_on >= first.opens_on + timedelta(days=30)

    @pytest.mark.parametrize(
        ("words", "photos", "field"),
        [
            ({"outcome": ""}, 1, "outcome"),
            ({"words": " "}, 1, "words"),
            ({}, 0, "photos"),
            ({"latitude": None, "longitude": None}, 1, "why_no_position"),
            ({"latitude": 0.0, "longitude": 0.0}, 1, "why_no_position"),
        ],
    )
    def test_what_is_incomplete_is_refused_and_nothing_is_written(
        self, words: dict[str, Any], photos: int, field: str, first: LookBack, cast: Cast
    ) -> None:
        said = {"outcome": "held", "words": "完好", "latitude": 33.1, "longitude": 113.9, **words}
        with pytest.raises((Invalid, SeveralRefusals)) as refusal:
            look(first, cast.inspector, Seen(**said), photos=photos)
        assert refusal.value.field == field
        first.refresh_from_db()
        assert (first.state, first.case.evidence.filter(kind="look_back").count()) == (LookBackState.OPEN, 0)

    def test_not_by_the_reviewer_of_the_closure(self, first: LookBack, cast: Cast) -> None:
        appoint(cast.county_supervisor, Role.INSPECTOR, cast.county)
        LookBack.objects.filter(pk=first.pk).update(inspector=cast.county_supervisor)
        first.refresh_from_db()
        with pytest.raises(NotAllowed) as refusal:
            look(first, cast.county_supervisor)
        assert refusal.value.code == "own_closure"

    def test_not_by_another_inspector_and_not_twice(self, first: LookBack, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            look(first, holder(Role.INSPECTOR, cast.city, "second"))
        look(first, cast.inspector)
        with pytest.raises(Conflict):
            look(first, cast.inspector)

    def test_not_before_it_opens(self, case: Case, cast: Cast) -> None:
        with pytest.raises(Conflict):
            look(case.look_backs.order_by("opens_on")[0], cast.inspector)


class TestInTheLedger:
    def row(self, case: Case) -> dict[str, Any]:
        (cells,) = ledger_rows(Case.objects.filter(pk=case.pk))
        return dict(zip([name for name, _width in COLUMNS][1:], cells, strict=True))

    def test_the_day_and_the_result_of_the_last_finished_look_back_stand_in_the_row(
        self, first: LookBack, case: Case, cast: Cast
    ) -> None:
        with translation.override("zh-hans"):
            assert (self.row(case)["回头看日期"], self.row(case)["回头看结果"]) == (None, "")
            look(first, first.inspector)
            assert (self.row(case)["回头看日期"], self.row(case)["回头看结果"]) == (first.opens_on, "保持整改")
            second = case.look_backs.order_by("opens_on")[1]
            sweep(at=opens(second))
            second.refresh_from_db()
            assert self.row(case)["回头看日期"] == first.opens_on  # open is not done
            look(second, second.inspector, BACK, colour=90)
            assert self.row(case)["回头看日期"] == second.opens_on
            assert self.row(case)["回头看结果"] != "保持整改"
