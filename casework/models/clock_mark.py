"""When a clock last ran to its end: what must run once a day knows whether it did, and a silent clock is seen."""

from django.db import models


class ClockMark(models.Model):
    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at}"
