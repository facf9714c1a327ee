"""`make run`: web server, Celery worker and Celery beat in one terminal, and all of it gone on Ctrl-C.

    python -m config.run            prepares, starts, watches, stops
    python -m config.run --prepare  only prepares: what `make setup` ends with

Exit codes: 0 stopped as asked, 1 one of the three died and the others were stopped, 2 it couldn't start and said why.
"""

import http.client
import io
import os
import signal
import socket
import sys
from contextlib import redirect_stdout
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connections

from config.prepare import CannotStart, prepare, read_settings
from config.supervisor import Supervisor

# A slow computer's first request compiles templates and imports half of Django.
SECONDS_TO_ANSWER = 90


def main(arguments: list[str]) -> int:
    try:
        port = port_from(os.environ.get("PORT", ""))
        if "--prepare" not in arguments:
            refuse_busy(port)
        read_settings()
        prepare()
        if "--prepare" in arguments:
            print(f"Ready: the data is in {settings.DATA_DIR}. Start with: make run")
            return 0
    except CannotStart as reason:
        print(reason, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped before it was ready; the next start goes on from here.", file=sys.stderr)
        return 130
    return serve(port)


def port_from(text: str) -> int:
    wanted = text.strip() or "8000"
    if not wanted.isdecimal() or not 1 <= int(wanted) <= 65535:
        raise CannotStart(f"PORT must be a number from 1 to 65535, and {wanted!r} is none.")
    return int(wanted)


def refuse_busy(port: int) -> None:
    with socket.socket() as probe:
        # As the web server does it: a port that was left a minute ago is not busy.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise CannotStart(f"This user may not open port {port}: choose one above 1023 with PORT=.") from error
        except OSError as error:
            raise CannotStart(
                f"Port {port} is in use by another program: stop that one, or choose another port with PORT=."
            ) from error


def serve(port: int) -> int:
    logins = demo_logins()
    supervisor = Supervisor(commands(settings.DATA_DIR), environment={**os.environ, "PORT": str(port)})
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, supervisor.ask_to_stop)
    supervisor.start()
    if supervisor.wait_until(lambda: answers(port), seconds=SECONDS_TO_ANSWER):
        print(f"\nProblem rectification answers at http://127.0.0.1:{port}/ (Ctrl-C stops it)\n\n{logins}", flush=True)
    elif not supervisor.is_stopping:
        print(f"The web server did not answer within {SECONDS_TO_ANSWER} seconds.", file=sys.stderr)
        supervisor.give_up()
    return supervisor.watch()


def commands(data_dir: Path) -> dict[str, list[str]]:
    celery = [sys.executable, "-m", "celery", "--app", "config", "--quiet"]
    worker = ["worker", "--concurrency", "1", "--without-gossip", "--without-mingle", "--loglevel", "warning"]
    return {
        "web server": [sys.executable, "-m", "gunicorn", "--config", "python:config.web_server"],
        "worker": [*celery, *worker],
        "beat": [*celery, "beat", "--schedule", str(data_dir / "beat-schedule"), "--loglevel", "warning"],
    }


def demo_logins() -> str:
    """What `seed_demo --logins` and `seed_desk --logins` print; nothing where the demo is not in the database."""
    printed = io.StringIO()
    if get_user_model().objects.filter(is_demo=True).exists():
        with redirect_stdout(printed):
            call_command("seed_demo", logins=True)
            call_command("seed_desk", logins=True)
    connections.close_all()
    return printed.getvalue()


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
