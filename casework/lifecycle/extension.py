"""More time: asked for with reason, progress and new date, decided one level up."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid
from casework.ladder import rungs
from casework.ladder.rungs import standing_of
from casework.lifecycle.assignment import require_deadline
from casework.lifecycle.recording import record, require, require_stage, require_words, start_round, touch, verb
from casework.models import Case, Extension, Person
from casework.models.case_event import EventKind
from casework.rights.table import Action
from casework.stages import OPEN, Stage
from casework.working_time.deadlines import local_day
from casework.working_time.entered_days import of_a_deadline

EXTENDABLE = (Stage.PLANNING, Stage.PLAN_APPROVAL, Stage.RECTIFICATION)


@verb
def ask_extension(
    *, case: Case, due_on: date | None, reason: str, progress: str, by: Person, at: datetime
) -> Extension:
    """Ask for a later deadline, at most about a year away; a day off means the next working day. Asked after the
    deadline it is marked as late, and leaves the light as it is. While the clock stands still no deadline passes.
    """
    require(by, Action.ASK_EXTENSION, case, at)
    require_stage(case, *EXTENDABLE)
    reason = require_words(reason, field="reason", sentence=_("Say why more time is needed."))
    progress = require_words(progress, field="progress", sentence=_("Say what has been done so far."))
    on = local_day(at)
    if due_on is None or case.due_on is None or due_on <= case.due_on:
        raise Invalid("not_later", _("Choose a day after the present deadline."), field="due_on")
    due_on = require_deadline(due_on, on=on)
    if case.extensions.filter(decided_at=None).exists():
        raise Conflict("extension_undecided", _("An extension was asked for already and is not decided yet."))
    late = (case.paused_on or on) > case.due_on
    extension = Extension.objects.create(
        case=case,
        reason=reason,
        progress=progress,
        due_before=case.due_on,
        due_on=due_on,
        asked_late=late,
        asked_by=by,
        asked_at=at,
    )
    touch(case, at=at)
    record(
        case,
        EventKind.EXTENSION_ASKED,
        by=by,
        at=at,
        action=Action.ASK_EXTENSION,
        before=case.stage,
        words=f"{case.due_on.isoformat()} → {due_on.isoformat()} · {reason}",
    )
    return extension


@verb
def decide_extension(*, case: Case, grant: bool, reason: str = "", by: Person, at: datetime) -> Extension:
    """Grant or refuse the extension that was asked for. A late one moves the deadline, but its light stays.

    The day that is granted holds. Of a pause that runs at this moment only the working days after the grant move it.
    """
    require(by, Action.DECIDE_EXTENSION, case, at)
    require_stage(case, *OPEN)
    extension = case.extensions.select_for_update().filter(decided_at=None).first()
    if extension is None:
        raise Conflict("no_extension", _("There is no extension to decide; somebody may have decided it already."))
    if not grant:
        require_words(reason, field="reason", sentence=_("Say why the extension is refused."))
    on = local_day(at)
    if grant and of_a_deadline(extension.due_on, on=on):
        raise Conflict(
            "extension_passed",
            _("The day that was asked for has passed. Refuse this extension; the village can ask for a later day."),
        )
    extension.granted, extension.decision = grant, reason.strip()
    extension.decided_by, extension.decided_at = by, at
    extension.save()
    if grant:
        if extension.asked_late:
            case.light_floor = rungs.current().light(standing_of(case), case.paused_on or on)
        case.due_on = extension.due_on
        start_round(case, at=at)
    touch(case, at=at)
    record(
        case,
        EventKind.EXTENSION_GRANTED if grant else EventKind.EXTENSION_REFUSED,
        by=by,
        at=at,
        action=Action.DECIDE_EXTENSION,
        before=case.stage,
        words=f"{extension.due_on.isoformat()} {reason}".strip(),
    )
    return extension
