"""The steps that may be undone, each with who does it, and their undoing."""

from datetime import date, datetime, timedelta
from typing import Any

from casework.lifecycle.assignment import assign_case
from casework.lifecycle.reporting import screen_case
from casework.lifecycle.review import review_case
from casework.lifecycle.undoing import PUT_BACK, undo_step
from casework.models import Case, CaseEvent, Person
from casework.stages import Stage
from flows import steps
from tests.cast import Cast
from tests.walk import NOW, TODAY, head_post, verdicts

LATER = NOW + timedelta(hours=1)  # when the step is done that is undone
SOON = LATER + timedelta(minutes=3)


def accept(cast: Cast, case: Case, at: datetime = LATER) -> Case:
    return steps.take(screen_case, case=case, outcome="accepted", by=cast.county_supervisor, at=at)


def assign(cast: Cast, case: Case, at: datetime = LATER, due_on: date = TODAY + timedelta(days=14)) -> Case:
    words = {"post": head_post(case.village), "due_on": due_on, "lead": "柳大山", "support": cast.department}
    return steps.take(assign_case, case=case, by=cast.county_supervisor, at=at, **words)


def passed(who: str) -> Any:
    def take(cast: Cast, case: Case, at: datetime = LATER) -> Case:
        words = {"verdicts": verdicts(case), "signature_visible": True}
        return steps.take(review_case, case=case, by=getattr(cast, who), at=at, **words)

    return take


# Each step that may be undone, and who does it here.
STEPS: dict[Stage, tuple[Any, str]] = {
    Stage.SCREENING: (accept, "county_supervisor"),
    Stage.ASSIGNMENT: (assign, "county_supervisor"),
    Stage.PLAN_APPROVAL: (passed("town_reviewer"), "town_reviewer"),
    Stage.FIRST_REVIEW: (passed("town_reviewer"), "town_reviewer"),
    Stage.SECOND_REVIEW: (passed("county_supervisor"), "county_supervisor"),
    Stage.CITY_REVIEW: (passed("city_supervisor"), "city_supervisor"),
}


def last_event(case: Case) -> CaseEvent:
    return CaseEvent.objects.filter(case=case).latest("id")


def undo(case: Case, by: Person, at: datetime = SOON, event: CaseEvent | None = None) -> Case:
    return steps.take(undo_step, case=case, event=event or last_event(case), by=by, at=at)


def standing(case: Case) -> dict[str, Any]:
    """What a step and its undoing may change, but for the version and the last entry."""
    case = Case.objects.get(pk=case.pk)
    beside = ("waits_at", "round", "returned_at", "light", "light_floor", "paused_on", "watch", "closed_on")
    ladder = ("ladder_round", "ladder_since", "ladder_raised", "ladder_refers", "ladder_held", "next_step_at")
    return {name: getattr(case, name) for name in (*PUT_BACK, *beside, *ladder, "relapse_of")}
