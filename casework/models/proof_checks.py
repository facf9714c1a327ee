"""What makes a proof look less than honest: prints to compare by, and flags for the reviewer. Never a verdict."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models.case import Case
from casework.models.evidence import Evidence
from casework.models.measure import MeasureReport


class PhotoPrint(models.Model):
    """What a photo is known by (`casework/proofs/photo_prints.py`), and the camera that its file names. Without a hash it was
    looked at and is not compared.
    """

    evidence = models.OneToOneField(Evidence, on_delete=models.PROTECT, primary_key=True, related_name="print")
    hash = models.BigIntegerField(null=True)
    w0 = models.IntegerField(null=True)
    w1 = models.IntegerField(null=True)
    w2 = models.IntegerField(null=True)
    w3 = models.IntegerField(null=True)
    camera = models.CharField(max_length=100, blank=True)
    checked_at = models.DateTimeField()

    class Meta:
        indexes = [
            # lifecycle/honesty.py asks each window for the values of all guesses at once, and reads nothing but these.
            models.Index(
                fields=[window], include=["hash", "evidence"], condition=Q(hash__isnull=False), name=f"photo_{window}"
            )
            for window in ("w0", "w1", "w2", "w3")
        ]

    def __str__(self) -> str:
        return str(self.evidence_id)


class ReportPrint(models.Model):
    """What the words of a report are known by (`casework/proofs/text_prints.py`)."""

    report = models.OneToOneField(MeasureReport, on_delete=models.PROTECT, primary_key=True, related_name="print")
    w0 = models.IntegerField(null=True)
    w1 = models.IntegerField(null=True)
    w2 = models.IntegerField(null=True)
    w3 = models.IntegerField(null=True)
    checked_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=[window], condition=Q(w0__isnull=False), name=f"report_{window}")
            for window in ("w0", "w1", "w2", "w3")
        ]

    def __str__(self) -> str:
        return str(self.report_id)


class FlagKind(models.TextChoices):
    SAME_PHOTO = "same_photo", _("The same photo was used before")
    NEAR_PHOTO = "near_photo", _("Nearly the same photo was used before")
    TAKEN_BEFORE = "taken_before", _("Taken before the problem was found")
    FAR_APART = "far_apart", _("Taken on one day at places far apart")
    FAR_FROM_PLACE = "far_from_place", _("Taken far from the place of the problem")
    OUTSIDE_VILLAGE = "outside_village", _("Taken outside the village")
    OTHER_CAMERA = "other_camera", _("Before and after by different cameras at different places")
    NO_DATA = "no_data", _("Carries no data of a camera: a screenshot, or passed on by a messenger")
    SIGNER = "signer", _("A named supervisor held no post on that day")
    SAME_WORDS = "same_words", _("The report says nearly the same as another one")


# A hint is no suspicion: many honest photos come through a messenger.
HINTS = (FlagKind.NO_DATA,)
COPIES = (FlagKind.SAME_PHOTO, FlagKind.NEAR_PHOTO)


class Flag(models.Model):
    """One reason to look twice at a file or a report of a case. Append-only: a reviewer weighs it, nobody removes it.

    `values` holds what the sentence needs: metres, names, a share. Distances are in metres.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="flags")
    kind = models.CharField(max_length=16, choices=FlagKind)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True, related_name="flags")
    report = models.ForeignKey(MeasureReport, on_delete=models.PROTECT, null=True, related_name="flags")
    other_case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+")
    other_evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True, related_name="+")
    values = models.JSONField(default=dict)
    # What it is about, in one word, so that a flag is raised once: nulls don't equal each other in SQL.
    about = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"

    @property
    def is_hint(self) -> bool:
        return self.kind in HINTS
