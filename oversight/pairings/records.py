"""Visits of a helper unit. Which unit helps whom, and since when, is `casework.models.Pairing`."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.history import tracked
from casework.models.pairing import Pairing


class HelperVisit(models.Model):
    """Who of a helper unit was there on a day, and what was done. Kept, with its history. `files` are those of
    `AttachedFile`.
    """

    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="visits", db_index=False)
    day = models.DateField(_("day"))
    people = models.CharField(_("who was there"), max_length=200)
    words = models.TextField(_("what was done"))
    files: Any = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    history = tracked()

    class Meta:
        verbose_name = _("visit of a helper unit")
        verbose_name_plural = _("visits of helper units")
        ordering = ["-day", "-id"]
        indexes = [models.Index(fields=["pairing", "-day", "-id"], name="visits_of_pairing")]

    def __str__(self) -> str:
        return f"{self.pairing_id} {self.day}"
