"""What people decide at the upper steps of the ladder: an interview is held, a proposed referral is declined."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid
from casework.lifecycle.recording import record, require, require_stage, require_words, touch, verb
from casework.models import Case, DeclinedReferral, Escalation, Interview, Person, StepKind
from casework.models.case_event import EventKind
from casework.rights.roles import post_for
from casework.rights.table import Action
from casework.stages import OPEN
from casework.working_time.deadlines import local_day
from casework.working_time.entered_days import of_the_past


@verb
def record_interview(
    *, case: Case, held_on: date | None, people: str, result: str, by: Person, at: datetime
) -> Interview:
    """Enter an interview: its day, those who were there, what came of it."""
    require(by, Action.INTERVIEW, case, at)
    require_stage(case, *OPEN)
    people = require_words(people, field="people", sentence=_("Say who was there."))
    result = require_words(result, field="result", sentence=_("Say what came of it."))
    on = local_day(at)
    sentence = _("Choose the day on which the interview was held.")
    if held_on is None:
        raise Invalid("interview_ahead", sentence, field="held_on")
    for refusal in of_the_past(held_on, on=on, field="held_on", code="interview_ahead", sentence=sentence):
        raise refusal
    held = post_for(by, Action.INTERVIEW, case, on)
    interview = Interview.objects.create(
        case=case,
        escalation=Escalation.objects.filter(case=case, kind=StepKind.INTERVIEW, interview=None).last(),
        held_on=held_on,
        people=people,
        result=result,
        by=by,
        by_unit_id=held.unit_id if held else None,
        at=at,
    )
    touch(case, at=at)
    words = f"{held_on.isoformat()} · {result}"
    record(case, EventKind.INTERVIEWED, by=by, at=at, action=Action.INTERVIEW, before=case.stage, words=words)
    return interview


@verb
def decline_referral(*, case: Case, reason: str, by: Person, at: datetime) -> DeclinedReferral:
    """Decide that the proposed referral is not made. The system proposes, a person decides."""
    require(by, Action.REFER, case, at)
    require_stage(case, *OPEN)
    reason = require_words(reason, field="reason", sentence=_("Say why the case is not referred."))
    proposal = Escalation.objects.filter(case=case, kind=StepKind.REFERRAL, declined=None).last()
    if proposal is None:
        raise Conflict("nothing_proposed", _("No referral is proposed; somebody may have decided it already."))
    held = post_for(by, Action.REFER, case, local_day(at))
    declined = DeclinedReferral.objects.create(
        escalation=proposal, reason=reason, by=by, by_unit_id=held.unit_id if held else None, at=at
    )
    touch(case, at=at)
    record(case, EventKind.REFERRAL_DECLINED, by=by, at=at, action=Action.REFER, before=case.stage, words=reason)
    return declined
