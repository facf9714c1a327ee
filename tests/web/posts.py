"""The address and the form of a post, and who held it."""

from datetime import date
from typing import Any

from django.test import Client

from casework.models import Term, Unit
from casework.stages import Role
from tests.walk import TODAY


def address(at: Unit, role: str = Role.COMMITTEE_HEAD, number: int = 1) -> str:
    return f"/posts/{at.code}/{role}/{number}"


def change(client: Client, at: Unit, words: str, first: date | str = TODAY, last: date | str = "", **more: Any) -> Any:
    said = {"words": words, "person": "", "valid_from": first, "valid_until": last, **more}
    return client.post(address(at), said)


def head_of(village: Unit) -> list[tuple[str, date | None, date | None]]:
    terms = Term.objects.filter(post__unit=village, post__role=Role.COMMITTEE_HEAD).order_by("id")
    return [(str(term.person), term.valid_from, term.valid_until) for term in terms]
