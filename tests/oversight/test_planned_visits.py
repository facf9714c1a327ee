"""An inspector's visit before it is made: planned, read by those who may know of it, called off."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from casework.errors import Conflict, Invalid, NotAllowed, Refusal
from casework.models import Unit
from casework.stages import Role
from oversight.models import VillageVisit, VisitState
from oversight.visits.making import arrive
from oversight.visits.planning import call_off_visit, plan_visits
from oversight.visits.queries import to_make
from oversight.visits.rights import visits_seen_by, visits_shown_on_village
from tests.cast import Cast
from tests.factories import appoint, holder
from tests.oversight.visiting import codes, planned_visit
from tests.walk import NOW, TODAY


class TestPlanning:
    def test_it_waits_for_its_inspector_and_nobody_in_the_village_reads_it(self, cast: Cast) -> None:
        later = planned_visit(cast, due_by=TODAY + timedelta(9))
        first = planned_visit(cast, village=cast.elm, due_by=TODAY + timedelta(2))
        assert list(to_make(cast.inspector, TODAY)) == [first, later]
        assert (first.office, first.county, first.checklist.number) == (cast.county, cast.county, 1)
        for reader in (cast.county_supervisor, cast.city_supervisor, cast.inspector):
            assert set(visits_seen_by(reader, TODAY)) == {first, later}
        for other in (cast.willow_head, cast.town_reviewer, cast.outsider_county, cast.volunteer):
            assert not visits_seen_by(other, TODAY).exists()
            assert not visits_shown_on_village(other, cast.willow, TODAY).exists()

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"due_by": TODAY - timedelta(1)}, "day_past"),
            ({"due_by": TODAY + timedelta(400)}, "day_far"),
            ({"kind": "party"}, "kind_unknown"),
        ],
    )
    def test_what_cannot_be_planned_is_refused(self, changed: dict[str, Any], code: str, cast: Cast) -> None:
        with pytest.raises(Refusal) as refused:
            planned_visit(cast, **changed)
        assert codes(refused) == [code]
        assert not VillageVisit.objects.exists()

    def test_today_is_no_past_day(self, cast: Cast) -> None:
        assert planned_visit(cast, due_by=TODAY).due_by == TODAY

    @pytest.mark.parametrize(
        "who", ["outsider_county", "town_reviewer", "willow_head", "inspector", "volunteer", "administrator"]
    )
    def test_only_the_office_over_the_village_plans(self, who: str, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            planned_visit(cast, by=getattr(cast, who))

    def test_an_office_whose_person_sits_in_the_village_does_not_plan_there(self, cast: Cast) -> None:
        appoint(cast.county_supervisor, Role.TOWN_REVIEWER, cast.town)
        with pytest.raises(NotAllowed):
            planned_visit(cast)
        appoint(cast.city_supervisor, Role.COMMITTEE_MEMBER, cast.elm)
        assert planned_visit(cast, by=cast.city_supervisor)

    @pytest.mark.parametrize(("role", "place"), [(Role.COMMITTEE_MEMBER, "willow"), (Role.TOWN_REVIEWER, "town")])
    def test_nobody_inspects_their_own_village_or_town(self, role: Role, place: str, cast: Cast) -> None:
        appoint(cast.inspector, role, getattr(cast, place), until=TODAY - timedelta(200))
        with pytest.raises(Refusal) as refused:
            planned_visit(cast)
        assert codes(refused) == ["own_village"]
        assert planned_visit(cast, village=cast.elm)

    def test_a_seat_that_ended_long_ago_is_no_hand(self, cast: Cast) -> None:
        appoint(cast.inspector, Role.COMMITTEE_MEMBER, cast.willow, until=TODAY - timedelta(366))
        assert planned_visit(cast)

    def test_an_inspector_of_the_other_county_does_not_go(self, cast: Cast) -> None:
        stranger = holder(Role.INSPECTOR, cast.other_county, "stranger")
        for person in (stranger, cast.willow_head):
            with pytest.raises(Refusal) as refused:
                planned_visit(cast, inspector=person)
            assert set(codes(refused)) <= {"no_inspector", "own_village"}

    def test_the_same_form_twice_is_one_visit_and_other_words_are_a_conflict(self, cast: Cast) -> None:
        key = uuid4()
        first = planned_visit(cast, key=key)
        assert planned_visit(cast, key=key) == first
        with pytest.raises(Conflict):
            planned_visit(cast, key=key, village=cast.elm)
        assert VillageVisit.objects.count() == 1

    def test_a_draw_is_planned_as_a_whole_and_once(self, cast: Cast) -> None:
        def plan(*villages: Unit, draw: str = "draw 7") -> int:
            """How many queries it takes."""
            with CaptureQueriesContext(connection) as captured:
                plan_visits(
                    places=[(village, cast.inspector) for village in villages],
                    due_by=TODAY + timedelta(14),
                    kind="spot_check",
                    draw_key=draw,
                    by=cast.county_supervisor,
                    at=NOW,
                )
            return len(captured)

        planned_visit(cast)  # the city has its checklist
        plan(cast.willow, draw="draw 5")  # what is known of people is known now
        assert plan(cast.willow, draw="draw 6") == plan(cast.willow, cast.poplar, cast.elm)
        with pytest.raises(Conflict):
            plan(cast.elm)
        with pytest.raises(NotAllowed):
            plan(cast.reed)
        assert VillageVisit.objects.filter(draw_key="draw 7").count() == 3


class TestCallingOff:
    def test_stays_with_its_reason_and_waits_for_nobody(self, cast: Cast) -> None:
        visit = planned_visit(cast)
        call_off_visit(visit=visit, reason="村里发大水", by=cast.county_supervisor, at=NOW)
        visit.refresh_from_db()
        assert (visit.state, visit.reason) == (VisitState.CALLED_OFF, "村里发大水")
        assert not to_make(cast.inspector, TODAY).exists()
        with pytest.raises(Conflict):
            arrive(visit=visit, by=cast.inspector, at=NOW)
        with pytest.raises(DatabaseError), transaction.atomic():
            VillageVisit.objects.update(state="planned")

    def test_not_by_others_nor_without_a_reason_nor_once_somebody_is_there(self, cast: Cast) -> None:
        visit = planned_visit(cast)
        for who in (cast.inspector, cast.outsider_county):
            with pytest.raises(NotAllowed):
                call_off_visit(visit=visit, reason="x", by=who, at=NOW)
        with pytest.raises(Invalid):
            call_off_visit(visit=visit, reason=" ", by=cast.county_supervisor, at=NOW)
        arrive(visit=visit, by=cast.inspector, at=NOW)
        with pytest.raises(Conflict):
            call_off_visit(visit=visit, reason="x", by=cast.county_supervisor, at=NOW)
