"""A spot check (抽查): which villages of a county are visited next, and by whom."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models.unit import Unit


class SpotCheckDraw(models.Model):
    """One draw of villages and of inspectors (双随机), repeatable from its seed. Append-only.

    `key_villages` are visited in any case; `population` holds the others as [village, weight] in the order of their
    keys, `inspectors` those among whom the lot fell, `visits` what came of it as [village, inspector or null].
    `earlier` is the draw of the same county that this one repeats, with its `reason`.
    """

    county = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("county"))
    number = models.PositiveSmallIntegerField(_("villages drawn"))
    seed = models.CharField(max_length=64)
    key_villages = models.JSONField(default=list)
    population = models.JSONField(default=list)
    inspectors = models.JSONField(default=list)
    visits = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    earlier = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="repeated_by")
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(earlier=None) | ~Q(reason=""), name="repeated_draw_has_its_reason")
        ]
        indexes = [models.Index(fields=["county", "-at"], name="spot_check_draw")]

    def __str__(self) -> str:
        return f"{self.county_id} {self.at:%Y-%m-%d}"
