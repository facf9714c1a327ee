"""A file of findings on its way into cases: what was uploaded, how far it is, what was refused."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.job import JobState


class FindingImport(models.Model):
    """One run of an import: a dry run writes no case, a real one writes the good rows in batches.

    `preview` holds the first rows: what was understood, what became of each, and the case that it is. `sheet` was read
    of a workbook, `other_sheets` hold the same columns and were not; `passed_over` are rows that are sums or signatures.
    """

    name = models.CharField(_("file name"), max_length=255)
    file = models.FileField(upload_to="imports/%Y/%m/", blank=True)
    sha256 = models.CharField(max_length=64)
    is_dry_run = models.BooleanField(default=False)
    confirmed_from = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="confirmed_as")
    state = models.CharField(max_length=10, choices=JobState, default=JobState.WAITING)
    rows_total = models.PositiveIntegerField(default=0)
    rows_read = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    unclassified = models.PositiveIntegerField(default=0)
    likely_duplicates = models.PositiveIntegerField(default=0)
    sheet = models.CharField(_("sheet"), max_length=100, blank=True)
    other_sheets = models.JSONField(default=list, blank=True)
    passed_over = models.JSONField(default=list, blank=True)
    unknown_columns = models.JSONField(default=list)
    preview = models.JSONField(default=list)
    refused_file = models.FileField(upload_to="imports/%Y/%m/", blank=True)
    trouble = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("import of findings")
        verbose_name_plural = _("imports of findings")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name
