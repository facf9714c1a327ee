"""How a case leaves the path without a strike-off: screened out, withdrawn, referred."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.case import Case


class ScreeningOutcome(models.TextChoices):
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")
    DUPLICATE = "duplicate", _("Duplicate")


class Screening(models.Model):
    """The office's look at a report; once, and once more for each that was undone."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="screenings")
    attempt = models.PositiveSmallIntegerField(default=1)
    outcome = models.CharField(max_length=10, choices=ScreeningOutcome)
    reason = models.TextField(blank=True)
    duplicate_of = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="duplicates")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "attempt"], name="one_screening_per_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.outcome}"


class Withdrawal(models.Model):
    """A mistaken case, taken back by the office. It stays readable."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id}"


class Referral(models.Model):
    """Suspected crime: the case leaves the process, and only the discipline office sees it afterwards."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="referral")
    reason = models.TextField()
    to = models.ForeignKey("casework.Unit", on_delete=models.PROTECT, related_name="referrals")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id}"
