"""A step that whoever did it undid within minutes, before anybody had acted on it."""

from django.db import models

from casework.models.assignment import Assignment
from casework.models.case_event import CaseEvent
from casework.models.exit import Screening
from casework.models.review import Review


class Undone(models.Model):
    """Says that a step no longer counts: its event, and the record that it wrote. All of them stay, so the timeline and
    the audit hold. Who undid it, and when, the event `undoing` says. Append-only.
    """

    event = models.OneToOneField(CaseEvent, on_delete=models.PROTECT, primary_key=True, related_name="undone")
    undoing = models.ForeignKey(CaseEvent, on_delete=models.PROTECT, related_name="undoes")
    review = models.OneToOneField(Review, on_delete=models.PROTECT, null=True, related_name="undone")
    screening = models.OneToOneField(Screening, on_delete=models.PROTECT, null=True, related_name="undone")
    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, null=True, related_name="undone")

    def __str__(self) -> str:
        return f"{self.event_id} {self.undoing_id}"
