"""A unit holds a session for the holders of some posts, changes it until it is over, or calls it off."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import isfinite
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed, Refusal, refuse
from casework.lifecycle.recording import require_words
from casework.models import Person, Unit
from casework.models.history import stamped
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from casework.stages import Role
from casework.talk.attachments import AttachedFile
from casework.working_time.deadlines import local_day
from oversight.mechanisms.corrections import EARLIEST, day_refusals, file_refusals, length_refusals
from oversight.training.records import Attendance, PublicityMaterial, TrainingSession

# Whom a session can be for: the posts of a village that are counted in who is trained.
TRAINED_ROLES = (Role.VILLAGE_SECRETARY, Role.COMMITTEE_HEAD, Role.COMMITTEE_MEMBER)
# No 0 and O, no 1 and I: it is read from a wall and typed.
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 6
MOST_HOURS = 80


@dataclass(frozen=True)
class Planned:
    """What a session is about, for whom, when and where."""

    topic: str
    roles: Sequence[str]
    hours: float
    place: str
    begins_at: datetime
    ends_at: datetime
    programme: str = ""
    files: Sequence[AttachedFile] = field(default=())


def may_hold(person: Person, unit: Unit, on: date) -> bool:
    """Whether this person holds the trainings of this unit: by a post at the unit itself."""
    return any(held.unit_id == unit.pk for held in posts_for(person, OfficeAction.HOLD_TRAINING, on))


@transaction.atomic
def hold_session(*, unit: Unit, planned: Planned, by: Person, at: datetime) -> TrainingSession:
    """Enter a session, before or after it took place. Refuses other people, nobody whom it is for, and hours or times
    that can't be.
    """
    require_holder(by, unit, at)
    refuse(_refusals(planned))
    with stamped(step="hold_session", by=by, at=at):
        return TrainingSession.objects.create(unit=unit, code=_new_code(), by=by, at=at, **_columns(planned))


@transaction.atomic
def change_session(*, session: TrainingSession, planned: Planned, by: Person, at: datetime) -> TrainingSession:
    """Change what a session says; its history keeps what it said before. Once somebody was there, whom it was for and
    its day stay: they count by them.
    """
    require_holder(by, session.unit, at)
    locked = TrainingSession.objects.select_for_update(no_key=True).get(pk=session.pk)
    require_held(locked)
    refuse(_refusals(planned))
    columns = _columns(planned)
    was_attended = Attendance.objects.filter(session=locked, taken_back_at=None).exists()
    if was_attended and (columns["day"], columns["roles"]) != (locked.day, locked.roles):
        sentence = _("People were there already: its day and whom it was for stay. Call it off, or enter another one.")
        raise Conflict("attended_already", sentence, field="day")
    for name, value in columns.items():
        setattr(locked, name, value)
    with stamped(step="change_session", by=by, at=at):
        locked.save()
    return locked


@transaction.atomic
def call_off(*, session: TrainingSession, reason: str, by: Person, at: datetime) -> TrainingSession:
    """Say that a session does not count: it did not take place. It stays to be read."""
    require_holder(by, session.unit, at)
    locked = TrainingSession.objects.select_for_update(no_key=True).get(pk=session.pk)
    require_held(locked)
    reason = require_words(reason, field="reason", sentence=_("Say why it is called off."))
    refuse(length_refusals(reason=reason))
    locked.called_off_at, locked.called_off_by, locked.called_off_reason = at, by, reason
    with stamped(step="call_off", by=by, at=at, reason=reason):
        locked.save()
    return locked


@transaction.atomic
def keep_material(
    *,
    unit: Unit,
    title: str,
    day: date,
    words: str = "",
    copies: int | None = None,
    files: Sequence[AttachedFile] = (),
    by: Person,
    at: datetime,
) -> PublicityMaterial:
    """Keep what was handed out or shown to everybody. It counts as nobody's training."""
    require_holder(by, unit, at)
    title = require_words(title, field="title", sentence=_("Say what it is called."))
    refuse(day_refusals(day, at=at, field="day") + length_refusals(words=words) + file_refusals(files))
    rows = [file.as_row() for file in files]
    return PublicityMaterial.objects.create(
        unit=unit, title=title[:120], words=words.strip(), day=day, copies=copies, files=rows, by=by, at=at
    )


def require_holder(by: Person, unit: Unit, at: datetime) -> None:
    if not may_hold(by, unit, local_day(at)):
        sentence = _("Trainings of %(unit)s are held and entered by its own office.") % {"unit": unit.name}
        raise NotAllowed("not_your_training", sentence)


def require_held(session: TrainingSession) -> None:
    if session.called_off_at is not None:
        raise Conflict("called_off", _("This training was called off. Enter another one if it did take place."))


def _refusals(planned: Planned) -> list[Refusal]:
    found = length_refusals(programme=planned.programme)
    found += file_refusals(planned.files)
    if not planned.topic.strip():
        found.append(Invalid("topic_missing", _("Say what it is about."), field="topic"))
    if not planned.place.strip():
        found.append(Invalid("place_missing", _("Say where it takes place."), field="place"))
    if not planned.roles or set(planned.roles) - set(TRAINED_ROLES):
        found.append(Invalid("for_nobody", _("Tick at least one post whose holders it is for."), field="roles"))
    if planned.ends_at <= planned.begins_at or local_day(planned.ends_at) != local_day(planned.begins_at):
        sentence = _("It must end after it begins, on the same day. Enter a second day as a session of its own.")
        found.append(Invalid("ends_before", sentence, field="ends"))
    if not isfinite(planned.hours) or not 0 < planned.hours <= MOST_HOURS:
        found.append(
            Invalid("hours_odd", _("Hours are between 0.5 and %(most)d.") % {"most": MOST_HOURS}, field="hours")
        )
    if local_day(planned.begins_at) < EARLIEST:
        found.append(Invalid("day_too_early", _("Please look at the day: it lies before 2015."), field="day"))
    return found


def _columns(planned: Planned) -> dict[str, Any]:
    return {
        "topic": planned.topic.strip(),
        "programme": planned.programme.strip(),
        "roles": [role.value for role in TRAINED_ROLES if role in planned.roles],
        "hours": float(planned.hours),
        "place": planned.place.strip(),
        "day": local_day(planned.begins_at),
        "begins_at": planned.begins_at,
        "ends_at": planned.ends_at,
        "files": [file.as_row() for file in planned.files],
    }


def _new_code() -> str:
    """Of 700 million nobody guesses one; the column is unique all the same."""
    return "".join(secrets.choice(SIGNS) for _sign in range(CODE_LENGTH))
