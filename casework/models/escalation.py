"""The steps of the ladder that were taken: one row makes each happen once."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.case import Case
from casework.models.case_event import CaseEvent
from casework.models.escalation_policy import StepKind
from casework.models.unit import Unit
from casework.stages import Light


class Escalation(models.Model):
    """One step of the ladder for one case.

    `round` is the round of what the step counts from: the case's `ladder_round` for steps by the deadline, its version
    for a silence, a vacancy or a letter that waits for its signature. `event` is null where a later step of the same
    sweep stood for this one too: a case that several steps have missed is told of once.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="escalations", db_index=False)
    step = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=StepKind)
    round = models.PositiveIntegerField()
    policy_version = models.PositiveIntegerField()
    due_on = models.DateField()
    at = models.DateTimeField()
    light = models.CharField(max_length=6, choices=Light)
    deadline = models.DateField(null=True)
    to = models.JSONField(default=list)
    copies = models.JSONField(default=list)
    event = models.OneToOneField(CaseEvent, on_delete=models.PROTECT, null=True, related_name="escalation")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["case", "round", "step"], name="one_escalation_of_a_step")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.step}"


class Interview(models.Model):
    """A talk with those who are responsible (约谈): when, with whom, what came of it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="interviews")
    escalation = models.OneToOneField(Escalation, on_delete=models.PROTECT, null=True, related_name="interview")
    held_on = models.DateField(_("day of the interview"))
    people = models.TextField(_("people"))
    result = models.TextField(_("result"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.held_on}"


class DeclinedReferral(models.Model):
    """A person decided that a proposed referral is not made, and why."""

    escalation = models.OneToOneField(Escalation, on_delete=models.PROTECT, related_name="declined")
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.escalation_id}"
