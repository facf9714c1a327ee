"""Places: what counts as one, and how far two are apart."""

import pytest

from casework.models import Case
from casework.stages import Stage
from casework.values.positions import metres_between, real_position
from tests.cast import Cast
from tests.walk import case_at, reported

NAN, INFINITE = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ((33.5, 114.0), (33.5, 114.0)),
        ((-33.5, -114.0), (-33.5, -114.0)),
        ((0.0, 114.0), (0.0, 114.0)),
        ((33.5, 0.0), (33.5, 0.0)),
        ((90.0, 180.0), (90.0, 180.0)),
        ((33.123456789, 114.123456789), (33.1234568, 114.1234568)),
        ((1e-320, 114.0), (0.0, 114.0)),
    ],
)
def test_a_place_is_kept_to_the_centimetre(said: tuple[float, float], kept: tuple[float, float]) -> None:
    assert real_position(*said) == kept


@pytest.mark.parametrize(
    "said",
    [(0.0, 0.0), (-0.0, 0.0), (1e-9, -1e-320), (None, 114.0), (33.5, None), (None, None), (NAN, 114.0), (33.5, NAN),
     (INFINITE, 114.0), (33.5, -INFINITE), (90.01, 114.0), (33.5, 180.01), (-91, 0)],
)  # fmt: skip
def test_what_is_no_place_is_none(said: tuple[float | None, float | None]) -> None:
    assert real_position(*said) is None


def test_minus_nothing_is_kept_as_nothing() -> None:
    assert str(real_position(-0.0, 114.0)) == "(0.0, 114.0)"


def test_metres() -> None:
    assert metres_between(33.5, 114, 33.5, 114.01) == pytest.approx(928, abs=5)
    assert metres_between(33.5, 114, 33.51, 114) == pytest.approx(1113, abs=5)
    assert metres_between(-33.5, -114, -33.5, -114.01) == pytest.approx(928, abs=5)


def test_a_case_reported_at_zero_zero_has_no_position(cast: Cast) -> None:
    case = reported(cast, latitude=0.0, longitude=0.0)
    assert (case.latitude, case.longitude) == (None, None)


def test_a_case_keeps_its_position_as_the_database_gives_it_back(cast: Cast) -> None:
    case = reported(cast, latitude=1e-320, longitude=114.123456789)
    again = Case.objects.get(pk=case.pk)
    assert (case.latitude, case.longitude) == (again.latitude, again.longitude) == (0.0, 114.1234568)
    assert case_at(Stage.RECTIFICATION, cast).latitude is None
