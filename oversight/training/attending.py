"""Who was at a session: ticked on a list, or by the code on the wall; taken back with a reason."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed, Refusal
from casework.lifecycle.recording import require_words
from casework.models import Person, Term
from casework.values.days_in_words import exact_day
from casework.working_time.deadlines import local_day
from oversight.training.holding import require_held, require_holder
from oversight.training.queries import holders_under
from oversight.training.records import Attendance, HowAttended, TrainingSession

# People come before it begins.
OPENS_BEFORE = timedelta(minutes=30)


@transaction.atomic
def tick_attendance(*, session: TrainingSession, people: Sequence[int], by: Person, at: datetime) -> list[Attendance]:
    """Enter that these people were there, by their keys; who is on the list already stays. Refuses other people, a day
    ahead, and anybody who held no post of a village of this unit on that day.
    """
    require_holder(by, session.unit, at)
    locked = lock(session, at)
    if len(set(people)) != len(people):
        raise Invalid("twice", _("Somebody was ticked twice. Open the list again."), field="people")
    terms = {term.person_id: term for term in holders_under(locked.unit, on=locked.day).filter(person__in=people)}
    if set(people) - set(terms):
        sentence = _("Somebody who was ticked held no post in a village of %(unit)s on that day. Open the list again.")
        raise Invalid("unknown_person", sentence % {"unit": locked.unit.name}, field="people")
    there = set(present(locked).values_list("person_id", flat=True))
    return write(locked, [term for key, term in terms.items() if key not in there], HowAttended.LIST, by=by, at=at)


@transaction.atomic
def attend_by_code(*, session: TrainingSession, by: Person, at: datetime) -> Attendance:
    """Enter oneself. Refuses before it opens and after it is over, somebody of another area, and the second time."""
    locked = (
        TrainingSession.objects.select_for_update(no_key=True, of=("self",)).select_related("unit").get(pk=session.pk)
    )
    require_held(locked)
    if (refusal := code_refusal(locked, at)) is not None:
        raise refusal
    term = holders_under(locked.unit, on=local_day(at)).filter(person=by).first()
    if term is None:
        sentence = _("This training is for the villages of %(unit)s. Ask whoever holds it to enter you.")
        raise NotAllowed("not_for_you", sentence % {"unit": locked.unit.name})
    if present(locked).filter(person=by).exists():
        raise Conflict("there_already", _("You are on the list already."))
    return write(locked, [term], HowAttended.CODE, by=by, at=at)[0]


def code_refusal(session: TrainingSession, at: datetime) -> Refusal | None:
    """Why the code does not hold at this moment."""
    if at > session.ends_at:
        sentence = _("The training of %(day)s is over, and its code with it. Ask %(unit)s to enter you.")
        return Conflict("code_over", sentence % {"day": exact_day(session.day), "unit": session.unit.name})
    if at < session.begins_at - OPENS_BEFORE:
        return Conflict("code_early", _("The code holds from half an hour before it begins."))
    return None


@transaction.atomic
def take_back_attendance(*, attendance: Attendance, reason: str, by: Person, at: datetime) -> Attendance:
    """Say that somebody was not there: the entry stays, and counts no more."""
    session = attendance.session
    require_holder(by, session.unit, at)
    locked = Attendance.objects.select_for_update(no_key=True).get(pk=attendance.pk)
    if locked.taken_back_at is not None:
        raise Conflict("taken_back_already", _("This was taken back already."))
    locked.taken_back_reason = require_words(reason, field="reason", sentence=_("Say why it is taken back."))[:500]
    locked.taken_back_at, locked.taken_back_by = at, by
    locked.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_reason"])
    return locked


def lock(session: TrainingSession, at: datetime) -> TrainingSession:
    """The session for whoever enters who was there: one at a time, and not before its day."""
    locked = (
        TrainingSession.objects.select_for_update(no_key=True, of=("self",)).select_related("unit").get(pk=session.pk)
    )
    require_held(locked)
    if locked.day > local_day(at):
        raise Invalid("day_ahead", _("This training is still to come. Enter who was there when it has taken place."))
    return locked


def present(session: TrainingSession) -> QuerySet[Attendance]:
    return Attendance.objects.filter(session=session, taken_back_at=None)


def write(
    session: TrainingSession, terms: Collection[Term], how: HowAttended, *, by: Person, at: datetime
) -> list[Attendance]:
    """In one statement. Two who enter the same person at once: the second is told."""
    rows = [
        Attendance(session=session, person_id=term.person_id, unit_id=term.post.unit_id, how=how, by=by, at=at)
        for term in terms
    ]
    try:
        with transaction.atomic():
            return Attendance.objects.bulk_create(rows)
    except IntegrityError as error:
        raise Conflict("there_already", _("Somebody else is entering the same people. Open the list again.")) from error
