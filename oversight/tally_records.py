"""Figures that are kept up to date, so that a page over a million cases reads some thousand rows."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Dimension(models.TextChoices):
    """By what strike-offs are counted; the key of a row is the key of that unit, aspect or person, or the word."""

    COUNTY = "county", _("County")
    TOWN = "town", _("Town")
    VILLAGE = "village", _("Village")
    ASPECT = "aspect", _("Aspect")
    KIND = "kind", _("Kind of rectification")
    APPROVER = "approver", _("Approver")
    TERM = "term", _("Change of term")


class Tally(models.Model):
    """What happened on one day in one county, by one dimension: how many cases were opened, how many struck off, how
    many of those struck off on that day have come back since, were closed on paper only, or needed more than one round.

    Of a village the row stands for a month, by its first day. An opening counts on the day of the finding, a strike-off
    on its own day, and what comes back on the day on which it was struck off. Derived: `tallies.rebuild()` makes the
    same from the cases.
    """

    county = models.BigIntegerField()
    dimension = models.CharField(max_length=10, choices=Dimension)
    key = models.CharField(max_length=20)
    day = models.DateField()
    opened = models.PositiveIntegerField(default=0)
    closed = models.PositiveIntegerField(default=0)
    back = models.PositiveIntegerField(default=0)
    paper_only = models.PositiveIntegerField(default=0)
    again = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dimension", "day", "county", "key"], name="one_tally_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.dimension} {self.key} {self.day}"


class RelapseAge(models.Model):
    """How many of a day's strike-offs came back after so many days."""

    county = models.BigIntegerField()
    dimension = models.CharField(max_length=10, choices=Dimension)
    key = models.CharField(max_length=20)
    day = models.DateField()
    age = models.PositiveIntegerField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dimension", "day", "county", "key", "age"], name="one_age_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.dimension} {self.key} {self.day} +{self.age}"
