"""Paired assistance (对口帮扶): a helper unit at a village's side, or at one case's, from a day on."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models.case import Case
from casework.models.unit import Unit


class Pairing(models.Model):
    """A department helps a village, or with a case. It ends once, with its last day; nothing else of it changes."""

    helper = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("helper unit"))
    village = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="pairings", verbose_name=_("village")
    )
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="pairings", verbose_name=_("case")
    )
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("pairing")
        verbose_name_plural = _("pairings")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(village=None, case__isnull=False) | Q(village__isnull=False, case=None),
                name="pairing_of_a_village_or_a_case",
            ),
            models.UniqueConstraint(
                fields=["helper", "village"],
                condition=Q(valid_until=None, case=None),
                name="one_open_pairing_a_village",
            ),
            models.UniqueConstraint(
                fields=["helper", "case"], condition=Q(valid_until=None, village=None), name="one_open_pairing_a_case"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.helper_id} → {self.village_id or self.case_id}"
