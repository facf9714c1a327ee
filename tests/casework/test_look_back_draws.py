"""Who is drawn for a look-back, who never is, and who reads the name."""

from datetime import timedelta

import pytest
from django.test import Client

from casework.errors import Invalid
from casework.escalation.sweeping import sweep
from casework.models import Case, CaseEvent, LookBack, Person, Term
from casework.models.case_event import EventKind
from casework.models.look_back import LookBackState
from casework.rights.roles import inspectors_shown_to
from casework.stages import Light, Role
from casework.watch.look_back_clock import Draw, drawn
from casework.working_time.deadlines import add_working_days, midnight
from flows import look_back as flow
from flows.models import CaseTask
from notifications.announcing import announce
from tests.casework.look_backs import look, opened, opens, watched
from tests.cast import Cast
from tests.factories import appoint, holder
from tests.walk import TODAY


@pytest.fixture
def case(cast: Cast) -> Case:
    return watched(cast)


@pytest.fixture
def first(case: Case) -> LookBack:
    return opened(case)


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
            appoint(person, Role.INSPECTOR, cast.county)
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
        appoint(holder(role, getattr(cast, post), "colleague"), Role.INSPECTOR, cast.county)
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
