"""A function in a child process: its answer comes back, and nothing that it does reaches its asker."""

import gc
import os
import resource
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import gettext as _
from PIL import Image

from casework.errors import Invalid
from casework.limited_process import LimitExceeded, _helper, run_limited

MEGABYTE = 1024 * 1024


def sum_of(one: int, other: int) -> int:
    return one + other


def refuse() -> None:
    raise Invalid("broken", _("Choose at least one photo."), field="photos", values={"at": 3})


def raise_unpicklable() -> None:
    class Local(Exception):
        pass

    raise Local("here")


def take_memory(megabytes: int) -> int:
    return len(bytearray(megabytes * MEGABYTE))


def answer_with(megabytes: int) -> bytes:
    return bytes(megabytes * MEGABYTE)


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def compute() -> None:
    while True:
        sum(range(100_000))


def resize_without_end() -> None:
    picture = Image.new("RGB", (6000, 6000))
    while True:
        picture.resize((5999, 5999), Image.Resampling.LANCZOS)


def kill_by(number: int) -> None:
    os.kill(os.getpid(), number)


def leave(code: int) -> None:
    os._exit(code)


def own_pid() -> int:
    return os.getpid()


def parent_and_threads() -> tuple[int, int]:
    return os.getppid(), len(list(Path("/proc/self/task").iterdir()))


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def core_limit() -> tuple[int, int]:
    return resource.getrlimit(resource.RLIMIT_CORE)


def why(*asked, **limits) -> str:
    with pytest.raises(LimitExceeded) as failure:
        run_limited(*asked, **limits)
    return failure.value.why


def children_of(pid: int) -> set[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return {int(line) for line in listed.stdout.split()}


def test_the_result_comes_back():
    assert run_limited(sum_of, 2, 3) == 5


def test_a_refusal_comes_back_whole_and_in_the_readers_language():
    with translation.override("zh-hans"), pytest.raises(Invalid) as failure:
        run_limited(refuse)
    refusal = failure.value
    assert (refusal.code, refusal.field, refusal.values) == ("broken", "photos", {"at": 3})
    with translation.override("zh-hans"):
        assert str(refusal) == _("Choose at least one photo.") != "Choose at least one photo."


def test_an_error_says_where_in_the_child_it_was():
    with pytest.raises(ZeroDivisionError) as failure:
        run_limited(divmod, 1, 0)
    assert "limited process" in failure.value.__notes__[0]


def test_an_error_that_cannot_travel_is_told_in_words():
    with pytest.raises(RuntimeError, match="Local"):
        run_limited(raise_unpicklable)


def test_memory_up_to_the_limit_is_given_and_beyond_it_refused():
    assert run_limited(take_memory, 60, memory=80 * MEGABYTE) == 60 * MEGABYTE
    assert why(take_memory, 100, memory=80 * MEGABYTE) == "memory"


def test_an_answer_that_is_too_large_is_refused():
    assert len(run_limited(answer_with, 20)) == 20 * MEGABYTE
    assert why(answer_with, 130) == "memory"


@pytest.mark.parametrize("idle_or_busy", [(sleep, 60), (compute,), (resize_without_end,)])
def test_beyond_the_time_it_is_stopped_even_inside_a_library(idle_or_busy):
    begun = time.monotonic()
    assert why(*idle_or_busy, seconds=1) == "time"
    assert time.monotonic() - begun < 1 + 4


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (signal.SIGSEGV, "crash"),
        (signal.SIGTERM, "crash"),
        (signal.SIGABRT, "memory"),
        (signal.SIGKILL, "memory"),
        (signal.SIGXCPU, "time"),
    ],
)
def test_a_child_that_dies_is_told_by_its_signal(number, reason):
    assert why(kill_by, number) == reason


@pytest.mark.parametrize("code", [0, 1, 2])
def test_a_child_that_leaves_without_an_answer_has_crashed(code):
    assert why(leave, code) == "crash"


def test_after_every_kind_of_end_no_child_stays_behind():
    helper, threads = run_limited(parent_and_threads)
    for ended in ((sleep, 9), (leave, 1), (kill_by, signal.SIGSEGV), (sum_of, 1, 1)):
        if ended[0] is sum_of:
            run_limited(*ended)
        else:
            why(*ended, seconds=0.2)
    until = time.monotonic() + 5
    while children_of(helper) and time.monotonic() < until:
        time.sleep(0.01)
    assert children_of(helper) == set()
    assert threads == 1, "a helper with threads can't be forked"


def test_a_helper_that_died_is_started_again_and_leaves_no_zombie():
    helper, _threads = run_limited(parent_and_threads)
    os.kill(helper, signal.SIGKILL)
    _helper.process.wait()
    another, _threads = run_limited(parent_and_threads)
    assert another != helper
    assert helper not in children_of(os.getpid())


def test_a_forked_asker_starts_a_helper_of_its_own():
    helper, _threads = run_limited(parent_and_threads)
    read_end, write_end = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(write_end, str(run_limited(parent_and_threads)[0]).encode())
        finally:
            _helper.stop()
            os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as said:
        assert int(said.read()) != helper
    os.waitpid(child, 0)
    assert run_limited(parent_and_threads)[0] == helper


def test_the_helper_ends_when_its_asker_is_killed():
    asker = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import os, time\nfrom casework.limited_process import run_limited\n"
            "print(run_limited(os.getppid), flush=True)\ntime.sleep(60)",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    helper = int(asker.stdout.readline())
    asker.kill()
    asker.wait()
    asker.stdout.close()
    until = time.monotonic() + 10
    while Path(f"/proc/{helper}/cmdline").exists() and Path(f"/proc/{helper}/cmdline").read_bytes():
        assert time.monotonic() < until, "the helper lives on"
        time.sleep(0.02)


def test_threads_ask_at_the_same_time_and_each_gets_its_own_answer():
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda number: run_limited(sum_of, number, 1000), range(40)))
    assert answers == [1000 + number for number in range(40)]


def test_who_waits_longer_than_the_time_for_a_free_child_is_refused():
    with ThreadPoolExecutor(2) as threads:
        busy = [threads.submit(why, sleep, 60, seconds=2) for _number in range(2)]
        while _helper.free._value:
            time.sleep(0.01)
        assert why(sum_of, 1, 1, seconds=0.1) == "time"
        assert [each.result() for each in busy] == ["time", "time"]


def test_no_file_stays_open_behind_a_call():
    run_limited(sum_of, 1, 1)
    gc.collect()
    here, there = open_files(), run_limited(open_files)
    for _number in range(5):
        run_limited(sum_of, 1, 1)
        why(leave, 1)
    assert (open_files(), run_limited(open_files)) == (here, there)


def test_a_child_leaves_no_core_file():
    assert run_limited(core_limit) == (0, 0)
