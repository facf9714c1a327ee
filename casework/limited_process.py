"""Functions that look at strangers' files run in a child process with limits of memory and time.

A process with threads or open connections must not be forked, and a new interpreter takes a second to load what is
needed. So every process that asks keeps one helper beside it: an interpreter without threads, libraries loaded, which
forks a child for each call (milliseconds), and tells how the child ended. The helper ends when its asker does.
"""

import atexit
import gc
import importlib
import os
import pickle
import resource
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Literal, NoReturn, TypeVar

import django
from django.utils import translation

Result = TypeVar("Result")
Why = Literal["memory", "time", "crash"]

# Children of one asker at the same time: sixteen threads of a web server must not ask for sixteen times the memory.
MOST_AT_ONCE = 2
# What a child may hand back, since its asker has to hold it.
LARGEST_ANSWER = 128 * 1024 * 1024
# A slow computer loads Django and the libraries of pictures and tables for some seconds.
SECONDS_TO_START = 60
# How much longer the asker waits than the child may run: the child is stopped by its own clock.
SECONDS_OF_GRACE = 5
# What the helper loads before it forks; what else a function needs is loaded by its child.
PRELOADED = ("casework.proofs.uploads", "casework.proofs.previews", "casework.proofs.checks", "casework.tables.parsing")

ORDER = struct.Struct("!dQ")  # seconds, bytes of memory
LENGTH = struct.Struct("!Q")
STATUS = struct.Struct("!i")
OUT_OF_MEMORY = 3  # a child's exit code
ENDED_BY: dict[int, Why] = {
    signal.SIGALRM: "time",
    signal.SIGXCPU: "time",
    signal.SIGABRT: "memory",
    signal.SIGKILL: "memory",
}


class LimitExceeded(Exception):
    """A function did not end within its limits. `why` is "memory", "time" or "crash"."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


def run_limited(
    function: Callable[..., Result], *arguments: Any, seconds: float = 20, memory: int = 512 * 1024 * 1024
) -> Result:
    """Run a function of a module in a child process; gives what it gives and raises what it raises.

    `seconds` limits both the clock and the processor's time, `memory` (bytes) what the child may ask for beyond what it
    has at its start; a system that can't limit it (macOS) limits the time alone. Raises LimitExceeded beyond either,
    when the child dies, and when for as many seconds no child was free. Function, arguments, result and error are
    pickled, the reader's language goes along; the function must not use the database.
    """
    if not _helper.free.acquire(timeout=seconds):
        raise LimitExceeded("time")
    try:
        return _run(pickle.dumps((function, arguments, translation.get_language())), seconds, memory)
    finally:
        _helper.free.release()


def _run(asked: bytes, seconds: float, memory: int) -> Any:
    talk, childs_talk = socket.socketpair()
    status, childs_status = socket.socketpair()
    with talk, status:
        with childs_talk, childs_status:
            _helper.hand_over(ORDER.pack(seconds, memory), [childs_talk.fileno(), childs_status.fileno()])
        until = time.monotonic() + seconds + SECONDS_OF_GRACE
        try:
            _send(talk, asked, until)
            answer = _receive(talk, until)
        except OSError:
            raise LimitExceeded(_why(status, until)) from None
    succeeded, value = pickle.loads(answer)
    if succeeded:
        return value
    raise value


def _why(status: socket.socket, until: float) -> Why:
    """What the helper says of a child that gave no answer. Rust and C++ abort when they get no memory."""
    try:
        code = STATUS.unpack(_exactly(status, STATUS.size, until))[0]
    except TimeoutError:
        return "time"
    except OSError:
        return "crash"
    if os.WIFSIGNALED(code):
        return ENDED_BY.get(os.WTERMSIG(code), "crash")
    return "memory" if os.waitstatus_to_exitcode(code) == OUT_OF_MEMORY else "crash"


def _send(talk: socket.socket, content: bytes, until: float) -> None:
    talk.settimeout(max(0.01, until - time.monotonic()))
    talk.sendall(LENGTH.pack(len(content)))
    talk.sendall(content)


def _receive(talk: socket.socket, until: float) -> bytes:
    return _exactly(talk, LENGTH.unpack(_exactly(talk, LENGTH.size, until))[0], until)


def _exactly(talk: socket.socket, size: int, until: float) -> bytes:
    """So many bytes; ConnectionError if the other end closes before, TimeoutError if they don't come in time."""
    content = bytearray()
    while len(content) < size:
        talk.settimeout(max(0.01, until - time.monotonic()))
        piece = talk.recv(min(size - len(content), 1024 * 1024))
        if not piece:
            raise ConnectionError("closed before the end")
        content += piece
    return bytes(content)


class _Helper:
    """The asker's side: one helper process, started with the first call and again when it died."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """What a fork of the asker inherits is not its own: it starts a helper for itself."""
        self.lock = threading.Lock()
        self.free = threading.BoundedSemaphore(MOST_AT_ONCE)
        self.control: socket.socket | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def hand_over(self, order: bytes, ends: list[int]) -> None:
        with self.lock:
            for _attempt in range(2):
                try:
                    socket.send_fds(self.control or self.start(), [order], ends)
                    return
                except OSError:
                    self.stop()
        raise LimitExceeded("crash")

    def start(self) -> socket.socket:
        ours, its = socket.socketpair()
        command = [sys.executable, "-c", f"from {__name__} import serve; serve({its.fileno()})"]
        with its:
            # In a session of its own: Ctrl-C is for its asker. One thread for numpy, or it could not fork.
            self.process = subprocess.Popen(
                command,
                pass_fds=[its.fileno()],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "OPENBLAS_NUM_THREADS": "1"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        self.control = ours
        _exactly(ours, 1, time.monotonic() + SECONDS_TO_START)
        ours.settimeout(SECONDS_OF_GRACE)
        return ours

    def stop(self) -> None:
        """The helper ends by itself once nobody talks to it; one that doesn't is killed. Leaves no zombie."""
        control, process = self.control, self.process
        self.control = self.process = None
        if control is not None:
            control.close()
        if process is not None:
            try:
                process.wait(timeout=1)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


_helper = _Helper()
os.register_at_fork(after_in_child=_helper.forget)
atexit.register(_helper.stop)


def serve(fileno: int) -> None:
    """The helper's whole life: fork a child for each order, and tell its asker how each ended."""
    control = socket.socket(fileno=fileno)
    children: dict[int, socket.socket] = {}

    def reap(*_signal: object) -> None:
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                with children.pop(ended[0]) as status, suppress(OSError):
                    status.send(STATUS.pack(ended[1]))

    django.setup()
    for name in PRELOADED:
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, reap)
    gc.collect()
    gc.freeze()  # what is never looked at by the collector is never copied for a child
    with suppress(OSError):
        control.sendall(b".")
        while True:
            order, ends, _flags, _address = socket.recv_fds(control, ORDER.size, 2)
            if not order:
                return
            talk, status = (socket.socket(fileno=end) for end in ends)
            # A child that ends at once must not be reaped before it is written down.
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
            child = os.fork()
            if not child:
                for each in (control, status, *children.values()):
                    each.close()
                _work(talk, *ORDER.unpack(order))
            children[child] = status
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
            talk.close()


def _work(talk: socket.socket, seconds: float, memory: int) -> NoReturn:
    """The child's whole life: limits first, then the one function."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
        _limit(seconds, memory)
        until = time.monotonic() + seconds
        answer = _answer(_receive(talk, until))
        if len(answer) > LARGEST_ANSWER:
            os._exit(OUT_OF_MEMORY)
        _send(talk, answer, until)
        os._exit(0)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    finally:
        os._exit(1)


def _limit(seconds: float, memory: int) -> None:
    # The clock's signal has no handler: it ends the child in the middle of a library's loop as well.
    signal.setitimer(signal.ITIMER_REAL, seconds)
    processor = max(1, round(seconds))
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError, ValueError), open("/proc/self/statm") as pages:
        most = int(pages.read().split()[0]) * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _answer(asked: bytes) -> bytes:
    try:
        function, arguments, language = pickle.loads(asked)
        with translation.override(language):
            return pickle.dumps((True, function(*arguments)))
    except MemoryError:
        raise
    except Exception as error:
        error.add_note("In the limited process:\n" + "".join(traceback.format_exception(error)))
        try:
            return pickle.dumps((False, error))
        except Exception:
            return pickle.dumps((False, RuntimeError(repr(error))))
