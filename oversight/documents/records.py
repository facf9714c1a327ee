"""Basis documents that findings and bulletins cite, and the register of the numbers that an office has given out."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models.history import tracked
from oversight.members.records import Mechanism


class BaseDocument(models.Model):
    """A document that others rest on (基础文件). `number` stands as it was written: older ones have no year at all.

    `file` is an `AttachedFile` as a row: what a cited document opens; empty until somebody has it.
    """

    mechanism = models.ForeignKey(Mechanism, on_delete=models.PROTECT, related_name="base_documents")
    title = models.CharField(_("title"), max_length=200)
    number = models.CharField(_("document number"), max_length=60, blank=True)
    dated = models.DateField(_("dated"), null=True, blank=True)
    issuing_body = models.CharField(_("issuing body"), max_length=100, blank=True)
    file = models.JSONField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    history = tracked()

    class Meta:
        verbose_name = _("basis document")
        verbose_name_plural = _("basis documents")
        ordering = [models.F("dated").desc(nulls_last=True), "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["mechanism", "number"], condition=~Q(number=""), name="basis_document_number_once"
            )
        ]

    def __str__(self) -> str:
        return f"《{self.title}》{f'（{self.number}）' if self.number else ''}"


class IssuedDocument(models.Model):
    """A document that an office issued, with the number that it took: once, in the order of a year. Append-only.

    `code`, `year` and `running` are empty where the number is older and free-form. `issue` of the year and `total` are
    those of bulletins alone. `offered` is what the register offered; where another was taken, `reason` says why.
    """

    mechanism = models.ForeignKey(Mechanism, on_delete=models.PROTECT, related_name="issued_documents")
    title = models.CharField(_("title"), max_length=200)
    number = models.CharField(_("document number"), max_length=60)
    code = models.CharField(max_length=40, blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    running = models.PositiveIntegerField(null=True)
    issue = models.PositiveSmallIntegerField(_("issue of the year"), null=True)
    total = models.PositiveIntegerField(_("issue in all"), null=True)
    issued_on = models.DateField(_("issued on"))
    offered = models.JSONField(default=dict)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("issued document")
        verbose_name_plural = _("issued documents")
        ordering = ["-issued_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["mechanism", "number"], name="document_number_once"),
            models.UniqueConstraint(
                fields=["mechanism", "code", "year", "running"],
                condition=Q(running__isnull=False),
                name="running_number_once_a_year",
            ),
            models.UniqueConstraint(fields=["mechanism", "total"], name="issue_in_all_once"),
            models.CheckConstraint(
                condition=Q(issue=None, total=None) | Q(issue__isnull=False, total__isnull=False),
                name="bulletin_has_both_its_issues",
            ),
        ]
        indexes = [
            # How many documents went out in a year, and the next number (numbers.py).
            models.Index(fields=["mechanism", "issued_on"], name="documents_by_day"),
        ]

    def __str__(self) -> str:
        return self.number
