"""A ledger asked for as XLSX that is too long to make while the browser waits."""

from django.conf import settings
from django.db import models

from casework.models.job import JobState


class LedgerExport(models.Model):
    filters = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.WAITING)
    rows_written = models.PositiveIntegerField(default=0)
    file = models.FileField(upload_to="ledgers/%Y/%m/", blank=True)
    trouble = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.pk}"
