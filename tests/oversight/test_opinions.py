"""An opinion is issued, its requirement goes down level by level, and it is seen where it stopped."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from casework.errors import Conflict, Invalid, NotAllowed, Refusal
from casework.models import OfficeEvent, Person, Responsibility, Unit
from casework.models.office_event import OfficeEventKind
from casework.models.unit import UnitLevel
from casework.stages import Role, Stage
from casework.working_time.deadlines import add_working_days, midnight
from oversight.models import Membership, Opinion, Requirement, RequirementReceipt
from oversight.opinions.issuing import LONGEST, Issued, issue_opinion, link_case, put_into_bulletin
from oversight.opinions.passing import pass_on, sign_requirement
from oversight.opinions.queries import Progress, opinion_progress, opinions_of, to_act_on
from oversight.opinions.reminding import remind_at, remind_of_requirements
from oversight.opinions.retirement import move_requirements
from oversight.opinions.tree import Branch, Standing, tree_of
from tests.cast import Cast
from tests.factories import appoint, holder, unit
from tests.oversight.desk import Desk, make_desk
from tests.walk import NOW, TODAY, case_at, reported

LATER = TODAY + timedelta(days=40)


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


def said(*addressees: Unit, **changed: Any) -> Issued:
    values = {"words": "明白墙闲置", "requirement": "逐村排查明白墙", "deadline": LATER, "reaches": "village"}
    return Issued(**{**values, "addressees": addressees, **changed})


def issue(desk: Desk, *addressees: Unit, at: Any = NOW, **changed: Any) -> Opinion:
    return issue_opinion(mechanism=desk.mechanism, issued=said(*addressees, **changed), by=desk.officer, at=at)


def row_of(opinion: Opinion, unit: Unit) -> Requirement:
    return Requirement.objects.get(opinion=opinion, unit=unit)


def sign(opinion: Opinion, unit: Unit, by: Person, at: Any = NOW) -> Requirement:
    row = row_of(opinion, unit)
    sign_requirement(requirement=row, name="某人", by=by, at=at)
    return row


def hand_down(cast: Cast, opinion: Opinion) -> None:
    """The county to its two towns, the first of them to its two villages, one of which signs."""
    pass_on(
        requirement=sign(opinion, cast.county, cast.county_supervisor),
        units=[cast.town, cast.elm.parent],
        by=cast.county_supervisor,
        at=NOW,
    )
    pass_on(
        requirement=sign(opinion, cast.town, cast.town_reviewer),
        units=[cast.willow, cast.poplar],
        by=cast.town_reviewer,
        at=NOW,
    )
    sign(opinion, cast.willow, cast.willow_head)


def standings(opinion: Opinion, on: date = TODAY, under: Unit | None = None) -> dict[str, tuple[Standing, int, int]]:
    found: dict[str, tuple[Standing, int, int]] = {}

    def look(branches: list[Branch]) -> None:
        for branch in branches:
            found[branch.row.unit_name] = (branch.standing, branch.days, branch.left)
            look(branch.below)

    look(tree_of(opinion, on=on, under=under))
    return found


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
