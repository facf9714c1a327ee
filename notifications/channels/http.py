"""The one way out by HTTP: no redirects, a limit on time and size, and errors that say whether trying again helps."""

import json as encoding
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPException
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.util import Url, parse_url

from notifications.channels.base import Blocked, ChannelError, Passing, Permanent, Refused, quoting
from notifications.channels.in_time import in_time, limit
from notifications.channels.open_net import addresses_of, is_allowed, is_public

LARGEST_ANSWER = 64 * 1024
PORTS = {"http": 80, "https": 443}
# The other side may think otherwise of the same message in a moment.
PASSING_STATES = (408, 425)
# Of the office's own provider: no key, no account, no such service, too much.
OFFICE_STATES = (401, 402, 403, 404, 405, 407, 429)
# Of a webhook: the very address is unknown.
GONE_STATES = (404, 410)


def post_json(url: str, said: Any, headers: Mapping[str, str] | None = None, *, until: float | None = None) -> Any:
    return post(url, as_json(said), headers, until=until)


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str] | None = None,
    *,
    until: float | None = None,
    guarded: bool = False,
    is_ours: bool | None = None,
) -> Any:
    """Send JSON and give the answer's, None where it is none.

    `until` is a moment of the monotonic clock, SECONDS_TO_SEND from now when it isn't given. `guarded` takes a URL that
    somebody else wrote: https and the open net alone, unless the administrator has allowed the host. `is_ours` says that the other
    side is an office's own provider, which refuses the office and not a reader; that is so of what isn't guarded. The
    errors name neither the URL nor what was sent, for both hold secrets.
    """
    headers = {"Content-Type": "application/json", **(headers or {})}
    return _ask("POST", url, body, headers, until, guarded, not guarded if is_ours is None else is_ours)


def get(url: str, *, until: float | None = None) -> Any:
    """The JSON at a URL, as `post` gives it."""
    return _ask("GET", url, None, {}, until, guarded=False, is_ours=True)


def as_json(said: Any) -> bytes:
    return encoding.dumps(said, ensure_ascii=False).encode()


def _ask(
    method: str,
    url: str,
    body: bytes | None,
    headers: Mapping[str, str],
    until: float | None,
    guarded: bool,
    is_ours: bool,
) -> Any:
    until = limit() if until is None else until
    exchange = _Exchange(_parts(url, guarded), until, guarded)
    try:
        status, content = in_time(lambda: exchange.run(method, body, headers), until=until, cut=exchange.cut)
    except TimeoutError:
        raise Passing("no answer in time") from None
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        # Not chained: these errors quote URLs and headers.
        raise Passing(f"no answer ({type(error).__name__})") from None
    try:
        _require_taken(status, is_ours=is_ours)
    except ChannelError as error:
        raise quoting(error, content)
    try:
        return encoding.loads(content)
    except ValueError:
        return None


def _parts(url: str, guarded: bool) -> Url:
    try:
        parts = parse_url(url)
    except LocationParseError:
        raise Permanent("the address can't be read") from None
    if not parts.host or parts.scheme not in PORTS:
        raise Permanent("the address is none of the web")
    if guarded and parts.scheme != "https" and not is_allowed(parts.host):
        raise Permanent("the address must begin with https://")
    return parts


def _require_taken(status: int, *, is_ours: bool) -> None:
    if status < 300:
        return
    if is_ours and status in OFFICE_STATES:
        # The office's own account, address or rate is refused, not this one reader.
        raise Blocked(f"the office itself is refused (status {status})")
    if status == 429:
        raise Blocked(f"too many at once (status {status})")
    if status < 400:
        # Of ours it is the office's setting; a webhook's own address leads elsewhere.
        raise (Blocked if is_ours else Permanent)(f"redirects are not followed (status {status})")
    if not is_ours and status in GONE_STATES:
        raise Permanent(f"nobody is there (status {status})")
    if status < 500 and status not in PASSING_STATES:
        raise Refused(f"refused (status {status})")
    raise Passing(f"status {status}")


class _Exchange:
    """One question and its answer, on a line that another thread can cut."""

    def __init__(self, url: Url, until: float, guarded: bool) -> None:
        self.url, self.until = url, until
        self.guarded = guarded and not is_allowed(url.host or "")
        self.line: socket.socket | None = None
        self.is_cut = False

    def run(self, method: str, body: bytes | None, headers: Mapping[str, str]) -> tuple[int, bytes]:
        connection = self._connect()
        try:
            connection.request(
                method,
                self.url.request_uri,
                body=body,
                headers={"Host": self.url.netloc or "", **headers},
                preload_content=False,
                enforce_content_length=False,
            )
            answer = connection.getresponse()
            return answer.status, answer.read(LARGEST_ANSWER, decode_content=False)
        finally:
            connection.close()

    def cut(self) -> None:
        self.is_cut = True
        if self.line is not None:
            with suppress(OSError):
                # Below TLS, whose own farewell would wait for the other side.
                socket.socket.shutdown(self.line, socket.SHUT_RDWR)

    def _connect(self) -> HTTPConnection:
        """To the very addresses that were looked at: a name may say something else the next time it is asked."""
        host = self.url.host or ""
        port = self.url.port or PORTS[self.url.scheme or ""]
        addresses = addresses_of(host, port)
        if not addresses:
            raise Passing("the host's name is not known")
        if self.guarded and not all(is_public(address) for address in addresses):
            raise Permanent("the address lies in an internal net")
        error: Exception = Passing("no answer in time")
        for address in addresses:
            connection = self._connection(address, port)
            try:
                connection.connect()
            except (HTTPError, OSError) as found:
                error = found
                continue
            self.line = connection.sock
            # `cut` may have come before there was a line to cut.
            if not self.is_cut:
                return connection
            connection.close()
            break
        raise error

    def _connection(self, address: str, port: int) -> HTTPConnection:
        left = max(0.001, self.until - time.monotonic())
        if self.url.scheme == "http":
            return HTTPConnection(address, port, timeout=left)
        return HTTPSConnection(address, port, timeout=left, server_hostname=(self.url.host or "").strip("[]"))
