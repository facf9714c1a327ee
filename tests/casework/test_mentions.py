"""Whom a comment names: people and posts that see the case, and nobody else."""

from typing import Any

import pytest

from casework.errors import Invalid
from casework.models import Case, Person
from casework.stages import Role, Stage
from casework.talk.mentions import readers_of
from tests.casework.talk import SEE, people_named, posts_named, say
from tests.cast import Cast
from tests.factories import holder
from tests.walk import TODAY, case_at, reported


@pytest.fixture
def case(cast: Cast) -> Case:
    return case_at(Stage.RECTIFICATION, cast)


class TestMentions:
    def test_a_person_by_name_also_without_a_space_behind_it(self, cast: Cast, case: Case) -> None:
        Person.objects.filter(pk=cast.town_reviewer.pk).update(name="柳大山")
        assert people_named(say(case, cast.willow_head, "请@柳大山看一下，谢谢")) == {"town_reviewer"}

    def test_a_post_and_a_unit(self, cast: Cast, case: Case) -> None:
        role = Role.TOWN_REVIEWER.label
        assert posts_named(say(case, cast.willow_head, f"@柳河镇·{role} 缺什么")) == {(cast.town.pk, "town_reviewer")}
        assert posts_named(say(case, cast.willow_head, "@上柳村 请补")) == {
            (cast.willow.pk, "committee_head"),
            (cast.willow.pk, "committee_member"),
        }

    def test_two_of_one_name_who_both_see_it(self, cast: Cast, case: Case) -> None:
        Person.objects.filter(pk__in=[cast.town_reviewer.pk, cast.willow_head.pk]).update(name="李小琴")
        assert people_named(say(case, cast.county_supervisor, "@李小琴 请看")) == {"town_reviewer", "willow_head"}

    def test_of_two_of_one_name_only_the_one_who_sees_it(self, cast: Cast, case: Case) -> None:
        Person.objects.filter(pk__in=[cast.town_reviewer.pk, cast.outsider_town.pk]).update(name="李小琴")
        assert people_named(say(case, cast.county_supervisor, "@李小琴 请看")) == {"town_reviewer"}

    @pytest.mark.parametrize("words", ["@outsider_head 请看", "请@outsider_head看", "＠outsider_head", "@芦苇村 请看"])
    def test_who_may_not_see_the_case_is_named_in_the_refusal(self, words: str, cast: Cast, case: Case) -> None:
        with pytest.raises(Invalid) as refused:
            say(case, cast.willow_head, words)
        assert refused.value.code == "mention_unseen" and refused.value.field == "words"
        assert "芦苇村" in str(refused.value) or "outsider_head" in str(refused.value)

    def test_a_longer_name_is_not_taken_for_a_shorter_one(self, cast: Cast, case: Case) -> None:
        Person.objects.filter(pk=cast.town_reviewer.pk).update(name="王伟")
        Person.objects.filter(pk=cast.outsider_head.pk).update(name="王伟东")
        with pytest.raises(Invalid) as refused:
            say(case, cast.willow_head, "@王伟东 请看")
        assert "王伟东" in str(refused.value)

    def test_all_wrong_names_are_said_at_once(self, cast: Cast, case: Case) -> None:
        with pytest.raises(Invalid) as refused:
            say(case, cast.willow_head, "@outsider_head @poplar_head 请看")
        assert "outsider_head" in str(refused.value) and "poplar_head" in str(refused.value)

    def test_a_name_that_nobody_has(self, cast: Cast, case: Case) -> None:
        with pytest.raises(Invalid) as refused:
            say(case, cast.willow_head, "@查无此人 请看")
        assert refused.value.code == "mention_unknown" and "查无此人" in str(refused.value)

    @pytest.mark.parametrize("words", ["发到 a@example.org", "价格 @ 5 元", "@", "@。", "5点@ 见"])
    def test_what_is_no_mention_is_left_alone(self, words: str, cast: Cast, case: Case) -> None:
        assert say(case, cast.willow_head, words).mentions == []

    def test_without_a_sign_nothing_is_looked_up(self, cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("casework.talk.mentions.readers_of", None)
        assert say(case, cast.willow_head, "没有人").mentions == []

    def test_the_list_is_who_sees_it_and_takes_one_query(
        self, cast: Cast, case: Case, django_assert_num_queries: Any
    ) -> None:
        with django_assert_num_queries(2):
            names = {reader.name for reader in readers_of(case, TODAY)}
        assert names >= SEE | {"柳河镇", "上柳村"}
        assert not names & {"outsider_head", "poplar_head", "芦苇村", "volunteer"}

    def test_a_reporting_station_is_named_by_its_volunteer_alone(self, cast: Cast) -> None:
        names = {reader.name for reader in readers_of(reported(cast, by=cast.volunteer), TODAY)}
        assert "volunteer" in names
        assert f"柳河镇·{Role.VOLUNTEER.label}" not in names


def test_a_successor_is_named_by_the_post(cast: Cast, case: Case) -> None:
    new = holder(Role.TOWN_REVIEWER, cast.town, "successor")
    assert people_named(say(case, cast.willow_head, "@successor")) == {new.username}
