"""Reporting periods and the reports that were expected in them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.models.history import tracked
from casework.models.unit import Unit
from oversight.members.records import Mechanism, MemberGroup, Membership


class Rhythm(models.TextChoices):
    MONTHLY = "monthly", _("Monthly")
    BIMONTHLY = "bimonthly", _("Every two months")
    DAILY = "daily", _("Daily, in a campaign")


class ReportingScheme(models.Model):
    """How often a member reports, from a day on: the newest scheme that has begun on a period's first day holds.

    A daily one is for a named campaign (日报告), beside the regular one, and ends.
    """

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="schemes")
    rhythm = models.CharField(_("rhythm"), max_length=10, choices=Rhythm)
    campaign = models.CharField(_("campaign"), max_length=60, blank=True)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)

    history = tracked()

    class Meta:
        verbose_name = _("reporting scheme")
        verbose_name_plural = _("reporting schemes")
        constraints = [
            models.CheckConstraint(
                condition=Q(rhythm=Rhythm.DAILY) & ~Q(campaign="") | ~Q(rhythm=Rhythm.DAILY) & Q(campaign=""),
                name="daily_reports_name_their_campaign",
            ),
            models.UniqueConstraint(
                fields=["membership", "rhythm", "campaign", "valid_from"], name="scheme_begins_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.rhythm} {self.valid_from}"


class Period(models.Model):
    """A span of days that is reported on (期次), both ends included.

    Two instants, never mixed up: a report is on time until `on_time_until` (按时截止, to the second: one minute later
    is late) and can be handed in until `closes_at` (关账); then the form is closed.
    """

    mechanism = models.ForeignKey(Mechanism, on_delete=models.PROTECT, related_name="periods")
    rhythm = models.CharField(_("rhythm"), max_length=10, choices=Rhythm)
    campaign = models.CharField(_("campaign"), max_length=60, blank=True)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    on_time_until = models.DateTimeField(_("on time until"))
    closes_at = models.DateTimeField(_("closes at"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()

    history = tracked()

    class Meta:
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        ordering = ["-first_day", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["mechanism", "rhythm", "campaign", "first_day"], name="period_opens_once"),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="period_ends_after_it_began"),
            models.CheckConstraint(
                condition=Q(closes_at__gte=F("on_time_until")), name="period_closes_after_its_limit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_day} – {self.last_day}"


class ExpectedReport(models.Model):
    """A report that was expected (应报): made when the period opened, from the memberships of that day.

    What is counted later are these rows, so no rate passes 100 % and no old period changes. `unit_name` is the name on
    the period's last day.
    """

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="expected")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="expected")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="expected_reports")
    unit_name = models.CharField(max_length=100)
    group = models.CharField(max_length=10, choices=MemberGroup)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("expected report")
        verbose_name_plural = _("expected reports")
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["period", "unit"], name="one_report_a_unit_and_period")]

    def __str__(self) -> str:
        return f"{self.unit_name} {self.period_id}"
