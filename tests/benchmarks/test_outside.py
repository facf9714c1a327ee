"""The pages as a browser has them: through gunicorn, with what the server and the line add."""

import pytest
from django.test import Client

from casework.models import Case
from tests.benchmarks import conftest, outside


def test_pages_from_outside(django_db_setup: None, django_db_blocker: object) -> None:
    """The sign-ins are written for good, because the server has connections of its own."""
    with django_db_blocker.unblock():
        built = conftest._built[0]
        with outside.web_server() as port:
            for who, person in built.people.items():
                client = Client(HTTP_HOST="127.0.0.1")
                client.force_login(person)
                case = Case.objects.filter(village=built.village, stage="rectification").order_by("-id").first()
                if case is None:
                    pytest.fail("the village has no case in rectification: BENCH_CASES is too small")
                seconds = 3.0 if who == "city" else 0.0
                outside.tell(who, outside.measure(port, client, case.number, rounds=9, seconds=seconds))
