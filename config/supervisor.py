"""Starts a few processes, watches them, and leaves none behind."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

# The worker finishes the task in its hands first.
SECONDS_TO_STOP = 20
GLANCE = 0.2


class Supervisor:
    """Named commands as one: they start together, and when one of them dies the others are stopped."""

    def __init__(self, commands: Mapping[str, list[str]], *, environment: Mapping[str, str]) -> None:
        self.commands = commands
        self.environment = environment
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.parent = os.getppid()
        self.is_stopping = False
        self.is_impatient = False
        self.exit_code = 0
        self._asked = threading.Event()

    def start(self) -> None:
        """Each in a session of its own: the terminal's Ctrl-C reaches this process alone, which then stops them once
        and in peace, and what a child leaves behind can be found by its group."""
        for name, command in self.commands.items():
            self.children[name] = subprocess.Popen(
                command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=end_with_parent if sys.platform == "linux" else None,
            )

    def wait_until(self, is_ready: Callable[[], bool], *, seconds: float) -> bool:
        """Whether `is_ready` came true before the time was over, a child died or somebody asked to stop."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit and self._all_is_well():
            if is_ready():
                return True
            self._asked.wait(GLANCE)
        return False

    def watch(self) -> int:
        """Return when everything has stopped: 0 when it was asked to, otherwise 1."""
        while self._all_is_well():
            self._asked.wait(GLANCE)
        self._stop()
        return self.exit_code

    def ask_to_stop(self, *_signal: Any) -> None:
        """A signal handler. Asked a second time it doesn't wait for anybody any more."""
        self.is_impatient = self.is_stopping
        self.is_stopping = True
        self._asked.set()

    def give_up(self) -> None:
        self.exit_code = 1
        self.is_stopping = True
        self._asked.set()

    def _all_is_well(self) -> bool:
        for name, child in self.children.items():
            if not self.is_stopping and child.poll() is not None:
                print(
                    f"The {name} stopped by itself (exit code {child.returncode}): stopping the rest.", file=sys.stderr
                )
                self.give_up()
        if os.getppid() != self.parent:  # make was killed, and nobody is left to ask
            self.is_stopping = True
        return not self.is_stopping

    def _stop(self) -> None:
        print("\nStopping", flush=True)
        self._tell(signal.SIGTERM)
        limit = time.monotonic() + SECONDS_TO_STOP
        while time.monotonic() < limit and not self.is_impatient and self._alive():
            time.sleep(GLANCE / 2)
        for name in self._alive():
            print(f"The {name} did not stop and was ended.", file=sys.stderr)
        # Also where the leader has gone: its group may hold a process that did not notice.
        for child in self.children.values():
            try:
                os.killpg(child.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                continue
        for child in self.children.values():
            child.wait()

    def _tell(self, number: signal.Signals) -> None:
        for child in self.children.values():
            if child.poll() is None:
                child.send_signal(number)

    def _alive(self) -> list[str]:
        return [name for name, child in self.children.items() if child.poll() is None]


def end_with_parent() -> None:
    """Ask Linux for a SIGTERM to this child when its parent is killed without a chance to stop it."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)
