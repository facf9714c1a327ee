"""A clock that jumps: nothing early while the database's clock says otherwise, nothing repeated when it is set back."""

from datetime import datetime, timedelta

import pytest

from casework import tasks
from casework.clocks import real_clock
from casework.escalation.sweeping import sweep
from casework.models import Case, CaseEvent, Escalation, Letter
from casework.working_time.deadlines import add_working_days, midnight
from tests.cast import Cast
from tests.walk import NOW, assigned, reported, screened


@pytest.fixture
def case(cast: Cast) -> Case:
    return assigned(cast, screened(cast, reported(cast)), due_on=add_working_days(NOW.date(), 5))


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(minutes=16), -timedelta(hours=1)])
def test_a_worker_whose_clock_has_jumped_does_nothing(
    jump: timedelta, case: Case, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    Case.objects.update(next_step_at=NOW)
    monkeypatch.setattr(real_clock, "database_now", lambda: NOW - jump)
    tasks.sweep()
    tasks.help_sweep()
    assert Case.objects.get(pk=case.pk).next_step_at == NOW
    assert "clock" in caplog.text


def test_clocks_that_differ_by_minutes_agree(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    Case.objects.update(next_step_at=NOW)
    monkeypatch.setattr(real_clock, "database_now", lambda: NOW + timedelta(minutes=15))
    tasks.sweep()
    assert Case.objects.get(pk=case.pk).next_step_at != NOW


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(hours=10), timedelta(days=1), timedelta(days=3)])
def test_a_clock_that_is_set_back_repeats_nothing(back: timedelta, case: Case) -> None:
    at: datetime = midnight(add_working_days(case.due_on, 5)) + timedelta(hours=9)
    sweep(at=at)
    before = CaseEvent.objects.count(), Escalation.objects.count(), Letter.objects.count()
    light = Case.objects.get(pk=case.pk).light
    for moment in (at - back, at - back / 2, at, at + timedelta(minutes=1)):
        sweep(at=moment)
    assert (CaseEvent.objects.count(), Escalation.objects.count(), Letter.objects.count()) == before
    assert Case.objects.get(pk=case.pk).light == light
