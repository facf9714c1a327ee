"""Wider application (举一反三): the same problem turns up in many villages, so their peers check themselves for it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.category import CatalogueItem
from casework.models.unit import Unit


class WiderCheck(models.Model):
    """Until a day the villages of a county look for one problem by themselves; what is reported so counts half.

    Append-only.
    """

    county = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("county"))
    item = models.ForeignKey(
        CatalogueItem, on_delete=models.PROTECT, related_name="+", verbose_name=_("catalogue item")
    )
    villages = models.PositiveIntegerField(_("villages in which it was found"))
    until = models.DateField(_("until"))
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["county", "item", "-until"], name="wider_check")]

    def __str__(self) -> str:
        return f"{self.county_id} {self.item_id}"
