"""A function that fails for some of its calls, and what rests because of it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from casework.models import Case, Escalation, RestingRow
from casework.working_time.deadlines import LOCAL
from tests.cast import Cast
from tests.walk import assigned, reported, screened

DUE = date(2026, 3, 16)
LATE = datetime(2026, 3, 17, 9, 0, tzinfo=LOCAL)  # the working day after
SECRET = "王某某的低保金"


class PoisonError(Exception):
    """Says what nobody should read in a log."""


def poison(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, is_bad: Callable[..., bool]) -> Callable[[], None]:
    """Make a function fail for some of its calls; gives what mends it."""
    good, mended = getattr(module, name), []

    def bad(*args: Any, **kwargs: Any) -> Any:
        if not mended and is_bad(*args, **kwargs):
            raise PoisonError(SECRET)
        return good(*args, **kwargs)

    monkeypatch.setattr(module, name, bad)
    return lambda: mended.append(True)


def resting() -> list[tuple[str, int]]:
    return list(RestingRow.objects.values_list("clock", "row"))


def noticed() -> set[int]:
    return set(Escalation.objects.filter(kind="notice").values_list("case", flat=True))


def late_cases(cast: Cast) -> list[Case]:
    return [assigned(cast, screened(cast, reported(cast, severity=3)), due_on=DUE) for _ in range(3)]
