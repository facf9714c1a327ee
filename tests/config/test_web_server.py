"""Slow senders wait by themselves: others are answered within a second (promise 46)."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
LONG = pytest.mark.skipif(os.environ.get("LONG") != "1", reason="long: more senders run with LONG=1")
HEAD = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: csrftoken=abc\r\n"
FORM = HEAD + b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n\r\nusername="
FILES = HEAD + b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 400000000\r\n\r\n--x\r\n"
CHUNKS = HEAD + b"Content-Type: multipart/form-data; boundary=x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n--x\r\n\r\n"
KINDS = {"form": FORM, "head": HEAD + b"X-Slow: "}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The server as it is shipped, on an empty database: what is asked here needs no table."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    folder = str(tmp_path_factory.mktemp("data"))
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "python:config.web_server"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": "", "REDIS_URL": "", "DATA_DIR": folder, "PORT": str(free), "HOST": ""},
    )
    until = time.monotonic() + 90
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError):
            if answer(free)[0] == 200:
                break
        time.sleep(0.2)
    assert server.poll() is None, "it ended instead of answering"
    yield free
    server.send_signal(signal.SIGTERM)
    assert server.wait(30) == 0


def answer(port: int) -> tuple[int, float]:
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status, time.monotonic() - began
    finally:
        connection.close()


@contextlib.contextmanager
def slow_senders(port: int, count: int, beginning: bytes) -> Iterator[list[socket.socket]]:
    senders = [socket.create_connection(("127.0.0.1", port)) for _ in range(count)]
    try:
        for sender in senders:
            sender.sendall(beginning)
        yield senders
    finally:
        for sender in senders:
            sender.close()


def test_the_worker_is_found_before_the_application_is_loaded() -> None:
    """gunicorn looks its class up first; whatever it imports must not need the models."""
    found = subprocess.run([sys.executable, "-c", "import config.buffering_worker"], cwd=ROOT, capture_output=True)
    assert found.returncode == 0, found.stderr.decode()


@pytest.mark.parametrize("count", [8, pytest.param(16, marks=LONG), pytest.param(60, marks=LONG)])
@pytest.mark.parametrize("kind", KINDS)
def test_others_are_answered_while_somebody_sends_slowly(kind: str, count: int, port: int) -> None:
    """Ten bytes a second from each sender, and a question after each ten."""
    with slow_senders(port, count, KINDS[kind]) as senders:
        waited = []
        for _second in range(3):
            for sender in senders:
                sender.sendall(b"a" * 10)
            asked = answer(port)
            assert asked[0] == 200
            waited.append(asked[1])
            time.sleep(0.3)
    assert sorted(waited)[1] < 1, waited


@pytest.mark.parametrize("beginning", [FILES, CHUNKS], ids=["files", "chunks"])
def test_a_large_body_before_a_sign_in_is_refused_unread(beginning: bytes, port: int) -> None:
    with slow_senders(port, 1, beginning) as (sender,):
        sender.settimeout(10)
        assert sender.recv(65536).startswith(b"HTTP/1.1 413 ")
