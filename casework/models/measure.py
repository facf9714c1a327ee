"""The plan of measures, and what was reported on each of them in each round."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.case import Case


class Plan(models.Model):
    """A set of measures. A returned plan stays as it was; the next one has the next number."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="plan_number_is_unique")]

    def __str__(self) -> str:
        return f"{self.case_id} #{self.number}"


class MeasureKind(models.TextChoices):
    CORRECTIVE = "corrective", _("Corrective")
    PREVENTIVE = "preventive", _("Preventive")


class Measure(models.Model):
    """What, who and by when; corrective puts this problem right, preventive keeps it from coming back."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="measures")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=12, choices=MeasureKind, default=MeasureKind.CORRECTIVE)
    what = models.CharField(_("what"), max_length=300)
    who = models.CharField(_("who"), max_length=60)
    due_on = models.DateField(_("by when"))

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="measure_number_is_unique")]

    def __str__(self) -> str:
        return self.what


class Submission(models.Model):
    """The committee's report that it is done, once a round."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="submissions")
    round = models.PositiveSmallIntegerField()
    words = models.TextField(_("report"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["round"]
        constraints = [models.UniqueConstraint(fields=["case", "round"], name="one_submission_per_round")]

    def __str__(self) -> str:
        return f"{self.case_id} ({self.round})"


class MeasureReport(models.Model):
    """What was done about one measure in one round."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="reports")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="reports")
    words = models.TextField(_("what was done"))
    done_on = models.DateField(_("done on"))

    class Meta:
        ordering = ["measure__number"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "measure"], name="one_report_per_measure_and_round")
        ]

    def __str__(self) -> str:
        return self.words
