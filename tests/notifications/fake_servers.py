"""The other side of the channels, on this machine: an HTTP server that says what it is told, and a mail server."""

import json
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from notifications.channels.base import Outgoing

LETTER = Outgoing(
    identifier="message-7",
    address="",
    subject="督办单：上柳村",
    text="公示栏的票据已超期两个工作日。",
    url="https://rectification.example/cases/CC-1",
)


@dataclass
class Asked:
    """What arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Answer:
    """What is said to it: `raw` goes out byte by byte, `every` seconds apart, instead of an answer that makes sense."""

    said: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes = b""
    every: float = 0.0


class WebServer:
    """Answers from `answers` in turn, the last one for ever; with none of them it keeps everybody waiting."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: list[Asked] = []
        self.answers: list[Answer] = [Answer({})]
        self.hung_up = threading.Event()
        self.is_over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def says(self, *said: Any, **more: Any) -> None:
        self.answers = [Answer(each, **more) for each in said]

    def next_answer(self) -> Answer | None:
        if len(self.answers) > 1:
            return self.answers.pop(0)
        return self.answers[0] if self.answers else None

    def paths(self) -> list[str]:
        return [each.path.partition("?")[0] for each in self.asked]


class _Handler(BaseHTTPRequestHandler):
    fake: WebServer

    def log_message(self, *_: Any) -> None:
        return

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.fake.asked.append(Asked(self.command, self.path, dict(self.headers), self.rfile.read(length)))
        answer = self.fake.next_answer()
        if answer is None:
            self.fake.is_over.wait(30)
        elif answer.raw:
            self.drip(answer)
        else:
            content = answer.said if isinstance(answer.said, bytes) else json.dumps(answer.said).encode()
            self.send_response(answer.status)
            for name, value in {"Content-Length": str(len(content)), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            # A reader that has had enough hangs up.
            with suppress(OSError):
                self.wfile.write(content)

    do_POST = do_GET

    def drip(self, answer: Answer) -> None:
        try:
            for byte in answer.raw:
                self.connection.sendall(bytes([byte]))
                if self.fake.is_over.wait(answer.every):
                    return
        except OSError:
            self.fake.hung_up.set()


@contextmanager
def web_server(*, address: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None) -> Iterator[WebServer]:
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer((address, port), handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    fake = handler.fake = WebServer(server.server_address[1])
    with _serving(server):
        try:
            yield fake
        finally:
            fake.is_over.set()


class MailServer:
    """Takes letters, or answers a command (`RCPT`, `AUTH` …) with the words it was given for it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.letters: list[bytes] = []
        self.words: dict[str, str] = {}
        self.pause = 0.0


class _MailHandler(socketserver.StreamRequestHandler):
    fake: MailServer
    offers = "250-localhost\r\n250-8BITMIME\r\n250 AUTH PLAIN"

    def handle(self) -> None:
        with suppress(OSError):
            self.say(self.fake.words.get("HELLO", "220 localhost"))
            while line := self.rfile.readline():
                self.obey(line.decode().split()[0].upper())

    def obey(self, verb: str) -> None:
        usual = {"EHLO": self.offers, "DATA": "354 go on", "AUTH": "235 welcome", "QUIT": "221 bye"}
        self.say(self.fake.words.get(verb, usual.get(verb, "250 ok")))
        if verb == "DATA" and verb not in self.fake.words:
            self.fake.letters.append(b"".join(iter(self.rfile.readline, b".\r\n")))
            self.say(self.fake.words.get("END", "250 taken"))

    def say(self, words: str) -> None:
        for letter in f"{words}\r\n":
            time.sleep(self.fake.pause)
            self.wfile.write(letter.encode())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    handler = type("Handler", (_MailHandler,), {})
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
    fake = handler.fake = MailServer(server.server_address[1])
    with _serving(server):
        yield fake


@contextmanager
def _serving(server: Any) -> Iterator[None]:
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def seconds_of(work: Callable[[], Any]) -> float:
    start = time.monotonic()
    work()
    return time.monotonic() - start
