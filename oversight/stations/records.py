"""Stations of villages and towns, their volunteers by number, and what each reported.

Who a volunteer is stands in two columns that one page alone reads (keeping.py, `who_it_is`): they are in no list, no
export and no history, and go when the volunteer leaves.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models.case import Case
from casework.models.history import tracked
from casework.models.unit import Unit


class Station(models.Model):
    """A station of a village or a town. Kept, with its history."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="stations", verbose_name=_("unit"))
    name = models.CharField(_("name"), max_length=60)
    opened_on = models.DateField(_("opened on"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    history = tracked()

    class Meta:
        verbose_name = _("supervision station")
        verbose_name_plural = _("supervision stations")
        ordering = ["unit__path", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"], condition=Q(closed_on=None), name="one_open_station_of_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class StationVolunteer(models.Model):
    """A volunteer, for everybody a number of the station. The number is never given twice."""

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="volunteers", db_index=False)
    number = models.PositiveSmallIntegerField(_("number"))
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    # For the office alone; empty once the volunteer has left.
    name = models.CharField(_("name"), max_length=40, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("volunteer of a station")
        verbose_name_plural = _("volunteers of stations")
        ordering = ["station", "number"]
        constraints = [models.UniqueConstraint(fields=["station", "number"], name="one_volunteer_a_number")]

    def __str__(self) -> str:
        return f"{self.number}"


class StationReport(models.Model):
    """What a volunteer of a station reported became this case. Append-only."""

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="reports", db_index=False)
    volunteer = models.ForeignKey(StationVolunteer, on_delete=models.PROTECT, related_name="+", db_index=False)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="station_report")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("report of a station")
        verbose_name_plural = _("reports of stations")
        ordering = ["-id"]
        indexes = [models.Index(fields=["station", "-id"], name="reports_of_station")]

    def __str__(self) -> str:
        return f"{self.station_id} {self.case_id}"


class StationNews(models.Model):
    """The station was told that a report of its came to this state. Append-only; once a state."""

    report = models.ForeignKey(StationReport, on_delete=models.PROTECT, related_name="news", db_index=False)
    state = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("news of a station's report")
        verbose_name_plural = _("news of stations' reports")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["report", "state"], name="station_told_once_a_state")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.state}"
