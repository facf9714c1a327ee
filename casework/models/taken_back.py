"""A file that whoever added it took back before the step was submitted."""

from django.conf import settings
from django.db import models

from casework.models.evidence import Evidence


class TakenBack(models.Model):
    """Says that a file no longer counts, and since when. The record and the file stay, so the chain and the audit hold;
    no page shows the file any more. Append-only.
    """

    evidence = models.OneToOneField(Evidence, on_delete=models.PROTECT, primary_key=True, related_name="taken_back")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.evidence_id} {self.at}"
