"""Duty rules of counties, rosters of villages, what was done on which day, and what became of a gap."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models.case import Case
from casework.models.unit import Unit


class DutyEvery(models.TextChoices):
    """How often a village has a duty day."""

    WEEK = "week", _("one a week")
    MONTH = "month", _("one a month")
    NEVER = "never", _("none")


class DutyRule(models.Model):
    """What a county asks of its villages from a day on; the one that began last decides. Append-only: a rule of the
    same day that is entered later takes the place of the earlier one.
    """

    county = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("county"))
    valid_from = models.DateField(_("valid from"))
    duty_every = models.CharField(_("duty days"), max_length=5, choices=DutyEvery)
    meets_monthly = models.BooleanField(_("a meeting a month"))
    no_absences = models.BooleanField(_("no absence at major matters"))
    basis = models.CharField(_("basis"), max_length=120, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("duty rule")
        verbose_name_plural = _("duty rules")
        ordering = ["county", "-valid_from", "-id"]

    def __str__(self) -> str:
        return f"{self.county_id} {self.valid_from}"


class Roster(models.Model):
    """Who has duty on which day of a month, as it was saved; the newest of a month counts. Append-only."""

    village = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.DateField(_("month"))
    from_paper = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("roster")
        verbose_name_plural = _("rosters")
        ordering = ["-month", "-id"]
        # The newest roster of a village and a month.
        indexes = [models.Index(fields=["village", "month"], name="rosters_of_village")]

    def __str__(self) -> str:
        return f"{self.village_id} {self.month}"


class DutyTurn(models.Model):
    """A person's day on a roster. Append-only."""

    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="turns")
    day = models.DateField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        ordering = ["day", "id"]
        constraints = [models.UniqueConstraint(fields=["roster", "day"], name="one_turn_a_day")]

    def __str__(self) -> str:
        return f"{self.roster_id} {self.day}"


class MinutesKind(models.TextChoices):
    DUTY = "duty", _("Duty day")
    MEETING = "meeting", _("Committee meeting")
    MAJOR_MATTER = "major_matter", _("Major matter")


class Minutes(models.Model):
    """What a village's committee did on a day: a duty day, a meeting of its own, or a major matter that it attended.

    Entered once, and read by duty, decisions and reports. Append-only, corrected as a county's `Meeting` is. With
    `from_paper` the town entered it for the village.
    """

    village = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(_("kind"), max_length=12, choices=MinutesKind)
    held_on = models.DateField(_("day"))
    subject = models.CharField(_("subject"), max_length=120, blank=True)
    words = models.TextField(_("what was dealt with"), blank=True)
    files: Any = models.JSONField(default=list)
    from_paper = models.BooleanField(default=False)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    reason = models.TextField(_("reason"), blank=True)
    is_withdrawn = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")
        ordering = ["-held_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(replaces=None, is_withdrawn=False) | Q(replaces__isnull=False) & ~Q(reason=""),
                name="corrected_minutes_have_their_reason",
            )
        ]
        indexes = [
            # A village's entries, the newest first; and the villages of a county with an entry in a span.
            models.Index(fields=["village", "held_on"], name="minutes_of_village"),
            models.Index(fields=["kind", "held_on", "village"], name="minutes_by_day"),
            # The burden meter: what was entered in a month.
            models.Index(fields=["at"], name="minutes_entered"),
        ]

    def __str__(self) -> str:
        return f"{self.village_id} {self.kind} {self.held_on}"


class MinutesAttendance(models.Model):
    """Whether a member who was in office on that day was there. Append-only."""

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="attendances")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    was_present = models.BooleanField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["minutes", "person"], name="one_answer_a_person")]

    def __str__(self) -> str:
        return f"{self.minutes_id} {self.person_id}"


class GapKind(models.TextChoices):
    """What a village's records do not show."""

    NO_DUTY = "no_duty", _("No duty day")
    NO_MEETING = "no_meeting", _("No minutes of a meeting")
    ABSENT = "absent", _("Absent at a major matter")
    STEP_MISSING = "step_missing", _("A step is missing")
    STEP_EARLY = "step_early", _("Steps out of order")
    NO_QUORUM = "no_quorum", _("Too few were present")
    NO_MAJORITY = "no_majority", _("Not enough in favour")


class GapVerdict(models.Model):
    """What a person made of a gap: a case, or nothing with a reason. Append-only, once a gap.

    A gap itself is no row: it is read from the records of today by the rule of its days, so what is entered later
    closes it.
    """

    village = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(_("kind"), max_length=12, choices=GapKind)
    first_day = models.DateField()
    last_day = models.DateField()
    # Of an absence the member; of a decision's gap the decision's key and step.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    about = models.CharField(max_length=40, blank=True)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(_("reason"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("verdict on a gap")
        verbose_name_plural = _("verdicts on gaps")
        ordering = ["-at", "-id"]
        constraints = [
            # `about` names the minutes or the decision's step, and the person where it is one's absence.
            models.UniqueConstraint(fields=["village", "kind", "first_day", "about"], name="one_verdict_a_gap"),
            models.CheckConstraint(
                condition=Q(case__isnull=False) | ~Q(reason=""), name="gap_is_a_case_or_has_its_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village_id} {self.kind} {self.first_day}"
