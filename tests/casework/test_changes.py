"""History: what changed at which step, by whom and why."""

from datetime import timedelta

import pytest

from casework.changes import STEP_TITLES, changes_of
from casework.escalation.escalation import sweep_ladder
from casework.lifecycle.pausing import pause_case
from casework.models import Case
from casework.models.history import record_many
from casework.stages import Stage
from flows import steps
from tests.cast import Cast
from tests.walk import NOW, TODAY, case_at, closed


def test_each_step_tells_what_it_changed(cast: Cast) -> None:
    case = case_at(Stage.PLANNING, cast)
    steps.take(pause_case, case=case, by=cast.county_supervisor, at=NOW, reason="等待鉴定")
    told = {step.step: step for step in changes_of(case)}
    pause = told["pause_case"]
    assert (pause.by, pause.at, pause.reason) == (cast.county_supervisor, NOW, "等待鉴定")
    assert [(change.label, change.before) for change in pause.changes] == [("挂起自", "–")]
    assigned = {change.label: (change.before, change.after) for change in told["assign_case"].changes}
    assert assigned["进展"] == ("交办", "整改方案")
    assert assigned["责任单位"] == ("–", "上柳村")


def test_every_step_of_a_whole_case_has_a_title_and_an_actor(cast: Cast) -> None:
    case = closed(cast, case_at(Stage.STRIKE_OFF, cast))
    told = changes_of(case)
    assert {step.step for step in told} <= set(STEP_TITLES)
    assert all(step.by is not None for step in told)
    assert told[-1].step == "report_case" and told[0].step == "close_case"


def test_the_turning_light_writes_history_too(cast: Cast) -> None:
    case = case_at(Stage.RECTIFICATION, cast)
    before = case.history.count()
    assert sweep_ladder(at=NOW + timedelta(days=15)) == 1
    assert sweep_ladder(at=NOW + timedelta(days=15)) == 0
    row = case.history.order_by("-history_id").first()
    assert row is not None
    assert (case.history.count(), row.history_step, row.light) == (before + 1, "turn_lights", "yellow")
    assert Case.objects.get(pk=case.pk).light == "yellow"
    assert case.due_on < TODAY + timedelta(days=15)


def test_a_bulk_history_without_a_stamp_is_refused(cast: Cast) -> None:
    with pytest.raises(RuntimeError):
        record_many([case_at(Stage.SCREENING, cast)], change="~")
