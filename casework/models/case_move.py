"""An open case went along when its village moved to another town, or when a unit was merged into another."""

from django.conf import settings
from django.db import models

from casework.models.case import Case
from casework.models.unit import Unit


class CaseMove(models.Model):
    """One unit of a case that another took the place of. Append-only; `by` is null for an import from the shell."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="moves")
    from_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    to_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id}: {self.from_unit_id} → {self.to_unit_id}"
