"""What was done, to be told: the timeline and the outbox at once, written in the verb's own transaction."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models.case import Case
from casework.models.displays import display_of
from casework.models.unit import Unit
from casework.stages import Role, Stage


class EventKind(models.TextChoices):
    REPORTED = "reported", _("reported the problem")
    IMPORTED = "imported", _("imported the finding")
    CLASSIFIED = "classified", _("classified the case")
    ACCEPTED = "accepted", _("accepted the report")
    REFUSED = "refused", _("refused the report")
    DUPLICATE = "duplicate", _("marked it as a duplicate")
    ASSIGNED = "assigned", _("assigned the case")
    REASSIGNED = "reassigned", _("reassigned the case")
    TRANSFERRED = "transferred", _("transferred the case")
    MOVED = "moved", _("The case went along with its unit")
    PLANNED = "planned", _("submitted the plan of measures")
    PLAN_APPROVED = "plan_approved", _("approved the plan")
    PLAN_RETURNED = "plan_returned", _("returned the plan")
    SUBMITTED = "submitted", _("submitted the rectification")
    PASSED = "passed", _("passed the review")
    RETURNED = "returned", _("returned the case")
    CLOSED = "closed", _("struck off the case")
    EXTENSION_ASKED = "extension_asked", _("asked for an extension")
    EXTENSION_GRANTED = "extension_granted", _("granted the extension")
    EXTENSION_REFUSED = "extension_refused", _("refused the extension")
    PAUSED = "paused", _("paused the clock")
    RESUMED = "resumed", _("let the clock run again")
    WITHDRAWN = "withdrawn", _("withdrew the case")
    REFERRED = "referred", _("referred the case")
    EVIDENCE_ADDED = "evidence_added", _("added evidence")
    EVIDENCE_TAKEN_BACK = "evidence_taken_back", _("took a file back")
    INTERVIEWED = "interviewed", _("held an interview")
    REFERRAL_DECLINED = "referral_declined", _("decided against a referral")
    LETTER_SIGNED = "letter_signed", _("signed for the letter")
    LETTER_ANSWERED = "letter_answered", _("answered the letter")
    LETTER_JUDGED = "letter_judged", _("judged the answer to the letter")
    REMINDED = "reminded", _("Reminder sent")
    NOTICE_ISSUED = "notice_issued", _("Supervision notice issued")
    LETTER_ISSUED = "letter_issued", _("Supervision letter issued")
    INTERVIEW_DUE = "interview_due", _("Interview due")
    REFERRAL_PROPOSED = "referral_proposed", _("Referral proposed")
    STALLED = "stalled", _("No entry for a long time")
    LETTER_UNSIGNED = "letter_unsigned", _("Letter not signed for")
    VACANT = "vacant", _("Nobody holds the post whose turn it is")
    VERDICT_GIVEN = "verdict_given", _("decided whether it is a relapse")
    RELAPSED = "came_back", _("decided that the strike-off did not hold")
    WATCHED_AGAIN = "watched_again", _("decided that the strike-off holds")
    VERDICT_APPEALED = "verdict_appealed", _("appealed against the verdict")
    LOOK_BACK_DRAWN = "look_back_drawn", _("Look-back opened, inspector drawn")
    LOOK_BACK_NEAR = "look_back_near", _("Look-back due soon")
    LOOK_BACK_LATE = "look_back_late", _("Look-back overdue")
    LOOK_BACK_OVERDUE = "look_back_overdue", _("Look-back long overdue")
    LOOK_BACK_VACANT = "look_back_vacant", _("Nobody can be drawn for the look-back")
    LOOK_BACK_DONE = "look_back_done", _("looked back")
    # The stored code is older than the name and stays: events are append-only.
    LOOK_BACK_GIVEN_BACK = "look_back_passed", _("gave the look-back back to the draw")
    DEADLINE_MOVED = "deadline_moved", _("Deadline moved with the calendar")
    COMMENTED = "commented", _("wrote a comment")
    ASKED = "asked", _("asked a question")
    QUESTION_RESOLVED = "question_resolved", _("marked a question as answered")
    COMMENT_EDITED = "comment_edited", _("changed a comment")
    UNDONE = "undone", _("undid the step")
    URGED = "urged", _("sent a reminder")


ENTERED_FROM_PAPER = (
    EventKind.PLANNED,
    EventKind.SUBMITTED,
    EventKind.EVIDENCE_ADDED,
    EventKind.EVIDENCE_TAKEN_BACK,
)


class CaseEvent(models.Model):
    """One line of a case's timeline. `announced_at` stays null until everybody concerned has been told."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=EventKind)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_role = models.CharField(max_length=20, choices=Role, blank=True)
    by_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    round = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField()
    stage_before = models.CharField(max_length=20, choices=Stage, blank=True)
    stage_after = models.CharField(max_length=20, choices=Stage)
    words = models.TextField(blank=True)
    announced_at = models.DateTimeField(null=True, blank=True)

    get_kind_display = display_of("kind", EventKind)

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["case", "at", "id"], name="timeline"),
            # The outbox: what nobody has been told yet.
            models.Index(fields=["id"], condition=Q(announced_at=None), name="unannounced"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"

    @property
    def is_from_paper(self) -> bool:
        """Whether the town entered for the village what it brought on paper: by no other right does it do these."""
        return self.by_role == Role.TOWN_REVIEWER and self.kind in ENTERED_FROM_PAPER
