"""Intervals, curves and risks: against figures worked out by hand, and against chance."""

from datetime import date, timedelta

import numpy
import pytest

from oversight.rates import rate
from oversight.rebound import Risk, Standing, risks
from oversight.survival import curve

ON = date(2026, 3, 2)


def test_wilson_of_one_in_three_is_wide() -> None:
    found = rate(1, 3)
    assert found.share == pytest.approx(1 / 3)
    assert (found.low, found.high) == (pytest.approx(0.0615, abs=1e-4), pytest.approx(0.7923, abs=1e-4))
    assert rate(0, 0).share is None


def test_kaplan_meier_by_hand() -> None:
    """Ten strike-offs of one day, 100 days ago: two came back after 20 days, one after 50; ten of 40 days ago, none."""
    long_ago, lately = ON - timedelta(days=100), ON - timedelta(days=40)
    found = curve({long_ago: 10, lately: 10}, {(long_ago, 20): 2, (long_ago, 50): 1}, on=ON)
    assert found is not None
    assert (found.count, found.back, found.days) == (20, 3, (0, 20, 50))
    assert found.held == (1.0, pytest.approx(18 / 20), pytest.approx(18 / 20 * 7 / 8))
    assert found.held_after(49) == pytest.approx(0.9)
    assert all(low <= held <= high for low, held, high in zip(found.low, found.held, found.high, strict=True))


def test_a_curve_of_nine_is_none() -> None:
    assert curve({ON - timedelta(days=30): 9}, {}, on=ON) is None


def test_where_nothing_came_back_the_curve_stays_on_top() -> None:
    found = curve({ON - timedelta(days=30): 12}, {}, on=ON)
    assert found is not None
    assert found.held == (1.0,)


class TestRebound:
    def test_small_numbers_are_shrunk_towards_the_county(self) -> None:
        usual = [Standing(n, 1, 40, 2) for n in range(20)]
        found = {
            risk.standing.village: risk for risk in risks([*usual, Standing(99, 1, 2, 1), Standing(98, 1, 60, 24)])
        }
        assert found[99].expected < 0.4
        assert found[98].expected > 0.3
        assert found[98].stands_out
        assert not found[99].stands_out  # one of two says little

    def test_it_is_calibrated(self) -> None:
        """Villages drawn from a known scatter: among those with like figures the share that comes back is that figure."""
        random = numpy.random.default_rng(7)
        true = random.beta(2, 18, size=4000)
        closed = random.integers(1, 40, size=4000)
        back = random.binomial(closed, true)
        found: list[Risk] = risks(
            Standing(village, 1, int(closed[village]), int(back[village])) for village in range(4000)
        )
        expected = numpy.array([risk.expected for risk in found])
        truth = true[[risk.standing.village for risk in found]]
        for part in numpy.array_split(numpy.arange(4000), 8):
            assert truth[part].mean() == pytest.approx(expected[part].mean(), abs=0.02)

    def test_what_is_said_to_be_at_least_is_so_nine_times_of_ten(self) -> None:
        random = numpy.random.default_rng(8)
        true = random.beta(2, 18, size=3000)
        back = random.binomial(25, true)
        found = risks(Standing(village, 1, 25, int(back[village])) for village in range(3000))
        above = numpy.mean([true[risk.standing.village] >= risk.at_least for risk in found])
        assert above == pytest.approx(0.9, abs=0.03)
