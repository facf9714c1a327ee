"""Training sessions, who was there, and what was handed out for everybody."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.models.history import tracked
from casework.models.unit import Unit


class TrainingSession(models.Model):
    """A session that a unit holds for the holders of some posts at and below it. Kept; called off with a reason.

    `roles` are codes of `Role`; `code` is what hangs on the wall and holds from `opens_at` to `ends_at`. `files` are
    those of `AttachedFile`.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("held by"))
    topic = models.CharField(_("topic"), max_length=120)
    programme = models.TextField(_("programme"), blank=True)
    roles: Any = models.JSONField(default=list)
    hours = models.FloatField(_("hours"))
    place = models.CharField(_("place"), max_length=120)
    day = models.DateField(_("day"))
    begins_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    files: Any = models.JSONField(default=list)
    code = models.CharField(_("code on the wall"), max_length=8, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    called_off_at = models.DateTimeField(null=True)
    called_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    called_off_reason = models.TextField(_("why it is called off"), blank=True)

    history = tracked()

    class Meta:
        verbose_name = _("training session")
        verbose_name_plural = _("training sessions")
        ordering = ["-day", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="training_ends_after_it_began"),
            models.CheckConstraint(condition=Q(hours__gt=0), name="training_has_hours"),
        ]
        # The sessions of a half-year.
        indexes = [models.Index(fields=["day"], name="training_by_day")]

    def __str__(self) -> str:
        return f"{self.topic} {self.day}"


class HowAttended(models.TextChoices):
    """How an attendance came in."""

    LIST = "list", _("ticked on the list")
    IMPORT = "import", _("imported")
    CODE = "code", _("by the code on the wall")


class Attendance(models.Model):
    """Somebody was at a session. Kept; taken back with a reason, and then it counts no more."""

    session = models.ForeignKey(TrainingSession, on_delete=models.PROTECT, related_name="attendances")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="trainings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    how = models.CharField(_("how"), max_length=6, choices=HowAttended)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    taken_back_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "person"], condition=Q(taken_back_at=None), name="somebody_is_there_once"
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_by=None)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False) & ~Q(taken_back_reason=""),
                name="attendance_taken_back_with_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.person_id}"


class PublicityMaterial(models.Model):
    """A leaflet, a broadcast, a wall of cards (宣传): kept, and never a training. Append-only."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    title = models.CharField(_("title"), max_length=120)
    words = models.TextField(_("what and for whom"), blank=True)
    day = models.DateField(_("day"))
    copies = models.PositiveIntegerField(_("copies"), null=True)
    files: Any = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("publicity material")
        verbose_name_plural = _("publicity materials")
        ordering = ["-day", "-id"]

    def __str__(self) -> str:
        return self.title
