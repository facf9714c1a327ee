"""An election of a county or of a city, its steps, and what each village reported day by day."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.models.history import tracked
from casework.models.unit import Unit


class Election(models.Model):
    """An election of the committees of all villages of a unit (换届). On each of its days every village reports.
    Append-only.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("county or city"))
    name = models.CharField(_("name"), max_length=100)
    begins_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("election")
        verbose_name_plural = _("elections")
        ordering = ["-begins_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("begins_on")), name="election_ends_after_it_began")
        ]

    def __str__(self) -> str:
        return self.name


class ElectionStep(models.Model):
    """A step of an election and the day by which it is to be done. Kept; its name and day may be mended."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="steps")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(_("step"), max_length=60)
    due_on = models.DateField(_("to be done by"), null=True)

    history = tracked()

    class Meta:
        verbose_name = _("step of an election")
        verbose_name_plural = _("steps of an election")
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["election", "order"], name="election_step_has_its_place")]

    def __str__(self) -> str:
        return self.name


class ElectionReport(models.Model):
    """What a village reports of a day: at which step it is, what happened, what troubles. Append-only; a later entry
    corrects it. `step_name` is how the step was called on that day.
    """

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="reports", db_index=False)
    village = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField(_("day"))
    step = models.ForeignKey(ElectionStep, on_delete=models.PROTECT, related_name="+", verbose_name=_("step"))
    step_name = models.CharField(max_length=60)
    is_done = models.BooleanField(_("step is done"), default=False)
    happened = models.TextField(_("what happened"))
    trouble = models.TextField(_("trouble"), blank=True)
    from_paper = models.BooleanField(default=False)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    reason = models.TextField(_("reason"), blank=True)
    is_withdrawn = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("daily report of an election")
        verbose_name_plural = _("daily reports of an election")
        ordering = ["-day", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["election", "village", "day"], condition=Q(replaces=None), name="one_election_report_a_day"
            ),
            models.CheckConstraint(
                condition=Q(replaces=None, is_withdrawn=False) | Q(replaces__isnull=False) & ~Q(reason=""),
                name="corrected_election_report_has_its_reason",
            ),
        ]
        indexes = [
            # Whether a village reported of a day, and when it took which step.
            models.Index(fields=["village", "election", "day"], name="election_reports_of_village"),
            # What troubles the villages today.
            models.Index(fields=["election", "day"], name="election_reports_of_day"),
        ]

    def __str__(self) -> str:
        return f"{self.village_id} {self.day}"
