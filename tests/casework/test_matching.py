"""What the words add to a match, and which of several are shown: one for each time a problem came back, three at most."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from casework.relapse import matching
from casework.relapse.matching import Match, _chosen, _share, _thinned
from casework.relapse.reasons import DEFAULTS

FOUND, CLOSED = date(2026, 1, 5), date(2026, 1, 26)
FIRST = Match(case=9, earlier=1, score=0.9, features={}, found_on=FOUND, closed_on=CLOSED)


def shown(*matches: Match) -> list[int]:
    return [match.earlier for match in _thinned(list(matches))]


def later(match: Match, *, found: int, closed: int = 30, score: float | None = None) -> Match:
    """Another earlier case: found so many days after this one was struck off, struck off itself so many days later."""
    found_on = match.closed_on + timedelta(days=found)
    return replace(
        match,
        earlier=match.earlier + 1,
        found_on=found_on,
        closed_on=found_on + timedelta(days=closed),
        score=match.score if score is None else score,
    )


def reported_again(match: Match, *, after: int, score: float | None = None) -> Match:
    """The same problem told a second time, so many days after it was found first."""
    score = match.score if score is None else score
    return replace(match, earlier=match.earlier + 1, found_on=match.found_on + timedelta(days=after), score=score)


def test_a_weight_of_nothing_is_an_even_chance() -> None:
    assert _share(0.0) == 0.5
    assert _share(2.0) == pytest.approx(0.8808, abs=1e-4)
    assert _share(-2.0) == pytest.approx(0.1192, abs=1e-4)


def test_nothing_is_shown_of_nothing() -> None:
    assert shown() == []


@pytest.mark.parametrize(("days", "expected"), [(1, [2]), (0, [1, 2])], ids=["the day after", "the very day"])
def test_what_was_found_after_the_strike_off_stands_for_the_cycle_before(days: int, expected: list[int]) -> None:
    assert shown(FIRST, later(FIRST, found=days)) == expected


def test_a_case_that_was_struck_off_no_later_is_no_later_cycle() -> None:
    assert shown(FIRST, later(FIRST, found=10, closed=-10)) == [1, 2]


@pytest.mark.parametrize(("score", "expected"), [(0.75, [2]), (0.749, [1])])
def test_a_later_cycle_stands_for_the_one_before_unless_it_is_much_less_likely(
    score: float, expected: list[int]
) -> None:
    assert shown(FIRST, later(FIRST, found=10, score=score)) == expected


@pytest.mark.parametrize(("days", "expected"), [(0, [1]), (1, [1]), (7, [1]), (8, [1, 2])])
def test_of_two_reports_within_a_week_the_first_is_shown(days: int, expected: list[int]) -> None:
    assert sorted(shown(FIRST, reported_again(FIRST, after=days))) == expected


@pytest.mark.parametrize(("days", "expected"), [(5, [1]), (6, [1, 2])], ids=["on the day", "the day after"])
def test_a_report_of_after_the_strike_off_is_no_second_report(days: int, expected: list[int]) -> None:
    quick = replace(FIRST, closed_on=FOUND + timedelta(days=5))
    assert sorted(shown(quick, reported_again(quick, after=days))) == expected


@pytest.mark.parametrize(("score", "expected"), [(0.8, [1]), (0.799, [2])])
def test_the_first_report_stands_for_the_second_unless_it_is_less_likely(score: float, expected: list[int]) -> None:
    first, second = replace(FIRST, score=score), reported_again(FIRST, after=2, score=0.9)
    assert shown(second, first)[: len(expected)] == expected


@pytest.mark.parametrize(("score", "expected"), [(0.77, [1, 2]), (0.76, [1])])
def test_what_is_far_less_likely_than_the_best_is_not_shown_beside_it(score: float, expected: list[int]) -> None:
    """At 0.9 the odds are nine to one; a weight of one less is 0.768."""
    other = replace(FIRST, earlier=2, score=score, found_on=FOUND + timedelta(days=9))
    assert shown(other, FIRST) == expected


def test_a_best_match_that_is_certain_leaves_room_for_what_is_nearly_so() -> None:
    certain, other = replace(FIRST, score=1.0), replace(FIRST, earlier=2, found_on=FOUND + timedelta(days=9))
    assert shown(certain, replace(other, score=0.998)) == [1, 2]
    assert shown(certain, replace(other, score=0.997)) == [1]


def test_before_any_refit_the_defaults_hold_as_version_nought(db: None) -> None:
    assert matching.current_weights() == (0, DEFAULTS)


@pytest.fixture
def weights(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """Words weigh so much here: alike 4, what was swapped -2, what both name 1."""
    values = {"likeness": 4.0, "swapped": -2.0, "shared_words": 1.0}
    monkeypatch.setattr(matching, "current_weights", lambda: (3, values))
    monkeypatch.setattr(matching, "swapped", lambda mine, other: 0.504)
    monkeypatch.setattr(matching, "named_in_both", lambda mine, other: 2.0 if "村" in other else 0.0)
    return values


def chosen(weight: float, mine: str, other: str) -> list[Match]:
    return _chosen([replace(FIRST, score=weight, features={"same_item": 1})], [mine], {1: other})


def test_words_add_their_weights_to_the_match(weights: dict[str, float]) -> None:
    match = chosen(-2.0, "abcd村", "abcd村")[0]
    assert match.score == pytest.approx(_share(-2.0 + 4.0 - 2.0 * 0.504 + 2.0), abs=5e-4)
    assert match.score == round(match.score, 3) != round(match.score, 2)
    assert match.features == {"same_item": 1, "likeness": 1.0, "swapped": 0.5, "shared_words": 2.0}


@pytest.mark.parametrize(("other", "swaps"), [("abcfg", True), ("abfgh", False)], ids=["0.6", "0.4"])
def test_what_was_swapped_is_asked_of_texts_of_one_mould_alone(
    other: str, swaps: bool, weights: dict[str, float]
) -> None:
    match = chosen(1.0, "abcde", other)[0]
    assert ("swapped" in match.features) == swaps
    assert match.score == pytest.approx(_share(1.0 + 4.0 * (0.6 - 0.252 if swaps else 0.4)), abs=5e-4)


def test_what_says_nothing_is_not_spoken_of_but_the_likeness_always_is(weights: dict[str, float]) -> None:
    assert chosen(1.0, "abc", "xyz")[0].features == {"same_item": 1, "likeness": 0.0}


@pytest.mark.parametrize(("weight", "is_shown"), [(0.0, True), (-0.01, False), (0.01, True)])
def test_an_even_chance_is_shown_and_less_is_not(weight: float, is_shown: bool, weights: dict[str, float]) -> None:
    assert bool(chosen(weight, "abc", "xyz")) == is_shown


def test_three_at_most_are_shown_for_each_case(weights: dict[str, float]) -> None:
    found = [
        replace(
            FIRST, case=case, earlier=n, score=2.0 - n / 10, found_on=FOUND + timedelta(days=9 * n), closed_on=CLOSED
        )
        for case in (8, 9)
        for n in range(5)
    ]
    shown = _chosen(found[::-1], ["abc"] * 10, dict.fromkeys(range(5), "xyz"))
    assert [(match.case, match.earlier) for match in shown] == [(9, 0), (9, 1), (9, 2), (8, 0), (8, 1), (8, 2)]
    assert _chosen([], [], {}) == []
