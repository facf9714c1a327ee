"""What the fault tests stand on: a Redis of their own, a mailbox, and workers that are ended with the test."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.machinery import Mailbox, Redis, Workers

LONG = bool(os.environ.get("LONG"))
# In CI a short version of each; the full figures with LONG=1.
CASES = 5000 if LONG else 600
KILLS = 50 if LONG else 6
RESTARTS = 10 if LONG else 2
MINUTES = 60 if LONG else 8
SECONDS_WITHOUT_BROKER = 600 if LONG else 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/faults" in str(item.path) and shutil.which("redis-server") is None:
            item.add_marker(pytest.mark.skip(reason="no redis-server on this computer"))


@pytest.fixture
def redis() -> Iterator[Redis]:
    server = Redis()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    yield box
    box.close()


@pytest.fixture
def workers(redis: Redis, mailbox: Mailbox, tmp_path: Path) -> Iterator[Workers]:
    # Small batches, so that a death falls into the middle of the work; a short lease, so that nobody waits.
    crowd = Workers(
        redis=redis, mailbox=mailbox, folder=tmp_path, SWEEP_BATCH=20, DELIVERY_LEASE=3, SWEEP_EVERY=1, ANNOUNCE_EVERY=1
    )
    yield crowd
    crowd.end()
