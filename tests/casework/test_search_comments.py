"""Comments are found by what they say now, by whoever may see their case, and by nobody else."""

from datetime import timedelta

import pytest

from casework.lifecycle.exit import refer_case
from casework.models import Comment, Person
from casework.search import comments
from casework.search.finding import find
from casework.talk.commenting import edit_comment, write_comment
from tests.cast import Cast
from tests.walk import NOW, TODAY, assigned, reported, screened


def said(words: str, by: Person) -> list[str]:
    return [one.now_words for one in find(words, by=by, on=TODAY).comments]


@pytest.fixture
def comment(cast: Cast) -> Comment:
    case = assigned(cast, screened(cast, reported(cast)))
    return write_comment(case=case, words="公示栏的钥匙在 Zhang 会计手里", by=cast.willow_head, at=NOW)


def test_each_word_stands_in_it_from_one_character_up(cast: Cast, comment: Comment) -> None:
    for words in ("钥匙", "钥", "钥匙 会计", "zhang 钥匙", "ZHANG", "的钥匙在"):
        assert len(said(words, cast.county_supervisor)) == 1, words
    for words in ("钥匙 出纳", "匙钥", "%", "_", "\\"):
        assert said(words, cast.county_supervisor) == [], words


def test_only_whoever_sees_the_case_finds_it(cast: Cast, comment: Comment) -> None:
    for person in (cast.willow_head, cast.town_reviewer, cast.city_supervisor):
        assert said("钥匙", person)
    for person in (cast.poplar_head, cast.outsider_county, cast.volunteer, cast.administrator, cast.discipline):
        assert said("钥匙", person) == []


def test_a_referred_case_s_comments_are_found_by_nobody_who_lost_sight_of_it(cast: Cast, comment: Comment) -> None:
    refer_case(case=comment.case, reason="涉嫌侵占", by=cast.county_supervisor, at=NOW, to=cast.discipline_unit)
    assert said("钥匙", cast.willow_head) == []


def test_it_is_found_by_its_words_of_now_alone(cast: Cast, comment: Comment) -> None:
    edit_comment(comment=comment, words="公示栏由出纳保管", by=cast.willow_head, at=NOW + timedelta(minutes=1))
    assert said("钥匙", cast.county_supervisor) == []
    assert said("出纳", cast.county_supervisor) == ["公示栏由出纳保管"]


def test_the_newest_come_first_and_six_at_most(cast: Cast, comment: Comment) -> None:
    for number in range(7):
        write_comment(case=comment.case, words=f"照片{number}", by=cast.willow_head, at=NOW)
    assert said("照片", cast.county_supervisor) == [f"照片{number}" for number in (6, 5, 4, 3, 2, 1)]


def test_where_the_index_names_too_many_the_newest_are_read(
    cast: Cast, comment: Comment, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_comment(case=comment.case, words="钥匙已交", by=cast.willow_head, at=NOW)
    monkeypatch.setattr(comments, "MOST_KEYS", 1)
    monkeypatch.setattr(comments, "SAMPLE", 1)
    expected = ["钥匙已交"] if comments.is_indexed() else ["钥匙已交", "公示栏的钥匙在 Zhang 会计手里"]
    assert said("钥匙", cast.county_supervisor) == expected
