"""Event → subject and text, in the reader's language. Nothing in it names a person: who did what stands on the page."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from casework.models import CaseEvent
from casework.models.case_event import EventKind
from notifications.audience import UnknownEvent
from notifications.models import Message


class Words(NamedTuple):
    subject: str
    text: str
    url: str


# What the reader is told, and what to do about it. The case's number, village and item stand in front of each.
SENTENCES: dict[EventKind, tuple[Any, Any]] = {
    EventKind.REPORTED: (_("A problem was reported"), _("Screen the report, or assign the case.")),
    EventKind.ACCEPTED: (_("Your report was accepted"), ""),
    EventKind.REFUSED: (_("Your report was refused"), _("The reason stands on the case's page.")),
    EventKind.DUPLICATE: (_("Your report is known already"), _("It goes on under the earlier case.")),
    EventKind.ASSIGNED: (_("A case was assigned to you"), _("Submit the plan of measures.")),
    EventKind.REASSIGNED: (_("A case was passed to you"), ""),
    EventKind.TRANSFERRED: (_("A case was transferred to your county"), ""),
    EventKind.MOVED: (_("A case went along with its unit"), _("Where it lies now stands on the case's page.")),
    EventKind.PLANNED: (_("A plan was submitted"), _("Look at the plan, or begin with it.")),
    EventKind.PLAN_APPROVED: (_("The plan was approved"), _("Carry it out and upload the proof.")),
    EventKind.PLAN_RETURNED: (_("The plan was returned"), _("Mend what the reason says and submit it again.")),
    EventKind.SUBMITTED: (_("A rectification was submitted"), _("Check it on site and review it.")),
    EventKind.PASSED: (_("A review was passed"), ""),
    EventKind.RETURNED: (_("The case was returned"), _("Mend what the reason says and submit it again.")),
    EventKind.CLOSED: (_("The case was struck off"), ""),
    EventKind.EXTENSION_ASKED: (_("An extension is asked for"), _("Decide on it.")),
    EventKind.EXTENSION_GRANTED: (_("The extension was granted"), ""),
    EventKind.EXTENSION_REFUSED: (_("The extension was refused"), _("The deadline stays as it was.")),
    EventKind.PAUSED: (_("The clock was paused"), ""),
    EventKind.RESUMED: (_("The clock runs again"), ""),
    EventKind.WITHDRAWN: (_("The case was withdrawn"), ""),
    EventKind.REFERRED: (_("A case was referred to your office"), ""),
    EventKind.INTERVIEWED: (_("An interview was held"), ""),
    EventKind.LETTER_SIGNED: (_("A letter was signed for"), ""),
    EventKind.LETTER_ANSWERED: (_("A letter was answered"), _("Read the answer and judge it.")),
    EventKind.LETTER_JUDGED: (_("The answer to a letter was judged"), ""),
    EventKind.VERDICT_GIVEN: (
        _("It was decided whether this is a relapse"),
        _("The reason stands on the case's page."),
    ),
    EventKind.VERDICT_APPEALED: (_("A verdict on a relapse was appealed"), _("Decide on the appeal.")),
    EventKind.LOOK_BACK_DRAWN: (_("You were drawn for a look-back"), _("Go and see whether it stays fixed.")),
    EventKind.LOOK_BACK_NEAR: (_("A look-back is due soon"), _("Go and see whether it stays fixed.")),
    EventKind.LOOK_BACK_LATE: (_("A look-back is overdue"), _("Go and see whether it stays fixed.")),
    EventKind.LOOK_BACK_OVERDUE: (_("A look-back is long overdue"), _("See that it is done.")),
    EventKind.LOOK_BACK_VACANT: (_("Nobody can be drawn for a look-back"), _("Appoint an inspector.")),
    EventKind.LOOK_BACK_DONE: (_("A look-back was done"), _("The result stands on the case's page.")),
    EventKind.REMINDED: (
        _("The deadline is near"),
        _("Submit the rectification in time, or ask for an extension now."),
    ),
    EventKind.NOTICE_ISSUED: (
        _("Supervision notice: the deadline has passed"),
        _("Sign for the notice and act on it."),
    ),
    EventKind.LETTER_ISSUED: (_("Supervision letter: long overdue"), _("Sign for the letter and answer it.")),
    EventKind.INTERVIEW_DUE: (_("An interview is due"), _("Hold it and enter its result.")),
    EventKind.REFERRAL_PROPOSED: (_("A referral is proposed"), _("Decide: refer the case, or decline with a reason.")),
    EventKind.STALLED: (_("No entry for a long time"), _("Enter how it stands.")),
    EventKind.LETTER_UNSIGNED: (_("A letter was not signed for"), _("See that it is signed for.")),
    EventKind.VACANT: (_("Nobody holds the post whose turn it is"), _("Fill the post, or pass the case on.")),
    EventKind.DEADLINE_MOVED: (_("The deadline moved with the working-day calendar"), ""),
}


def words_of(event: CaseEvent, *, is_copy: bool = False) -> Words:
    """Subject, text and address of what is told of an event, in the language that is active."""
    try:
        title, advice = SENTENCES[EventKind(event.kind)]
    except (KeyError, ValueError):
        raise UnknownEvent(event.kind)
    case = event.case
    subject = gettext("%(title)s: %(number)s %(village)s") % {
        "title": title,
        "number": case.number,
        "village": case.village.name,
    }
    if is_copy:
        subject = gettext("Copy: %(subject)s") % {"subject": subject}
    lines = [str(case.item) if case.item else case.category_words]
    if case.due_on and case.is_open:
        lines.append(gettext("Deadline: %(day)s.") % {"day": case.due_on.isoformat()})
    lines.append("" if is_copy else str(advice))
    url = settings.SITE_URL + reverse("case", args=[case.number])
    return Words(subject, "\n".join(line for line in lines if line), url)


def words_of_digest(messages: Sequence[Message]) -> Words:
    """One letter for the messages of a day, those that ask for something first."""
    count = len(messages)
    subject = ngettext("%(count)d message on your cases", "%(count)d messages on your cases", count) % {"count": count}
    told = [words_of(message.event, is_copy=message.is_copy) for message in messages]
    text = "\n\n".join(f"{one.subject}\n{one.text}\n{one.url}".replace("\n\n", "\n") for one in told)
    return Words(subject, text, settings.SITE_URL + reverse("messages"))
