"""How a verb writes: one transaction, one stamp on the history, one event, one move."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import transaction
from django.db.models import Count, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid
from casework.events import UNDO_FOR, event_of
from casework.ladder import rungs
from casework.ladder.rungs import standing_of
from casework.models import Case, CaseEvent, Person
from casework.models.case_event import EventKind
from casework.models.history import stamped
from casework.rights.held_posts import Held
from casework.rights.roles import post_for, refusal
from casework.rights.table import Action
from casework.rights.turns import unit_whose_turn
from casework.stages import ENDS, Light, Stage, require_move
from casework.working_time.deadlines import local_day, midnight

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def verb(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Run a verb in a transaction and stamp the history it writes with its name, its actor, its moment, its reason."""

    @wraps(function)
    def stamped_verb(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        given: dict[str, Any] = dict(kwargs)
        reason = str(given.get("reason") or given.get("words") or "")
        with (
            transaction.atomic(),
            stamped(step=function.__name__, by=given.get("by"), at=given["at"], reason=reason),
        ):
            return function(*args, **kwargs)

    return stamped_verb


def require(by: Person, action: Action, case: Case, at: datetime) -> None:
    """Refuse a person who may not do this to this case."""
    reason = refusal(by, action, case, local_day(at))
    if reason is not None:
        raise reason


def require_stage(case: Case, *stages: Stage) -> None:
    """Refuse a case that has moved on, or has not come here yet."""
    if case.stage not in stages:
        raise Conflict(
            "wrong_stage",
            _("This step is no longer open: the case now stands at “%(stage)s”.") % {"stage": case.get_stage_display()},
            values={"stage": case.stage},
        )


def require_words(words: str, *, field: str, sentence: Any) -> str:
    """The words without the spaces around them; refuse when nothing is left."""
    words = words.strip()
    if not words:
        raise Invalid("words_missing", sentence, field=field)
    return words


def move(case: Case, stage: Stage, *, at: datetime) -> None:
    """Put the case at a stage: whose turn, which light, one version on. Saves the case and so writes its history.

    An end takes along what is still open beside the path.
    """
    require_move(case.stage, stage)
    case.stage = stage
    if stage in ENDS:
        _end_side_actions(case, at=at)
    settle(case, at=at)


def settle(case: Case, *, at: datetime) -> None:
    """Lay the case, at its stage, on the desk of the unit whose turn it is now."""
    case.waits_at = unit_whose_turn(case, Stage(case.stage))
    touch(case, at=at)


def _end_side_actions(case: Case, *, at: datetime) -> None:
    """Nobody decides on the extension of an ended case any more, and no clock of it is paused."""
    for extension in case.extensions.filter(decided_at=None):
        extension.decided_at = at  # by nobody, and neither granted nor refused
        extension.save()
    for pause in case.pauses.filter(resumed_at=None) if case.paused_on is not None else ():
        pause.ends_on, pause.resumed_at = local_day(at), at
        pause.save()
    case.paused_on = None


def touch(case: Case, *, at: datetime) -> None:
    """Save a change of the case: its light, its clock, its last entry, one version on."""
    case.touched_at = at
    case.version += 1
    set_clock(case, at=at)
    case.save()


def set_clock(case: Case, *, at: datetime) -> None:
    """The light, and when the sweep looks at the case next. A paused or ended case has neither."""
    if case.stage in ENDS or case.paused_on is not None:
        case.light, case.next_step_at = Light.NONE, None
        return
    on, standing, ladder = local_day(at), standing_of(case), rungs.current()
    case.light = ladder.light(standing, on)
    if case.next_step_at is not None and case.next_step_at <= at + UNDO_FOR:
        return  # what is due already is still due: the sweep decides, not the entry that came between
    tick = ladder.next_tick(standing, on)
    case.next_step_at = midnight(tick) if tick else None


def start_round(case: Case, *, at: datetime) -> None:
    """A new deadline was given, or another desk has it from now on: the ladder begins anew."""
    case.ladder_round += 1
    case.ladder_since, case.ladder_held = local_day(at), 0
    wake(case, at=at)


def start_round_if_running(case: Case, *, at: datetime) -> None:
    """Remind whoever has the case from now on as anybody is reminded; of a case that is late the ladder goes on."""
    if case.due_on is not None and case.due_on >= (case.paused_on or local_day(at)):
        start_round(case, at=at)


def wake(case: Case, *, at: datetime, after: timedelta = timedelta(0)) -> None:
    """Let the sweep look at the case at once, or so much later, if a step of its deadline has come: the next tick lies
    behind it.
    """
    on = local_day(at)
    if any(due.day <= on for due in rungs.current().by_deadline(standing_of(case))):
        case.next_step_at = at + after


def record(
    case: Case,
    kind: EventKind,
    *,
    by: Person | None,
    at: datetime,
    action: Action | None = None,
    held: Held | None = None,
    before: str = "",
    words: str = "",
) -> CaseEvent:
    """Write the event of a verb that has just changed the case; `action` finds the post in whose name it was done.
    What came from another platform was done by nobody.

    A verb after which that post no longer counts for the case (a transfer) gives the one that it `held` before.
    """
    if held is None and action is not None and by is not None:
        held = post_for(by, action, case, local_day(at))
    event = event_of(case, kind, at=at, words=words)
    event.by, event.stage_before = by, before
    event.by_role, event.by_unit_id = (held.role, held.unit_id) if held else ("", None)
    event.save()
    case.recorded.append(event)
    return event


def next_attempt(earlier: QuerySet[Any]) -> Combinable:
    """One more than were undone of these: the insert that writes the next one counts them itself."""
    undone = earlier.filter(undone__isnull=False).order_by().values("case").annotate(count=Count("*")).values("count")
    return Coalesce(Subquery(undone), 0) + 1
