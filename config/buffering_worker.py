"""gunicorn's processes with waitress's way of reading: a request takes a thread only when all of it is there.

A thread that reads a slow body waits as long as its sender likes, and eight such senders were the end of eight threads.
Here one loop reads all connections at once, bodies beyond half a megabyte into temporary files, and a sender who is too
slow loses the connection.
"""

import logging
import os
import time
from typing import Any

from django.db import close_old_connections
from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import create_server

from web.bad_requests import MOST_BEFORE_SIGN_IN, is_signed_in, takes_photo

MOST = 420 * 1024 * 1024  # twenty files of 20 MB and the form around them, as in config/proxy/Caddyfile
CONNECTIONS = 400  # of one process: each may need a temporary file beside its socket
# How long a request may take to arrive: its head, a form, files over a village's line.
SECONDS_FOR_HEAD, SECONDS_FOR_FORM, SECONDS_FOR_FILES = 20, 60, 2 * 3600
SECONDS_IDLE = 75


class BufferingWorker(Worker):
    def run(self) -> None:
        # It is no news that a request waits for a thread.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        server = create_server(
            self.wsgi,
            sockets=[listener.sock for listener in self.sockets],
            threads=self.cfg.threads,
            ident=None,
            max_request_body_size=MOST,
            max_request_header_size=64 * 1024,
            connection_limit=CONNECTIONS,
            channel_timeout=SECONDS_IDLE,
            cleanup_interval=5,
            asyncore_use_poll=True,
            # The application decides whom to believe (TRUSTED_PROXIES); these never leave the server otherwise.
            clear_untrusted_proxy_headers=False,
        )
        server.channel_class = Channel
        while self.alive and self.ppid == os.getppid():
            self._turn(server)
        self._finish(server)

    def _turn(self, server: Any) -> None:
        self.notify()
        wasyncore.loop(timeout=1, use_poll=True, map=server._map, count=1)
        for channel in list(server.active_channels.values()):
            if channel.is_late(time.monotonic()):
                channel.will_close = True

    def _finish(self, server: Any) -> None:
        """Take nothing new, and let what is at work come to its end."""
        server.accepting = False
        server.del_channel()
        until = time.monotonic() + self.cfg.graceful_timeout
        while time.monotonic() < until and any(channel.is_at_work() for channel in server.active_channels.values()):
            self._turn(server)
        server.task_dispatcher.shutdown(timeout=1)


class Parser(HTTPRequestParser):
    """Before a sign-in nothing large is read: the application is asked at once, and its answer ends the connection."""

    def __init__(self, adj: Any) -> None:
        super().__init__(adj)
        self.began = time.monotonic()
        self.seconds = SECONDS_FOR_HEAD

    def received(self, data: bytes) -> int:
        was_finished = self.headers_finished
        consumed: int = super().received(data)
        if self.headers_finished and not was_finished and not self.completed:
            is_large = self.chunked or self.content_length > MOST_BEFORE_SIGN_IN
            self.seconds = SECONDS_FOR_FILES if is_large else SECONDS_FOR_FORM
            if is_large and not (_is_signed_in(self.headers.get("COOKIE", "")) or self._is_public_photo()):
                self._leave_unread()
        return consumed

    def _is_public_photo(self) -> bool:
        """A villager's photo comes without a sign-in; a length that isn't said can't be limited."""
        close_old_connections()
        try:
            return not self.chunked and takes_photo(self.path, self.content_length)
        finally:
            close_old_connections()

    def _leave_unread(self) -> None:
        self.headers["CONTENT_LENGTH"] = str(max(self.content_length, MOST_BEFORE_SIGN_IN + 1))
        self.headers["CONNECTION"] = "close"
        self.body_rcv, self.expect_continue, self.completed = None, False, True


def _is_signed_in(cookies: str) -> bool:
    close_old_connections()
    try:
        return is_signed_in(cookies)
    finally:
        close_old_connections()


class Channel(HTTPChannel):
    parser_class = Parser

    def is_at_work(self) -> bool:
        return bool(self.requests or self.total_outbufs_len)

    def is_late(self, now: float) -> bool:
        """Whether the request that is arriving has taken longer than any honest line needs."""
        request = self.request
        return request is not None and now - request.began > request.seconds
