"""Sheets of paper that were photographed or scanned: each waits until a person says to which case it belongs."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models.evidence import IMAGES, Evidence, MediaType
from casework.models.unit import Unit


class PaperSheet(models.Model):
    """One photo, or one page of a PDF, that was handed in for a village; `codes` are the cases' codes read on it.

    What arrived stays as it is. It is decided on once: it became evidence of a case, or it was set aside with a reason.
    """

    village = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("village")
    )
    name = models.CharField(_("file name"), max_length=255)
    media_type = models.CharField(max_length=100, choices=MediaType)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=120)
    codes = models.JSONField(_("codes read on it"), default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("evidence")
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("sheet of paper")
        verbose_name_plural = _("sheets of paper")
        ordering = ["-id"]
        indexes = [models.Index(fields=["village", "decided_at"], name="sheets_of_village")]
        constraints = [
            # The same file waits once in a village.
            models.UniqueConstraint(
                fields=["village", "sha256"], condition=Q(decided_at=None), name="a_sheet_waits_once"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, evidence=None, reason="")
                | Q(decided_at__isnull=False, decided_by__isnull=False, evidence__isnull=False, reason="")
                | (Q(decided_at__isnull=False, decided_by__isnull=False, evidence=None) & ~Q(reason="")),
                name="a_sheet_is_evidence_or_set_aside",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.media_type in IMAGES
