"""The one way out by HTTP: no redirects, a limit on time and size, and errors that say whether trying again helps."""

import ipaddress
import json as encoding
import socket
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import urllib3
from django.conf import settings

from notifications.channels import base
from notifications.channels.base import Passing, Permanent

LARGEST_ANSWER = 64 * 1024
# The other side may think otherwise of the same message in a moment.
PASSING_STATES = (408, 425, 429)


def post(url: str, body: bytes, headers: Mapping[str, str] | None = None, *, guarded: bool = False) -> dict[str, Any]:
    """Send JSON and give the answer's; {} where it is none. `guarded` connects to a public address only."""
    parts = urlsplit(url)
    deadline = time.monotonic() + base.SECONDS_TO_SEND
    pool = _pool(parts.scheme, parts.hostname or "", parts.port, guarded=guarded)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        answer = pool.urlopen(
            "POST",
            path,
            body=body,
            headers={"Content-Type": "application/json", "Host": parts.netloc.rpartition("@")[2], **(headers or {})},
            redirect=False,
            retries=False,
            preload_content=False,
            timeout=urllib3.Timeout(total=base.SECONDS_TO_SEND),
        )
        content = _read(answer, deadline)
    except urllib3.exceptions.HTTPError as error:
        raise Passing(f"no answer ({type(error).__name__})") from error
    finally:
        pool.close()
    _require_taken(answer.status)
    try:
        found = encoding.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def post_json(url: str, said: Any, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    return post(url, encoding.dumps(said, ensure_ascii=False).encode(), headers)


def is_public(address: str) -> bool:
    """Whether an address lies in the open net: not this machine, not the intranet, not a cloud's metadata."""
    known = ipaddress.ip_address(address)
    return known.is_global and not known.is_multicast


def is_allowed(host: str) -> bool:
    """Whether the administrator has allowed a host of the intranet by name."""
    return host.lower() in getattr(settings, "WEBHOOK_ALLOWED_HOSTS", ())


def _pool(scheme: str, host: str, port: int | None, *, guarded: bool) -> urllib3.HTTPConnectionPool:
    target, extra = host, dict[str, Any]()
    if guarded and not is_allowed(host):
        # Connect to the very address that was looked at: a name may say something else the next time it is asked.
        target = _public_address(host, port or (443 if scheme == "https" else 80))
        extra = {"server_hostname": host, "assert_hostname": host}
    if scheme == "https":
        return urllib3.HTTPSConnectionPool(target, port, maxsize=1, **extra)
    return urllib3.HTTPConnectionPool(target, port, maxsize=1)


def _public_address(host: str, port: int) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Passing("the name is not known") from error
    addresses = [str(each[4][0]) for each in found]
    if not addresses or not all(is_public(address) for address in addresses):
        raise Permanent("the address lies in an internal net")
    return addresses[0]


def _read(answer: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
    """The answer's beginning; a byte a second does not keep anybody here for ever."""
    content = b""
    for piece in answer.stream(1024):
        content += piece
        if len(content) > LARGEST_ANSWER:
            break
        if time.monotonic() > deadline:
            raise Passing("the answer did not end in time")
    return content


def _require_taken(status: int) -> None:
    if status < 300:
        return
    if status < 400:
        raise Permanent(f"redirects are not followed (status {status})")
    if status < 500 and status not in PASSING_STATES:
        raise Permanent(f"refused (status {status})")
    raise Passing(f"status {status}")
