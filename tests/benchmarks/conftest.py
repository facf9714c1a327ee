"""The city is filled once; each figure is printed with its queries and the bare SQL beside it."""

import statistics
import time
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.benchmarks.city import CASES, City, build

ROUNDS = 7


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object, request: pytest.FixtureRequest) -> None:
    """The suite's own database, filled; the sweep fills its own."""
    if all(item.get_closest_marker("own_database") for item in request.session.items):
        return
    with django_db_blocker.unblock():
        begun = time.perf_counter()
        _built.append(build())
        print(f"\n{CASES:,} cases in 1,334 villages: filled in {time.perf_counter() - begun:.0f} s")


_built: list[City] = []


@pytest.fixture
def city(db: None) -> City:
    return _built[0]


def milliseconds(action: Callable[[], object]) -> float:
    """The median of some runs, after one that warms the caches."""
    action()
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        action()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def queries(action: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        action()
    return [query["sql"] for query in captured.captured_queries if "SAVEPOINT" not in query["sql"]]


def in_all(action: Callable[[], object]) -> tuple[float, int, float]:
    """Seconds of one run, how many statements it made, and the seconds that these took alone. Keeps none of them."""
    count, inside = 0, 0.0

    def wrapper(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
        nonlocal count, inside
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            count, inside = count + ("SAVEPOINT" not in sql), inside + time.perf_counter() - begun

    begun = time.perf_counter()
    with connection.execute_wrapper(wrapper):
        action()
    return time.perf_counter() - begun, count, inside


def bare(sql: str, values: list[object]) -> float:
    """How long the database alone takes for the same rows."""

    def run() -> object:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()

    return milliseconds(run)


def nodes(sql: str, values: list[object]) -> str:
    """The scans of the plan."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + sql, values)
        lines = [row[0].strip(" ->").split("  ")[0] for row in cursor.fetchall()]
    return ", ".join(line for line in lines if "Scan" in line)


def tell(name: str, value: str, count: int | None = None, beside: str = "") -> None:
    print(f"{name:58} {value:>12}  {'' if count is None else f'{count} queries':>11}  {beside}")
