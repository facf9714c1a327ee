"""A rectification opinion, its cases, and its requirement on the way down: who has it, who signed, where it went."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.models.case import Case
from casework.models.unit import Unit, UnitLevel
from oversight.members.records import Mechanism

# How far down a requirement may go, from the top.
LEVELS_DOWN = (UnitLevel.COUNTY, UnitLevel.TOWN, UnitLevel.VILLAGE)


class Opinion(models.Model):
    """A rectification opinion, as it was issued: what is wrong, what is required by when, how far down it goes.

    `number` is its place in the bulletin of `bulletin_key`; both may still change until it stands in one. Its
    addressees are the requirements without a parent.
    """

    mechanism = models.ForeignKey(Mechanism, on_delete=models.PROTECT, related_name="opinions")
    bulletin_key = models.BigIntegerField(null=True, db_index=True)
    number = models.PositiveSmallIntegerField(_("number"))
    words = models.TextField(_("opinion"))
    requirement = models.TextField(_("requirement"))
    deadline = models.DateField(_("deadline"))
    reaches = models.CharField(
        _("goes down to"), max_length=12, choices=[(level.value, level.label) for level in LEVELS_DOWN]
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("rectification opinion")
        verbose_name_plural = _("rectification opinions")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["bulletin_key", "number"],
                condition=Q(bulletin_key__isnull=False),
                name="opinion_stands_once_in_a_bulletin",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.words[:20]}"


class OpinionCase(models.Model):
    """A case that an opinion is about, or that it led to. Append-only."""

    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="cases")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["opinion", "case"], name="case_stands_once_in_an_opinion")]

    def __str__(self) -> str:
        return f"{self.opinion_id} {self.case_id}"


class Requirement(models.Model):
    """An opinion's requirement at one unit: expected to be signed for, and passed on where the opinion goes further.

    Rows are made by whoever passes it on (`by`, from `parent`), so expected are these rows. `remind_at` is when a unit
    that neither signed nor passed on is reminded; null once that is settled.
    """

    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="requirements", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="requirements")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="passed_to")
    note = models.TextField(_("note"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    remind_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["opinion", "unit"], name="requirement_goes_to_a_unit_once")]
        # The clock: what nobody has signed for or passed on.
        indexes = [models.Index(fields=["remind_at"], condition=Q(remind_at__isnull=False), name="requirement_waits")]

    def __str__(self) -> str:
        return f"{self.opinion_id} → {self.unit_id}"


class RequirementReceipt(models.Model):
    """Signed for, by a person of the unit, with the name as it would stand on paper. Append-only."""

    requirement = models.OneToOneField(Requirement, on_delete=models.PROTECT, related_name="receipt")
    name = models.CharField(_("signed by"), max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.requirement_id} {self.at}"


class RequirementMove(models.Model):
    """An open requirement went to the successor of its unit, and is not expected of that unit any more. Append-only."""

    requirement = models.OneToOneField(Requirement, on_delete=models.PROTECT, related_name="move")
    to = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="taken_over")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(to=F("requirement")), name="requirement_moves_to_another_one")
        ]

    def __str__(self) -> str:
        return f"{self.requirement_id} → {self.to_id}"
