"""The curves of the analysis page come from the tallies of the counties and days that are asked for."""

from datetime import date, timedelta

import pytest

from casework.models import Unit
from oversight.analysis import Scope, curves, lines, total
from oversight.models import Dimension, RelapseAge, Tally
from oversight.rates import rate
from oversight.survival import curve
from tests.cast import Cast

FIRST, ON = date(2026, 1, 1), date(2026, 3, 2)


def closed(county: Unit, key: str, day: date, number: int, **counts: int) -> None:
    Tally.objects.create(county=county.pk, dimension=Dimension.ASPECT, key=key, day=day, closed=number, **counts)


def came_back(county: Unit, key: str, day: date, age: int, count: int) -> None:
    RelapseAge.objects.create(county=county.pk, dimension=Dimension.ASPECT, key=key, day=day, age=age, count=count)


@pytest.fixture
def scope(cast: Cast) -> Scope:
    return Scope((cast.county.pk,), FIRST, ON)


def test_a_curve_is_made_of_all_its_days_and_of_what_came_back(cast: Cast, scope: Scope) -> None:
    second = FIRST + timedelta(days=1)
    closed(cast.county, "a", FIRST, 8)
    closed(cast.county, "a", second, 4)
    closed(cast.county, "b", FIRST, 9)  # too few
    came_back(cast.county, "a", second, 20, 3)
    closed(cast.other_county, "a", FIRST, 50)
    came_back(cast.other_county, "a", FIRST, 5, 40)
    closed(cast.county, "a", FIRST - timedelta(days=1), 50)
    came_back(cast.county, "a", ON + timedelta(days=1), 5, 1)
    expected = curve({FIRST: 8, second: 4}, {(second, 20): 3}, on=ON)
    assert curves(scope, Dimension.ASPECT, ["a", "b", "c"], on=ON) == {"a": expected}
    assert expected is not None and (expected.count, expected.back) == (12, 3)


def test_lines_come_with_the_most_strike_offs_first_and_add_up(cast: Cast, scope: Scope) -> None:
    closed(cast.county, "b", FIRST, 5, opened=7, back=1, paper_only=1)
    closed(cast.county, "a", FIRST, 5, opened=2, back=2)
    closed(cast.county, "c", FIRST, 2, opened=1)
    closed(cast.county, "c", ON, 6, opened=1, back=3, paper_only=2)
    found = lines(scope, Dimension.ASPECT)
    assert [(line.key, line.opened, line.back, line.paper_only) for line in found] == [
        ("c", 2, rate(3, 8), 2),
        ("a", 2, rate(2, 5), 0),
        ("b", 7, rate(1, 5), 1),
    ]
    every = total(found)
    assert (every.opened, every.back, every.paper_only) == (11, rate(6, 18), 3)
