"""What was entered on a phone without a network, as it came in, with each of its files and what became of it."""

import uuid

from django.conf import settings
from django.db import models

from casework.models.case import Case
from casework.models.evidence import Evidence


class PhoneEntry(models.Model):
    """An entry by the key that the phone gave it: sent again, it changes nothing. Append-only.

    `person` entered it; `by` handed it in, who is another where an office read it from an emergency file. `content` is a
    hash over what it says. `manifest` keeps that as it came: with the position and the times that the phone states.
    `clock_off` is by how many seconds the phone's clock was ahead of the server's when it was sent.
    """

    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="phone_entries")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    content = models.CharField(max_length=64)
    manifest = models.JSONField()
    clock_off = models.IntegerField(null=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.key)


class PhoneFileState(models.TextChoices):
    ARRIVING = "arriving"
    KEPT = "kept"
    REFUSED = "refused"


class PhoneFile(models.Model):
    """A file that an entry announced by key, size and SHA-256; its state is the receipt. What it is never changes.

    `received` bytes lie in a file of their own until all of them are there (phones/pieces.py).
    """

    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    entry = models.ForeignKey(PhoneEntry, on_delete=models.PROTECT, related_name="files")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=255)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    received = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=PhoneFileState, default=PhoneFileState.ARRIVING)
    code = models.CharField(max_length=40, blank=True)
    sentence = models.TextField(blank=True)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["entry", "order"], name="one_phone_file_per_place")]
        indexes = [
            # Read by phones.pieces.remove_expired.
            models.Index(
                fields=["expires_at"], condition=models.Q(state="arriving", received__gt=0), name="phone_files_arriving"
            )
        ]

    def __str__(self) -> str:
        return str(self.key)
