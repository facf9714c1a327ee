"""The strike-off: five tests ticked one by one, a closing number, a record. One case at a time, always."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, Refusal, refuse
from casework.lifecycle.numbering import closing_number, office_code, take_numbers
from casework.lifecycle.recording import move, record, require, require_stage, require_words, verb
from casework.lifecycle.review import return_to_rectification
from casework.models import Case, Closure, Person, Review
from casework.models.case_event import EventKind
from casework.models.review import Outcome
from casework.queries import current_plan
from casework.rights.roles import post_for, strike_off_action
from casework.rights.table import Action
from casework.stages import Stage, Watch
from casework.working_time.deadlines import local_day


@verb
def close_case(*, case: Case, tests: Mapping[str, bool], words: str = "", by: Person, at: datetime) -> Closure:
    """Strike the case off. Every one of the five tests must be ticked by the approver; `tests` maps their names."""
    require(by, Action.STRIKE_OFF, case, at)
    require_stage(case, Stage.STRIKE_OFF)
    refusals: list[Refusal] = [
        Invalid("test_not_ticked", _("Tick each test that you have checked, or return the case."), field=test)
        for test in Closure.TESTS
        if not tests.get(test)
    ]
    refuse(refusals)
    on = local_day(at)
    held = post_for(by, strike_off_action(case), case, on)
    code = office_code(case.county or case.village)
    running = take_numbers(code, on=on, kind="closure")[0]
    closure = Closure.objects.create(
        case=case,
        round=case.round,
        number=closing_number(code, on.year, running),
        closed_on=on,
        words=words.strip(),
        by=by,
        by_unit_id=held.unit_id if held else None,
        at=at,
        **dict.fromkeys(Closure.TESTS, True),
    )
    case.closed_on, case.closing_number = on, closure.number
    case.watch = Watch.WATCHED  # its look-backs are planned by the clock (consolidation.py)
    move(case, Stage.CLOSED, at=at)
    record(
        case,
        EventKind.CLOSED,
        by=by,
        at=at,
        action=strike_off_action(case),
        before=Stage.STRIKE_OFF,
        words=closure.number,
    )
    return closure


@verb
def decline_strike_off(*, case: Case, reason: str, by: Person, at: datetime) -> Review:
    """The approver finds a test not met: the case goes back to rectification in a new round."""
    require(by, Action.STRIKE_OFF, case, at)
    require_stage(case, Stage.STRIKE_OFF)
    reason = require_words(reason, field="reason", sentence=_("Say which test is not met; the village reads it."))
    plan = current_plan(case)
    held = post_for(by, strike_off_action(case), case, local_day(at))
    review = Review.objects.create(
        case=case,
        stage=Stage.STRIKE_OFF,
        round=case.round,
        plan_number=plan.number if plan else 0,
        outcome=Outcome.RETURNED,
        words=reason,
        by=by,
        by_unit_id=held.unit_id if held else None,
        at=at,
    )
    return_to_rectification(case, at=at)
    record(
        case,
        EventKind.RETURNED,
        by=by,
        at=at,
        action=strike_off_action(case),
        before=Stage.STRIKE_OFF,
        words=reason,
    )
    return review
