"""The pages as a browser has them: through gunicorn, with what the server and the line add."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection
from django.test import Client

from casework.models import Case, Person
from tests.benchmarks import outside
from tests.benchmarks.city import City


def signed_in(person: Person) -> Client:
    """A sign-in that the server's own connections see: written on a line of its own, outside the test's transaction."""

    def sign_in() -> Client:
        client = Client(HTTP_HOST="127.0.0.1")
        client.force_login(person)
        connection.close()
        return client

    with ThreadPoolExecutor(1) as threads:
        return threads.submit(sign_in).result()


def test_pages_from_outside(city: City) -> None:
    case = Case.objects.filter(village=city.village, stage="rectification").latest("id")
    with outside.web_server() as port:
        for who, person in city.people.items():
            seconds = 3.0 if who == "city" else 0.0
            outside.tell(who, outside.measure(port, signed_in(person), case.number, rounds=9, seconds=seconds))
