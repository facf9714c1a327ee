"""The risk of a rebound worked out with a pencil: the county's prior, what a village adds, who stands out."""

import pytest
from scipy.stats import beta

from oversight.rates import rate
from oversight.rebound import Risk, Standing, prior_of, risks


def county(*villages: tuple[int, int]) -> list[Standing]:
    return [Standing(number, 1, closed, back) for number, (closed, back) in enumerate(villages, 1)]


def test_a_single_strike_off_has_a_share_and_its_interval() -> None:
    found = rate(1, 1)
    assert (found.part, found.whole, found.share) == (1, 1, 1.0)
    assert found.low == pytest.approx(0.2065, abs=1e-4)
    nothing = rate(0, 0)
    assert (nothing.part, nothing.whole, nothing.low, nothing.high) == (0, 0, None, None)


@pytest.mark.parametrize(
    ("villages", "usual", "weight"),
    [
        (((10, 1), (10, 3)), 4.5 / 21, 200.0),  # no more scatter than chance brings: worth the most
        (((20, 1), (20, 13)), 14.5 / 41, 4.0),  # as unlike as can be: worth the least
        (((20, 2), (20, 9)), 11.5 / 41, 8.8137),
        (((10, 0), (40, 14)), 14.5 / 51, 16.7257),
    ],
)
def test_a_county_is_worth_the_more_the_more_alike_its_villages_are(
    villages: tuple[tuple[int, int], ...], usual: float, weight: float
) -> None:
    assert prior_of(county(*villages)) == (pytest.approx(usual), pytest.approx(weight, abs=1e-3))


def test_a_village_is_its_own_figures_and_its_countys_prior() -> None:
    first = risks(county((20, 2), (20, 9)))[0]
    a, b = 11.5 / 41 * 8.8137 + 9, (1 - 11.5 / 41) * 8.8137 + 11
    assert first.standing.village == 2
    assert first.usual == pytest.approx(11.5 / 41)
    assert first.expected == pytest.approx(a / (a + b), abs=1e-4)
    assert first.at_least == pytest.approx(beta.ppf(0.1, a, b), abs=1e-4)


def test_the_highest_risk_comes_first_and_of_equals_the_lower_number() -> None:
    assert [risk.standing.village for risk in risks(county((10, 1), (10, 3), (10, 1)))] == [2, 1, 3]


def test_a_county_speaks_for_its_own_villages_alone() -> None:
    found = {risk.standing.village: risk for risk in risks([Standing(1, 1, 10, 0), Standing(2, 2, 10, 9)])}
    assert found[1].usual == pytest.approx(0.5 / 11)
    assert found[2].usual == pytest.approx(9.5 / 11)


def test_a_village_without_a_strike_off_has_no_risk() -> None:
    assert [risk.standing.village for risk in risks([Standing(1, 1, 0, 0), Standing(2, 1, 1, 0)])] == [2]


@pytest.mark.parametrize(
    ("back", "at_least", "stands_out"),
    [(2, 0.21, True), (1, 0.21, False), (2, 0.2, False), (3, 0.1, False)],
    ids=["twice and above", "once is chance", "no more than usual", "below"],
)
def test_a_village_stands_out_when_its_share_is_surely_above_the_countys(
    back: int, at_least: float, stands_out: bool
) -> None:
    assert Risk(Standing(1, 1, 10, back), expected=0.3, at_least=at_least, usual=0.2).stands_out == stands_out
