"""The working-day calendar of the announced years, a row a day; a year without rows is not announced yet."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.history import tracked


class CalendarYear(models.Model):
    """A year whose holidays and make-up workdays (调休) are known. `applied_at` is null until deadlines follow it."""

    year = models.PositiveSmallIntegerField(_("year"), primary_key=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    changed_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["year"]

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    day = models.DateField(_("day"), primary_key=True)
    year = models.ForeignKey(CalendarYear, on_delete=models.PROTECT, related_name="days")
    is_working = models.BooleanField(_("working day"))
    name = models.CharField(_("name"), max_length=40, blank=True)

    history = tracked()

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {'+' if self.is_working else '-'}"
