"""What a problem is about: the board, contract, ledger, asset or duty. A register per village, made on the fly."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.history import tracked
from casework.models.unit import Unit


class CaseObject(models.Model):
    village = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="objects_of_cases")
    name = models.CharField(_("object"), max_length=100)

    history = tracked()

    class Meta:
        verbose_name = _("object")
        verbose_name_plural = _("objects")
        constraints = [models.UniqueConstraint(fields=["village", "name"], name="object_is_unique_in_its_village")]

    def __str__(self) -> str:
        return self.name
