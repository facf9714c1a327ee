"""What entries that are kept have in common: who enters, on which day, how a later one corrects."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, Refusal
from casework.lifecycle.recording import require_words
from casework.models import Person
from casework.talk.attachments import MOST_FILES, AttachedFile
from casework.working_time.deadlines import local_day

# What a text of the log takes, in characters.
LONGEST = 4000
# Nobody logs what was before the system: an earlier day is a slip of the finger.
EARLIEST = date(2015, 1, 1)


def day_refusals(day: date, *, at: datetime, field: str) -> list[Refusal]:
    """An entry tells what took place: not tomorrow, and not in another decade."""
    if day > local_day(at):
        return [Invalid("day_ahead", _("This day is still to come. Enter it when it took place."), field=field)]
    if day < EARLIEST:
        return [Invalid("day_too_early", _("Please look at the day: it lies before 2015."), field=field)]
    return []


def length_refusals(**texts: str) -> list[Refusal]:
    return [
        Invalid(
            "too_long",
            _("At most %(most)d characters, and these are %(count)d. Shorten it, or add it as a file.")
            % {"most": LONGEST, "count": len(words)},
            field=field,
        )
        for field, words in texts.items()
        if len(words) > LONGEST
    ]


def file_refusals(files: Sequence[AttachedFile]) -> list[Refusal]:
    if len(files) <= MOST_FILES:
        return []
    sentence = _("An entry takes up to %(most)d files. Take some out.") % {"most": MOST_FILES}
    return [Invalid("too_many_files", sentence, field="uploads")]


def correction_of(entry: Any, *, reason: str, is_withdrawn: bool, by: Person, at: datetime) -> dict[str, Any]:
    """The columns by which a later entry takes the place of this one. Refuses without a reason, and one that has been
    corrected already: then the newest is corrected. Call it with the row locked.
    """
    reason = reason_of(reason)
    if type(entry)._default_manager.filter(replaces=entry.pk).exists():
        raise Conflict("corrected_already", _("This entry was corrected already. Correct the newer one."))
    if entry.is_withdrawn:
        raise Conflict("withdrawn_already", _("This entry was taken back. Enter it anew if it did take place."))
    return {"replaces": entry, "reason": reason, "is_withdrawn": is_withdrawn, "by": by, "at": at}


def reason_of(reason: str) -> str:
    """Why something is corrected, tidied. Refuses without, and what is too long."""
    reason = require_words(reason, field="reason", sentence=_("Say why it is corrected; the earlier entry stays."))
    if refusals := length_refusals(reason=reason):
        raise refusals[0]
    return reason
