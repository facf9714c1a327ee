"""More time, asked for with a reason and decided one level up. A row is added, the deadline is never overwritten."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models.case import Case
from casework.models.history import tracked


class Extension(models.Model):
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="extensions")
    reason = models.TextField(_("reason"))
    progress = models.TextField(_("progress so far"))
    due_before = models.DateField()
    due_on = models.DateField(_("new deadline"))
    asked_late = models.BooleanField(default=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    granted = models.BooleanField(null=True)
    decision = models.TextField(_("decision's reason"), blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    history = tracked()

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(decided_at=None), name="one_undecided_extension")
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.due_before} → {self.due_on}"
