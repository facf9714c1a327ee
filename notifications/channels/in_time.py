"""A limit on the whole of a sending: a socket's own timeout starts anew with every byte that drips in."""

import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Thread
from typing import TypeVar

from notifications.channels import base
from notifications.channels.base import Passing

Given = TypeVar("Given")


def limit() -> float:
    """The moment, on the monotonic clock, at which a sending that begins now is given up."""
    return time.monotonic() + base.SECONDS_TO_SEND


def in_time(work: Callable[[], Given], *, until: float, cut: Callable[[], None] = lambda: None) -> Given:
    """What `work` gives, or its error; Passing when it isn't done by `until`.

    Then `cut` closes its line, so that the thread it was left in ends too. `work` must not touch the database: it has
    no connection there.
    """
    future: Future[Given] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    Thread(target=run, name="sending", daemon=True).start()
    if not wait([future], timeout=max(0.0, until - time.monotonic())).done:
        cut()
        raise Passing("no answer in time")
    return future.result()
