"""Coordinates of units, and the outline of a city. Both are append-only: the last one counts, and what was said before
stays.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.unit import Unit


class UnitPlace(models.Model):
    """A unit lies there, in degrees of WGS 84. Append-only; the newest counts."""

    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="places", verbose_name=_("unit"), db_index=False
    )
    latitude = models.FloatField(_("latitude"))
    longitude = models.FloatField(_("longitude"))
    from_file = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("coordinates of a unit")
        verbose_name_plural = _("coordinates of units")
        ordering = ["-id"]
        # The newest of each unit (queries.py).
        indexes = [models.Index(fields=["unit", "-id"], name="newest_place_of_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.latitude}, {self.longitude}"


class CityOutline(models.Model):
    """The outline of a city from a GeoJSON file: rings of [longitude, latitude]. Append-only; the newest counts."""

    city = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("city"))
    file_name = models.CharField(_("file"), max_length=120)
    rings: Any = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("outline of a city")
        verbose_name_plural = _("outlines of cities")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.city_id} {self.file_name}"
