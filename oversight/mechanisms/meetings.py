"""A county's log of its mechanism: an entry is made, corrected by a later one, or taken back. Nothing is removed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed, Refusal, refuse
from casework.models import Person, Unit
from casework.models.unit import UnitLevel
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from casework.talk.attachments import AttachedFile
from casework.values.days_in_words import exact_day
from casework.working_time.deadlines import local_day
from oversight.mechanisms.corrections import correction_of, day_refusals, file_refusals, length_refusals
from oversight.mechanisms.records import Meeting, MeetingKind


@dataclass(frozen=True)
class Held:
    """What took place: a document number, or minutes as words or as a file."""

    kind: MeetingKind
    held_on: date
    document_number: str = ""
    minutes: str = ""
    present: str = ""
    files: Sequence[AttachedFile] = field(default=())


def may_log(person: Person, unit: Unit, on: date) -> bool:
    """Whether this person keeps the log of this county: by a post at the county itself."""
    return unit.level == UnitLevel.COUNTY and any(
        held.unit_id == unit.pk for held in posts_for(person, OfficeAction.LOG_MEETING, on)
    )


@transaction.atomic
def log_meeting(*, unit: Unit, held: Held, by: Person, at: datetime) -> Meeting:
    """Enter what a county's mechanism did. Refuses other people, a day ahead, an entry that nothing proves, a document
    number that is entered already, and the same entry twice.
    """
    _require_keeper(by, unit, at)
    _lock(unit)
    refuse(_refusals(unit, held, at=at))
    alike = _effective(unit).filter(kind=held.kind, held_on=held.held_on, **_words(held))
    if any(_hashes(one.files) == _hashes(_columns(held)["files"]) for one in alike):
        raise Conflict("entered_already", _("This entry stands in the log already."))
    return Meeting.objects.create(unit=unit, by=by, at=at, **_columns(held))


@transaction.atomic
def correct_meeting(*, meeting: Meeting, held: Held, reason: str, by: Person, at: datetime) -> Meeting:
    """Enter it anew in the place of an earlier entry, which stays and is shown as corrected. With the files of the
    earlier one, unless others are given.
    """
    _require_keeper(by, meeting.unit, at)
    _lock(meeting.unit)
    correction = correction_of(meeting, reason=reason, is_withdrawn=False, by=by, at=at)
    refuse(_refusals(meeting.unit, held, at=at, instead_of=meeting))
    return Meeting.objects.create(unit=meeting.unit, **_columns(held), **correction)


@transaction.atomic
def withdraw_meeting(*, meeting: Meeting, reason: str, by: Person, at: datetime) -> Meeting:
    """Say that it did not take place: the entry stays, and counts no more."""
    _require_keeper(by, meeting.unit, at)
    _lock(meeting.unit)
    correction = correction_of(meeting, reason=reason, is_withdrawn=True, by=by, at=at)
    return Meeting.objects.create(unit=meeting.unit, kind=meeting.kind, held_on=meeting.held_on, **correction)


def _require_keeper(by: Person, unit: Unit, at: datetime) -> None:
    if not may_log(by, unit, local_day(at)):
        raise NotAllowed(
            "not_your_mechanism",
            _("The log of %(unit)s is kept by its own office and its reporter.") % {"unit": unit.name},
        )


def _lock(unit: Unit) -> None:
    """One entry of a county at a time: what is there is looked at before it is written."""
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)


def _refusals(unit: Unit, held: Held, *, at: datetime, instead_of: Meeting | None = None) -> list[Refusal]:
    found = day_refusals(held.held_on, at=at, field="held_on")
    found += length_refusals(minutes=held.minutes, present=held.present)
    found += file_refusals(held.files)
    if held.kind not in MeetingKind.values:
        found.append(Invalid("kind_unknown", _("Choose what it was."), field="kind"))
    if not (held.document_number.strip() or held.minutes.strip() or held.files):
        sentence = _("Give the document number, or the minutes in words or as a file: an entry needs one of them.")
        found.append(Invalid("nothing_shown", sentence, field="minutes"))
    if number := held.document_number.strip():
        others = _effective(unit).filter(document_number=number)
        other = (others.exclude(pk=instead_of.pk) if instead_of else others).first()
        if other is not None:
            sentence = _("%(number)s is entered already, on %(day)s. Look at the number, or correct that entry.")
            values = {"number": number, "day": exact_day(other.held_on)}
            found.append(Invalid("number_twice", sentence % values, field="document_number"))
    return found


def _effective(unit: Unit) -> QuerySet[Meeting]:
    return Meeting.objects.filter(unit=unit, replaced_by=None, is_withdrawn=False)


def _words(held: Held) -> dict[str, str]:
    return {
        "document_number": held.document_number.strip(),
        "minutes": held.minutes.strip(),
        "present": held.present.strip(),
    }


def _hashes(files: Sequence[dict[str, Any]]) -> set[str]:
    return {file["sha256"] for file in files}


def _columns(held: Held) -> dict[str, Any]:
    return {
        "kind": held.kind,
        "held_on": held.held_on,
        "files": [file.as_row() for file in held.files],
        **_words(held),
    }
