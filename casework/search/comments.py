"""Comments that say something, as they read now: an earlier wording is found by nobody."""

from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from casework.models import Comment, CommentRevision, Person
from casework.queries import visible
from casework.search.condition import MOST_KEYS, SAMPLE, holds
from casework.search.tokens import is_indexed, keys_of, standing_in


def comments_saying(words: list[str], by: Person, on: date, most: int) -> list[Comment]:
    """The newest comments of cases that this person may see in which each of the words stands, with `now_words`."""
    latest = CommentRevision.objects.filter(comment=OuterRef("pk")).order_by("-number")
    seen = Comment.objects.filter(case__in=visible(by, on))
    now = _narrowed(seen, words).annotate(now_words=Coalesce(Subquery(latest.values("words")[:1]), "words"))
    for word in words:
        now = now.filter(holds("now_words", word))
    return list(now.select_related("case__village", "by").order_by("-pk")[:most])


def _narrowed(seen: QuerySet[Comment], words: list[str]) -> QuerySet[Comment]:
    """What the index names for the words; where that is too much to be named, the newest comments that are read."""
    if not is_indexed():
        return seen
    condition, values = _standing(words)
    first = keys_of(f"SELECT event_id FROM casework_comment WHERE {condition}", values, MOST_KEYS + 1)
    later = keys_of(f"SELECT comment_id FROM casework_commentrevision WHERE {condition}", values, MOST_KEYS + 1)
    if max(len(first), len(later)) <= MOST_KEYS:
        return seen.filter(Q(pk__in=[*first, *later]))
    return seen.filter(pk__in=list(seen.order_by("-pk").values_list("pk", flat=True)[:SAMPLE]))


def _standing(words: list[str]) -> tuple[str, list[Any]]:
    conditions, values = [], []
    for word in words:
        condition, its_values = standing_in("words", word)
        conditions.append(condition)
        values += its_values
    return " AND ".join(conditions), values
