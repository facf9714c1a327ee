"""Which office looks after a unit's open cases while nobody holds a post there that rectifies (代管)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.models.history import tracked
from casework.models.unit import Unit


class Caretaker(models.Model):
    """From the day after a last term until somebody holds a post again. `by` is empty where the clock named it.

    The office answers for a holder being found and for the deadlines meanwhile; it does not rectify, because it checks
    what was rectified. Somebody who is to act is given the post itself, for as long as it takes.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="caretakers", verbose_name=_("unit"))
    office = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("caretaking office"))
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    history = tracked()

    class Meta:
        verbose_name = _("caretaking office")
        verbose_name_plural = _("caretaking offices")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["unit"], condition=Q(valid_until=None), name="one_caretaker_at_a_time"),
            models.CheckConstraint(condition=~Q(unit=F("office")), name="nobody_is_their_own_caretaker"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} → {self.office_id}"
