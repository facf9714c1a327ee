"""An opinion is issued, its requirement goes down level by level, and it is seen where it stopped."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from casework.errors import Conflict, Invalid, NotAllowed, Refusal
from casework.models import OfficeEvent, Unit
from casework.models.office_event import OfficeEventKind
from casework.models.unit import UnitLevel
from casework.stages import Role, Stage
from oversight.models import Membership, Opinion, Requirement
from oversight.opinions.issuing import LONGEST, issue_opinion, link_case, put_into_bulletin
from oversight.opinions.passing import pass_on
from oversight.opinions.queries import Progress, opinion_progress, opinions_in_no_bulletin, opinions_of, to_act_on
from oversight.opinions.tree import Standing, tree_of
from tests.cast import Cast
from tests.factories import holder, unit
from tests.oversight.desk import Desk, make_desk
from tests.oversight.way_down import hand_down, issue, row_of, said, sign, standings
from tests.walk import NOW, TODAY, case_at, reported


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


def test_down_to_the_village_and_the_tree_says_where_it_stopped(cast: Cast, desk: Desk) -> None:
    opinion = issue(desk, cast.county, cast.other_county, cast.department)
    hand_down(cast, opinion)
    assert standings(opinion, TODAY + timedelta(5)) == {
        "青禾区": (Standing.DONE, 0, 0),
        "柳河镇": (Standing.DONE, 0, 0),
        "上柳村": (Standing.DONE, 0, 0),
        "杨树村": (Standing.UNSIGNED, 5, 0),
        "榆林镇": (Standing.UNSIGNED, 5, 1),
        "云溪县": (Standing.UNSIGNED, 5, 1),
        "市农业农村局": (Standing.UNSIGNED, 5, 0),
    }
    elm_reviewer = holder(Role.TOWN_REVIEWER, cast.elm.parent, "elm_reviewer")
    sign(opinion, cast.elm.parent, elm_reviewer, NOW + timedelta(days=2))
    assert standings(opinion, TODAY + timedelta(5))["榆林镇"] == (Standing.STUCK, 3, 1)
    top = next(one for one in tree_of(opinion, on=TODAY) if one.row.unit_name == "青禾区")
    assert (top.expected, top.receipts, top.unreached) == (5, 4, 1)
    assert [one.row.unit_name for one in top.stopped] == ["杨树村", "榆林镇"]


def test_the_progress_is_rows_over_rows(cast: Cast, desk: Desk, django_assert_num_queries: Any) -> None:
    opinion, other = issue(desk, cast.county), issue(desk, cast.other_county)
    hand_down(cast, opinion)
    for case in (case_at(Stage.CLOSED, cast), reported(cast)):
        link_case(opinion=opinion, case=case, by=desk.officer, at=NOW)
    with django_assert_num_queries(2):
        found = opinion_progress([opinion, other.pk])
    assert found == {opinion.pk: Progress(1, 1, 0, 3, 5), other.pk: Progress(0, 0, 0, 0, 1)}


def test_each_level_is_told_and_finds_it_until_it_has_acted(cast: Cast, desk: Desk) -> None:
    opinion = issue(desk, cast.county)
    for person in (cast.county_supervisor, desk.county_reporter):
        assert list(to_act_on(person, TODAY)) == [row_of(opinion, cast.county)]
    for person in (cast.town_reviewer, cast.outsider_county, cast.city_supervisor, desk.officer):
        assert not to_act_on(person, TODAY).exists()
    row = sign(opinion, cast.county, cast.county_supervisor)
    assert list(to_act_on(cast.county_supervisor, TODAY)) == [row]
    pass_on(requirement=row, units=[cast.town], note="本周内传达", by=cast.county_supervisor, at=NOW)
    assert not to_act_on(cast.county_supervisor, TODAY).exists()
    assert Requirement.objects.get(pk=row.pk).remind_at is None
    assert row_of(opinion, cast.town).note == "本周内传达"
    told = OfficeEvent.objects.filter(kind=OfficeEventKind.REQUIREMENT_ISSUED)
    assert list(told.values_list("unit", "subject")) == [
        (one.pk, row_of(opinion, one).pk) for one in (cast.county, cast.town)
    ]


@pytest.mark.parametrize(("reaches", "unit_name"), [("county", "青禾区"), ("town", "柳河镇"), ("village", "上柳村")])
def test_it_goes_as_far_down_as_it_was_meant(reaches: str, unit_name: str, cast: Cast, desk: Desk) -> None:
    opinion = issue(desk, cast.county, reaches=reaches)
    row = sign(opinion, cast.county, cast.county_supervisor)
    if reaches != "county":
        pass_on(requirement=row, units=[cast.town], by=cast.county_supervisor, at=NOW)
        row = sign(opinion, cast.town, cast.town_reviewer)
    if reaches == "village":
        pass_on(requirement=row, units=[cast.willow], by=cast.town_reviewer, at=NOW)
        row = sign(opinion, cast.willow, cast.willow_member)
    assert row.unit.name == unit_name
    assert not to_act_on(row.receipt.by, TODAY).exists()
    assert Requirement.objects.get(pk=row.pk).remind_at is None
    below, by = (Unit.objects.filter(parent=row.unit).first() or cast.poplar, row.receipt.by)
    with pytest.raises(Conflict) as refused:
        pass_on(requirement=row, units=[below], by=by, at=NOW)
    assert refused.value.code == "ends_here"


class TestIssuing:
    @pytest.mark.parametrize(
        ("code", "field", "changed"),
        [
            ("deadline_past", "deadline", {"deadline": TODAY - timedelta(1)}),
            ("deadline_far", "deadline", {"deadline": TODAY.replace(year=TODAY.year + 3)}),
            ("words_missing", "words", {"words": " "}),
            ("words_missing", "requirement", {"requirement": ""}),
            ("too_long", "requirement", {"requirement": "长" * (LONGEST + 1)}),
            ("level_unknown", "reaches", {"reaches": "province"}),
            ("nobody_addressed", "addressees", {"addressees": []}),
        ],
    )
    def test_a_sentence_beside_its_field(
        self, code: str, field: str, changed: dict[str, Any], cast: Cast, desk: Desk
    ) -> None:
        with pytest.raises(Refusal) as refused:
            issue(desk, cast.county, **changed)
        assert (refused.value.code, refused.value.field) == (code, field)
        assert not Opinion.objects.exists() and not OfficeEvent.objects.exists()

    def test_today_is_no_past_deadline(self, cast: Cast, desk: Desk) -> None:
        assert issue(desk, cast.county, deadline=TODAY).deadline == TODAY

    def test_only_to_those_who_are_members_today(self, cast: Cast, desk: Desk) -> None:
        with pytest.raises(Invalid) as refused:
            issue(desk, cast.county, cast.town)
        assert "柳河镇" in str(refused.value) and "青禾区" not in str(refused.value)
        Membership.objects.filter(pk=desk.county.pk).update(valid_until=TODAY - timedelta(1))
        with pytest.raises(Invalid):
            issue(desk, cast.county)
        Membership.objects.filter(pk=desk.county.pk).update(valid_until=TODAY)
        issue(desk, cast.county)

    @pytest.mark.parametrize("who", ["county_supervisor", "inspector", "willow_head", "administrator"])
    def test_by_the_lead_office_alone(self, who: str, cast: Cast, desk: Desk) -> None:
        with pytest.raises(NotAllowed):
            issue_opinion(mechanism=desk.mechanism, issued=said(cast.county), by=getattr(cast, who), at=NOW)

    def test_an_addressee_named_twice_has_it_once(self, cast: Cast, desk: Desk) -> None:
        assert issue(desk, cast.county, cast.county).requirements.count() == 1

    def test_its_place_in_a_bulletin_is_given_once(self, cast: Cast, desk: Desk) -> None:
        first, second, third = (issue(desk, cast.county) for _ in range(3))
        assert [first.number, second.number, third.number] == [1, 2, 3]
        put_into_bulletin(opinions=[third], bulletin_key=7)
        put_into_bulletin(opinions=[first], bulletin_key=7)
        assert list(opinions_of(7).values_list("pk", "number")) == [(third.pk, 1), (first.pk, 2)]
        assert list(opinions_in_no_bulletin(desk.mechanism)) == [second]
        with pytest.raises(Conflict):
            put_into_bulletin(opinions=[second, first], bulletin_key=8)
        with pytest.raises(DatabaseError), transaction.atomic():
            Opinion.objects.filter(pk=first.pk).update(number=9)
        with pytest.raises(DatabaseError), transaction.atomic():
            Opinion.objects.filter(pk=second.pk).update(words="x")


class TestCases:
    def test_a_case_belongs_once_and_is_one_of_the_city(self, cast: Cast, desk: Desk) -> None:
        opinion, case = issue(desk, cast.county), reported(cast)
        link_case(opinion=opinion, case=case, by=desk.officer, at=NOW)
        with pytest.raises(Conflict):
            link_case(opinion=opinion, case=case, by=desk.colleague, at=NOW)
        with pytest.raises(NotAllowed):
            link_case(opinion=opinion, case=case, by=cast.county_supervisor, at=NOW)
        case.city = unit(UnitLevel.CITY, cast.city.parent)
        with pytest.raises(Invalid) as refused:
            link_case(opinion=opinion, case=case, by=desk.officer, at=NOW)
        assert refused.value.field == "case_number"

    def test_a_referred_case_is_seen_by_nobody_else(self, cast: Cast, desk: Desk) -> None:
        case = reported(cast)
        case.stage = Stage.REFERRED
        with pytest.raises(Invalid):
            link_case(opinion=issue(desk, cast.county), case=case, by=desk.officer, at=NOW)
