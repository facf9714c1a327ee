"""`make test`: the whole suite on PostgreSQL and Redis where they answer, then on the embedded default what may come out
otherwise there; without the servers the whole suite on the embedded default.

Marked `once` is what a database has no part in: the browser's tests, those that ask no database, and a few that are long.
The closing lines name what was not run. In CI (CI=true) whatever was not run has failed: CI has everything.
    TEST_DATABASE_URL, TEST_REDIS_URL   other servers than the local ones
    python -m config.testing tests/casework -k closure   what follows goes to pytest
    python -m config.testing --both                      every test in both passes
    python -m config.testing --learn                     the same, on the embedded default learning which tests run a line,
                                                         for make mutants
    python -m config.testing --benchmarks                the benchmarks alone, on the servers
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import psycopg
import redis

from config.mutation import LEARN_INTO, PLUGIN, WRITTEN, digests

DATABASE_URL = os.environ.get("TEST_DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/postgres"
REDIS_URL = os.environ.get("TEST_REDIS_URL") or "redis://127.0.0.1:6379/15"
BENCHMARKS = "tests/benchmarks"
# What a developer's shell may hold, and what would make one machine's result differ from another's.
NOT_PASSED_ON = {"DATABASE_URL", "REDIS_URL", "DEPLOYMENT", "DEBUG", "SECRET_KEY", "EVIDENCE_BUCKET", "ALLOWED_HOSTS"}
# Each process of the suite, and each program that a test starts, would compile the whole project and all tests anew.
COMPILES_ANEW = "PYTHONDONTWRITEBYTECODE"
# Tests of browsers and of programs wait for them; a process more than there are cores works meanwhile. Whichever is done
# takes half of what another one still has, or the browser's tests would be left to one alone.
PROCESSES = str(min(os.cpu_count() or 1, 4) + 1)
# Skipped with a reason that begins like this, a test has a short version that did run.
HAS_SHORT_VERSION = "long"
NOTHING_CHOSEN = 5  # pytest's exit code where no test matches
SOME_FAILED = 1  # and where tests ran and failed
# A browser beside a full machine misses its moment now and then. So few of its tests are tried a second time, alone, and
# named at the end; what fails twice has failed.
BROWSER, MOST_TRIED_AGAIN = "tests/browser/", 3


@dataclass
class Pass:
    """One run of the suite: its exit code, the tests that ran, those that were skipped, with the reason, and those that
    were tried a second time."""

    name: str
    code: int = 0
    skipped: dict[str, str] = field(default_factory=dict)
    ran_names: set[str] = field(default_factory=set)
    tried_again: list[str] = field(default_factory=list)


def main(arguments: list[str]) -> int:
    missing = list(missing_servers())
    if "--benchmarks" in arguments:
        return run_benchmarks([each for each in arguments if each != "--benchmarks"], missing)
    is_learning, in_both = "--learn" in arguments, "--both" in arguments or "--learn" in arguments
    arguments = [each for each in arguments if each not in ("--learn", "--both")]
    passes = [] if missing else [run_suite("PostgreSQL and Redis", servers(), arguments)]
    learning, plugin = start_learning() if is_learning else ({}, [])
    # Before what was asked for, so that another -m holds.
    left_out = [] if missing or in_both else ["-m", "not once"]
    passes.append(run_suite("embedded default: SQLite, no server", learning, [*plugin, *left_out, *arguments]))
    return conclude(passes, missing, in_ci=os.environ.get("CI") == "true")


def start_learning() -> tuple[dict[str, str], list[str]]:
    """The environment and the arguments with which a pass learns which tests run a line."""
    shutil.rmtree(WRITTEN, ignore_errors=True)
    WRITTEN.mkdir(parents=True)
    (WRITTEN / "digests.json").write_text(json.dumps(digests()))
    # Coverage's tracer for Python 3.12 and later can't tell one test from the next.
    return {LEARN_INTO: str(WRITTEN), "COVERAGE_CORE": "ctrace"}, ["-p", PLUGIN]


def missing_servers() -> Iterator[str]:
    """Name each server that does not answer, with the address asked."""
    try:
        psycopg.connect(DATABASE_URL, connect_timeout=5).close()
    except psycopg.Error:
        yield f"PostgreSQL at {address(DATABASE_URL)} (TEST_DATABASE_URL)"
    try:
        redis.Redis.from_url(REDIS_URL, socket_connect_timeout=5).ping()
    except redis.RedisError:
        yield f"Redis at {address(REDIS_URL)} (TEST_REDIS_URL)"


def address(url: str) -> str:
    """Host and port, without the password that an address may hold."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


def servers(name: str = "") -> dict[str, str]:
    # Django makes test_<name>, and the name need not exist: one of our own keeps two runs on one server apart.
    name = name or f"rectification_{os.getpid()}"
    return {"DATABASE_URL": urlsplit(DATABASE_URL)._replace(path=f"/{name}").geturl(), "REDIS_URL": REDIS_URL}


def run_suite(name: str, environment: dict[str, str], arguments: list[str]) -> Pass:
    print(f"\n== {name}", flush=True)
    with tempfile.TemporaryDirectory(prefix="rectification-") as folder:
        report, cache = Path(folder) / "report.xml", Path(folder) / "cache"
        command = ["-m", "pytest", "-o", f"cache_dir={cache}", "-n", PROCESSES, "--dist", "worksteal"]
        command += [f"--ignore={BENCHMARKS}"]
        code = run_python([*command, f"--junitxml={report}", *arguments], environment, data_dir=Path(folder) / "data")
        done = read_report(Pass(name, code), report)
        done.tried_again = to_try_again(cache) if code == SOME_FAILED else []
        if done.tried_again:
            print("\n== A second time, alone", flush=True)
            command = ["-m", "pytest", "-p", "no:xdist", *done.tried_again]
            done.code = run_python(command, environment, data_dir=Path(folder) / "again")
        return done


def to_try_again(cache: Path) -> list[str]:
    """The tests that failed, if they are few and all of them need a browser; else none."""
    kept = cache / "v" / "cache" / "lastfailed"
    failed = list(json.loads(kept.read_text())) if kept.exists() else []
    is_for_browsers = all(name.startswith(BROWSER) and "::" in name for name in failed)
    return failed if is_for_browsers and len(failed) <= MOST_TRIED_AGAIN else []


def run_python(command: list[str], environment: dict[str, str], *, data_dir: Path) -> int:
    data_dir.mkdir()
    inherited = {name: value for name, value in os.environ.items() if name not in {*NOT_PASSED_ON, COMPILES_ANEW}}
    return subprocess.run(
        [sys.executable, *command], env={**inherited, **environment, "DATA_DIR": str(data_dir)}
    ).returncode


def read_report(done: Pass, report: Path) -> Pass:
    if not report.exists():
        return done
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        skipped = case.find("skipped")
        if skipped is None:
            done.ran_names.add(name)
        elif skipped.get("type") != "pytest.xfail":
            done.skipped[name] = skipped.get("message") or "no reason given"
    return done


def conclude(passes: list[Pass], missing: list[str], *, in_ci: bool) -> int:
    """Say in the last lines what ran and what did not; return the exit code."""
    print("\n== What was run")
    for done in passes:
        print(f"{done.name}: {len(done.ran_names)} tests, {'passed' if done.code == 0 else 'FAILED'}")
        for name in done.tried_again:
            print(f"{done.name}: failed beside the others and was run again, alone: {name}")
    never_run = skipped_in_every_pass(passes)
    left_out = {name: reason for name, reason in never_run.items() if not reason.startswith(HAS_SHORT_VERSION)}
    for server in missing:
        print(f"NOT RUN: on the servers, because nothing answers: {server}")
    for reason in sorted(set(never_run.values())):
        print(f"NOT RUN: {list(never_run.values()).count(reason)} tests: {reason}")
    print("Not part of this: the benchmarks (make bench)")
    if any(done.code for done in passes):
        return 1
    if in_ci and (missing or left_out):
        print("FAILED: in CI everything has to run.")
        return 1
    return 0


def skipped_in_every_pass(passes: list[Pass]) -> dict[str, str]:
    ran = set().union(*(done.ran_names for done in passes))
    return {name: reason for done in passes for name, reason in done.skipped.items() if name not in ran}


def run_benchmarks(arguments: list[str], missing: list[str]) -> int:
    if missing:
        print(f"The benchmarks measure on the servers, and nothing answers: {', '.join(missing)}.", file=sys.stderr)
        return 2
    worst = 0
    # The sweep fills a database of its own: there every case is open.
    for chosen in ("not own_database", "own_database"):
        with tempfile.TemporaryDirectory(prefix="rectification-") as folder:
            command = ["-m", "pytest", BENCHMARKS, "-s", "-q", "-p", "no:xdist", "-m", chosen, *arguments]
            code = run_python(command, servers(), data_dir=Path(folder) / "data")
            worst = max(worst, 0 if code == NOTHING_CHOSEN else code)
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
