"""An inspector's visit to a village (走访) and the checklist that goes along. `FieldVisit` is another thing: a member
unit's log of where it went (调研指导).
"""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.models.case import Case
from casework.models.category import CatalogueItem
from casework.models.unit import Unit
from casework.phones.clocks import MARKED_FROM

OPEN_STATES = ("planned", "arrived")


class Checklist(models.Model):
    """A version of what is looked at on a visit, of one city. Append-only; the newest one goes along with new visits.

    `by` is empty for the one that is shipped.
    """

    city = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="checklists", verbose_name=_("city"))
    number = models.PositiveSmallIntegerField(_("version"))
    reason = models.CharField(_("why it was made"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["city", "number"], name="checklist_version_once_a_city")]

    def __str__(self) -> str:
        return f"{self.city_id} {self.number}"


class ChecklistItem(models.Model):
    """An item of the catalogue on a checklist, with the standard as it is read on the spot. Append-only.

    `picture` is the row of an `AttachedFile`: how it should look.
    """

    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="items")
    item = models.ForeignKey(CatalogueItem, on_delete=models.PROTECT, related_name="+", verbose_name=_("item"))
    standard = models.TextField(_("written standard"), blank=True)
    picture: Any = models.JSONField(null=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["checklist", "item"], name="item_once_a_checklist")]

    def __str__(self) -> str:
        return f"{self.checklist_id} {self.item_id}"


class VillageVisitKind(models.TextChoices):
    """Why somebody goes; all have the same form."""

    SPOT_CHECK = "spot_check", _("Spot check")
    UNANNOUNCED = "unannounced", _("Unannounced visit")
    TOUR = "tour", _("Observation tour")
    PETITION = "petition", _("Petition")
    SELF_CHECK = "self_check", _("Self-check")
    CAMPAIGN = "campaign", _("Campaign")


class VisitState(models.TextChoices):
    PLANNED = "planned", _("planned")
    ARRIVED = "arrived", _("arrived")
    DONE = "done", _("done")
    CALLED_OFF = "called_off", _("called off")


class VillageVisit(models.Model):
    """An inspector goes to a village by a day, with a version of the checklist. Done or called off, it is append-only.

    `draw_key` names the draw that it comes from; one draw sends one visit to a village. `county` answers for the village
    on the day of planning, `office` planned it. `is_position_odd`: the phone said 0, 0 or a place outside the city, and
    the inspector said that it stays; nothing is measured from it. `checked`, `wrong` and `found` are counted when it is
    done: items in order or with a finding, items with a finding, cases that were reported.

    `arrived_stated_at`, `done_stated_at`: what the clock of a phone said that made the visit without a network, ahead of
    the server's by `clock_off` seconds when it was sent. `taken_in_by` took it from that phone's emergency file.
    """

    village = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="inspection_visits", db_index=False, verbose_name=_("village")
    )
    county = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    office = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(_("kind"), max_length=12, choices=VillageVisitKind)
    inspector = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("inspector"),
    )
    due_by = models.DateField(_("until"))
    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="visits")
    draw_key = models.CharField(max_length=64, blank=True)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    planned_at = models.DateTimeField()
    state = models.CharField(_("state"), max_length=10, choices=VisitState, default=VisitState.PLANNED)
    arrived_at = models.DateTimeField(null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    is_position_odd = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)
    checked = models.PositiveSmallIntegerField(null=True)
    wrong = models.PositiveSmallIntegerField(null=True)
    found = models.PositiveSmallIntegerField(null=True)
    called_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    called_off_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    remind_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    arrived_stated_at = models.DateTimeField(null=True)
    done_stated_at = models.DateTimeField(null=True)
    clock_off = models.IntegerField(null=True)
    taken_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    # Set by the page that shows a form for it.
    form_key: UUID

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [
            models.UniqueConstraint(fields=["draw_key", "village"], condition=~Q(draw_key=""), name="one_visit_a_draw"),
            models.CheckConstraint(
                condition=~Q(state="done")
                | Q(
                    arrived_at__isnull=False, done_at__gte=F("arrived_at"), checked__gte=F("wrong"), found__isnull=False
                ),
                name="done_visit_was_made_and_counted",
            ),
            models.CheckConstraint(
                condition=~Q(state="called_off") | Q(called_off_by__isnull=False) & ~Q(reason=""),
                name="called_off_visit_has_its_reason",
            ),
        ]
        indexes = [
            # What waits for an inspector, and for an office: by the day until which somebody goes.
            models.Index(fields=["inspector", "due_by"], condition=Q(state__in=OPEN_STATES), name="visits_to_make"),
            models.Index(fields=["county", "due_by"], condition=Q(state__in=OPEN_STATES), name="visits_of_office"),
            # A village's visits, the latest first, and how often somebody came in a month.
            models.Index(fields=["village", "arrived_at"], name="visits_to_village"),
            # The figures of a span.
            models.Index(fields=["county", "done_at"], condition=Q(state="done"), name="visits_done"),
            # The clock.
            models.Index(fields=["remind_at"], condition=Q(remind_at__isnull=False), name="visits_to_remind_of"),
        ]

    def __str__(self) -> str:
        return f"{self.village_id} {self.due_by}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_clock_off(self) -> bool:
        """Whether the clock of the phone that made it was wrong."""
        return abs(self.clock_off or 0) >= MARKED_FROM.total_seconds()

    @property
    def place(self) -> tuple[float, float] | None:
        """Where the phone was, where that can be measured from."""
        if self.is_position_odd or self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude


class VisitAnswer(models.TextChoices):
    IN_ORDER = "in_order", _("in order")
    FINDING = "finding", _("finding")
    NOT_APPLICABLE = "not_applicable", _("not applicable")


class ItemAnswer(models.Model):
    """What was seen at one item of the checklist. May be answered anew until the visit is done, then it stays."""

    visit = models.ForeignKey(VillageVisit, on_delete=models.PROTECT, related_name="answers", db_index=False)
    line = models.ForeignKey(ChecklistItem, on_delete=models.PROTECT, related_name="answers")
    answer = models.CharField(max_length=14, choices=VisitAnswer)
    at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "line"], name="one_answer_an_item")]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.line_id} {self.answer}"


class FoundCase(models.Model):
    """A finding at an item that was reported: the case it became. An item may have several. Append-only."""

    answer = models.ForeignKey(ItemAnswer, on_delete=models.PROTECT, related_name="found")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.answer_id} {self.case_id}"


class SignatureOutcome(models.TextChoices):
    SIGNED = "signed", _("signed")
    REFUSED = "refused", _("refused to sign")
    ABSENT = "absent", _("nobody there who signs")


class HeadSignature(models.Model):
    """What the village's head did with the summary: signed it, refused, or was not there, with the reason. Append-only.

    `strokes` are those of the finger, each a list of points [x, y] within `SIGNATURE_BOX`; none where it was signed by a
    name and a tick.
    """

    visit = models.OneToOneField(VillageVisit, on_delete=models.PROTECT, related_name="signature")
    outcome = models.CharField(max_length=8, choices=SignatureOutcome)
    name = models.CharField(_("name"), max_length=60, blank=True)
    strokes: Any = models.JSONField(default=list)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="signed") & ~Q(name="") | ~Q(outcome="signed") & ~Q(reason=""),
                name="signed_with_a_name_or_not_with_a_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.outcome}"


class VisitEntry(models.Model):
    """Something that was entered for a visit, by the number that the client gave it: entered again it changes nothing.
    Append-only.

    `content` is a hash over what it said, so that the same number with other words is a conflict.
    """

    key = models.UUIDField(primary_key=True)
    visit = models.ForeignKey(VillageVisit, on_delete=models.PROTECT, related_name="entries", db_index=False)
    step = models.CharField(max_length=20)
    content = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.key)
