"""The clock stands still for a reason, as an interval, and runs on with what was left."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict
from casework.lifecycle.recording import record, require, require_stage, require_words, touch, verb
from casework.models import Case, Pause, Person
from casework.models.case_event import EventKind
from casework.rights import Action
from casework.stages import OPEN
from casework.working_time.deadlines import after_pause, local_day, working_days_between


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
    pause = case.pauses.select_for_update().filter(resumed_at=None).first()
    if pause is None:
        raise Conflict("not_paused", _("The clock is running already."))
    pause.ends_on, pause.resumed_by, pause.resumed_at = local_day(at), by, at
    pause.save()
    if case.due_on is not None:
        if case.due_on < pause.begins_on:
            before = pause.begins_on - timedelta(days=1)
            case.ladder_held += working_days_between(before, pause.ends_on - timedelta(days=1))
        case.due_on = after_pause(case.due_on, pause.begins_on, pause.ends_on)
    case.paused_on = None
    touch(case, at=at)
    words = case.due_on.isoformat() if case.due_on else ""
    record(case, EventKind.RESUMED, by=by, at=at, action=Action.PAUSE, before=case.stage, words=words)
    return pause
