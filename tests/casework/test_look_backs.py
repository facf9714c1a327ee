"""A strike-off is watched: look-backs are planned, opened, drawn, chased and done."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import translation

from casework.errors import Conflict, Invalid, NotAllowed, SeveralRefusals
from casework.escalation.sweeping import sweep
from casework.jobs.ledger import COLUMNS, ledger_rows
from casework.lifecycle.extension import ask_extension, decide_extension
from casework.lifecycle.look_back import Seen
from casework.lifecycle.rescheduling import recompute_deadlines
from casework.models import (
    Case,
    CaseEvent,
    CatalogueItem,
    ConsolidationRule,
    Extension,
    LookBack,
    Person,
    Term,
)
from casework.models.case_event import EventKind
from casework.models.look_back import LookBackKind, LookBackState
from casework.offices.working_calendar import set_year
from casework.roles import inspectors_shown_to
from casework.stages import Light, Role, Stage, Watch
from casework.watch.consolidation import days_of, end_of_next_period, watch_closures
from casework.watch.look_back_clock import Draw, drawn
from casework.working_time.deadlines import add_working_days, midnight
from flows import look_back as flow
from flows import steps
from flows.models import CaseProcess, CaseTask
from notifications.announcing import announce
from tests.casework.test_working_calendar import NOTICE
from tests.casework.test_working_calendar import days as days_of_2027
from tests.cast import Cast
from tests.factories import appoint, holder
from tests.walk import NOW, TODAY, case_at, closed, photo, relapsed

HELD = Seen(outcome="held", words="雨棚完好,内容已更新", latitude=33.1, longitude=113.9)
BACK = Seen(outcome="back", words="村委会西侧明白墙又空了", latitude=33.1, longitude=113.9)


def struck_off(cast: Cast, item: str = "openness-badly-placed") -> Case:
    case = case_at(Stage.STRIKE_OFF, cast)
    Case.objects.filter(pk=case.pk).update(item=CatalogueItem.objects.get(code=item))
    return closed(cast, Case.objects.get(pk=case.pk))


@pytest.fixture
def case(cast: Cast) -> Case:
    case = struck_off(cast)
    watch_closures(at=NOW)
    return case


def opens(look_back: LookBack) -> datetime:
    return midnight(look_back.opens_on) + timedelta(hours=6)


@pytest.fixture
def first(case: Case, cast: Cast) -> LookBack:
    """The case's first look-back, open since this morning."""
    look_back = case.look_backs.order_by("opens_on")[0]
    sweep(at=opens(look_back))
    look_back.refresh_from_db()
    return look_back


def look(look_back: LookBack, by: Person, seen: Seen = HELD, *, photos: int = 1, colour: int = 70) -> Case | None:
    at = opens(look_back) + timedelta(hours=3)
    return flow.take(look_back=look_back, seen=seen, photos=[photo(colour + n) for n in range(photos)], by=by, at=at)


class TestPlans:
    def test_thirty_and_ninety_days_on_working_days(self, case: Case) -> None:
        case.refresh_from_db()
        assert case.watch == Watch.WATCHED
        planned = list(case.look_backs.filter(kind=LookBackKind.SCHEDULED).values_list("opens_on", flat=True))
        assert planned == [date(2026, 4, 1), date(2026, 6, 1)]  # 30 days; 90 days is a Sunday
        assert case.look_backs.first().due_on == add_working_days(planned[0], 10)

    def test_a_recurring_duty_also_after_its_next_period(self, cast: Cast) -> None:
        case = struck_off(cast, "committee-duty-missed")
        watch_closures(at=NOW)
        assert end_of_next_period(TODAY) == date(2026, 5, 10)
        assert case.look_backs.get(kind=LookBackKind.PERIOD).opens_on == date(2026, 5, 11)

    def test_every_relapse_doubles_the_days(self, case: Case, cast: Cast) -> None:
        again = relapsed(cast, Case.objects.get(pk=case.pk))
        assert days_of(again, [], on=TODAY) == [60, 180]

    def test_the_most_particular_rule_holds(self, case: Case) -> None:
        day = TODAY - timedelta(days=1)
        ConsolidationRule.objects.create(severity=case.severity, days=[20], valid_from=day)
        assert days_of(case, ConsolidationRule.objects.all(), on=TODAY) == [20]
        ConsolidationRule.objects.create(item=case.item, days=[10, 40], valid_from=day)
        assert days_of(case, ConsolidationRule.objects.all(), on=TODAY) == [10, 40]
        ConsolidationRule.objects.create(item=case.item, days=[5], valid_from=TODAY + timedelta(days=1))
        assert days_of(case, ConsolidationRule.objects.all(), on=TODAY) == [10, 40]

    def test_strike_offs_of_before_are_watched_from_now_on(self, cast: Cast) -> None:
        old, older = struck_off(cast), struck_off(cast)
        Case.objects.filter(pk=older.pk).update(stage=Stage.SCREENING, waits_at=cast.county)
        watch_closures(at=NOW + timedelta(days=45))
        assert [one.opens_on for one in old.look_backs.all()] == [date(2026, 6, 1)]
        Case.objects.filter(pk=older.pk).update(stage=Stage.CLOSED, waits_at=None)
        watch_closures(at=NOW + timedelta(days=400))
        older.refresh_from_db()
        assert (older.watch, older.look_backs.count()) == (Watch.ARCHIVED, 0)
        assert watch_closures(at=NOW + timedelta(days=400)) == 0


class TestDraws:
    def test_an_inspector_is_drawn_and_told_and_the_village_is_not(self, first: LookBack, cast: Cast) -> None:
        assert (first.state, first.inspector, first.drawn_from) == (
            LookBackState.OPEN,
            cast.inspector,
            [cast.inspector.pk],
        )
        task = CaseTask.objects.get(process=first.process, flow_task_type="HUMAN")
        assert (task.flow_task.name, task.finished) == ("check", None)
        announce(at=opens(first))
        told = CaseEvent.objects.get(case=first.case, kind=EventKind.LOOK_BACK_DRAWN).told_to.all()
        assert [message.person for message in told] == [cast.inspector]

    def test_whoever_had_a_hand_in_it_is_never_drawn(self, case: Case, cast: Cast) -> None:
        for person in (cast.county_supervisor, cast.town_reviewer, cast.willow_head):
            holder_of_two_posts(person, cast)
        look_back = case.look_backs.order_by("opens_on")[0]
        sweep(at=opens(look_back))
        look_back.refresh_from_db()
        assert look_back.drawn_from == [cast.inspector.pk]

    def test_the_draw_can_be_repeated(self, first: LookBack) -> None:
        assert drawn(first.drawn_from, first.seed, first.pk) == first.inspector_id
        pool, seed = list(range(100)), "s"
        assert len({drawn(pool, seed, key) for key in range(1000)}) > 90

    def test_with_nobody_to_draw_the_county_hears_of_it_once_and_it_is_tried_again(
        self, case: Case, cast: Cast
    ) -> None:
        Term.objects.filter(person=cast.inspector).update(valid_until=TODAY)
        look_back = case.look_backs.order_by("opens_on")[0]
        for days in range(3):
            sweep(at=opens(look_back) + timedelta(days=days))
        vacant = CaseEvent.objects.filter(case=case, kind=EventKind.LOOK_BACK_VACANT)
        assert vacant.count() == 1
        new = holder(Role.INSPECTOR, cast.county, "second")
        sweep(at=opens(look_back) + timedelta(days=3))
        look_back.refresh_from_db()
        assert look_back.inspector == new

    def test_given_back_it_goes_to_somebody_else(self, first: LookBack, cast: Cast) -> None:
        second = holder(Role.INSPECTOR, cast.county, "second")
        with pytest.raises(Invalid):
            flow.pass_on(look_back=first, reason=" ", by=cast.inspector, at=opens(first))
        flow.pass_on(look_back=first, reason="亲戚在该村任职", by=cast.inspector, at=opens(first))
        sweep(at=opens(first) + timedelta(minutes=1))
        first.refresh_from_db()
        assert (first.inspector, first.passed_by) == (second, [cast.inspector.pk])

    def test_whoever_gave_it_back_is_never_in_the_next_draw(self, first: LookBack, cast: Cast) -> None:
        others = {holder(Role.INSPECTOR, cast.county, name).pk for name in ("second", "third")}
        flow.pass_on(look_back=first, reason="亲戚", by=cast.inspector, at=opens(first))
        first.refresh_from_db()
        first.case = Case.objects.get(pk=first.case_id)
        assert Draw([first], on=first.opens_on, at=opens(first)).pool(first) == others

    def test_given_back_with_nobody_else_the_county_hears_of_it(self, first: LookBack, cast: Cast) -> None:
        flow.pass_on(look_back=first, reason="亲戚", by=cast.inspector, at=opens(first))
        for minutes in (1, 2):
            sweep(at=opens(first) + timedelta(minutes=minutes))
        assert CaseEvent.objects.filter(case=first.case, kind=EventKind.LOOK_BACK_VACANT).count() == 1

    def test_whoever_the_clock_takes_off_is_noted_and_kept_out(self, first: LookBack, cast: Cast) -> None:
        second = holder(Role.INSPECTOR, cast.county, "second")
        Term.objects.filter(person=cast.inspector).update(valid_until=first.opens_on)
        sweep(at=midnight(add_working_days(first.due_on, -3)) + timedelta(hours=6))
        first.refresh_from_db()
        assert (first.inspector, first.passed_by) == (second, [cast.inspector.pk])

    @pytest.mark.parametrize("post", ["town", "county"])
    def test_a_colleague_of_the_reviewers_is_not_drawn(self, post: str, case: Case, cast: Cast) -> None:
        """By post: whoever holds a desk where it was reviewed or struck off, without a name in the case."""
        role = Role.TOWN_REVIEWER if post == "town" else Role.COUNTY_SUPERVISOR
        holder_of_two_posts(holder(role, getattr(cast, post), "colleague"), cast)
        look_back = case.look_backs.order_by("opens_on")[0]
        sweep(at=opens(look_back))
        look_back.refresh_from_db()
        assert look_back.drawn_from == [cast.inspector.pk]

    def test_a_late_opening_leaves_the_days_to_check(self, case: Case) -> None:
        look_back = case.look_backs.order_by("opens_on")[0]
        late = opens(look_back) + timedelta(days=30)
        sweep(at=late)
        look_back.refresh_from_db()
        assert look_back.due_on == add_working_days(late.date(), 10)


class TestWhoWasDrawn:
    """Those whose work is checked are not told who was drawn; an office without a hand in it is, once it is long late."""

    def shown(self, look_back: LookBack, *people: Person) -> list[bool]:
        return [bool(inspectors_shown_to(person, [look_back], TODAY)) for person in people]

    def test_nobody_but_the_drawn_one_before_it_is_done(self, first: LookBack, cast: Cast) -> None:
        people = (cast.inspector, cast.county_supervisor, cast.city_supervisor)
        assert self.shown(first, *people) == [True, False, False]
        first.light = Light.YELLOW
        assert self.shown(first, *people) == [True, False, False]
        first.light = Light.RED
        assert self.shown(first, *people) == [True, False, True]
        look(LookBack.objects.get(pk=first.pk), cast.inspector)
        first.refresh_from_db()
        assert self.shown(first, *people, cast.willow_head) == [True] * 4

    @pytest.mark.parametrize("who", ["county_supervisor", "city_supervisor"])
    def test_no_page_says_it(self, who: str, first: LookBack, cast: Cast, client: Client) -> None:
        Person.objects.filter(pk=cast.inspector.pk).update(name="抽中之人")
        client.force_login(getattr(cast, who))
        for address in ("/look-backs", f"/look-backs/{first.pk}"):
            answer = client.get(address)
            assert answer.status_code == 200
            assert "抽中之人" not in answer.content.decode(), address
        watched = client.get(f"/cases/{first.case.number}").context["look_backs"]
        assert [one.names_inspector for one in watched if one.pk == first.pk] == [False]


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


def holder_of_two_posts(person: Person, cast: Cast) -> None:
    appoint(person, Role.INSPECTOR, cast.county)


@pytest.mark.parametrize(
    ("days", "kind", "light"),
    [
        (-3, EventKind.LOOK_BACK_NEAR, Light.BLUE),
        (1, EventKind.LOOK_BACK_LATE, Light.YELLOW),
        (5, EventKind.LOOK_BACK_OVERDUE, Light.RED),
    ],
)
def test_what_is_late_is_told_once(days: int, kind: str, light: str, first: LookBack) -> None:
    at = midnight(add_working_days(first.due_on, days)) + timedelta(hours=6)
    for _ in range(2):
        flow.sweep(at=at)
    first.refresh_from_db()
    assert first.light == light
    assert CaseEvent.objects.filter(case=first.case, kind=kind).count() == 1
    assert CaseEvent.objects.filter(case=first.case, kind__startswith="look_back").count() == 2


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
        holder_of_two_posts(cast.county_supervisor, cast)
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


def test_a_batch_asks_a_fixed_number_of_questions(
    cast: Cast, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for _ in range(6):
        case_at(Stage.CLOSED, cast)
    watch_closures(at=NOW)
    at = midnight(date(2026, 4, 1)) + timedelta(hours=6)
    with django_assert_max_num_queries(40):
        assert flow.sweep(at=at) == 6
    assert flow.sweep(at=at) == 0


def test_a_look_backs_last_day_moves_when_it_turns_out_to_be_a_day_off(case: Case, cast: Cast) -> None:
    row = case.look_backs.order_by("opens_on")[0]
    LookBack.objects.filter(pk=row.pk).update(due_on=date(2027, 1, 4))
    off = (date(2027, 1, 1), date(2027, 1, 4))
    set_year(year=2027, days=days_of_2027(off=off), source=NOTICE, by=cast.city_supervisor, at=NOW)
    recompute_deadlines(at=NOW)
    row.refresh_from_db()
    assert (row.due_on, row.history.latest().history_step) == (date(2027, 1, 5), "recompute_deadlines")


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
