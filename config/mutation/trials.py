"""Tries changes in copies of the tree, two at once, each copy with a database of its own that stays between trials."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue

import psycopg

from config import testing
from config.mutation import LEARNED, PLUGIN, ROOT, SQLITE_FILE
from config.mutation.line_map import LineMap
from config.mutation.sites import Mutant

COPIES = 2
NOT_COPIED = shutil.ignore_patterns("__pycache__", ".*_cache")
NOT_COPIED_FROM_ROOT = {".git", ".venv", "data", LEARNED.name, ".hypothesis"}
# A line that every page runs has a thousand tests; the quick ones stand for all.
SECONDS_OF_TESTS = 30
# A trial that takes this much longer than its tests did hangs: what it was asked is an endless loop.
SLOWER, START = 5, 120
ONE_TEST = "tests/notifications/test_audience.py::test_of_an_ended_case_no_turn_is_told"  # it needs a database


class CannotTry(Exception):
    """The tests fail without any change, or can't be started: no verdict would mean anything."""


@dataclass
class Copy:
    folder: Path
    environment: dict[str, str]
    is_fresh: bool = True

    def pytest(self, tests: list[str], limit: float) -> tuple[int | None, str]:
        """The exit code, or None after the time limit; and what was printed."""
        database = "--create-db" if self.is_fresh else "--reuse-db"
        plugins = ["-p", "no:xdist", "-p", "no:cacheprovider", "-p", PLUGIN]
        run = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-x", "-q", "-rfE", "--tb=no", *plugins, database, *tests],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            printed, _ = run.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
            run.communicate()
            # What the tests had committed is still there.
            self.is_fresh = True
            return None, ""
        self.is_fresh = False
        return run.returncode, printed


@dataclass
class Verdict:
    mutant: Mutant
    outcome: str  # killed, survived, timed out
    tests: int
    killers: list[str] = field(default_factory=list)


def try_all(mutants: list[Mutant], lines: LineMap) -> Iterator[Verdict]:
    """The verdict on each, in their order; raises CannotTry where a test that noticed fails without any change too."""
    with copies() as free:

        def attempt(mutant: Mutant) -> Verdict:
            copy = free.get()
            try:
                return _try_out(mutant, lines, copy)
            finally:
                free.put(copy)

        killers: set[str] = set()
        with ThreadPoolExecutor(COPIES) as pool:
            try:
                for verdict in pool.map(attempt, mutants):
                    killers.update(verdict.killers)
                    yield verdict
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        if killers:
            code, printed = free.get().pytest(
                sorted(killers), START + SLOWER * sum(lines.seconds[test] for test in killers)
            )
            if code != 0:
                raise CannotTry(f"These fail without any change, so no verdict counts:\n{printed}")


def _try_out(mutant: Mutant, lines: LineMap, copy: Copy) -> Verdict:
    tests, seconds = list[str](), 0.0
    for test in lines.tests_of(mutant.module, mutant.lines, mutant.names):
        seconds += lines.seconds[test]
        if tests and seconds > SECONDS_OF_TESTS:
            break
        tests.append(test)
    if not tests:
        return Verdict(mutant, "survived", 0)
    file = copy.folder / mutant.module
    before = file.stat()
    file.write_text(mutant.code())
    try:
        code, printed = copy.pytest(tests, START + SLOWER * seconds)
    finally:
        shutil.copyfile(ROOT / mutant.module, file)
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))  # the compiled file of the warm-up holds again
    if code == 5 or "ERROR: not found" in printed:
        raise CannotTry(f"The tests of {mutant.module}:{mutant.line} are not there: {printed}")
    killers = [test for test in tests if re.search(rf"^(FAILED|ERROR) {re.escape(test)}( - |$)", printed, re.MULTILINE)]
    outcome = "timed out" if code is None else "killed" if code else "survived"
    return Verdict(mutant, outcome, len(tests), killers)


@contextmanager
def copies() -> Iterator[SimpleQueue[Copy]]:
    """Copies of the tree, their databases made; all is removed afterwards."""
    missing = list(testing.missing_servers())
    names = [f"rectification_mutants_{os.getpid()}_{number}" for number in range(COPIES)]
    free: SimpleQueue[Copy] = SimpleQueue()
    with tempfile.TemporaryDirectory(prefix="rectification-") as folder:
        try:
            ready = [_copy(Path(folder) / name, name, has_servers=not missing) for name in names]
            with ThreadPoolExecutor(COPIES) as pool:
                for code, printed in pool.map(lambda copy: copy.pytest([ONE_TEST], START * SLOWER), ready):
                    if code != 0:
                        raise CannotTry(f"The tests fail without any change:\n{printed}")
            for copy in ready:
                # From here on nothing is compiled to disk: a change of the same length within a second would be missed.
                copy.environment["PYTHONDONTWRITEBYTECODE"] = "1"
                free.put(copy)
            yield free
        finally:
            if not missing:
                with psycopg.connect(testing.DATABASE_URL, autocommit=True) as connection:
                    for name in names:
                        connection.execute(f'DROP DATABASE IF EXISTS "test_{name}" WITH (FORCE)')


def _copy(folder: Path, name: str, *, has_servers: bool) -> Copy:
    tree = folder / "tree"
    shutil.copytree(ROOT, tree, ignore=_not_copied)
    (folder / "data").mkdir()
    environment = {key: value for key, value in os.environ.items() if key not in testing.NOT_PASSED_ON}
    environment |= testing.servers(name) if has_servers else {SQLITE_FILE: str(folder / "tests.sqlite3")}
    return Copy(tree, {**environment, "DATA_DIR": str(folder / "data")})


def _not_copied(folder: str, names: list[str]) -> set[str]:
    return NOT_COPIED(folder, names) | (NOT_COPIED_FROM_ROOT if Path(folder) == ROOT else set())
