"""The clock stands still for a reason, as an interval, and runs on with what was left."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict
from casework.lifecycle.recording import record, require, require_stage, require_words, touch, verb, wake
from casework.models import Case, Pause, Person
from casework.models.case_event import EventKind
from casework.rights.table import Action
from casework.stages import OPEN
from casework.working_time.deadlines import Pausing, after_pause, local_day


@verb
def pause_case(*, case: Case, reason: str, by: Person, at: datetime) -> Pause:
    """Stop the clock from today on."""
    require(by, Action.PAUSE, case, at)
    require_stage(case, *OPEN)
    reason = require_words(reason, field="reason", sentence=_("Say why the clock is paused."))
    if case.paused_on is not None:
        raise Conflict("paused_already", _("The clock is paused already."))
    on = local_day(at)
    pause = Pause.objects.create(case=case, reason=reason, begins_on=on, due_before=case.due_on, by=by, at=at)
    case.paused_on = on
    touch(case, at=at)
    record(case, EventKind.PAUSED, by=by, at=at, action=Action.PAUSE, before=case.stage, words=reason)
    return pause


@verb
def resume_case(*, case: Case, by: Person, at: datetime) -> Pause:
    """Let the clock run again from today on; the deadline moves by the working days of the pause, never earlier."""
    require(by, Action.PAUSE, case, at)
    require_stage(case, *OPEN)
    pause = case.pauses.select_for_update().filter(resumed_at=None).first()
    if pause is None:
        raise Conflict("not_paused", _("The clock is running already."))
    pause.ends_on, pause.resumed_by, pause.resumed_at = local_day(at), by, at
    pause.save()
    if case.due_on is not None:
        counts = _what_counts(case, pause, ends_on=pause.ends_on)
        if case.due_on < counts.begins_on:
            case.ladder_held += counts.working_days
        case.due_on = after_pause(case.due_on, counts.begins_on, counts.ends_on)
    case.paused_on = None
    wake(case, at=at)
    touch(case, at=at)
    words = case.due_on.isoformat() if case.due_on else ""
    record(case, EventKind.RESUMED, by=by, at=at, action=Action.PAUSE, before=case.stage, words=words)
    return pause


def _what_counts(case: Case, pause: Pause, *, ends_on: date) -> Pausing:
    """The part of a pause that moves the deadline: what follows the moment at which that deadline was given."""
    whole, given_at = Pausing(pause.at, pause.begins_on, ends_on), deadline_given_at(case)
    return whole.after(given_at) if given_at is not None else whole


def deadline_given_at(case: Case) -> datetime | None:
    """When the present deadline was given: by the last extension, else by the assignment."""
    granted = case.extensions.filter(granted=True).order_by("decided_at").last()
    return granted.decided_at if granted is not None else case.assigned_at


def deadline_if_resumed(case: Case, *, on: date) -> date | None:
    """The deadline of a paused case if its clock runs again on this day; of any other the one that it has."""
    pause = case.pauses.filter(resumed_at=None).first()
    if pause is None or case.due_on is None:
        return case.due_on
    counts = _what_counts(case, pause, ends_on=on)
    return after_pause(case.due_on, counts.begins_on, counts.ends_on)
