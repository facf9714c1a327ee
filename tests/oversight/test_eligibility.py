"""Who may stand: lists by versions, an opinion of each department, the decision, and who was elected."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from casework.errors import Refusal
from casework.models import Person, Unit
from casework.stages import Role
from oversight.eligibility.checking import (
    Answer,
    Nominated,
    decide_eligibility,
    enter_elected,
    nominate,
    sign_opinion,
    withdraw_nominee,
)
from oversight.eligibility.lists import ItemDraft, list_on
from oversight.eligibility.queries import waiting_for_department
from oversight.eligibility.rights import answers_seen_by, nominees_seen_by
from oversight.eligibility.structure import elected_of, structure_of
from oversight.models import (
    DepartmentOpinion,
    Education,
    EligibilityDecision,
    EligibilityItem,
    EligibilityKind,
    EligibilityList,
    Nominee,
)
from tests.cast import Cast
from tests.factories import holder
from tests.oversight.electing import BARS, FIRST, elected_in, listed, nominee_of, sign, signed
from tests.walk import NOW, TODAY


def code_of(verb: Callable[..., Any], *args: Any, **given: Any) -> str:
    with pytest.raises(Refusal) as refused:
        verb(*args, **given)
    return refused.value.code


@pytest.fixture
def nominee(cast: Cast) -> Nominee:
    listed(cast)
    return nominee_of(cast, elected_in(cast))


def decide(cast: Cast, nominee: Nominee, *, reason: str = "", by: Person | None = None, may: bool = True) -> Any:
    by = by or cast.county_supervisor
    return decide_eligibility(nominee=nominee, is_eligible=may, reason=reason, by=by, at=NOW)


class TestLists:
    def test_they_ship_empty(self, cast: Cast) -> None:
        assert not EligibilityList.objects.exists()
        assert code_of(nominee_of, cast, elected_in(cast)) == "no_list"

    def test_an_older_check_keeps_its_wording(self, cast: Cast, nominee: Nominee) -> None:
        listed(cast, valid_from=TODAY, bars="受过刑事处罚")
        assert nominee.list.items.get(kind=EligibilityKind.CANNOT).words == BARS
        later = nominee_of(cast, nominee.election, "槐安")
        assert later.list.items.get(kind=EligibilityKind.CANNOT).words == "受过刑事处罚"

    def test_the_one_that_began_last_holds_and_one_to_come_does_not(self, cast: Cast) -> None:
        first = listed(cast)
        tomorrow = listed(cast, valid_from=TODAY + timedelta(days=1))
        assert list_on(cast.willow.path, TODAY) == first
        assert list_on(cast.willow.path, TODAY + timedelta(days=1)) == tomorrow
        assert list_on(cast.willow.path, FIRST - timedelta(days=1)) is None

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"valid_from": None}, "no_day"),
            ({"items": []}, "no_items"),
            ({"items": [ItemDraft("cannot", "x", None)]}, "no_department"),
            ({"items": [ItemDraft("cannot", " ", None)]}, "item_empty"),
        ],
    )
    def test_what_is_refused(self, changed: dict[str, Any], code: str, cast: Cast) -> None:
        assert code_of(listed, cast, **changed) == code
        assert not EligibilityList.objects.exists()

    def test_only_the_city_publishes_them(self, cast: Cast) -> None:
        assert code_of(listed, cast, by=cast.county_supervisor) == "not_your_list"


class TestNominees:
    def test_nobody_stands_twice_in_a_village_until_taken_back(self, cast: Cast, nominee: Nominee) -> None:
        assert code_of(nominee_of, cast, nominee.election, " 柏青山 ") == "nominated_already"
        withdraw_nominee(nominee=nominee, reason="本人放弃", by=cast.town_reviewer, at=NOW)
        assert nominee_of(cast, nominee.election).pk != nominee.pk

    @pytest.mark.parametrize(
        ("said", "code"),
        [
            ({"name": " "}, "words_missing"),
            ({"name": "柏青山411102197001010011"}, "name_with_digits"),
            ({"name": "柏", "birth_year": TODAY.year - 17}, "birth_year_odd"),
            ({"name": "柏", "terms_before": 21}, "terms_odd"),
        ],
    )
    def test_what_is_refused(self, said: dict[str, Any], code: str, cast: Cast) -> None:
        listed(cast)
        assert code_of(nominee_of, cast, elected_in(cast), **said) == code

    def test_another_town_enters_none(self, cast: Cast, nominee: Nominee) -> None:
        given = {"election": nominee.election, "village": cast.willow, "nominated": Nominated("槐安"), "at": NOW}
        assert code_of(nominate, **given, by=cast.outsider_town) == "not_your_village"
        given["village"] = cast.reed
        assert code_of(nominate, **given, by=cast.city_supervisor) == "other_village"


class TestOpinions:
    def test_a_department_signs_once(self, cast: Cast, nominee: Nominee) -> None:
        sign(nominee, cast.department, cast.department_member)
        assert code_of(sign, nominee, cast.department, cast.department_member, applies=True) == "signed_already"
        assert DepartmentOpinion.objects.count() == 1

    def test_only_a_holder_of_a_post_there_signs(self, cast: Cast, nominee: Nominee) -> None:
        for person in (cast.discipline, cast.county_supervisor, cast.willow_head):
            assert code_of(sign, nominee, cast.department, person) == "not_your_department"

    def test_nobody_signs_about_themself(self, cast: Cast, nominee: Nominee) -> None:
        namesake = nominee_of(cast, nominee.election, cast.department_member.name)
        assert code_of(sign, namesake, cast.department, cast.department_member) == "own_check"

    def test_each_item_is_answered_and_what_applies_is_told(self, cast: Cast, nominee: Nominee) -> None:
        item = EligibilityItem.objects.get(department=cast.department)
        given = {"nominee": nominee, "department": cast.department, "by": cast.department_member, "at": NOW}
        assert code_of(sign_opinion, answers={}, **given) == "answer_missing"
        assert code_of(sign_opinion, answers={item.pk: Answer(True, " ")}, **given) == "words_missing"
        assert not DepartmentOpinion.objects.exists()

    def test_who_waits_for_a_department(self, cast: Cast, nominee: Nominee) -> None:
        def waiting() -> list[Nominee]:
            return list(waiting_for_department(Nominee.objects.all(), [cast.department.pk]))

        assert waiting() == [nominee]
        sign(nominee, cast.discipline_unit, cast.discipline)
        assert waiting() == [nominee]
        sign(nominee, cast.department, cast.department_member)
        assert waiting() == []


class TestDecisions:
    def test_one_missing_opinion_blocks(self, cast: Cast, nominee: Nominee) -> None:
        sign(nominee, cast.discipline_unit, cast.discipline)
        with pytest.raises(Refusal) as refused:
            decide(cast, nominee, reason="无碍")
        assert refused.value.code == "opinion_missing" and cast.department.name in str(refused.value)
        sign(nominee, cast.department, cast.department_member)
        assert decide(cast, nominee).is_eligible

    def test_a_barring_item_is_never_passed(self, cast: Cast, nominee: Nominee) -> None:
        signed(cast, nominee, bars=True)
        for person in (cast.county_supervisor, cast.city_supervisor):
            assert code_of(decide, cast, nominee, reason="情况特殊", by=person) == "barred"
        assert not decide(cast, nominee, may=False, reason="九不能").is_eligible

    def test_a_warning_is_passed_with_a_reason_only(self, cast: Cast, nominee: Nominee) -> None:
        signed(cast, nominee, warns=True)
        assert code_of(decide, cast, nominee, reason="  ") == "reason_missing"
        assert decide(cast, nominee, reason="已整改").reason == "已整改"

    def test_a_refusal_needs_a_reason_and_no_opinion(self, cast: Cast, nominee: Nominee) -> None:
        assert code_of(decide, cast, nominee, may=False) == "words_missing"
        assert not decide(cast, nominee, may=False, reason="本人不符合年龄").is_eligible

    def test_it_is_decided_once_and_by_the_county_or_city_above(self, cast: Cast, nominee: Nominee) -> None:
        signed(cast, nominee)
        for person in (cast.outsider_county, cast.town_reviewer, cast.department_member):
            assert code_of(decide, cast, nominee, by=person) == "not_your_decision"
        decide(cast, nominee)
        assert code_of(decide, cast, nominee, may=False, reason="x") == "decided_already"

    def test_nobody_decides_about_themself_or_after_signing(self, cast: Cast, nominee: Nominee) -> None:
        namesake = signed(cast, nominee_of(cast, nominee.election, cast.county_supervisor.name))
        assert code_of(decide, cast, namesake) == "own_check"
        both = holder(Role.COUNTY_SUPERVISOR, cast.county, "both")
        sign(nominee, cast.discipline_unit, cast.discipline)
        DepartmentOpinion.objects.create(nominee=nominee, department=cast.department, by=both, at=NOW)
        assert code_of(decide, cast, nominee, by=both) == "own_opinion"


class TestElected:
    def test_only_who_was_passed_and_on_a_day_of_the_election(self, cast: Cast, nominee: Nominee) -> None:
        given = {"nominee": nominee, "by": cast.town_reviewer, "at": NOW}
        assert code_of(enter_elected, elected_on=TODAY, **given) == "not_eligible"
        decide(cast, signed(cast, nominee))
        assert code_of(enter_elected, elected_on=TODAY + timedelta(days=1), **given) == "day_ahead"
        assert code_of(enter_elected, elected_on=FIRST - timedelta(days=1), **given) == "before_election"
        enter_elected(elected_on=TODAY, **given)
        assert code_of(enter_elected, elected_on=TODAY, **given) == "elected_already"
        assert code_of(withdraw_nominee, reason="x", **given) == "elected_already"


class TestSight:
    def test_nominees_are_seen_by_the_offices_concerned(self, cast: Cast, nominee: Nominee) -> None:
        seen = {
            "town_reviewer": True,
            "county_supervisor": True,
            "city_supervisor": True,
            "department_member": True,
            "discipline": True,
            "willow_head": False,
            "inspector": False,
            "outsider_county": False,
            "outsider_town": False,
            "administrator": False,
        }
        found = {who: nominees_seen_by(getattr(cast, who), TODAY).filter(pk=nominee.pk).exists() for who in seen}
        assert found == seen

    def test_what_a_department_said_is_read_by_itself_and_by_who_decides(self, cast: Cast, nominee: Nominee) -> None:
        signed(cast, nominee, bars=True)
        counts = {"county_supervisor": 2, "city_supervisor": 2, "discipline": 1, "town_reviewer": 0}
        assert {who: answers_seen_by(getattr(cast, who), nominee, TODAY).count() for who in counts} == counts


class TestStructure:
    def test_it_is_equal_to_the_list_and_names_nobody(self, cast: Cast) -> None:
        listed(cast)
        election = elected_in(cast)
        year = election.begins_on.year
        people = [
            ("柏青山", year - 35, Education.HIGH, True, 0),
            ("槐安", year - 36, Education.COLLEGE, True, 1),
            ("楸远", year - 61, "", False, 3),
            ("桐和", None, Education.HIGH, None, None),
        ]
        for name, born, education, party, terms in people:
            said = {"birth_year": born, "education": education, "is_party_member": party, "terms_before": terms}
            one = signed(cast, nominee_of(cast, election, name, **said))
            decide(cast, one)
            enter_elected(nominee=one, elected_on=TODAY, by=cast.town_reviewer, at=NOW)
        nominee_of(cast, election, "未当选")
        villages = Unit.objects.filter(cast.county.subtree(), level="village")
        with CaptureQueriesContext(connection) as captured:
            tables = structure_of(election, villages)
        assert len(captured) == 1
        counts = [[band.count for band in table.bands] for table in tables]
        assert counts == [[1, 1, 0, 0, 1, 1], [0, 0, 2, 1, 0, 1], [2, 1, 1], [1, 1, 1, 1]]
        assert {table.total for table in tables} == {elected_of(election, villages).count()} == {4}
        assert not any(name in str(tables) for name, *_more in people)
        assert structure_of(election, Unit.objects.filter(pk=cast.poplar.pk))[0].total == 0


class TestKept:
    def test_the_database_keeps_what_was_signed_and_decided(self, cast: Cast, nominee: Nominee) -> None:
        decide(cast, signed(cast, nominee))
        changes: list[Callable[[], object]] = [
            lambda: EligibilityItem.objects.update(words="x"),
            lambda: DepartmentOpinion.objects.update(by=cast.discipline),
            lambda: EligibilityDecision.objects.update(is_eligible=False),
            lambda: Nominee.objects.update(name="x"),
            lambda: Nominee.objects.filter(pk=nominee.pk)._raw_delete(using="default"),  # type: ignore[attr-defined]
        ]
        for change in changes:
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
