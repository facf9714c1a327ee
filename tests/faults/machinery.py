"""Real worker processes for tests that kill them: on the test's own database and a Redis server of their own."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import time as time_of
from pathlib import Path
from typing import Any

import psycopg
from celery import Celery
from django.db import connection

from casework.models import Case, Person, Unit
from casework.models.unit import UnitLevel
from casework.stages import Role, Stage
from casework.working_time.deadlines import add_working_days, local_day, midnight
from notifications.models import Address, Preference
from tests.factories import holder, item, unit

ROOT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Redis:
    """A Redis server of the test's own, so that it can be stopped and emptied."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--save", "", "--appendonly", "no", "--bind", "127.0.0.1"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_until(self.answers, seconds=10)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self.process = None

    def answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


class Mailbox:
    """A mail server that keeps the identifiers of what it was given, however often."""

    def __init__(self) -> None:
        self.port = free_port()
        self.seen: Counter[str] = Counter()
        self._server = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._server.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _address = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(client,), daemon=True).start()

    def _talk(self, client: socket.socket) -> None:
        try:
            with client, client.makefile("rwb") as line:
                self._say(line, "220 ready")
                while words := line.readline().decode().strip():
                    if words.upper() == "DATA":
                        self._say(line, "354 go on")
                        self._read(line)
                    self._say(line, "221 bye" if words.upper() == "QUIT" else "250 fine")
        except OSError:
            return

    def _read(self, line: Any) -> None:
        while (words := line.readline().decode()) and words.strip() != ".":
            if words.lower().startswith("message-id:"):
                # Taken before it is acknowledged: what a worker's death may repeat.
                self.seen[words.split(":", 1)[1].strip()] += 1

    @staticmethod
    def _say(line: Any, words: str) -> None:
        line.write(f"{words}\r\n".encode())
        line.flush()


class Hanger:
    """A server that takes a connection and never says a word."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/"

    def close(self) -> None:
        self.socket.close()


class Workers:
    """Celery workers and beats as processes of the operating system; what is started here is ended here."""

    def __init__(self, *, redis: Redis, mailbox: Mailbox, folder: Path, **settings: object) -> None:
        database = connection.settings_dict
        host, port = database["HOST"] or "127.0.0.1", database["PORT"] or 5432
        password = f":{database['PASSWORD']}" if database["PASSWORD"] else ""
        self.redis = redis
        self.folder = folder
        self.environment = {
            **os.environ,
            "DATABASE_URL": f"postgres://{database['USER']}{password}@{host}:{port}/{database['NAME']}",
            "REDIS_URL": redis.url,
            "DATA_DIR": str(folder),
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(mailbox.port),
            "WEBHOOK_ALLOWED_HOSTS": "127.0.0.1",
            "LOG_LEVEL": "CRITICAL",
            **{name: str(value) for name, value in settings.items()},
        }
        self.processes: list[subprocess.Popen[bytes]] = []
        self._app = Celery("nudges", broker=redis.url, set_as_current=False)

    def work(self) -> subprocess.Popen[bytes]:
        return self._start("worker", "--pool", "solo", "--without-gossip", "--without-mingle", "--without-heartbeat")

    def beat(self, number: int) -> subprocess.Popen[bytes]:
        return self._start("beat", "--schedule", str(self.folder / f"beat-{number}"))

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "celery", "--app", "config", "--quiet", *arguments, "--loglevel", "critical"]
        process = subprocess.Popen(
            command, env=self.environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.processes.append(process)
        return process

    def wake(self, *tasks: str) -> None:
        """What a beat would say now."""
        for task in tasks:
            self._app.send_task(task)

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        process.send_signal(signal.SIGKILL)
        process.wait()

    def end(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                self.kill(process)


def wait_until(is_so: Callable[[], bool], *, seconds: float) -> None:
    limit = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > limit:
            raise AssertionError(f"not within {seconds} seconds")
        time.sleep(0.02)


@contextmanager
def outside(sql: str) -> Iterator[Callable[[], int]]:
    """A count asked over a connection of its own, however the test's own one fares."""
    database = connection.settings_dict
    with psycopg.connect(
        host=database["HOST"] or None,
        port=database["PORT"] or None,
        user=database["USER"] or None,
        password=database["PASSWORD"] or None,
        dbname=database["NAME"],
        autocommit=True,
    ) as asked:
        yield lambda: int((asked.execute(sql).fetchone() or (0,))[0])


def due_cases(count: int) -> list[Person]:
    """So many cases that are due for a notice today, in five villages, whose heads read e-mail. Gives the heads."""
    city = unit(UnitLevel.CITY, unit(UnitLevel.PROVINCE, name="东岚省"), name="澄川市", office_code="CC")
    county = unit(UnitLevel.COUNTY, city, name="青禾区", office_code="QH")
    town = unit(UnitLevel.TOWN, county, name="柳河镇")
    villages: list[Unit] = [unit(UnitLevel.VILLAGE, town, name=f"第{n}村", has_committee=True) for n in range(5)]
    heads = [holder(Role.COMMITTEE_HEAD, village, f"head{n}") for n, village in enumerate(villages)]
    holder(Role.TOWN_REVIEWER, town, "reviewer")
    Address.objects.bulk_create(
        Address(person=head, channel="email", address=f"{head.username}@example.org") for head in heads
    )
    # No quiet hours: the test may run at night.
    Preference.objects.bulk_create(
        Preference(person=head, quiet_from=time_of(0), quiet_until=time_of(0)) for head in heads
    )
    at, on = midnight(today()), last_working_day()
    Case.objects.bulk_create(
        Case(
            number=f"QH-2026-{n:06d}",
            village=villages[n % 5],
            town=town,
            county=county,
            city=city,
            responsible=villages[n % 5],
            waits_at=villages[n % 5],
            item=item(),
            severity=2,
            description=f"第{n}项问题",
            found_on=add_working_days(on, -15),
            reported_at=at,
            assigned_at=at,
            touched_at=at,
            stage=Stage.RECTIFICATION,
            due_on=add_working_days(on, -1),
            ladder_since=add_working_days(on, -2),
            next_step_at=at,
        )
        for n in range(count)
    )
    return heads


def today() -> Any:
    from django.utils import timezone

    return local_day(timezone.now())


def last_working_day() -> Any:
    """Today, or on a weekend or holiday the working day before: a notice is never due on a day off."""
    return add_working_days(add_working_days(today(), 1), -1)
