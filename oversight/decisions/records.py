"""A village's decision on a major matter, and its six steps."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.models.unit import Unit
from oversight.duty.records import Minutes


class Decision(models.Model):
    """A major matter of a village. Append-only; one that was entered by mistake is dropped with a reason."""

    village = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    matter = models.CharField(_("matter"), max_length=120)
    words = models.TextField(_("what it is about"), blank=True)
    from_paper = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-id"]
        # A village's decisions, the newest first.
        indexes = [models.Index(fields=["village", "id"], name="decisions_of_village")]

    def __str__(self) -> str:
        return self.matter


class StepKind(models.IntegerChoices):
    """The six steps in their order: four deliberations, two publications (四议两公开)."""

    PROPOSAL = 1, _("Proposal of the party branch")
    CONSULTATION = 2, _("Consultation of the two committees")
    PARTY_MEETING = 3, _("Meeting of the party members")
    VILLAGE_MEETING = 4, _("Vote of the villagers or their representatives")
    DECISION_PUBLISHED = 5, _("Decision published")
    RESULT_PUBLISHED = 6, _("Result published")


class MeetingForm(models.TextChoices):
    """Who votes in the fourth step: on this hangs how many must be there."""

    REPRESENTATIVES = "representatives", _("Villagers' representatives")
    HOUSEHOLDS = "households", _("Representatives of the households")
    VILLAGERS = "villagers", _("All villagers of age")


class DecisionStep(models.Model):
    """A step that was taken. Append-only; a later entry corrects it or takes it back.

    Where `minutes` are named, day, words and files are theirs and were not asked for again.
    """

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="steps")
    kind = models.PositiveSmallIntegerField(_("step"), choices=StepKind)
    held_on = models.DateField(_("day"))
    form = models.CharField(_("who votes"), max_length=15, choices=MeetingForm, blank=True)
    due = models.PositiveIntegerField(_("entitled"), null=True)
    present = models.PositiveIntegerField(_("present"), null=True)
    in_favour = models.PositiveIntegerField(_("in favour"), null=True)
    place = models.CharField(_("where it was published"), max_length=120, blank=True)
    words = models.TextField(_("what was said"), blank=True)
    files: Any = models.JSONField(default=list)
    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, null=True, related_name="+")
    from_paper = models.BooleanField(default=False)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    reason = models.TextField(_("reason"), blank=True)
    is_withdrawn = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("step of a decision")
        verbose_name_plural = _("steps of a decision")
        ordering = ["kind", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "kind"], condition=Q(replaces=None), name="one_first_entry_a_step"
            ),
            models.CheckConstraint(
                condition=Q(replaces=None, is_withdrawn=False) | Q(replaces__isnull=False) & ~Q(reason=""),
                name="corrected_step_has_its_reason",
            ),
            models.CheckConstraint(
                condition=Q(due=None) | Q(present=None) | Q(present__lte=F("due")), name="no_more_present_than_due"
            ),
            models.CheckConstraint(
                condition=Q(present=None) | Q(in_favour=None) | Q(in_favour__lte=F("present")),
                name="no_more_in_favour_than_present",
            ),
        ]
        # The burden meter: what was entered in a month; and gaps by the day of a step.
        indexes = [
            models.Index(fields=["at"], name="steps_entered"),
            models.Index(fields=["held_on"], name="steps_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.kind} {self.held_on}"
