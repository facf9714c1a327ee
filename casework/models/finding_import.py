"""A file of findings on its way into cases: what was uploaded, how far it is, what was refused."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.job import JobState


class FindingImport(models.Model):
    """One run of an import: a dry run writes no case, a real one writes the good rows in batches.

    `preview` holds the first rows: what was understood, what became of each, and the case that it is. `sheet` was read
    of a workbook, `other_sheets` hold the same columns and were not; `passed_over` are rows that are sums or signatures.
    `column_names` are the names of the file that stand for columns of ours because a person said so. `refused_rows` holds
    the first refused rows with their cells; `corrections` what was typed for a row instead, by its number and our column.
    `items_guessed` counts the cases whose item was read from their words (`Case.is_item_guessed`).
    `photos_file` is a ZIP of photos that rows name, `photos_left` names those that no case got, with the reason.
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
    items_guessed = models.PositiveIntegerField(default=0)
    likely_duplicates = models.PositiveIntegerField(default=0)
    sheet = models.CharField(_("sheet"), max_length=100, blank=True)
    other_sheets = models.JSONField(default=list, blank=True)
    passed_over = models.JSONField(default=list, blank=True)
    unknown_columns = models.JSONField(default=list)
    preview = models.JSONField(default=list)
    column_names = models.JSONField(default=dict, blank=True)
    refused_rows = models.JSONField(default=list, blank=True)
    corrections = models.JSONField(default=dict, blank=True)
    photos_file = models.FileField(upload_to="imports/%Y/%m/", blank=True)
    photos_kept = models.PositiveIntegerField(default=0)
    photos_left = models.JSONField(default=list, blank=True)
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


class ColumnName(models.Model):
    """An office's own name for one of our columns, kept from one file to the next."""

    office = models.ForeignKey("casework.Unit", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    column = models.CharField(max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "key"], name="one_column_for_an_offices_name")]

    def __str__(self) -> str:
        return f"{self.name} → {self.column}"
