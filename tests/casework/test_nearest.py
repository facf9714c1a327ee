"""Earlier cases of the village that mean nearly the same are compared, in whatever words they were told."""

from datetime import date, timedelta

import numpy
import pytest

from casework.models import Case, CaseTraits
from casework.relapse.nearest import Fresh, fresh_of, nearest
from casework.relapse.traits import note_missing_traits
from casework.stages import Stage
from recognition.meaning import DIMENSIONS, LONGEST, meanings_in, meanings_of, unit_rows
from recognition.mentions import plain
from tests.cast import Cast
from tests.walk import NOW, TODAY, case_at, closed

LOCKED = "公示栏上了锁，值班的人不在"
DAY = timedelta(days=1)


def nearness(one: str, other: str) -> float:
    rows = unit_rows(meanings_of([plain(one), plain(other)]))
    return float(rows[0] @ rows[1])


@pytest.mark.parametrize(
    ("told", "again", "other"),
    [
        ("明白墙上锁，无人值守", LOCKED, "水沟里堆满生活垃圾"),
        ("鱼塘租约过期三个月没有重新签", "合同到期半年未续签", "低保名单没有张贴"),
        ("投影仪坏了没人修", "放映设备损坏一直未维修", "票据上监督员没有签名"),
    ],
)
def test_the_same_in_other_words_is_nearer_than_something_else(told: str, again: str, other: str) -> None:
    assert nearness(told, again) > nearness(told, other) + 0.1


@pytest.mark.parametrize("words", ["", " ", "。。。", "123", "\N{GRINNING FACE}", "\x00"])
def test_what_has_no_word_means_nothing_and_is_near_to_nothing(words: str) -> None:
    found = meanings_of([words, LOCKED, words])
    assert not found[0].any() and not found[2].any() and found[1].any()
    assert nearness(words, LOCKED) == nearness(words, words) == 0.0


def test_a_meaning_is_the_same_alone_and_among_others_and_out_of_the_table() -> None:
    texts = [f"{LOCKED}{sign}" for sign in "甲乙丙丁戊己"]
    together = meanings_of(texts)
    assert together.shape == (6, DIMENSIONS)
    for text, row in zip(texts, together, strict=True):
        assert (meanings_of([text])[0] == row).all()
    assert (meanings_in([row.tobytes() for row in together]) == together).all()
    assert not meanings_in([None, memoryview(together[0].tobytes())])[0].any()


@pytest.fixture
def earlier(cast: Cast) -> list[Case]:
    """Struck-off cases of Willow, one of them about the board."""
    told = ["水沟里堆满生活垃圾", "明白墙上锁，无人值守", "低保名单没有张贴", "台账上没有签字"]
    cases = [closed(cast, case_at(Stage.STRIKE_OFF, cast)) for _ in told]
    for case, words in zip(cases, told, strict=True):
        Case.objects.filter(pk=case.pk).update(
            description=words, closed_on=TODAY, found_on=TODAY - 60 * DAY, fact_on=None
        )
    CaseTraits.objects.all().delete()
    note_missing_traits(at=NOW)
    return cases


def found(
    cast: Cast, most: int, *, fact_on: date = TODAY + 9 * DAY, words: str = LOCKED, village: int = 0
) -> list[int]:
    meaning = meanings_of([plain(words)]).tobytes()
    pairs = nearest([Fresh(None, village or cast.willow.pk, fact_on, meaning)], most)
    assert {case for case, _earlier in pairs} <= {None}
    return [key for _case, key in pairs]


def test_the_nearest_of_the_village_is_found_in_one_query(
    cast: Cast, earlier: list[Case], django_assert_num_queries
) -> None:
    with django_assert_num_queries(1):
        assert found(cast, 1) == [earlier[1].pk]
    assert set(found(cast, 99)) == {case.pk for case in earlier}
    assert found(cast, 99, village=cast.poplar.pk) == []


def test_only_what_was_struck_off_before_the_fact_is_an_earlier_case(cast: Cast, earlier: list[Case]) -> None:
    assert found(cast, 99, fact_on=TODAY) == []
    Case.objects.filter(pk=earlier[1].pk).update(closed_on=TODAY + 9 * DAY)
    assert earlier[1].pk not in found(cast, 99)
    CaseTraits.objects.filter(case=earlier[0]).update(fact_on=TODAY + 9 * DAY)
    assert set(found(cast, 99)) == {earlier[2].pk, earlier[3].pk}


def test_what_was_not_read_yet_is_left_out(cast: Cast, earlier: list[Case]) -> None:
    CaseTraits.objects.filter(case=earlier[1]).update(meaning=None)
    assert earlier[1].pk not in found(cast, 99)
    assert [one.case for one in fresh_of([earlier[0].pk, earlier[1].pk])] == [earlier[0].pk]
    # It waits for the clock, which reads it.
    note_missing_traits(at=NOW)
    assert found(cast, 1) == [earlier[1].pk]


def test_many_villages_are_taken_in_portions(
    cast: Cast, earlier: list[Case], monkeypatch: pytest.MonkeyPatch, django_assert_num_queries
) -> None:
    other = closed(cast, case_at(Stage.STRIKE_OFF, cast))
    Case.objects.filter(pk=other.pk).update(village=cast.poplar, closed_on=TODAY)
    CaseTraits.objects.filter(case=other).update(village=cast.poplar, fact_on=TODAY - DAY)
    meaning = meanings_of([plain(LOCKED)]).tobytes()
    both = [Fresh(n, village.pk, TODAY + DAY, meaning) for n, village in enumerate((cast.willow, cast.poplar))]
    with django_assert_num_queries(2):
        together = nearest(both, 2)
    monkeypatch.setattr("casework.relapse.nearest.MOST_ROWS", 1)
    with django_assert_num_queries(3):
        assert sorted(nearest(both, 2)) == sorted(together)
    assert {case for case, _earlier in together} == {0, 1} and len(together) == 3


def test_numbers_of_another_length_are_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError):
        meanings_in([numpy.zeros(3, dtype=numpy.int8).tobytes()])


def test_of_a_very_long_text_its_beginning_is_read() -> None:
    begins = "明白墙无遮雨设施，第三季度公开内容被雨水冲刷。" * (LONGEST // 22)
    long, beginning = meanings_of([begins + "项目未经招标。" * 10_000, begins[:LONGEST]])
    assert (long == beginning).all()
    assert (meanings_of(["项目未经招标。" * 100])[0] != beginning).any()
