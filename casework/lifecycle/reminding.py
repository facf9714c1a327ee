"""An office reminds whoever's turn it is, beside the ladder's own reminders (催办)."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid
from casework.lifecycle.recording import record, require, require_stage, verb
from casework.models import Case, CaseEvent, Person
from casework.models.case_event import EventKind
from casework.rights.roles import post_for
from casework.rights.table import Action
from casework.stages import OPEN
from casework.working_time.deadlines import local_day, midnight

LONGEST = 500


@verb
def remind_turn(*, case: Case, words: str = "", by: Person, at: datetime) -> CaseEvent:
    """Remind the unit at whose desk the case lies, with a word or without: at most once a day, whoever does it.

    It changes nothing of the case: no clock, no version, and no form that is being filled in. Refuses a case that lies at
    the reminder's own desk, one whose clock is paused, and a second reminder on one day.
    """
    require(by, Action.REMIND, case, at)
    require_stage(case, *OPEN)
    words = words.strip()
    if len(words) > LONGEST:
        raise Invalid(
            "words_too_long", _("At most %(most)d characters. Please shorten it.") % {"most": LONGEST}, field="words"
        )
    held = post_for(by, Action.REMIND, case, local_day(at))
    if held is not None and case.waits_at_id == held.unit_id:
        raise Conflict("own_desk", _("It lies at your own office. Take the step instead."))
    if case.paused_on is not None:
        raise Conflict("paused", _("The clock of the case is paused. Let it run again first."))
    today = midnight(local_day(at))
    said = case.events.filter(kind=EventKind.URGED, at__gte=today, at__lt=today + timedelta(days=1))
    before = said.select_related("by").first()
    if before is not None:
        raise Conflict(
            "reminded_today", _("%(who)s has sent a reminder today already. Once a day is enough.") % {"who": before.by}
        )
    return record(case, EventKind.URGED, by=by, at=at, held=held, before=case.stage, words=words)
