"""A share with its interval is the one that SciPy gives."""

import pytest
from scipy.stats import binomtest

from oversight.rates import CONFIDENCE, rate


@pytest.mark.parametrize("whole", [1, 2, 3, 10, 77, 1334, 1_000_000])
def test_the_interval_is_wilsons(whole: int) -> None:
    for part in {0, 1, whole // 3, whole // 2, whole - 1, whole}:
        found = rate(part, whole)
        interval = binomtest(part, whole).proportion_ci(confidence_level=CONFIDENCE, method="wilson")
        assert found.share == part / whole
        assert (found.low, found.high) == pytest.approx((interval.low, interval.high), abs=1e-9)


def test_of_nothing_there_is_no_share() -> None:
    assert (rate(0, 0).share, rate(0, 0).low, rate(0, 0).high) == (None, None, None)
