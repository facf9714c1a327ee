"""What the words add to a match, and which of several are shown: one for each time a problem came back, three at most."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from casework.models import MatchWeights
from casework.relapse import matching, model
from casework.relapse.comparison import FEATURES, features_in
from casework.relapse.matching import Match, Said, _chosen, _share, likeliest, thinned
from casework.relapse.model import Model, current_model, model_of
from recognition.learned import WORDS, OtherVersion, current_words, words_of
from tests.walk import NOW

FOUND, CLOSED = date(2026, 1, 5), date(2026, 1, 26)
FIRST = Match(case=9, earlier=1, score=0.9, features={}, found_on=FOUND, closed_on=CLOSED)


def shown(*matches: Match) -> list[int]:
    return [match.earlier for match in thinned(list(matches))]


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


def test_before_any_refit_the_model_holds_as_version_nought(db: None) -> None:
    assert matching.current_weights() == (0, current_model().weights)


def test_a_refit_of_another_model_does_not_hold(db: None) -> None:
    kept = {"values": {"same_side": 9.0}, "verdicts": 40, "before": {}, "after": {}, "at": NOW}
    MatchWeights.objects.create(version=4, model_version=None, **kept)
    MatchWeights.objects.create(version=5, model_version=current_model().version + 1, **kept)
    assert matching.current_weights()[0] == 0
    MatchWeights.objects.create(version=3, model_version=current_model().version, **kept)
    version, weights = matching.current_weights()
    assert (version, weights["same_side"], weights["bias"]) == (3, 9.0, current_model().weights["bias"])


def test_a_model_of_another_form_is_refused_with_a_sentence() -> None:
    data = current_model().as_data()
    assert model_of(data) == current_model()
    with pytest.raises(OtherVersion, match=r"form 7.*python -m config.relapses learn"):
        model_of({**data, "form": 7})


@pytest.mark.parametrize("changed", [{"version": 9}, {"items": ["one-that-is-gone"]}])
def test_words_of_another_version_are_refused_with_a_sentence(changed: dict[str, object]) -> None:
    data = json.loads(WORDS.read_text(encoding="utf-8"))
    assert (words_of(data).rarity == current_words().rarity).all()
    with pytest.raises(OtherVersion, match=r"python -m config.relapses learn"):
        words_of({**data, **changed})


@pytest.mark.parametrize(("score", "is_shown"), [(0.5, True), (0.499, False), (0.9, True)])
def test_a_candidate_is_as_likely_as_the_threshold(score: float, is_shown: bool) -> None:
    assert bool(_chosen([replace(FIRST, score=score)])) == is_shown


def test_three_at_most_are_shown_for_each_case() -> None:
    found = [
        replace(
            FIRST, case=case, earlier=n, score=0.9 - n / 50, found_on=FOUND + timedelta(days=9 * n), closed_on=CLOSED
        )
        for case in (8, 9)
        for n in range(5)
    ]
    shown = _chosen(found[::-1])
    assert [(match.case, match.earlier) for match in shown] == [(9, 0), (9, 1), (9, 2), (8, 0), (8, 1), (8, 2)]
    assert _chosen([]) == []


def test_a_list_shows_the_three_likeliest_however_unlikely_and_of_two_alike_the_last() -> None:
    found = [replace(FIRST, earlier=n, score=score) for n, score in enumerate((0.1, 0.02, 0.019, 0.9))]
    assert [one.earlier for one in likeliest(found)] == [3, 0, 1]
    found += [replace(FIRST, earlier=9, score=0.1, closed_on=CLOSED + timedelta(days=1))]
    assert [one.earlier for one in likeliest(found)] == [3, 9, 0]


def said_of(description: str, category: str = "") -> Said:
    return Said(description, category, None, FOUND, CLOSED)


def test_a_score_is_what_the_statement_and_the_words_add_up_to(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights for one of each side, so that the score can be counted by hand."""
    weights = {"bias": -1.0, "same_side": 2.0, "likeness": 0.5, "swapped": -3.0}
    monkeypatch.setattr(matching, "current_model", lambda: Model(version=1, weights=weights))
    on_one_side = 1 << list(FEATURES).index("same_side")
    told = {9: ("村部东侧明白墙空白", "公开栏闲置"), 1: ("村部东侧明白墙空白", ""), 2: ("村部西侧明白墙空白", "")}
    said: dict[int | None, Said] = {key: said_of(*words) for key, words in told.items()}
    same, other = matching._weighed([(9, 1, on_one_side), (9, 2, on_one_side)], said, 0.0)
    assert same.score == pytest.approx(_share(-1.0 + 2.0 + 0.5), abs=5e-4)
    assert (same.features["same_side"], same.features["likeness"], same.features.get("swapped")) == (1.0, 1.0, None)
    assert (same.found_on, same.closed_on) == (FOUND, CLOSED)
    assert other.features["swapped"] == 1.5
    assert other.score == pytest.approx(_share(-1.0 + 2.0 + 0.5 * other.features["likeness"] - 4.5), abs=5e-4)


def test_a_machine_is_never_sure(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "current_model", lambda: Model(version=1, weights={"bias": 30.0}))
    said: dict[int | None, Said] = {9: said_of("甲"), 1: said_of("乙")}
    assert matching._weighed([(9, 1, 0)], said, 0.99)[0].score == 0.99
    assert not matching._weighed([(9, 1, 0)], said, 0.991)


def test_each_feature_of_a_pair_keeps_its_place_in_the_number() -> None:
    for place in range(len(FEATURES)):
        assert features_in([1 << place])[0].tolist() == [float(n == place) for n in range(len(FEATURES))]
    assert features_in([]).shape == (0, len(FEATURES))


def test_a_weight_speaks_only_for_what_its_reason_says() -> None:
    weights = {name: weight for name, weight in current_model().weights.items() if name != "bias"}
    assert all(weight * model.sign_of(name) >= 0 for name, weight in weights.items())
