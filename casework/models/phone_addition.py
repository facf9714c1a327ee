"""What was added on a phone to a case that it had taken along, until it is said in the case or left out."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from casework.models.comment import Comment
from casework.models.phone_entry import PhoneEntry


class PhoneAddition(models.Model):
    """Words and photos of an entry for a case that was there before. What was entered never changes.

    `seen_event` is the last line of the case's timeline that the phone had with it, `seen_version` the case's version
    then. `files` has, by the key of each photo that arrived, the file as a comment keeps it. Where nobody else had a hand
    in the case since, it becomes a comment by itself; otherwise its person decides: a `comment`, or none, and then the
    words stay here.
    """

    entry = models.OneToOneField(PhoneEntry, on_delete=models.PROTECT, primary_key=True, related_name="addition")
    words = models.TextField()
    seen_version = models.PositiveIntegerField()
    seen_event = models.PositiveBigIntegerField()
    files = models.JSONField(default=dict)
    comment = models.OneToOneField(Comment, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # Read by flows.phone_additions.undecided_of.
            models.Index(fields=["entry"], condition=Q(decided_at=None), name="phone_additions_open")
        ]

    def __str__(self) -> str:
        return str(self.entry_id)

    @property
    def is_kept(self) -> bool:
        return self.comment_id is not None

    @property
    def is_left_out(self) -> bool:
        return self.decided_at is not None and self.comment_id is None

    def attached(self) -> list[dict[str, Any]]:
        """The photos that arrived, in the order of the entry."""
        keys = [str(key) for key in self.entry.files.values_list("key", flat=True)]
        return [self.files[key] for key in keys if key in self.files]
