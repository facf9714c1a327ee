"""What came back is found, and what only looks like it isn't, case by case."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from casework.lifecycle.reporting import classify_case
from casework.models import Case, CaseTraits, RelapseCandidate
from casework.relapse import matching
from casework.relapse.candidates import look_for_candidates, look_for_unmatched
from casework.relapse.matching import Match, matches_of
from casework.relapse.reasons import for_and_against, likelihood_of, reasons_in_words
from casework.stages import Stage
from flows import steps
from tests.casework.findings_by_import import bring_in, printed
from tests.cast import Cast
from tests.factories import item
from tests.walk import NOW, TODAY, reported, screened


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (0.5, "uncertain"),
        (0.699, "uncertain"),
        (0.7, "possible"),
        (0.899, "possible"),
        (0.9, "very likely"),
        (1.0, "very likely"),
    ],
)
def test_a_likelihood_is_told_in_words(score: float, words: str) -> None:
    with translation.override("en"):
        assert str(likelihood_of(score)) == words


@pytest.mark.parametrize("whose", ["case", "earlier"])
def test_a_category_that_nobody_gave_is_called_guessed(whose: str, cast: Cast) -> None:
    earlier, again = closed_case(cast, description=WALL), reported(cast, description=WALL, found_on=TODAY)
    candidate = again.candidates.get()
    with translation.override("en"):
        assert "the same catalogue item" in reasons_in_words(candidate.features, is_guessed=candidate.is_guessed)
        Case.objects.filter(pk=again.pk if whose == "case" else earlier.pk).update(item=None)
        candidate = RelapseCandidate.objects.get(pk=candidate.pk)
        said = reasons_in_words(candidate.features, is_guessed=candidate.is_guessed)
        assert "the same catalogue item" not in said
        assert "the same category, guessed from the words" in said
        assert "the same category, guessed from the words" in for_and_against(candidate.features, is_guessed=True)[0]


class TestChoosing:
    """What is shown of several: three at most, none far behind the best, one for each time it came back."""

    def match(self, earlier: int, score: float, *, found: int = 0, closed: int = 10) -> Match:
        day = TODAY - timedelta(days=400)
        return Match(1, earlier, score, {}, day + timedelta(days=found), day + timedelta(days=closed))

    def test_three_at_most(self) -> None:
        found = [self.match(n, 0.9, found=9 * n, closed=100) for n in range(5)]
        assert [one.earlier for one in matching._chosen(found)] == [0, 1, 2]

    def test_what_is_far_behind_the_best_is_not_shown_beside_it(self) -> None:
        # Beside 0.9 (2.2 on the scale of the weights) everything from 1.2 on, that is from 0.769.
        days = {"closed": 100}
        kept = matching.thinned(
            [self.match(1, 0.9, **days), self.match(2, 0.77, found=20, **days), self.match(3, 0.76, found=40, **days)]
        )
        assert [one.earlier for one in kept] == [1, 2]

    @pytest.mark.parametrize(("days", "shown"), [(0, 1), (7, 1), (8, 2)])
    def test_reports_of_one_week_are_one(self, days: int, shown: int) -> None:
        kept = matching.thinned([self.match(1, 0.9), self.match(2, 0.9, found=days, closed=days + 10)])
        assert len(kept) == shown

    def test_reports_of_one_week_that_were_closed_between_are_two_cycles_and_the_later_stands_for_both(self) -> None:
        kept = matching.thinned([self.match(1, 0.9, closed=1), self.match(2, 0.9, found=3, closed=20)])
        assert [one.earlier for one in kept] == [2]


def closed_case(cast: Cast, **words: Any) -> Case:
    """A case of Willow that was struck off a month ago."""
    case = reported(cast, **words)
    day = TODAY - timedelta(days=30)
    Case.objects.filter(pk=case.pk).update(stage=Stage.CLOSED, waits_at=None, closed_on=day)
    case.refresh_from_db()
    return case


WALL = "村部东侧明白墙内容空白"


def test_a_report_finds_its_earlier_case_with_reasons(cast: Cast) -> None:
    earlier = closed_case(cast, description=WALL)
    again = reported(cast, description="村委会院东边的公示栏又没有东西", found_on=TODAY)
    candidate = again.candidates.get()
    assert candidate.earlier == earlier
    assert {"same_item", "same_thing", "same_side"} <= set(candidate.features)
    assert printed()[0]["earlier_case"] == earlier.number


@pytest.mark.parametrize(
    "words",
    [
        {"description": "村部西侧明白墙内容空白"},
        {"description": WALL, "fact_on": TODAY - timedelta(days=40)},
        {"description": WALL, "found_on": TODAY - timedelta(days=30)},
    ],
    ids=["another wall", "an older fact", "the very day"],
)
def test_what_did_not_come_back_is_no_candidate(words: dict[str, Any], cast: Cast) -> None:
    closed_case(cast, description=WALL)
    assert not reported(cast, **{"found_on": TODAY, **words}).candidates.exists()


def test_another_village_is_never_asked(cast: Cast) -> None:
    closed_case(cast, description=WALL)
    assert not reported(cast, description=WALL, found_on=TODAY, village=cast.poplar).candidates.exists()


@pytest.mark.parametrize(
    ("words", "again", "is_back"),
    [
        ("意见箱上了锁,没人开过", "意见箱又上锁,没人开", True),
        ("小学操场租给修车铺,合同半年前到期未续", "小学操场租给修车铺,合同三个月前到期未续", True),
        ("四组意见箱上了锁,没人开过", "一组意见箱上了锁,没人开过", False),
        ("张某占着意见箱旁的空房不退", "李某占着意见箱旁的空房不退", False),
        ("2号消防栓打不开", "3号消防栓打不开", False),
    ],
)
def test_nearly_the_same_words_are_the_strongest_sign_unless_they_name_another_object(
    words: str, again: str, is_back: bool, cast: Cast
) -> None:
    """Whatever it was filed under: no list knows these things, and nobody has classified them."""
    closed_case(cast, description=words, item=None)
    found = reported(cast, description=again, item=None, found_on=TODAY)
    assert found.candidates.exists() == is_back


def test_other_words_about_another_problem_make_no_candidate(cast: Cast) -> None:
    closed_case(cast, description="鱼塘承包合同到期", item=item(3), severity=3)
    assert not reported(cast, description="值班室没有人", item=item(4), severity=4, found_on=TODAY).candidates.exists()


def test_an_open_case_is_no_earlier_case(cast: Cast) -> None:
    reported(cast, description=WALL)
    assert not reported(cast, description=WALL, found_on=TODAY).candidates.exists()


def test_of_several_cycles_the_last_is_shown(cast: Cast) -> None:
    first = closed_case(cast, description=WALL)
    Case.objects.filter(pk=first.pk).update(closed_on=TODAY - timedelta(days=90), found_on=TODAY - timedelta(days=120))
    second = closed_case(cast, description=WALL, found_on=TODAY - timedelta(days=40))
    third = reported(cast, description=WALL, found_on=TODAY)
    assert [candidate.earlier for candidate in third.candidates.all()] == [second]


def test_a_classification_looks_again(cast: Cast) -> None:
    closed_case(cast, description="鱼塘承包合同到期", item=item(3), severity=3)
    again = reported(cast, description="承包的事没人管", item=None, found_on=TODAY)
    assert not again.candidates.exists()
    steps.take(
        classify_case,
        case=screened(cast, again),
        by=cast.county_supervisor,
        at=NOW,
        item=item(3),
        severity=3,
        object_name="村东鱼塘",
    )
    assert again.candidates.exists()


def test_the_sweep_finds_what_arrived_otherwise(cast: Cast) -> None:
    earlier, again = closed_case(cast, description=WALL), reported(cast, description=WALL, found_on=TODAY)
    RelapseCandidate.objects.all().delete()
    CaseTraits.objects.all().delete()
    assert look_for_unmatched(at=NOW) == 1
    assert RelapseCandidate.objects.get().found == "sweep"
    assert look_for_unmatched(at=NOW) == 0
    assert (RelapseCandidate.objects.get().case, RelapseCandidate.objects.get().earlier) == (again, earlier)


def test_history_that_comes_later_is_matched_with_what_was_there(cast: Cast) -> None:
    row = {"village_code": cast.willow.code, "category": "公开栏闲置", "description": WALL}
    bring_in([{**row, "finding_no": "2", "found_on": "2025-09-01", "closed_on": ""}])
    bring_in([{**row, "finding_no": "1", "found_on": "2025-01-01", "closed_on": "2025-02-01"}])
    assert [(one["finding_no"], one["earlier_finding_no"]) for one in printed()] == [("2", "1")]


def test_a_candidate_that_no_longer_holds_is_dropped_unless_it_was_decided(cast: Cast) -> None:
    earlier, again = closed_case(cast, description=WALL), reported(cast, description=WALL, found_on=TODAY)
    Case.objects.filter(pk=earlier.pk).update(closed_on=TODAY)
    look_for_candidates([again.pk], found="sweep", at=NOW)
    assert not again.candidates.exists()


def test_matching_asks_a_fixed_number_of_questions(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for _ in range(12):
        closed_case(cast, description=WALL)
    again = [reported(cast, description=WALL, found_on=TODAY).pk for _ in range(5)]
    with django_assert_max_num_queries(12):
        look_for_candidates(again, found="sweep", at=NOW)


@pytest.mark.parametrize("at_once", [1, 2])
def test_in_portions_the_same_is_found(at_once: int, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of several villages, in whichever portions: the same pairs with the same scores and reasons."""
    for village in (cast.willow, cast.poplar):
        for words in (WALL, "鱼塘承包合同未登记"):
            closed_case(cast, description=words, village=village)
    again = [
        reported(cast, description=words, village=village, found_on=TODAY).pk
        for words in (WALL, "鱼塘承包合同又没登记")
        for village in (cast.willow, cast.poplar)
    ]
    together = matches_of(again)
    assert {match.case for match in together} == set(again)
    monkeypatch.setattr("casework.relapse.matching.AT_ONCE", at_once)
    assert sorted(matches_of(again), key=lambda one: (one.case, one.earlier)) == sorted(
        together, key=lambda one: (one.case, one.earlier)
    )
