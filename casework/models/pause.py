"""A pause of the clock: an interval with a reason, never a counter."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models.case import Case
from casework.models.history import tracked


class Pause(models.Model):
    """From the first paused day to the day on which the clock runs again (that day not included)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="pauses")
    reason = models.TextField(_("reason"))
    begins_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    due_before = models.DateField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    resumed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    resumed_at = models.DateTimeField(null=True)

    history = tracked()

    class Meta:
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["case"], condition=Q(resumed_at=None), name="one_open_pause")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.begins_on} – {self.ends_on}"
