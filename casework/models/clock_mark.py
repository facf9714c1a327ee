"""When a clock last ran to its end, and how far it came: what must run once a day knows whether it did, and a silent
clock is seen.
"""

from django.db import models


class ClockMark(models.Model):
    """`reached` is the last key that the clock has seen in a table that grows at its end."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    reached = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.at}"
