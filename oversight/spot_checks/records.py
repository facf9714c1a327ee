"""Plans of spot checks, and their draws: the list frozen under a hash, the seed, whom it drew, who was excused."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.models.history import tracked
from casework.models.unit import Unit
from oversight.documents.records import BaseDocument


class SpotCheckPlan(models.Model):
    """What is to be checked, where, when and by whom. Changes through its verb until its first draw is frozen.

    `lot` villages are drawn by lot, at most `yearly` of those that were not checked for a year come before them, and
    `key_share` of a hundred key villages before these; where that is not all of them, `key_reason` says why. `inspectors`
    are the keys of the people among whom the lot falls. A check outside the yearly plan says why in `unplanned_reason`.
    """

    purpose = models.TextField(_("purpose"))
    basis = models.ForeignKey(
        BaseDocument,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("basis document"),
    )
    area = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("area"))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    lot = models.PositiveSmallIntegerField(_("villages by lot"))
    yearly = models.PositiveSmallIntegerField(_("villages that were not checked for a year"))
    key_share = models.PositiveSmallIntegerField(_("share of the key villages"), default=100)
    key_reason = models.CharField(_("reason for fewer key villages"), max_length=500, blank=True)
    inspectors: Any = models.JSONField(default=list)
    checklist_version = models.PositiveIntegerField(_("version of the checklist"), null=True, blank=True)
    is_announced = models.BooleanField(_("announced"), default=False)
    unplanned_reason = models.CharField(_("reason outside the yearly plan"), max_length=500, blank=True)
    is_in_yearly_plan = models.BooleanField(_("in the yearly plan"), default=True)
    frozen_at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    history = tracked()

    class Meta:
        verbose_name = _("plan of a spot check")
        verbose_name_plural = _("plans of spot checks")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="plan_ends_after_it_began"),
            models.CheckConstraint(
                condition=Q(key_share=100) | Q(key_share__lt=100) & ~Q(key_reason=""),
                name="fewer_key_villages_have_their_reason",
            ),
            models.CheckConstraint(
                condition=Q(is_in_yearly_plan=True) | ~Q(unplanned_reason=""), name="unplanned_check_has_its_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.first_day}"


class PlannedDraw(models.Model):
    """A draw of a plan, from the moment at which its list is frozen. Append-only.

    `text` is the list in its canonical bytes (frozen_list.py), `sha256` its hash, published at `at`; the seed comes later,
    from dice or from the beacon's round that is named here and comes out at `beacon_at`. `earlier` is the draw of the
    same villages within a month that this one repeats, with its `reason`. `county` is the one that the area is or lies in.
    """

    plan = models.ForeignKey(SpotCheckPlan, on_delete=models.PROTECT, related_name="draws")
    area = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    county = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    sha256 = models.CharField(max_length=64, unique=True)
    beacon = models.CharField(_("beacon"), max_length=60, blank=True)
    beacon_round = models.CharField(_("round"), max_length=60, blank=True)
    beacon_at = models.DateTimeField(null=True)
    earlier = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="repeated_by")
    reason = models.TextField(_("reason"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(earlier=None) | ~Q(reason=""), name="repeated_planned_draw_has_its_reason"
            ),
            models.CheckConstraint(
                condition=Q(beacon="", beacon_round="", beacon_at=None)
                | ~Q(beacon="") & ~Q(beacon_round="") & Q(beacon_at__gt=F("at")),
                name="beacon_is_named_before_its_round",
            ),
        ]
        indexes = [
            # What was drawn of an area within a month; a county's inspections between two days.
            models.Index(fields=["area", "at"], name="draws_of_area"),
            models.Index(fields=["county", "at"], name="draws_of_county"),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.at:%Y-%m-%d} {self.sha256[:8]}"


class DrawSeed(models.Model):
    """The seed of a draw, once, after its list was frozen. Append-only. `dice` are those of each person, by name."""

    draw = models.OneToOneField(PlannedDraw, on_delete=models.PROTECT, related_name="seed")
    value = models.CharField(max_length=1200)
    dice: Any = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.draw_id} {self.value[:12]}"


class DrawnVillage(models.Model):
    """A village that a draw chose, or that replaces an excused one (`rule` is then that of the lot). Append-only."""

    draw = models.ForeignKey(PlannedDraw, on_delete=models.PROTECT, related_name="villages")
    village = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=4)
    ticket = models.CharField(max_length=64)
    ticket_number = models.PositiveSmallIntegerField()
    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    inspector_ticket = models.CharField(max_length=64, blank=True)
    due_by = models.DateField()
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    at = models.DateTimeField()

    class Meta:
        ordering = ["draw", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "rank"], name="one_village_of_a_rank"),
            models.UniqueConstraint(fields=["draw", "village"], name="village_is_drawn_once_a_draw"),
        ]
        indexes = [
            # Where an inspector has to go; when a village was drawn last.
            models.Index(fields=["inspector", "due_by"], name="villages_drawn_for_inspector"),
            models.Index(fields=["village", "at"], name="village_was_drawn"),
        ]

    def __str__(self) -> str:
        return f"{self.draw_id} {self.rank} {self.village_id}"


class ExcusedVillage(models.Model):
    """A village that was drawn and is not visited, and why: it stays in the draw. Append-only."""

    drawn = models.OneToOneField(DrawnVillage, on_delete=models.PROTECT, related_name="excuse")
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="excused_village_has_its_reason")]

    def __str__(self) -> str:
        return f"{self.drawn_id}"
