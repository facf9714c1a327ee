"""A browser's side of the door."""

from collections.abc import Callable

import pytest
from django.test import Client

from casework.models import Person


@pytest.fixture
def signed_in() -> Callable[[Person], Client]:
    def client_of(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return client_of
