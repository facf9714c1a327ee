"""Comments of the cast, by the form and by the verb, and what a page shows of them."""

import re
from typing import Any
from uuid import uuid4

from django.test import Client

from casework.models import Case, Comment, Person
from casework.talk.commenting import write_comment
from tests.walk import NOW


def post(client: Client, case: Case, words: str = "请看照片", **fields: Any) -> Any:
    return client.post(f"/cases/{case.number}/comments", {"key": str(uuid4()), "words": words, **fields})


def page_of(client: Client, address: str) -> str:
    answer = client.get(address, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def comment_shown(page: str, comment: Comment) -> str:
    found = re.search(
        rf'<li class="comment[^"]*" id="comment-{comment.pk}">.*?</li>\s*(?=<li class="comment|</ol>)', page, re.S
    )
    assert found is not None
    return found.group()


def say(case: Case, by: Person, words: str = "请看照片", **given: Any) -> Comment:
    return write_comment(**{"case": case, "words": words, "by": by, "at": NOW, **given})
