"""What is told of each kind of event: who hears of it, in which words, at once or with the day's digest. One row a kind;
what a kind is to the rest of the program stands in `casework/events.py`.
"""

from enum import StrEnum
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from casework.events import require_complete
from casework.models import CaseEvent
from casework.models.case_event import EventKind


class Who(StrEnum):
    TURN = "turn"
    RESPONSIBLE = "responsible"
    SUPPORT = "support"
    REPORTER = "reporter"
    DECIDER = "decider"
    ISSUER = "issuer"
    CITY = "city"
    INSPECTOR = "inspector"  # who was drawn for the look-back
    DISCIPLINE = "discipline"
    TOWN = "town"
    LEFT = "left"  # the unit from which the case went to another
    STEP = "step"  # whom the ladder names
    FOLLOWER = "follower"  # who follows the case and may still see it
    MENTIONED = "mentioned"  # whom a comment names, or who asked the question


class Telling(NamedTuple):
    """`title` is what the reader is told, `advice` what to do about it; the case's number, village and item stand in
    front of each. `digest`: it waits for the day's digest unless the person wants it at once; letters and what asks
    for a step go at once. `units`: a unit's robot or webhook hears of it too. `letter`, `comment`: it is about one, and
    its link opens that. `mention` is the title for those whom a comment names: they are told at once.
    """

    audience: tuple[Who, ...] = ()
    title: Any = ""
    advice: Any = ""
    digest: bool = False
    units: bool = False
    letter: bool = False
    comment: bool = False
    mention: Any = ""


NOBODY = Telling()

TELLINGS: dict[EventKind, Telling] = {
    EventKind.REPORTED: Telling((Who.TURN,), _("A problem was reported"), _("Screen the report, or assign the case.")),
    EventKind.IMPORTED: NOBODY,  # by the thousand, and by the office itself
    EventKind.CLASSIFIED: NOBODY,
    EventKind.ACCEPTED: Telling((Who.REPORTER,), _("Your report was accepted"), digest=True),
    EventKind.REFUSED: Telling(
        (Who.REPORTER,), _("Your report was refused"), _("The reason stands on the case's page.")
    ),
    EventKind.DUPLICATE: Telling(
        (Who.REPORTER,), _("Your report is known already"), _("It goes on under the earlier case."), digest=True
    ),
    EventKind.ASSIGNED: Telling(
        (Who.TURN, Who.SUPPORT, Who.FOLLOWER), _("A case was assigned to you"), _("Submit the plan of measures.")
    ),
    EventKind.REASSIGNED: Telling((Who.TURN,), _("A case was passed to you")),
    EventKind.TRANSFERRED: Telling((Who.TURN,), _("A case was transferred to your county")),
    EventKind.MOVED: Telling(
        (Who.LEFT, Who.TURN, Who.TOWN, Who.RESPONSIBLE, Who.ISSUER),
        _("A case went along with its unit"),
        _("Where it lies now stands on the case's page."),
    ),
    EventKind.PLANNED: Telling((Who.TURN,), _("A plan was submitted"), _("Look at the plan, or begin with it.")),
    EventKind.PLAN_APPROVED: Telling(
        (Who.TURN,), _("The plan was approved"), _("Carry it out and upload the proof."), digest=True
    ),
    EventKind.PLAN_RETURNED: Telling(
        (Who.TURN,), _("The plan was returned"), _("Mend what the reason says and submit it again.")
    ),
    EventKind.SUBMITTED: Telling(
        (Who.TURN, Who.FOLLOWER), _("A rectification was submitted"), _("Check it on site and review it.")
    ),
    EventKind.PASSED: Telling((Who.TURN, Who.RESPONSIBLE, Who.FOLLOWER), _("A review was passed"), digest=True),
    EventKind.RETURNED: Telling(
        (Who.RESPONSIBLE, Who.FOLLOWER), _("The case was returned"), _("Mend what the reason says and submit it again.")
    ),
    EventKind.CLOSED: Telling((Who.RESPONSIBLE, Who.REPORTER, Who.FOLLOWER), _("The case was struck off"), digest=True),
    EventKind.EXTENSION_ASKED: Telling((Who.DECIDER,), _("An extension is asked for"), _("Decide on it.")),
    EventKind.EXTENSION_GRANTED: Telling((Who.RESPONSIBLE,), _("The extension was granted")),
    EventKind.EXTENSION_REFUSED: Telling(
        (Who.RESPONSIBLE,), _("The extension was refused"), _("The deadline stays as it was.")
    ),
    EventKind.PAUSED: Telling((Who.RESPONSIBLE,), _("The clock was paused")),
    EventKind.RESUMED: Telling((Who.RESPONSIBLE,), _("The clock runs again"), digest=True),
    EventKind.WITHDRAWN: Telling((Who.RESPONSIBLE, Who.REPORTER, Who.FOLLOWER), _("The case was withdrawn")),
    EventKind.REFERRED: Telling((Who.DISCIPLINE,), _("A case was referred to your office")),
    EventKind.EVIDENCE_ADDED: NOBODY,  # told with the submission
    EventKind.EVIDENCE_TAKEN_BACK: NOBODY,
    EventKind.INTERVIEWED: Telling((Who.RESPONSIBLE,), _("An interview was held"), digest=True),
    EventKind.REFERRAL_DECLINED: NOBODY,
    EventKind.LETTER_SIGNED: Telling((Who.ISSUER,), _("A letter was signed for"), digest=True, letter=True),
    EventKind.LETTER_ANSWERED: Telling(
        (Who.ISSUER,), _("A letter was answered"), _("Read the answer and judge it."), letter=True
    ),
    EventKind.LETTER_JUDGED: Telling(
        (Who.RESPONSIBLE,), _("The answer to a letter was judged"), digest=True, letter=True
    ),
    EventKind.REMINDED: Telling(
        (Who.STEP,),
        _("The deadline is near"),
        _("Submit the rectification in time, or ask for an extension now."),
        digest=True,
    ),
    EventKind.NOTICE_ISSUED: Telling(
        (Who.STEP,),
        _("Supervision notice: the deadline has passed"),
        _("Sign for the notice and act on it."),
        units=True,
        letter=True,
    ),
    EventKind.LETTER_ISSUED: Telling(
        (Who.STEP,),
        _("Supervision letter: long overdue"),
        _("Sign for the letter and answer it."),
        units=True,
        letter=True,
    ),
    EventKind.INTERVIEW_DUE: Telling(
        (Who.STEP,), _("An interview is due"), _("Hold it and enter its result."), units=True
    ),
    EventKind.REFERRAL_PROPOSED: Telling(
        (Who.STEP,), _("A referral is proposed"), _("Decide: refer the case, or decline with a reason.")
    ),
    EventKind.STALLED: Telling(
        (Who.STEP,), _("No entry for a long time"), _("Enter how it stands."), digest=True, units=True
    ),
    EventKind.LETTER_UNSIGNED: Telling(
        (Who.STEP,), _("A letter was not signed for"), _("See that it is signed for."), units=True, letter=True
    ),
    EventKind.VACANT: Telling(
        (Who.STEP,), _("Nobody holds the post whose turn it is"), _("Fill the post, or pass the case on."), digest=True
    ),
    EventKind.VERDICT_GIVEN: Telling(
        (Who.TURN, Who.RESPONSIBLE, Who.REPORTER, Who.FOLLOWER),
        _("It was decided whether this is a relapse"),
        _("The reason stands on the case's page."),
    ),
    EventKind.RELAPSED: NOBODY,  # told with the case that it came back as
    EventKind.WATCHED_AGAIN: NOBODY,
    EventKind.VERDICT_APPEALED: Telling(
        (Who.CITY,), _("A verdict on a relapse was appealed"), _("Decide on the appeal.")
    ),
    EventKind.LOOK_BACK_DRAWN: Telling(
        (Who.INSPECTOR,), _("You were drawn for a look-back"), _("Go and see whether it stays fixed."), digest=True
    ),
    EventKind.LOOK_BACK_NEAR: Telling(
        (Who.INSPECTOR,), _("A look-back is due soon"), _("Go and see whether it stays fixed."), digest=True
    ),
    EventKind.LOOK_BACK_LATE: Telling(
        (Who.INSPECTOR, Who.ISSUER), _("A look-back is overdue"), _("Go and see whether it stays fixed.")
    ),
    EventKind.LOOK_BACK_OVERDUE: Telling(
        (Who.ISSUER, Who.CITY), _("A look-back is long overdue"), _("See that it is done.")
    ),
    EventKind.LOOK_BACK_VACANT: Telling(
        (Who.ISSUER,), _("Nobody can be drawn for a look-back"), _("Appoint an inspector."), digest=True
    ),
    EventKind.LOOK_BACK_DONE: Telling(
        (Who.RESPONSIBLE, Who.ISSUER),
        _("A look-back was done"),
        _("The result stands on the case's page."),
        digest=True,
    ),
    EventKind.LOOK_BACK_GIVEN_BACK: NOBODY,
    EventKind.DEADLINE_MOVED: Telling(
        (Who.RESPONSIBLE,), _("The deadline moved with the working-day calendar"), digest=True
    ),
    EventKind.COMMENTED: Telling(
        (Who.TURN, Who.FOLLOWER, Who.MENTIONED),
        _("A comment was written"),
        digest=True,
        comment=True,
        mention=_("You are mentioned in a comment"),
    ),
    EventKind.ASKED: Telling(
        (Who.TURN, Who.FOLLOWER, Who.MENTIONED),
        _("A question was asked"),
        _("Answer it in the case."),
        comment=True,
        mention=_("A question to you"),
    ),
    EventKind.QUESTION_RESOLVED: Telling(
        (Who.FOLLOWER, Who.MENTIONED),
        _("A question was answered"),
        digest=True,
        comment=True,
        mention=_("Your question was answered"),
    ),
    EventKind.COMMENT_EDITED: Telling(
        (Who.MENTIONED,), _("A comment was changed"), comment=True, mention=_("You are mentioned in a comment")
    ),
    EventKind.URGED: Telling(
        (Who.TURN,), _("Your step is asked for"), _("Take it today, or say in a comment what keeps you.")
    ),
    EventKind.UNDONE: NOBODY,  # nobody had been told of the step
}
require_complete(TELLINGS, name="TELLINGS")


class UnknownEvent(Exception):
    """An event kind that nobody has given a row."""


def telling_of(event: CaseEvent) -> Telling:
    """The row of an event's kind; one that the table doesn't know raises."""
    try:
        return TELLINGS[EventKind(event.kind)]
    except (KeyError, ValueError):
        raise UnknownEvent(event.kind)
