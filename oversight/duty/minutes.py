"""A village's duty day, meeting or major matter is entered once; corrected by a later entry, or taken back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, Refusal, refuse
from casework.models import Person, Unit
from casework.talk.attachments import AttachedFile
from casework.values.days_in_words import exact_day
from oversight.duty.queries import members_on
from oversight.duty.records import Minutes, MinutesAttendance, MinutesKind
from oversight.mechanisms.corrections import correction_of, day_refusals, file_refusals, length_refusals
from oversight.rights import require_enterer

LONGEST_SUBJECT = 120


@dataclass(frozen=True)
class Held:
    """What took place, and which members of the committee were there, by their keys."""

    kind: MinutesKind
    held_on: date
    present: Sequence[int]
    subject: str = ""
    words: str = ""
    files: Sequence[AttachedFile] = field(default=())


@transaction.atomic
def enter_minutes(*, village: Unit, held: Held, by: Person, at: datetime) -> Minutes:
    """Enter what the committee did on a day. Refuses other people, a day ahead, somebody who was no member on that day,
    the same person twice, an entry that says nothing, and the same duty day or matter again.
    """
    from_paper = require_enterer(by, village, at)
    _lock(village)
    members = members_on(village, held.held_on)
    refuse(_refusals(held, members, at=at))
    _refuse_twice(village, held)
    return _write(village, held, members, from_paper=from_paper, by=by, at=at)


@transaction.atomic
def correct_minutes(*, minutes: Minutes, held: Held, reason: str, by: Person, at: datetime) -> Minutes:
    """Enter it anew in the place of an earlier entry, which stays and is shown as corrected."""
    from_paper = require_enterer(by, minutes.village, at)
    _lock(minutes.village)
    correction = correction_of(minutes, reason=reason, is_withdrawn=False, by=by, at=at)
    members = members_on(minutes.village, held.held_on)
    refuse(_refusals(held, members, at=at))
    _refuse_twice(minutes.village, held, instead_of=minutes)
    return _write(minutes.village, held, members, from_paper=from_paper, **correction)


@transaction.atomic
def withdraw_minutes(*, minutes: Minutes, reason: str, by: Person, at: datetime) -> Minutes:
    """Say that it did not take place: the entry stays, and counts no more."""
    from_paper = require_enterer(by, minutes.village, at)
    _lock(minutes.village)
    correction = correction_of(minutes, reason=reason, is_withdrawn=True, by=by, at=at)
    same = {name: getattr(minutes, name) for name in ("village", "kind", "held_on", "subject")}
    return Minutes.objects.create(from_paper=from_paper, **same, **correction)


def _lock(village: Unit) -> None:
    """One entry of a village at a time: what is there is looked at before it is written."""
    Unit.objects.select_for_update(no_key=True).get(pk=village.pk)


def _refusals(held: Held, members: Sequence[Person], *, at: datetime) -> list[Refusal]:
    found = day_refusals(held.held_on, at=at, field="held_on")
    found += length_refusals(words=held.words)
    found += file_refusals(held.files)
    known = {member.pk for member in members}
    if held.kind not in MinutesKind.values:
        found.append(Invalid("kind_unknown", _("Choose what it was."), field="kind"))
    if set(held.present) - known:
        sentence = _("Somebody who is ticked was no member of the committee on that day. Tick those who were.")
        found.append(Invalid("unknown_person", sentence, field="present"))
    elif len(set(held.present)) != len(held.present):
        found.append(Invalid("twice", _("Somebody is ticked twice. Tick each person once."), field="present"))
    elif members and not held.present:
        found.append(Invalid("nobody_there", _("Tick who was there: at least one member."), field="present"))
    if held.kind == MinutesKind.MAJOR_MATTER and not held.subject.strip():
        found.append(Invalid("subject_missing", _("Say which matter it was about."), field="subject"))
    if len(held.subject) > LONGEST_SUBJECT:
        too_long = _("At most %(most)d characters for the subject.") % {"most": LONGEST_SUBJECT}
        found.append(Invalid("subject_long", too_long, field="subject"))
    if not (held.words.strip() or held.files):
        sentence = _("Say in a sentence what was done, or add the sheet as a file: an entry needs one of them.")
        found.append(Invalid("nothing_shown", sentence, field="words"))
    return found


def _refuse_twice(village: Unit, held: Held, *, instead_of: Minutes | None = None) -> None:
    """A duty day is one; of meetings and matters the same day and subject are the same."""
    alike = effective().filter(village=village, kind=held.kind, held_on=held.held_on)
    if held.kind != MinutesKind.DUTY:
        alike = alike.filter(subject=held.subject.strip())
    if instead_of is not None:
        alike = alike.exclude(pk=instead_of.pk)
    if alike.exists():
        sentence = _("%(kind)s of %(day)s is entered already. Correct that entry if it is not right.")
        values = {"kind": MinutesKind(held.kind).label, "day": exact_day(held.held_on)}
        raise Conflict("entered_already", sentence % values, field="held_on")


def effective() -> QuerySet[Minutes]:
    """The entries that count: neither corrected by a later one nor taken back."""
    return Minutes.objects.filter(replaced_by=None, is_withdrawn=False)


def _write(village: Unit, held: Held, members: Sequence[Person], **values: Any) -> Minutes:
    minutes = Minutes.objects.create(
        village=village,
        kind=held.kind,
        held_on=held.held_on,
        subject=held.subject.strip(),
        words=held.words.strip(),
        files=[file.as_row() for file in held.files],
        **values,
    )
    present = set(held.present)
    MinutesAttendance.objects.bulk_create(
        MinutesAttendance(minutes=minutes, person=member, was_present=member.pk in present) for member in members
    )
    return minutes
