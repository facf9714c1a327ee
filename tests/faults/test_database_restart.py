"""PostgreSQL crashes and comes back in the middle of a sweep: on a server of the test's own."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.faults.conftest import CASES, RESTARTS
from tests.faults.machinery import ROOT, Mailbox, Redis, Workers, free_port, wait_until
from tests.faults.test_sweep_faults import ANNOUNCE, LEFT, SWEEP, UNSENT, UNTOLD

PROGRAMS = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)
pytestmark = pytest.mark.postgres


class Cluster:
    """A PostgreSQL server in a folder of its own. It refuses to run as root, so there it runs as its usual user."""

    def __init__(self) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="cluster-", dir="/tmp"))
        self.prefix: list[str] = []
        if os.getuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            self.prefix = ["runuser", "-u", "postgres", "--"]
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        self.data = self.folder / "data"
        self._run("initdb", "--pgdata", str(self.data), "--username", "postgres", "--auth", "trust")

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        self._run(
            "pg_ctl", "--pgdata", str(self.data), "--wait", "-o", options, "-l", str(self.folder / "log"), "start"
        )

    def crash(self) -> None:
        """Stop at once, without a checkpoint: what was not committed is gone, what was is recovered."""
        self._run("pg_ctl", "--pgdata", str(self.data), "--mode", "immediate", "stop")

    def remove(self) -> None:
        self.crash()
        shutil.rmtree(self.folder)

    def count(self, sql: str) -> int:
        with psycopg.connect(self.url, connect_timeout=5) as asked:
            return int((asked.execute(sql).fetchone() or (0,))[0])

    def _run(self, program: str, *arguments: str) -> None:
        assert PROGRAMS is not None, "PostgreSQL's own programs are not on this computer"
        command = [*self.prefix, str(PROGRAMS / program), *arguments]
        subprocess.run(command, cwd=self.folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    server = Cluster()
    server.start()
    yield server
    server.remove()


# The reminder before it is passed over, in a row of its own.
NOTICES = "SELECT count(*) FROM casework_escalation WHERE kind = 'notice'"


def prepared(cluster: Cluster, folder: Path) -> None:
    """The tables, and cases that are due."""
    environment = {**os.environ, "DATABASE_URL": cluster.url, "DATA_DIR": str(folder), "LOG_LEVEL": "CRITICAL"}
    fill = f"import django; django.setup();from tests.faults.machinery import due_cases; due_cases({CASES})"
    for command in (["manage.py", "migrate", "-v0"], ["-c", fill]):
        subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env={**environment, "DJANGO_SETTINGS_MODULE": "config.settings"},
            check=True,
        )


def test_a_database_that_crashes_in_the_middle_of_a_sweep(
    cluster: Cluster, redis: Redis, mailbox: Mailbox, tmp_path: Path
) -> None:
    prepared(cluster, tmp_path)
    workers = Workers(
        redis=redis, mailbox=mailbox, folder=tmp_path, DATABASE_URL=cluster.url, SWEEP_BATCH=20, DELIVERY_LEASE=3
    )
    workers.work()
    workers.wake(SWEEP)
    wait_until(lambda: cluster.count("SELECT count(*) FROM casework_escalation") > 0, seconds=60)
    for _ in range(RESTARTS):
        crash_in_the_middle(cluster, workers)
    wait_until(lambda: nudged(workers) and not any(cluster.count(sql) for sql in (LEFT, UNTOLD, UNSENT)), seconds=240)
    workers.end()
    assert cluster.count(NOTICES) == CASES
    assert cluster.count("SELECT count(DISTINCT case_id) FROM casework_escalation") == CASES
    assert cluster.count("SELECT count(DISTINCT number) FROM casework_letter") == CASES
    assert cluster.count("SELECT count(*) FROM notifications_message") == 2 * CASES
    assert len(mailbox.seen) == CASES


def crash_in_the_middle(cluster: Cluster, workers: Workers) -> None:
    """Within half a minute of its return the work goes on where it was, in whole batches."""
    cluster.crash()
    time.sleep(1)
    cluster.start()
    begun = time.monotonic()
    steps = cluster.count(NOTICES)
    assert 0 < steps <= CASES and steps % 20 == 0  # no half step
    wait_until(
        lambda: nudged(workers) and (steps == CASES or cluster.count(NOTICES) > steps),
        seconds=30,
    )
    print(
        f"\ncrashed after {steps} of {CASES} steps, went on {time.monotonic() - begun:.1f} s after the database was back"
    )


def nudged(workers: Workers) -> bool:
    """What a beat says every so often."""
    workers.wake(SWEEP, ANNOUNCE)
    time.sleep(0.3)
    return True
