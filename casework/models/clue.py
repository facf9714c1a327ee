"""Clues (线索) that other platforms send by their program: who may send, and which case each clue became."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models.case import Case
from casework.models.unit import Unit


class CluePlatform(models.Model):
    """A platform whose clues the office of a county or a city takes. Kept: its clues are known under it for good."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("office"))
    name = models.CharField(_("name of the platform"), max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("platform that sends clues")
        verbose_name_plural = _("platforms that send clues")
        ordering = ["unit__path", "name"]
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="one_platform_of_name_an_office")]

    def __str__(self) -> str:
        return self.name


class ClueKey(models.Model):
    """What a platform signs in with: the hash of it alone. One at a time; withdrawn once."""

    platform = models.ForeignKey(CluePlatform, on_delete=models.PROTECT, related_name="keys")
    key_sha256 = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["platform"], condition=Q(withdrawn_at=None), name="one_living_key_a_platform"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.platform_id} {self.at:%Y-%m-%d}"


class Clue(models.Model):
    """A clue by the number that its sender gave it: sent again, it changes nothing. Append-only.

    `content` is a hash over what it says, `said` keeps that as it came.
    """

    platform = models.ForeignKey(CluePlatform, on_delete=models.PROTECT, related_name="clues", db_index=False)
    sender_id = models.CharField(max_length=100)
    content = models.CharField(max_length=64)
    said: Any = models.JSONField()
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="clue")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["platform", "sender_id"], name="one_clue_a_senders_id")]

    def __str__(self) -> str:
        return f"{self.platform_id} {self.sender_id}"
