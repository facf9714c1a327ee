"""What the tests of comments say, and whom it names."""

from typing import Any

from casework.models import Case, Comment, Person
from casework.talk.commenting import write_comment
from tests.walk import NOW

SEE = {"inspector", "willow_head", "willow_member", "town_reviewer", "county_supervisor", "city_supervisor"}


def say(case: Case, by: Person, words: str = "照片要拍到雨棚", **given: Any) -> Comment:
    return write_comment(**{"case": case, "words": words, "by": by, "at": NOW, **given})


def people_named(comment: Comment) -> set[str]:
    keys = {key for mention in comment.mentions for key in mention.get("people", ())}
    return set(Person.objects.filter(pk__in=keys).values_list("username", flat=True))


def posts_named(comment: Comment) -> set[tuple[int, str]]:
    return {(one["unit"], role) for one in comment.mentions if "unit" in one for role in one["roles"]}
