"""More time, a pause, another county, another post, a way out."""

from datetime import timedelta

import pytest

from casework.errors import Conflict, Invalid, NotAllowed, Refusal
from casework.lifecycle.assignment import reassign_case, transfer_case
from casework.lifecycle.exit import refer_case, withdraw_case
from casework.lifecycle.extension import ask_extension, decide_extension
from casework.lifecycle.pausing import pause_case, resume_case
from casework.stages import Light, Stage
from flows import steps
from tests.casework.test_verbs import words_of
from tests.cast import Cast
from tests.walk import (
    NOW,
    TODAY,
    case_at,
    closed,
    head_post,
    reported,
    screened,
)


class TestExtension:
    def test_asked_in_time_it_moves_the_deadline_and_the_light(self, cast: Cast) -> None:
        case = case_at(Stage.RECTIFICATION, cast)
        case = steps.take(
            ask_extension, case=case, by=cast.willow_head, at=NOW, **words_of("ask_extension", case, cast)
        )
        for wrong in (cast.willow_head, cast.county_supervisor):
            with pytest.raises(NotAllowed):
                steps.take(decide_extension, case=case, by=wrong, at=NOW, grant=True)
        case = steps.take(decide_extension, case=case, by=cast.town_reviewer, at=NOW, grant=True)
        assert (case.due_on, case.light) == (TODAY + timedelta(days=42), Light.NONE)

    def test_asked_late_it_moves_the_deadline_and_leaves_the_light(self, cast: Cast) -> None:
        case = case_at(Stage.RECTIFICATION, cast)
        late = NOW + timedelta(days=18)
        words = words_of("ask_extension", case, cast)
        case = steps.take(ask_extension, case=case, by=cast.willow_head, at=late, **words)
        assert case.light == Light.YELLOW
        case = steps.take(decide_extension, case=case, by=cast.town_reviewer, at=late, grant=True)
        assert (case.due_on, case.light) == (TODAY + timedelta(days=42), Light.YELLOW)

    def test_a_second_one_waits_for_the_first(self, cast: Cast) -> None:
        case = case_at(Stage.RECTIFICATION, cast)
        words = words_of("ask_extension", case, cast)
        steps.take(ask_extension, case=case, by=cast.willow_head, at=NOW, **words)
        with pytest.raises(Conflict):
            steps.take(ask_extension, case=case, by=cast.willow_member, at=NOW, **words)


class TestPause:
    def test_what_was_left_is_left_again(self, cast: Cast) -> None:
        from casework.working_time.deadlines import working_days_between

        case = case_at(Stage.RECTIFICATION, cast)
        left = working_days_between(TODAY, case.due_on)
        steps.take(pause_case, case=case, by=cast.county_supervisor, at=NOW, reason="等待鉴定")
        later = NOW + timedelta(days=15)
        case = steps.take(resume_case, case=case, by=cast.county_supervisor, at=later)
        assert working_days_between(later.date(), case.due_on) == left
        pause = case.pauses.get()
        assert (pause.begins_on, pause.ends_on) == (TODAY, later.date())
        with pytest.raises(Refusal):
            steps.take(resume_case, case=case, by=cast.county_supervisor, at=later)


class TestBesideThePath:
    def test_a_transfer_moves_the_desk_to_the_other_county(self, cast: Cast) -> None:
        from casework.queries import waiting_for

        case = screened(cast, reported(cast))
        case = steps.take(
            transfer_case, case=case, by=cast.county_supervisor, at=NOW, **words_of("transfer_case", case, cast)
        )
        assert case.waits_at == cast.other_county
        assert list(waiting_for(cast.outsider_county, TODAY)) == [case]
        assert not waiting_for(cast.county_supervisor, TODAY).exists()

    def test_a_reassignment_ends_one_assignment_and_begins_the_next(self, cast: Cast) -> None:
        case = case_at(Stage.RECTIFICATION, cast)
        from casework.models import Post

        department = Post.objects.get(unit=cast.department)
        case = steps.take(
            reassign_case, case=case, by=cast.county_supervisor, at=NOW, post=department, reason="涉及土地"
        )
        assert case.responsible == cast.department
        assert [row.ended_at is None for row in case.assignments.order_by("pk")] == [False, True]
        with pytest.raises(Invalid):
            steps.take(
                reassign_case,
                case=case,
                by=cast.county_supervisor,
                at=NOW,
                post=head_post(cast.poplar),
                reason="别的村",
            )

    def test_a_withdrawn_case_ends_its_process_and_stays_readable(self, cast: Cast) -> None:
        from casework.queries import visible
        from flows.models import CaseProcess

        case = case_at(Stage.RECTIFICATION, cast)
        case = steps.take(withdraw_case, case=case, by=cast.county_supervisor, at=NOW, reason="误报")
        assert case.stage == Stage.WITHDRAWN
        assert CaseProcess.objects.get(pk=case.process_id).status == "CANCELED"
        assert visible(cast.willow_head, TODAY).filter(pk=case.pk).exists()

    def test_whose_hand_it_was_stays_known_when_the_case_leaves_the_office(self, cast: Cast) -> None:
        case = screened(cast, reported(cast))
        words = words_of("transfer_case", case, cast)
        case = steps.take(transfer_case, case=case, by=cast.county_supervisor, at=NOW, **words)
        words = words_of("refer_case", case, cast)
        steps.take(refer_case, case=case, by=cast.city_supervisor, at=NOW, **words)
        events = case.events.filter(kind__in=("transferred", "referred")).order_by("id")
        assert [(event.by_role, event.by_unit) for event in events] == [
            ("county_supervisor", cast.county),
            ("city_supervisor", cast.city),
        ]

    def test_only_an_office_lets_the_clock_run_again(self, cast: Cast) -> None:
        case = case_at(Stage.RECTIFICATION, cast)
        case = steps.take(pause_case, case=case, by=cast.county_supervisor, at=NOW, reason="汛期")
        for wrong in (cast.willow_head, cast.town_reviewer, cast.outsider_county, cast.inspector, cast.administrator):
            with pytest.raises(NotAllowed):
                steps.take(resume_case, case=case, by=wrong, at=NOW)
        assert steps.take(resume_case, case=case, by=cast.city_supervisor, at=NOW).paused_on is None

    def test_a_strike_off_says_whose_office_approved_it(self, cast: Cast) -> None:
        case = closed(cast, case_at(Stage.STRIKE_OFF, cast))
        assert case.closures.get().by_unit == cast.county
        event = case.events.get(kind="closed")
        assert (event.by_role, event.by_unit) == ("county_supervisor", cast.county)
