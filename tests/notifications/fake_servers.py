"""The other side of the channels, on this machine: a web server that keeps what it is sent, one that hangs, a mailbox."""

import json
import socketserver
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, Any]


class _Server:
    """Serves in a thread of its own until it is closed."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.host, self.port = server.server_address[:2]
        server.daemon_threads, server.block_on_close = True, False
        # Who hangs up in the middle is what many tests are about, and nothing to print.
        server.handle_error = lambda *_: None
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Receiver(_Server):
    """Keeps (path, headers, body) of what it is sent, and answers by the path: a status and JSON, bytes, or where a
    redirect leads to.
    """

    def __init__(
        self,
        answer: Callable[[str], Answer] = lambda path: (200, {}),
        *,
        address: tuple[str, int] = ("127.0.0.1", 0),
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.received: list[tuple[str, dict[str, str], bytes]] = []
        self.methods: list[str] = []
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                fake.received.append((self.path, dict(self.headers), body))
                fake.methods.append(self.command)
                status, said = answer(self.path)
                content = said if isinstance(said, bytes) else json.dumps(said).encode()
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", said)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                # A reader that has had enough hangs up.
                with suppress(OSError):
                    self.wfile.write(content)

            do_GET = do_POST

            def log_message(self, *_: Any) -> None:
                return

        server = ThreadingHTTPServer(address, Handler)
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        super().__init__(server)

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def said(self) -> Any:
        """The JSON that came last."""
        return json.loads(self.received[-1][2])


class Hanger(_Server):
    """Takes the connection and says nothing, or `words` a byte at a time for ever."""

    def __init__(self, *, drip: bool = False, words: bytes = b"", every: float = 0.1) -> None:
        self.hung_up = threading.Event()
        fake = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with suppress(OSError):
                    for byte in words or b"HTTP/1.1 200 OK\r\n" if drip else b"":
                        self.drop(byte)
                    while drip:
                        self.drop(ord("X"))
                    while self.request.recv(1024):
                        pass
                fake.hung_up.set()

            def drop(self, byte: int) -> None:
                time.sleep(every)
                self.request.sendall(bytes([byte]))

        super().__init__(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler))

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"


class Mailbox(_Server):
    """A mail server that keeps letters; `words` are its answers by command (RCPT, AUTH, END of the letter …)."""

    def __init__(self, *, pause: float = 0.0, **words: str) -> None:
        self.letters: list[bytes] = []
        usual = {
            "HELLO": "220 localhost",
            "EHLO": "250-localhost\r\n250 AUTH PLAIN",
            "AUTH": "235 welcome",
            "DATA": "354 go on",
            "QUIT": "221 bye",
        }
        answers, fake = usual | words, self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with suppress(OSError):
                    self.say("HELLO")
                    while line := self.rfile.readline():
                        verb = line.decode().split()[0].upper()
                        self.say(verb)
                        if verb == "DATA" and answers[verb].startswith("354"):
                            fake.letters.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                            self.say("END")

            def say(self, verb: str) -> None:
                said = answers.get(verb, "250 ok") + "\r\n"
                # At once: letter by letter each answer would wait for the reader's delayed acknowledgement.
                for part in said if pause else [said]:
                    time.sleep(pause)
                    self.wfile.write(part.encode())

        super().__init__(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler))
