"""How long strike-offs hold, at the edges: the tenth strike-off, the day of a step, the interval by Greenwood's formula."""

from datetime import date, timedelta
from math import exp, log, sqrt

import pytest

from oversight.survival import HORIZON, Curve, curve

ON = date(2026, 3, 2)
LONG_AGO, LATELY = ON - timedelta(days=400), ON - timedelta(days=40)


def drawn(closed: dict[date, int], ages: dict[tuple[date, int], int]) -> Curve:
    found = curve(closed, ages, on=ON)
    assert found is not None
    return found


def test_ten_strike_offs_make_a_curve() -> None:
    assert drawn({LATELY: 10}, {}).count == 10
    assert curve({LATELY: 9}, {(LATELY, 3): 1}, on=ON) is None


def test_a_curve_steps_down_on_the_day_itself() -> None:
    found = drawn({LATELY: 20}, {(LATELY, 20): 2})
    assert [found.held_after(days) for days in (0, 19, 20, 21)] == [1.0, 1.0, pytest.approx(0.9), pytest.approx(0.9)]


def test_the_interval_is_greenwoods_on_the_scale_of_log_log() -> None:
    found = drawn({LATELY: 20}, {(LATELY, 20): 2})
    error = 1.959964 * sqrt(2 / (20 * 18)) / -log(0.9)
    assert found.low == (1.0, pytest.approx(0.9 ** exp(error), abs=1e-4))
    assert found.high == (1.0, pytest.approx(0.9 ** exp(-error), abs=1e-4))


def test_what_came_back_on_the_very_day_counts_for_the_first() -> None:
    assert drawn({LATELY: 10}, {(LATELY, 0): 1}).days == (0, 1)


def test_a_single_strike_off_of_a_day_counts() -> None:
    found = drawn({LONG_AGO: 10, LATELY: 1}, {(LONG_AGO, 20): 1})
    assert found.held == (1.0, pytest.approx(10 / 11))


def test_what_held_for_less_long_than_the_step_is_not_asked() -> None:
    found = drawn({LONG_AGO: 10, LATELY: 10}, {(LONG_AGO, 41): 1})
    assert found.held == (1.0, pytest.approx(9 / 10))


@pytest.mark.parametrize(("age", "days"), [(HORIZON, (0, 360)), (HORIZON + 1, (0,))])
def test_the_curve_ends_after_a_year_of_360_days(age: int, days: tuple[int, ...]) -> None:
    found = drawn({LONG_AGO: 10}, {(LONG_AGO, age): 1})
    assert found.days == days
    assert len(found.held) == len(found.low) == len(found.high) == len(days)


def test_a_curve_falls_to_nothing_when_all_came_back() -> None:
    found = drawn({LATELY: 10}, {(LATELY, 5): 4, (LATELY, 6): 6})
    assert found.days == (0, 5, 6)
    assert found.held == (1.0, pytest.approx(0.6), pytest.approx(0.0))
    assert 0 <= found.low[1] < 0.6 < found.high[1] <= 1
