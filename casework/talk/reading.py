"""A case's comments as they stand now, page by page: one query, with all that a line of it says."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import JSONField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from casework.models import Case, Comment, CommentRevision

PAGE = 30
NEEDS = ("by", "by_unit", "measure", "quotes__by", "resolution__by")


@dataclass(frozen=True)
class CommentPage:
    """Comments in the order in which they were said; the key of the page before it, None where it is the first."""

    comments: Sequence[Comment]
    before: int | None


def worded(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    """With `now_words` and `now_mentions` as they stand after the last change, and `edited_at`, None without one."""
    latest = CommentRevision.objects.filter(comment=OuterRef("pk")).order_by("-number")
    return comments.annotate(
        now_words=Coalesce(Subquery(latest.values("words")[:1]), "words"),
        now_mentions=Coalesce(
            Subquery(latest.values("mentions")[:1], output_field=JSONField()), "mentions", output_field=JSONField()
        ),
        edited_at=Subquery(latest.values("at")[:1]),
    )


def comments_of(case: Case, *, before: int | None = None, size: int = PAGE) -> CommentPage:
    """The newest comments, or those before a key. One query; it rides the index `comments_of_case`."""
    found = worded(Comment.objects.filter(case=case)).select_related(*NEEDS)
    if before is not None:
        found = found.filter(pk__lt=before)
    quoted = CommentRevision.objects.filter(comment=OuterRef("quotes")).order_by("-number")
    found = found.annotate(quoted_words=Coalesce(Subquery(quoted.values("words")[:1]), "quotes__words"))
    rows = list(found.order_by("-pk")[: size + 1])
    return CommentPage(rows[:size][::-1], rows[size - 1].pk if len(rows) > size else None)


def is_on_first_page(comment: Comment) -> bool:
    """Whether it is among the newest ones, which stand on the case's own page."""
    later = Comment.objects.filter(case=comment.case_id, pk__gt=comment.pk).values("pk")
    return len(later[:PAGE]) < PAGE
