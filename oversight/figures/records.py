"""Where the open cases stood at the end of each month, and how long strike-offs took: kept up to date, so that a page
over a million cases reads some thousand rows.
"""

from django.db import models


class MonthStanding(models.Model):
    """How many cases of a village stood open when a month ended, by light; of the running month, as of now.

    Cases that nobody was assigned to yet are counted apart: their village does not know of them. 0 stands for a unit that
    a case does not have. Derived: `standings.count_month()` makes the same from the cases' history.
    """

    month = models.DateField()
    city = models.BigIntegerField(default=0)
    county = models.BigIntegerField(default=0)
    town = models.BigIntegerField(default=0)
    village = models.BigIntegerField()
    unassigned = models.PositiveIntegerField(default=0)
    on_time = models.PositiveIntegerField(default=0)
    blue = models.PositiveIntegerField(default=0)
    yellow = models.PositiveIntegerField(default=0)
    red = models.PositiveIntegerField(default=0)
    overdue = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "village", "town", "county", "city"], name="one_standing_a_month_and_village"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village} {self.month:%Y-%m}"


class ClosingTime(models.Model):
    """How many strike-offs of a month took so many days from the finding, by town. Derived from the cases alone."""

    month = models.DateField()
    city = models.BigIntegerField(default=0)
    county = models.BigIntegerField(default=0)
    town = models.BigIntegerField(default=0)
    days = models.PositiveIntegerField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "town", "county", "city", "days"], name="one_closing_time_a_month_and_town"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.town} {self.month:%Y-%m} {self.days}"
