"""The pages from outside: two gunicorn workers, a client of its own, every figure beside the small page "me".

    DATABASE_URL=postgres://…/filled python -m tests.benchmarks.outside [--who city,county] [--rounds 15] [--rate-seconds 3]

measures a database that was filled before; `make bench` fills one and calls `measure`. The load has an end: so many
rounds a page one after the other, then four clients for so many seconds.
"""

import argparse
import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

SECONDS_TO_START, CLIENTS, MOST_REQUESTS = 60, 4, 600
BESIDE = "me"
COLLECT = "import django; django.setup(); from config.prepare import collect_static_files; collect_static_files()"


@dataclass
class Figure:
    """What one page cost, seen from outside; its statements counted, and run once more without the page."""

    page: str
    milliseconds: float
    queries: int
    bare: float
    a_second: float


def addresses(number: str) -> dict[str, str]:
    """The pages by their names; the small one that stands beside them first."""
    return {
        BESIDE: "/me",
        "home": "/",
        "list": "/cases",
        "list, filtered": "/cases?light=red&severity=3",
        "list, ended": "/cases?state=closed",
        "search, frequent": "/cases?" + urlencode({"words": "鱼塘"}),
        "search, rare": "/cases?" + urlencode({"words": "编号500001"}),
        "search, number": "/cases?" + urlencode({"words": number}),
        "case": f"/cases/{number}",
    }


@contextmanager
def web_server() -> Iterator[int]:
    """gunicorn as an office runs it, on a free port and on the database of this process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = connection.settings_dict
    database = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**settings).replace(":@", "@")
    with tempfile.TemporaryDirectory(prefix="rectification-") as folder:
        environment = {
            **os.environ,
            "DATABASE_URL": database,
            "PORT": str(port),
            "WEB_WORKERS": "2",
            "DATA_DIR": folder,
        }
        environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
        subprocess.run([sys.executable, "-c", COLLECT], env=environment, check=True)
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "python:config.web_server"], env=environment
        )
        try:
            wait_for(port)
            yield port
        finally:
            server.terminate()
            server.wait(30)


def wait_for(port: int) -> None:
    begun = time.monotonic()
    while time.monotonic() - begun < SECONDS_TO_START:
        try:
            get(http.client.HTTPConnection("127.0.0.1", port, timeout=5), "/health", "")
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"The web server did not answer within {SECONDS_TO_START} seconds.")


def get(line: http.client.HTTPConnection, address: str, cookie: str) -> float:
    """Milliseconds until the whole page is here."""
    begun = time.perf_counter()
    line.request("GET", address, headers={"Cookie": cookie, "Accept-Language": "zh-hans"})
    answer = line.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{address} answered {answer.status}: {body[:200]!r}")
    return (time.perf_counter() - begun) * 1000


def one_after_the_other(port: int, pages: dict[str, str], cookie: str, rounds: int) -> dict[str, float]:
    """The median of each page. The pages take turns, so that what the machine does meanwhile meets all of them."""
    times: dict[str, list[float]] = {page: [] for page in pages}
    for number in range(rounds + 2):
        for page, address in pages.items():
            taken = get(http.client.HTTPConnection("127.0.0.1", port, timeout=60), address, cookie)
            if number >= 2:  # both workers have drawn it once
                times[page].append(taken)
    return {page: statistics.median(each) for page, each in times.items()}


def at_once(port: int, address: str, cookie: str, seconds: float) -> float:
    """Requests a second with four clients."""
    begun = time.perf_counter()
    done: list[float] = []

    def ask() -> None:
        while time.perf_counter() - begun < seconds and len(done) < MOST_REQUESTS:
            done.append(get(http.client.HTTPConnection("127.0.0.1", port, timeout=60), address, cookie))

    clients = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    return len(done) / (time.perf_counter() - begun)


def statements(client: Client, address: str) -> tuple[int, float]:
    """How many statements the page takes, and the milliseconds of its SELECTs alone."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    asked = [one["sql"] for one in captured.captured_queries if not re.match("SAVEPOINT|RELEASE", one["sql"])]
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        with connection.cursor() as cursor:
            for sql in asked:
                if sql.startswith("SELECT"):
                    cursor.execute(sql)
                    cursor.fetchall()
        times.append((time.perf_counter() - begun) * 1000)
    return len(asked), statistics.median(times)


def measure(port: int, client: Client, number: str, *, rounds: int, seconds: float, only: str = "") -> list[Figure]:
    """The figures of one signed-in person."""
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    pages = {
        page: address
        for page, address in addresses(number).items()
        if page == BESIDE or not only or page in only.split("/")
    }
    times = one_after_the_other(port, pages, cookie, rounds)
    rates = {page: at_once(port, pages[page], cookie, seconds) if seconds else 0.0 for page in pages}
    asked = {page: statements(client, address) for page, address in pages.items()}
    return [Figure(page, times[page], *asked[page], rates[page]) for page in pages]


def tell(who: str, figures: list[Figure]) -> None:
    me = figures[0].milliseconds
    for one in figures:
        rate = f"{one.a_second:5.0f} a second" if one.a_second else ""
        print(
            f"{who:10} {one.page:18} {one.milliseconds:7.1f} ms {one.milliseconds / me:5.1f} x me"
            f" {one.queries:3} queries {one.bare:7.1f} ms bare SQL  {rate}"
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--who", default="committee,town,county,city,inspector")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--rate-seconds", type=float, default=0.0)
    parser.add_argument("--pages", default="", help="some of them, as home/list/case")
    said = parser.parse_args()
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    # Here nothing is collected: the server does that for itself.
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    from django.utils import timezone

    from casework.models import Case, Person
    from casework.queries import visible
    from casework.working_time.deadlines import local_day

    with web_server() as port:
        for who in said.who.split(","):
            person = Person.objects.get(username=who)
            client = Client(HTTP_HOST="127.0.0.1")
            client.force_login(person)
            case = visible(person, local_day(timezone.now())).filter(stage="rectification").order_by("-id").first()
            assert isinstance(case, Case)
            tell(
                who, measure(port, client, case.number, rounds=said.rounds, seconds=said.rate_seconds, only=said.pages)
            )


if __name__ == "__main__":
    main()
