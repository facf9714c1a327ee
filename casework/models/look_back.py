"""Look-backs: re-inspections of what was struck off, and how long a strike-off is watched."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models.case import Case
from casework.models.category import CatalogueItem, Severity
from casework.models.closure import Closure
from casework.models.evidence import Evidence
from casework.models.history import tracked
from casework.models.unit import Unit
from casework.stages import Light


class ConsolidationRule(models.Model):
    """After how many days a strike-off is looked at again. The rule for an item goes before that for a severity, and
    the newest that holds on the day of the strike-off before older ones.
    """

    item = models.ForeignKey(
        CatalogueItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("item")
    )
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity, null=True, blank=True)
    days = models.JSONField(_("days after the strike-off"), help_text=_("For example [30, 90]."))
    valid_from = models.DateField(_("holds from"))

    history = tracked()

    class Meta:
        verbose_name = _("consolidation rule")
        verbose_name_plural = _("consolidation rules")
        ordering = ["valid_from", "id"]

    def __str__(self) -> str:
        return f"{self.item or self.get_severity_display() or _('everything')}: {self.days}"


class LookBackKind(models.TextChoices):
    SCHEDULED = "scheduled", _("Look-back")
    PERIOD = "period", _("Look-back after the duty's next period")
    AGAIN = "again", _("Look-back after a partial result")
    REVERSE = "reverse", _("Reverse check")


class LookBackState(models.TextChoices):
    PLANNED = "planned", _("planned")
    OPEN = "open", _("open")
    DONE = "done", _("done")
    DROPPED = "dropped", _("dropped")


class Outcome(models.TextChoices):
    HELD = "held", _("It stays fixed")
    PARTLY = "partly", _("Partly")
    BACK = "back", _("It is back")


class LookBack(models.Model):
    """One re-inspection of a struck-off case, from its plan to its result.

    The inspector is drawn when it opens, among those who had no hand in the closure; `drawn_from` are the persons of
    the draw, `seed` what makes it repeatable, `passed_by` those who were drawn and gave it back or were taken off.
    `is_paper_only` says that it was closed on paper and never put right (两张皮). Places are degrees north and east.
    Append-only once it is done or dropped.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="look_backs")
    closure = models.ForeignKey(Closure, on_delete=models.PROTECT, null=True, related_name="look_backs")
    kind = models.CharField(max_length=10, choices=LookBackKind)
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=LookBackState, default=LookBackState.PLANNED)
    process = models.OneToOneField(
        "viewflow.Process", on_delete=models.PROTECT, null=True, editable=False, related_name="look_back"
    )
    opens_on = models.DateField(_("opens on"))
    due_on = models.DateField(_("to be done by"))
    light = models.CharField(max_length=6, choices=Light, default=Light.NONE)
    next_step_at = models.DateTimeField(null=True)
    reminders_sent = models.PositiveSmallIntegerField(default=0)

    inspector = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="look_backs"
    )
    drawn_at = models.DateTimeField(null=True)
    drawn_from = models.JSONField(default=list)
    seed = models.CharField(max_length=64, blank=True)
    passed_by = models.JSONField(default=list)

    outcome = models.CharField(_("result"), max_length=6, choices=Outcome, blank=True)
    is_paper_only = models.BooleanField(_("closed on paper only"), default=False)
    words = models.TextField(_("what was seen"), blank=True)
    asked = models.PositiveSmallIntegerField(_("people asked"), null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    why_no_position = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True)
    led_to = models.OneToOneField(Case, on_delete=models.PROTECT, null=True, related_name="found_by_look_back")

    history = tracked(excluded_fields=["process", "next_step_at", "reminders_sent"])

    # What a page says beside it: whether its reader is told who goes.
    names_inspector: bool

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="look_back_number_is_unique"),
            models.CheckConstraint(
                condition=~Q(state=LookBackState.DONE) | (~Q(outcome="") & Q(done_at__isnull=False)),
                name="done_look_back_has_its_result",
            ),
        ]
        indexes = [
            # The sweep reads what is due and nothing else (lifecycle/look_back_clock.py).
            models.Index(fields=["next_step_at", "id"], condition=Q(next_step_at__isnull=False), name="look_back_step"),
            # What waits for an inspector: queries.look_backs_for.
            models.Index(fields=["inspector", "due_on"], condition=Q(state="open"), name="look_back_of_inspector"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number}"


class LookBackPhoto(models.Model):
    """A file of the case that was taken at a look-back. Append-only."""

    look_back = models.ForeignKey(LookBack, on_delete=models.PROTECT, related_name="photos")
    evidence = models.OneToOneField(Evidence, on_delete=models.PROTECT, related_name="look_back_photo")

    def __str__(self) -> str:
        return f"{self.look_back_id} {self.evidence_id}"


class ReverseDraw(models.Model):
    """A month's draw of reverse checks in a city: repeatable from its seed and its population. Append-only."""

    city = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    seed = models.CharField(max_length=64)
    share = models.FloatField()
    strata = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["city", "month"], name="one_reverse_draw_a_month")]

    def __str__(self) -> str:
        return f"{self.city_id} {self.month}"
