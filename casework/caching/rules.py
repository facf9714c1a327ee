"""Rules that every verb needs and hardly anybody changes: read once, kept by the process, looked at again in time."""

import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")

# How long a process may go on with rules that another one has changed a moment ago.
TRUSTED_SECONDS = 5.0


class RefreshingCache(Generic[Value]):
    """A value made from a few rows. `stamp` is a cheap question whose answer changes with the rows."""

    def __init__(self, *, stamp: Callable[[], Any], load: Callable[[], Value]) -> None:
        self._stamp, self._load = stamp, load
        self._checked_at = float("-inf")
        self._known: Any = None
        self._value: Value | None = None

    def get(self) -> Value:
        now = time.monotonic()
        if self._value is not None and now - self._checked_at < TRUSTED_SECONDS:
            return self._value
        stamp = self._stamp()
        if self._value is None or stamp != self._known:
            self._value, self._known = self._load(), stamp
        self._checked_at = now
        return self._value

    def set(self, value: Value) -> None:
        """Go on with this value until it is forgotten or no longer trusted."""
        self._value, self._checked_at = value, time.monotonic()

    def forget(self) -> None:
        """Read again at the next question: for whoever has just changed the rows."""
        self._value, self._checked_at = None, float("-inf")
