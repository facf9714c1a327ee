"""Good practices, and the counties that took them over."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.history import tracked
from casework.models.unit import Unit


class Practice(models.Model):
    """A way of working that others may take over (创新成果): described with its files. Kept; what it said before stays in
    its history.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("where it began"))
    title = models.CharField(_("title"), max_length=80)
    words = models.TextField(_("description"))
    day = models.DateField(_("since"))
    files: Any = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    history = tracked()

    class Meta:
        verbose_name = _("good practice")
        verbose_name_plural = _("good practices")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title


class PracticeAdoption(models.Model):
    """A county took a practice over on a day, with the evidence of it. Kept, with its history."""

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="adoptions", db_index=False)
    county = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("county"))
    day = models.DateField(_("day"))
    words = models.TextField(_("what shows it"))
    files: Any = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    history = tracked()

    class Meta:
        verbose_name = _("adoption of a practice")
        verbose_name_plural = _("adoptions of practices")
        ordering = ["day", "id"]
        constraints = [models.UniqueConstraint(fields=["practice", "county"], name="a_county_adopts_once")]

    def __str__(self) -> str:
        return f"{self.practice_id} {self.county_id}"
