"""Supervision notices (督办单) and letters (督办函): numbered, signed for, answered, judged."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models.case import Case
from casework.models.escalation import Escalation
from casework.models.unit import Unit


class LetterKind(models.TextChoices):
    NOTICE = "notice", _("Supervision notice")
    LETTER = "letter", _("Supervision letter")


class Letter(models.Model):
    """What was issued, as it read on that day. `chase_at` is when an unsigned one is escalated; null once signed for."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="letters")
    escalation = models.OneToOneField(Escalation, on_delete=models.PROTECT, related_name="letter")
    kind = models.CharField(max_length=6, choices=LetterKind)
    number = models.CharField(_("document number"), max_length=60, unique=True)
    issuer = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    addressee = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="letters", db_index=False)
    issued_on = models.DateField(_("issued on"))
    matter = models.TextField(_("matter"))
    basis = models.CharField(_("basis"), max_length=300, blank=True)
    responsible = models.CharField(_("responsible person"), max_length=120, blank=True)
    requirement = models.TextField(_("requirement"))
    deadline = models.DateField(_("deadline"), null=True)
    days_overdue = models.PositiveSmallIntegerField(default=0)
    chase_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            # The list of letters of a unit, the newest first.
            models.Index(fields=["addressee", "-id"], name="letters_to_unit"),
            # The sweep: letters that nobody has signed for.
            models.Index(fields=["chase_at"], condition=Q(chase_at__isnull=False), name="unsigned_letters"),
        ]

    def __str__(self) -> str:
        return self.number


class LetterReceipt(models.Model):
    """Signed for: by whom, when."""

    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, related_name="receipt")
    name = models.CharField(_("signed by"), max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.letter_id} {self.at}"


class LetterAnswer(models.Model):
    """What the addressee did about it (反馈情况)."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="answers")
    words = models.TextField(_("feedback"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.at}"


class LetterOpinion(models.Model):
    """What the issuing office says of the answer (审核意见)."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="opinions")
    words = models.TextField(_("opinion"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.at}"
