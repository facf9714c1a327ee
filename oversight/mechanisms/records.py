"""What a county's mechanism did in a period, and visits to the field: kept as entered, corrected by a later entry."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models.case import Case
from casework.models.unit import Unit


class MeetingKind(models.TextChoices):
    """The four things that a county's mechanism must show (会商, 总结, 检查, 通报)."""

    CONSULTATION = "consultation", _("Consultation")
    SUMMARY = "summary", _("Summary")
    INSPECTION = "inspection", _("Inspection")
    BULLETIN = "bulletin", _("Bulletin")


class Meeting(models.Model):
    """An entry of a county's log: what took place on a day, with its document number or minutes. Append-only.

    `replaces` is the entry that this one corrects, with the reason; one that `is_withdrawn` says that nothing of the
    kind took place. `files` are those of `AttachedFile`.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="meetings", verbose_name=_("county"))
    kind = models.CharField(_("kind"), max_length=12, choices=MeetingKind)
    held_on = models.DateField(_("day"))
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    minutes = models.TextField(_("minutes"), blank=True)
    present = models.TextField(_("who was there"), blank=True)
    files: Any = models.JSONField(default=list)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    reason = models.TextField(_("reason"), blank=True)
    is_withdrawn = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("entry of a county's mechanism")
        verbose_name_plural = _("entries of a county's mechanism")
        ordering = ["-held_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(replaces=None, is_withdrawn=False) | Q(replaces__isnull=False) & ~Q(reason=""),
                name="corrected_entry_has_its_reason",
            )
        ]
        # A county's log in a span of days.
        indexes = [models.Index(fields=["unit", "held_on"], name="meetings_of_county")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind} {self.held_on}"


class VisitKind(models.TextChoices):
    GUIDANCE = "guidance", _("Field visit")
    TOUR = "tour", _("Observation tour")


class FieldVisit(models.Model):
    """A member unit, or the lead office, went to see (调研指导, 观摩): where, who, what was seen. Append-only.

    Corrected as a `Meeting` is. No file is ever asked for.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="field_visits", verbose_name=_("unit"))
    kind = models.CharField(_("kind"), max_length=8, choices=VisitKind)
    day = models.DateField(_("day"))
    people = models.TextField(_("who went"))
    seen = models.TextField(_("what was seen"))
    good_practice = models.TextField(_("good practice"), blank=True)
    files: Any = models.JSONField(default=list)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    reason = models.TextField(_("reason"), blank=True)
    is_withdrawn = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("visit to the field")
        verbose_name_plural = _("visits to the field")
        ordering = ["-day", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(replaces=None, is_withdrawn=False) | Q(replaces__isnull=False) & ~Q(reason=""),
                name="corrected_visit_has_its_reason",
            )
        ]
        # A unit's visits in a span of days.
        indexes = [models.Index(fields=["unit", "day"], name="visits_of_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.day}"


class VisitedPlace(models.Model):
    """A county, town or village that a visit went to. Append-only."""

    visit = models.ForeignKey(FieldVisit, on_delete=models.PROTECT, related_name="places")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["visit", "unit"], name="place_stands_once_a_visit")]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.unit_id}"


class VisitFinding(models.Model):
    """A problem that was seen on a visit and reported: the case it became. Append-only."""

    visit = models.ForeignKey(FieldVisit, on_delete=models.PROTECT, related_name="findings")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.case_id}"
