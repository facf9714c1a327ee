"""A reviewer's decision on a case in a round, and the verdict on each measure."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.case import Case
from casework.models.measure import Measure
from casework.models.unit import Unit
from casework.stages import Stage


class Outcome(models.TextChoices):
    PASSED = "passed", _("Passed")
    RETURNED = "returned", _("Returned")


class StandingReviews(models.Manager["Review"]):
    """What counts: without the decisions that were undone before anybody acted on them."""

    def get_queryset(self) -> models.QuerySet["Review"]:
        return super().get_queryset().filter(undone=None)


class Review(models.Model):
    """One decision: at which stage, in which round, on which plan, by whom, why. Never changed, never removed.

    `attempt` is 1, and one more for each decision in its place that was undone.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reviews")
    stage = models.CharField(max_length=20, choices=Stage)
    round = models.PositiveSmallIntegerField()
    plan_number = models.PositiveSmallIntegerField()
    attempt = models.PositiveSmallIntegerField(default=1)
    outcome = models.CharField(max_length=10, choices=Outcome)
    words = models.TextField(_("opinion"), blank=True)
    on_site = models.BooleanField(_("checked on site"), default=False)
    signature_visible = models.BooleanField(_("signature visible"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = StandingReviews()
    everything: models.Manager["Review"] = models.Manager()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "stage", "round", "plan_number", "attempt"], name="one_review_per_stage_and_round"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.stage} ({self.round}) {self.outcome}"


class MeasureVerdict(models.Model):
    """Whether one measure passed this review, and if not, why."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="verdicts")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="verdicts")
    passed = models.BooleanField()
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["measure__number"]
        constraints = [models.UniqueConstraint(fields=["review", "measure"], name="one_verdict_per_measure")]

    def __str__(self) -> str:
        return self.reason
