"""A requirement at a unit: signed for, passed on, reminded of, and taken over when the unit ends."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casework.errors import Conflict, Invalid, NotAllowed
from casework.models import OfficeEvent, Responsibility, Unit
from casework.models.office_event import OfficeEventKind
from casework.models.unit import UnitLevel
from casework.stages import Role
from casework.working_time.deadlines import add_working_days, midnight
from oversight.models import Requirement, RequirementReceipt
from oversight.opinions.passing import pass_on, sign_requirement
from oversight.opinions.queries import Progress, opinion_progress
from oversight.opinions.reminding import remind_at, remind_of_requirements
from oversight.opinions.retirement import move_requirements
from oversight.opinions.tree import Standing, tree_of
from tests.cast import Cast
from tests.factories import appoint, holder, unit
from tests.oversight.desk import Desk, make_desk
from tests.oversight.way_down import hand_down, issue, row_of, sign, standings
from tests.walk import NOW, TODAY


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


class TestSigning:
    def test_by_a_person_of_that_unit(self, cast: Cast, desk: Desk) -> None:
        opinion = issue(desk, cast.county, cast.department)
        for who in (
            "outsider_county",
            "town_reviewer",
            "willow_head",
            "city_supervisor",
            "inspector",
            "department_member",
        ):
            with pytest.raises(NotAllowed):
                sign(opinion, cast.county, getattr(cast, who))
        sign(opinion, cast.county, desk.county_reporter)
        sign(opinion, cast.department, desk.department_reporter)

    def test_a_term_that_ended_signs_nothing(self, cast: Cast, desk: Desk) -> None:
        opinion, person = issue(desk, cast.county), holder(Role.INSPECTOR, cast.city, "gone")
        appoint(person, Role.COUNTY_SUPERVISOR, cast.county, until=TODAY - timedelta(1))
        with pytest.raises(NotAllowed):
            sign(opinion, cast.county, person)

    def test_once_and_whoever_was_first_is_named(self, cast: Cast, desk: Desk) -> None:
        opinion = issue(desk, cast.county)
        sign(opinion, cast.county, cast.county_supervisor)
        with pytest.raises(Conflict) as refused:
            sign(opinion, cast.county, desk.county_reporter)
        assert "某人" in str(refused.value)
        with pytest.raises(DatabaseError), transaction.atomic():
            RequirementReceipt.objects.update(name="x")

    @pytest.mark.parametrize("name", ["", "  ", "名" * 61])
    def test_with_a_name(self, name: str, cast: Cast, desk: Desk) -> None:
        row = row_of(issue(desk, cast.county), cast.county)
        with pytest.raises(Invalid) as refused:
            sign_requirement(requirement=row, name=name, by=cast.county_supervisor, at=NOW)
        assert refused.value.field == "name"


class TestPassingOn:
    def test_signed_for_first(self, cast: Cast, desk: Desk) -> None:
        row = row_of(issue(desk, cast.county), cast.county)
        with pytest.raises(Conflict) as refused:
            pass_on(requirement=row, units=[cast.town], by=cast.county_supervisor, at=NOW)
        assert refused.value.code == "not_signed"

    def test_to_units_one_level_below_and_to_none_twice(self, cast: Cast, desk: Desk) -> None:
        row = sign(issue(desk, cast.county), cast.county, cast.county_supervisor)
        given = {"requirement": row, "by": cast.county_supervisor, "at": NOW}
        for odd in (cast.willow, cast.reed.parent, cast.county, cast.department, cast.city):
            with pytest.raises(Invalid) as refused:
                pass_on(units=[cast.town, odd], **given)
            assert (refused.value.code, refused.value.field) == ("not_below", "units")
            assert odd.name in str(refused.value)
        with pytest.raises(Invalid):
            pass_on(units=[], **given)
        pass_on(units=[cast.town, cast.town], **given)
        with pytest.raises(Conflict) as twice:
            pass_on(units=[cast.town, cast.elm.parent], **given)
        assert "柳河镇" in str(twice.value) and "榆林镇" not in str(twice.value)
        pass_on(units=[cast.elm.parent], **given)
        assert row.passed_to.count() == 2

    def test_a_unit_that_is_no_longer_in_use_gets_nothing(self, cast: Cast, desk: Desk) -> None:
        row = sign(issue(desk, cast.county), cast.county, cast.county_supervisor)
        Unit.objects.filter(pk=cast.town.pk).update(is_active=False)
        with pytest.raises(Invalid):
            pass_on(requirement=row, units=[cast.town], by=cast.county_supervisor, at=NOW)

    def test_a_part_is_said_to_be_a_part(self, cast: Cast, desk: Desk) -> None:
        opinion = issue(desk, cast.county)
        row = sign(opinion, cast.county, cast.county_supervisor)
        pass_on(requirement=row, units=[cast.town], by=cast.county_supervisor, at=NOW)
        assert standings(opinion)["青禾区"] == (Standing.PARTLY, 0, 1)

    def test_where_another_county_answers_it_goes_by_that_one(self, cast: Cast, desk: Desk) -> None:
        Responsibility.objects.create(territory=cast.town, responsible=cast.other_county)
        opinion = issue(desk, cast.county, cast.other_county)
        row = sign(opinion, cast.county, cast.county_supervisor)
        with pytest.raises(Invalid):
            pass_on(requirement=row, units=[cast.town], by=cast.county_supervisor, at=NOW)
        pass_on(requirement=row, units=[cast.elm.parent], by=cast.county_supervisor, at=NOW)
        other = sign(opinion, cast.other_county, cast.outsider_county)
        pass_on(requirement=other, units=[cast.town, cast.reed.parent], by=cast.outsider_county, at=NOW)
        found = standings(opinion)
        assert found["青禾区"] == found["云溪县"] == (Standing.DONE, 0, 0)
        assert "柳河镇" in standings(opinion, under=cast.other_county)

    def test_as_many_statements_for_many_units_as_for_one(self, cast: Cast, desk: Desk) -> None:
        row = sign(issue(desk, cast.county), cast.county, cast.county_supervisor)
        counts = []
        for number in (1, 30):
            towns = [unit(UnitLevel.TOWN, cast.county) for _ in range(number)]
            with CaptureQueriesContext(connection) as captured:
                pass_on(requirement=row, units=towns, by=cast.county_supervisor, at=NOW)
            counts.append(len(captured))
        assert counts[0] == counts[1] <= 14

    def test_the_tree_takes_three_queries(self, cast: Cast, desk: Desk, django_assert_num_queries: Any) -> None:
        opinion = issue(desk, cast.county, cast.other_county)
        hand_down(cast, opinion)
        with django_assert_num_queries(3):
            tree_of(opinion, on=TODAY)


class TestReminding:
    def test_once_after_three_working_days(self, cast: Cast, desk: Desk) -> None:
        opinion = issue(desk, cast.county, cast.other_county)
        sign(opinion, cast.other_county, cast.outsider_county)  # and does not pass it on
        due = midnight(add_working_days(TODAY, 3) + timedelta(1))
        assert remind_of_requirements(at=due - timedelta(seconds=1)) == 0
        for at in (due, due + timedelta(days=1)):
            remind_of_requirements(at=at)
        told = OfficeEvent.objects.filter(kind=OfficeEventKind.REQUIREMENT_LATE)
        assert set(told.values_list("unit", flat=True)) == {cast.county.pk, cast.other_county.pk}
        assert told.count() == 2
        assert set(Requirement.objects.values_list("reminded_at", "remind_at")) == {(due, None)}

    def test_nobody_who_acted_in_time(self, cast: Cast, desk: Desk) -> None:
        opinion = issue(desk, cast.county)
        hand_down(cast, opinion)
        remind_of_requirements(at=NOW + timedelta(days=20))
        told = OfficeEvent.objects.filter(kind=OfficeEventKind.REQUIREMENT_LATE)
        assert set(told.values_list("unit", flat=True)) == {cast.elm.parent_id, cast.poplar.pk}

    def test_on_the_morning_of_the_deadline_and_never_today(self) -> None:
        assert remind_at(TODAY + timedelta(1), NOW) == midnight(TODAY + timedelta(1))
        assert remind_at(TODAY, NOW) == midnight(TODAY + timedelta(1))

    def test_of_a_unit_that_ended_whoever_passed_it_on_hears(self, cast: Cast, desk: Desk) -> None:
        opinion = issue(desk, cast.county)
        hand_down(cast, opinion)
        Unit.objects.filter(pk=cast.poplar.pk).update(is_active=False)
        remind_of_requirements(at=NOW + timedelta(days=20))
        told = OfficeEvent.objects.filter(kind=OfficeEventKind.REQUIREMENT_LATE)
        assert set(told.values_list("unit", "subject")) == {
            (cast.elm.parent_id, row_of(opinion, cast.elm.parent).pk),
            (cast.town.pk, row_of(opinion, cast.town).pk),
        }


class TestUnitsThatEnd:
    def test_what_was_open_goes_to_the_successor(self, cast: Cast, desk: Desk) -> None:
        opinion = issue(desk, cast.county)
        hand_down(cast, opinion)
        new = unit(UnitLevel.VILLAGE, cast.town, name="杨柳村")
        assert move_requirements(unit=cast.poplar, successor=new, by=cast.administrator, at=NOW) == 1
        assert row_of(opinion, new).parent == row_of(opinion, cast.town)
        with pytest.raises(Conflict):
            sign(opinion, cast.poplar, cast.poplar_head)
        Unit.objects.filter(pk=cast.poplar.pk).update(is_active=False)
        found = standings(opinion)
        assert (found["杨树村"][0], found["杨柳村"][0]) == (Standing.MOVED, Standing.UNSIGNED)
        assert opinion_progress([opinion])[opinion.pk].expected == 5

    def test_a_successor_that_has_it_gets_it_no_second_time(self, cast: Cast, desk: Desk) -> None:
        opinion = issue(desk, cast.county)
        hand_down(cast, opinion)
        move_requirements(unit=cast.poplar, successor=cast.willow, by=cast.administrator, at=NOW)
        assert opinion_progress([opinion])[opinion.pk] == Progress(0, 0, 0, 3, 4)

    def test_what_was_signed_for_and_passed_on_stays(self, cast: Cast, desk: Desk) -> None:
        opinion = issue(desk, cast.county)
        hand_down(cast, opinion)
        assert move_requirements(unit=cast.town, successor=cast.elm.parent, by=cast.administrator, at=NOW) == 0
        assert move_requirements(unit=cast.willow, successor=cast.elm, by=cast.administrator, at=NOW) == 0

    def test_a_town_that_signed_and_passed_nothing_on_is_not_lost(self, cast: Cast, desk: Desk) -> None:
        opinion = issue(desk, cast.county)
        row = sign(opinion, cast.county, cast.county_supervisor)
        pass_on(requirement=row, units=[cast.town], by=cast.county_supervisor, at=NOW)
        sign(opinion, cast.town, cast.town_reviewer)
        Unit.objects.filter(parent=cast.town).update(parent=cast.elm.parent)
        assert move_requirements(unit=cast.town, successor=cast.elm.parent, by=cast.administrator, at=NOW) == 1

    def test_without_a_successor_the_tree_says_so(self, cast: Cast, desk: Desk) -> None:
        opinion = issue(desk, cast.county)
        hand_down(cast, opinion)
        Unit.objects.filter(pk=cast.poplar.pk).update(is_active=False)
        assert standings(opinion)["杨树村"][0] == Standing.ENDED

    def test_retired_by_the_administrator_it_goes_along(self, cast: Cast, desk: Desk, client: Client) -> None:
        opinion = issue(desk, cast.county)
        hand_down(cast, opinion)
        new = unit(UnitLevel.VILLAGE, cast.town, name="杨柳村")
        client.force_login(cast.administrator)
        page = f"/admin/casework/unit/{cast.poplar.pk}/change/"
        assert client.post(page, {"has_committee": "on", "successor": new.code}).status_code == 302
        assert row_of(opinion, cast.poplar).move.to == row_of(opinion, new)
        assert row_of(opinion, new).by == cast.administrator
