"""Who was made responsible, until when, and by whom; and the transfer of a case to another county."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models.case import Case
from casework.models.history import tracked
from casework.models.post import Post
from casework.models.unit import Unit


class Assignment(models.Model):
    """The responsible post, its deadline and its helpers. A reassignment ends one and begins the next."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assignments")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", verbose_name=_("responsible post"))
    support = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("supporting department")
    )
    helper = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("paired helper")
    )
    lead = models.CharField(_("responsible leader"), max_length=60, blank=True)
    due_on = models.DateField(_("deadline"))
    # Working days from the day they count from; null where the office chose a day itself, which no calendar moves.
    days = models.PositiveSmallIntegerField(_("working days"), null=True, blank=True)
    counted_from = models.DateField(null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    history = tracked()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="one_open_assignment_per_case")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} → {self.post_id}"


class Transfer(models.Model):
    """The case went from one county's office to another's."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="transfers")
    from_county = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    to_county = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.from_county_id} → {self.to_county_id}"
