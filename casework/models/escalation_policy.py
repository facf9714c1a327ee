"""The escalation ladder of an office: versions with the day from which each holds, and their steps."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models.unit import Unit
from casework.stages import Light


class StepKind(models.TextChoices):
    """What a step does. What its moment counts from hangs on the kind (`casework/ladder/rungs.py`)."""

    REMINDER = "reminder", _("Reminder")
    NOTICE = "notice", _("Supervision notice")
    LETTER = "letter", _("Supervision letter")
    INTERVIEW = "interview", _("Interview")
    REFERRAL = "referral", _("Referral proposal")
    STALL = "stall", _("Stall reminder")
    UNSIGNED = "unsigned", _("Letter not signed for")
    VACANCY = "vacancy", _("Nobody holds the post")


class Recipient(models.TextChoices):
    """Who hears of a step, by the role relative to the case."""

    TURN = "turn", _("The post whose turn it is")
    RESPONSIBLE = "responsible", _("The responsible post")
    HEAD = "head", _("The head of the responsible unit")
    ABOVE = "above", _("One level above")
    TWO_ABOVE = "two_above", _("Two levels above")
    COUNTY = "county", _("The county office")
    CITY = "city", _("The city office")
    HELPER = "helper", _("The paired helper")
    SUPPORT = "support", _("The supporting department")


class EscalationPolicy(models.Model):
    """One version of the ladder. Without a city it is the default; never changed once it stands, only followed."""

    city = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(_("version"))
    valid_from = models.DateField(_("valid from"))
    reds_in_a_row = models.PositiveSmallIntegerField(_("red lights in a row"), default=3)
    relapses = models.PositiveSmallIntegerField(_("relapses"), default=2)
    note = models.CharField(_("note"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    # The open cases look at their next step again on the first day of the version; null until they know that.
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["valid_from", "version"]
        constraints = [
            models.UniqueConstraint(fields=["city", "version"], name="policy_version_is_unique"),
            models.UniqueConstraint(fields=["city", "valid_from"], name="policy_day_is_unique"),
            models.UniqueConstraint(fields=["version"], condition=Q(city=None), name="default_version_is_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.city or '–'} {self.version}"


class EscalationStep(models.Model):
    """One rung: what, when, for which cases, which light, to whom.

    `code` is the same in every version, so that a case is never told the same step twice. `moment` counts working
    days from the deadline (negative before it); a stall counts days without an entry, an unsigned letter working days
    since it went out. `severities` and `kinds` say which cases it is for.
    """

    policy = models.ForeignKey(EscalationPolicy, on_delete=models.PROTECT, related_name="steps")
    code = models.CharField(max_length=30)
    kind = models.CharField(_("step"), max_length=10, choices=StepKind)
    moment = models.SmallIntegerField(_("moment"))
    light = models.CharField(_("light"), max_length=6, choices=Light, default=Light.NONE)
    severities = models.JSONField(_("severities"), default=list)
    kinds = models.JSONField(_("kinds of rectification"), default=list)
    to = models.JSONField(_("to"), default=list)
    copies = models.JSONField(_("copies"), default=list)
    has_document = models.BooleanField(_("with a document"), default=False)
    words = models.TextField(_("words"), blank=True)

    class Meta:
        ordering = ["policy", "id"]
        constraints = [models.UniqueConstraint(fields=["policy", "code"], name="step_code_is_unique")]

    def __str__(self) -> str:
        return f"{self.policy_id} {self.code}"

    @property
    def days_before(self) -> int:
        """Of a step before the deadline: how many working days."""
        return -self.moment
