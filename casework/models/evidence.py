"""A file that proves something: stored untouched under its own hash, and chained to the one before it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.case import Case
from casework.models.measure import Measure


class EvidenceKind(models.TextChoices):
    BEFORE = "before", _("Before")
    AFTER = "after", _("After")
    SIGNED_SHEET = "signed_sheet", _("Signed sheet")
    DOCUMENT = "document", _("Document")
    LOOK_BACK = "look_back", _("Look-back")


class MediaType(models.TextChoices):
    JPEG = "image/jpeg", "JPEG"
    PNG = "image/png", "PNG"
    WEBP = "image/webp", "WebP"
    HEIC = "image/heic", "HEIC"
    PDF = "application/pdf", "PDF"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "DOCX"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX"


IMAGES = (MediaType.JPEG, MediaType.PNG, MediaType.WEBP, MediaType.HEIC)


class StandingEvidence(models.Manager["Evidence"]):
    """What counts: without the files that were taken back before their step was submitted."""

    def get_queryset(self) -> models.QuerySet["Evidence"]:
        return super().get_queryset().filter(taken_back=None)


class Evidence(models.Model):
    """One file of a case. Append-only: the database refuses UPDATE and DELETE.

    `stored_as` is the name in the storage: the SHA-256 and an ending chosen by the content. `name` is what the uploader
    called it and is only ever shown. `chain` is the SHA-256 over the record before it (`chain_before`) and this
    record's own words, so that a record can't be altered, removed or swapped unseen.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="evidence")
    number = models.PositiveIntegerField()
    kind = models.CharField(_("kind"), max_length=12, choices=EvidenceKind)
    round = models.PositiveSmallIntegerField()
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence")
    signed_by = models.JSONField(_("signed by"), default=list, blank=True)
    name = models.CharField(_("file name"), max_length=255)
    media_type = models.CharField(max_length=100, choices=MediaType)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64, db_index=True)
    stored_as = models.CharField(max_length=120)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    taken_at = models.DateTimeField(_("taken at"), null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    chain_before = models.CharField(max_length=64)
    chain = models.CharField(max_length=64)

    # What a page says beside the file: the measure that it proves, and whether its reader may take it back.
    shows: Measure
    is_mine: bool
    shown: str

    objects = StandingEvidence()
    everything: models.Manager["Evidence"] = models.Manager()  # for the chain and the audit

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="evidence_number_is_unique")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.media_type in IMAGES
