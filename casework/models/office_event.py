"""What happened at the offices' desk and is told to a unit, where no case is concerned: an outbox, as CaseEvent is."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models.unit import Unit


class OfficeEventKind(models.TextChoices):
    """What `subject` is the key of stands beside each kind in `notifications/office_news.py`."""

    REPORT_LATE = "report_late", _("A report is late")
    REPORT_HANDED_IN = "report_handed_in", _("A report was handed in")
    REPORT_RETURNED = "report_returned", _("A report was returned")
    REPORT_ACCEPTED = "report_accepted", _("A report was accepted")
    BULLETIN_TO_APPROVE = "bulletin_to_approve", _("A bulletin waits for approval")
    BULLETIN_SENT = "bulletin_sent", _("A bulletin was sent to you")
    BULLETIN_UNSIGNED = "bulletin_unsigned", _("A bulletin is not signed for")
    REQUIREMENT_ISSUED = "requirement_issued", _("A requirement came down")
    REQUIREMENT_LATE = "requirement_late", _("A requirement is not passed on")
    VISIT_OVERDUE = "visit_overdue", _("A visit is overdue")
    VISIT_TO_MAKE = "visit_to_make", _("An inspector's visit is overdue")
    HANDOVER_BEGUN = "handover_begun", _("A handover is to be signed")
    HANDOVER_UNSIGNED = "handover_unsigned", _("A handover is not signed")
    CODE_GIVEN = "code_given", _("A code to sign in was given")
    PASSWORD_ASKED = "password_asked", _("A password was forgotten")
    ELECTION_SILENT = "election_silent", _("A day of an election without a report")
    STATION_NEWS = "station_news", _("What became of a station's report")


class OfficeEvent(models.Model):
    """One thing to be told to those who hold a post at `unit`. Append-only, but for the mark that everybody was told.

    `about` names the thing in the words of the record: a period, a bulletin's number, a requirement's beginning.
    """

    kind = models.CharField(max_length=20, choices=OfficeEventKind)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    subject = models.BigIntegerField()
    about = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    announced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # The outbox: what nobody has been told yet.
            models.Index(fields=["id"], condition=Q(announced_at=None), name="office_unannounced"),
            # Whether somebody was told of this already.
            models.Index(fields=["kind", "subject", "unit"], name="office_event_of"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind} {self.subject}"
