"""Visits of the cast's inspector, as far as a test needs them."""

from datetime import timedelta
from typing import Any

import pytest

from casework.errors import Refusal
from casework.models import Person, Unit
from oversight.models import VillageVisit
from oversight.visits.making import answer_items, arrive, finish_visit
from oversight.visits.planning import plan_visit
from oversight.visits.queries import lines_of
from oversight.visits.signing import Signature
from tests.cast import Cast
from tests.walk import NOW, TODAY

STROKES = [[[40, 200], [80, 60], [120, 200], [160, 90]], [[200, 150], [320, 150], [330, 160]]]
SIGNED = Signature("signed", name="柳大山", strokes=STROKES)


def planned_visit(cast: Cast, *, village: Unit | None = None, by: Person | None = None, **changed: Any) -> VillageVisit:
    """By the county's office, for the cast's inspector, within a week."""
    words = {"inspector": cast.inspector, "due_by": TODAY + timedelta(7), "kind": "spot_check", "at": NOW, **changed}
    return plan_visit(village=village or cast.willow, by=by or cast.county_supervisor, **words)


def made_visit(cast: Cast, **changed: Any) -> VillageVisit:
    """The inspector has arrived."""
    return arrive(visit=planned_visit(cast, **changed), by=cast.inspector, at=NOW)


def all_in_order(visit: VillageVisit, cast: Cast) -> None:
    """Every item in order; the last is not applicable."""
    *lines, last = lines_of(visit)
    answers = {line.pk: "in_order" for line in lines} | {last.pk: "not_applicable"}
    answer_items(visit=visit, answers=answers, by=cast.inspector, at=NOW)


def done_visit(cast: Cast, *, signature: Signature = SIGNED, **changed: Any) -> VillageVisit:
    visit = made_visit(cast, **changed)
    all_in_order(visit, cast)
    visit = finish_visit(visit=visit, signature=signature, by=cast.inspector, at=NOW)
    visit.refresh_from_db()
    return visit


def codes(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [one.code for one in refused.value.each()]
