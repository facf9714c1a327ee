"""What is said in a case beside its steps: comments, their later wordings, answered questions, and who follows."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models.case import Case
from casework.models.case_event import CaseEvent
from casework.models.measure import Measure
from casework.models.unit import Unit
from casework.stages import Role


class CommentKind(models.TextChoices):
    COMMENT = "comment", _("Comment")
    QUESTION = "question", _("Question")
    MISSING = "missing", _("What is missing?")


class Comment(models.Model):
    """Words on a case or on one of its measures. Decides nothing. Append-only: a later wording is a row of its own.

    Known by its event, which tells of it. `mentions` are the people and posts that the words name ({"name", "people"} or
    {"name", "unit", "roles"}), `files` what came with them, each as `talk.attachments.AttachedFile` has it: in the row,
    so that a page of comments is one query.
    """

    event = models.OneToOneField(CaseEvent, on_delete=models.PROTECT, primary_key=True, related_name="comment")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="comments", db_index=False)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=CommentKind, default=CommentKind.COMMENT)
    # The key of its form: handed in twice, it is one comment.
    key = models.UUIDField(unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_role = models.CharField(max_length=20, choices=Role, blank=True)
    by_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    words = models.TextField(_("comment"), blank=True)
    mentions = models.JSONField(default=list)
    quotes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    files = models.JSONField(default=list)

    class Meta:
        indexes = [
            # A case's comments by key, the newest first.
            models.Index(fields=["case", "-event"], name="comments_of_case"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"

    @property
    def is_question(self) -> bool:
        return self.kind != CommentKind.COMMENT


class CommentRevision(models.Model):
    """What a comment says from now on. What it said before stays where it stood. Append-only."""

    event = models.OneToOneField(CaseEvent, on_delete=models.PROTECT, primary_key=True, related_name="revision")
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="revisions", db_index=False)
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    words = models.TextField(blank=True)
    mentions = models.JSONField(default=list)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["comment", "number"], name="revision_number_is_unique")]

    def __str__(self) -> str:
        return f"{self.comment_id} ({self.number})"


class QuestionResolution(models.Model):
    """That a question is answered. Append-only."""

    event = models.OneToOneField(CaseEvent, on_delete=models.PROTECT, primary_key=True, related_name="resolution")
    comment = models.OneToOneField(Comment, on_delete=models.PROTECT, related_name="resolution")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.comment_id} {self.at}"


class Following(models.Model):
    """Whether a person wants to hear of a case. Who stopped following is not made to follow again by a mention."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="followings", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    is_on = models.BooleanField(default=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="one_following_a_person_and_case")]
        indexes = [models.Index(fields=["case"], condition=Q(is_on=True), name="followers_of_case")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.case_id}"
