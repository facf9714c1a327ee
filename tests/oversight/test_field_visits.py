"""Visits to the field: who went where, what was found there, and which member went nowhere."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from casework.errors import Conflict, Invalid, NotAllowed, Refusal
from casework.models import Source, Unit
from casework.models.unit import UnitLevel
from casework.rights.roles import may_view
from casework.rights.territories import villages_reportable_by
from casework.stages import Stage
from oversight.mechanisms.corrections import LONGEST
from oversight.mechanisms.queries import visits_between, without_visit
from oversight.mechanisms.visits import (
    MOST_PLACES,
    Visited,
    correct_visit,
    enter_visit,
    link_finding,
    places_meant,
    withdraw_visit,
)
from oversight.models import FieldVisit, Membership, VisitFinding, VisitKind
from tests.cast import Cast
from tests.factories import unit
from tests.oversight.desk import Desk, make_desk
from tests.walk import NOW, TODAY, reported


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


def went(*places: Unit, **changed: Any) -> Visited:
    values = {"kind": VisitKind.GUIDANCE, "day": TODAY, "people": "甲、乙", "seen": "明白墙更新及时"}
    return Visited(**{**values, "places": places, **changed})


def enter(desk: Desk, cast: Cast, **changed: Any) -> FieldVisit:
    by, at = changed.pop("by", desk.county_reporter), changed.pop("at", NOW)
    member, places = changed.pop("unit", cast.county), changed.pop("places", [cast.willow])
    return enter_visit(mechanism=desk.mechanism, unit=member, visited=went(*places, **changed), by=by, at=at)


def idle(desk: Desk, first: date = TODAY, last: date = TODAY) -> list[str]:
    return [one.unit.name for one in without_visit(desk.mechanism, first, last)]


def test_whoever_went_nowhere_is_listed(cast: Cast, desk: Desk) -> None:
    assert idle(desk) == ["市农业农村局", "青禾区", "云溪县"]
    enter(desk, cast)
    enter(desk, cast, unit=cast.department, by=desk.department_reporter, places=[cast.reed])
    assert idle(desk) == ["云溪县"]
    assert "青禾区" in idle(desk, TODAY - timedelta(9), TODAY - timedelta(1))
    Membership.objects.filter(pk=desk.other_county.pk).update(valid_from=TODAY + timedelta(1))
    assert idle(desk) == []
    Membership.objects.filter(pk=desk.county.pk).update(valid_from=TODAY + timedelta(1))  # it went before it joined
    assert "青禾区" in idle(desk, TODAY, TODAY + timedelta(9))


def test_the_lead_office_goes_as_well(cast: Cast, desk: Desk) -> None:
    made = enter(desk, cast, unit=cast.city, by=desk.officer, places=[cast.county, cast.town, cast.willow])
    assert list(visits_between(desk.mechanism, TODAY, TODAY)) == [made]
    assert [one.unit for one in made.places.all()] == [cast.county, cast.town, cast.willow]


def test_visits_and_members_take_a_constant_number_of_queries(
    cast: Cast, desk: Desk, django_assert_num_queries: Any
) -> None:
    for words in ("一", "二"):
        enter(desk, cast, seen=words)
        with django_assert_num_queries(2):
            idle(desk)
        with django_assert_num_queries(5):
            [(list(one.places.all()), list(one.findings.all())) for one in visits_between(desk.mechanism, TODAY, TODAY)]


class TestRefusals:
    @pytest.mark.parametrize(
        ("code", "field", "changed"),
        [
            ("day_ahead", "day", {"day": TODAY + timedelta(1)}),
            ("day_too_early", "day", {"day": date(2001, 1, 1)}),
            ("words_missing", "people", {"people": " "}),
            ("words_missing", "seen", {"seen": ""}),
            ("too_long", "seen", {"seen": "长" * (LONGEST + 1)}),
            ("nowhere", "places", {"places": []}),
            ("kind_unknown", "kind", {"kind": "party"}),
        ],
    )
    def test_a_sentence_beside_its_field(
        self, code: str, field: str, changed: dict[str, Any], cast: Cast, desk: Desk
    ) -> None:
        Membership.objects.update(valid_from=date(2000, 1, 1))
        with pytest.raises(Refusal) as refused:
            enter(desk, cast, **changed)
        assert (refused.value.code, refused.value.field) == (code, field)
        assert not FieldVisit.objects.exists()

    def test_places_of_this_city_and_not_hundreds(self, cast: Cast, desk: Desk) -> None:
        elsewhere = unit(UnitLevel.CITY, cast.city.parent)
        for place in (unit(UnitLevel.COUNTY, elsewhere), cast.city, cast.department):
            with pytest.raises(Invalid) as refused:
                enter(desk, cast, places=[cast.willow, place])
            assert refused.value.code == "not_in_the_city"
        with pytest.raises(Invalid):
            enter(desk, cast, places=[unit(UnitLevel.VILLAGE, cast.town) for _ in range(MOST_PLACES + 1)])

    def test_a_member_on_that_day(self, cast: Cast, desk: Desk) -> None:
        Membership.objects.filter(pk=desk.county.pk).update(valid_from=TODAY)
        with pytest.raises(Invalid) as refused:
            enter(desk, cast, day=TODAY - timedelta(1))
        assert (refused.value.code, refused.value.field) == ("no_member", "day")
        enter(desk, cast)

    def test_by_the_units_own_people(self, cast: Cast, desk: Desk) -> None:
        for who in (desk.other_county_reporter, desk.department_reporter, desk.officer, cast.town_reviewer):
            with pytest.raises(NotAllowed):
                enter(desk, cast, by=who)

    def test_the_same_visit_twice_is_one(self, cast: Cast, desk: Desk) -> None:
        enter(desk, cast)
        with pytest.raises(Conflict):
            enter(desk, cast)
        enter(desk, cast, places=[cast.poplar])
        assert FieldVisit.objects.count() == 2


class TestCorrections:
    def test_both_stay_and_the_later_one_counts(self, cast: Cast, desk: Desk) -> None:
        first, given = enter(desk, cast), {"by": desk.county_reporter, "at": NOW}
        second = correct_visit(
            mechanism=desk.mechanism, visit=first, visited=went(cast.poplar), reason="写错村", **given
        )
        assert list(visits_between(desk.mechanism, TODAY, TODAY)) == [second]
        with pytest.raises(Conflict):
            withdraw_visit(visit=first, reason="x", **given)
        withdraw_visit(visit=second, reason="未成行", **given)
        assert "青禾区" in idle(desk)
        assert FieldVisit.objects.count() == 3

    def test_the_database_keeps_them(self, cast: Cast, desk: Desk) -> None:
        visit = enter(desk, cast)
        for change in (
            lambda: FieldVisit.objects.update(seen="x"),
            lambda: visit.places.all()._raw_delete("default"),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


class TestFindings:
    def test_a_case_stands_with_one_visit(self, cast: Cast, desk: Desk) -> None:
        visit, case = enter(desk, cast), reported(cast)
        link_finding(visit=visit, case=case, by=desk.county_reporter, at=NOW)
        with pytest.raises(Conflict):
            link_finding(visit=visit, case=case, by=desk.county_reporter, at=NOW)
        with pytest.raises(NotAllowed):
            link_finding(visit=visit, case=reported(cast), by=desk.other_county_reporter, at=NOW)
        assert VisitFinding.objects.get().case == case


class TestPlacesByName:
    def test_by_code_by_name_and_by_town_and_village_in_one(
        self, cast: Cast, desk: Desk, django_assert_num_queries: Any
    ) -> None:
        with django_assert_num_queries(1):
            meant = places_meant(cast.city, ["上柳村", cast.poplar.code, "榆林镇榆钱村", "青禾区", "上柳村"])
        assert list(meant.units) == [cast.willow, cast.poplar, cast.elm, cast.county]
        assert not meant.unknown and not meant.several

    def test_what_several_have_or_nobody_has_is_said(self, cast: Cast, desk: Desk) -> None:
        twin = unit(UnitLevel.VILLAGE, cast.elm.parent, name="上柳村")
        meant = places_meant(cast.city, ["上柳村", "月亮村", "柳河镇上柳村", "市农业农村局"])
        assert meant.units == (cast.willow,)
        assert meant.unknown == ("月亮村", "市农业农村局")
        assert [(name, set(units)) for name, units in meant.several] == [("上柳村", {cast.willow, twin})]


def test_what_was_seen_on_a_visit_is_reported_by_those_who_went(cast: Cast, desk: Desk) -> None:
    """A member's people report for the villages of its area, a department's for those of its city."""
    for person, villages in (
        (desk.county_reporter, {cast.willow, cast.poplar, cast.elm}),
        (desk.department_reporter, {cast.willow, cast.poplar, cast.elm, cast.reed}),
        (desk.officer, {cast.willow, cast.poplar, cast.elm, cast.reed}),
    ):
        assert set(villages_reportable_by(person, on=TODAY)) == villages
        case = reported(cast, by=person, source=Source.OBSERVATION_TOUR)
        assert (case.source, case.stage) == (Source.OBSERVATION_TOUR, Stage.SCREENING)
        assert may_view(person, case, TODAY)
