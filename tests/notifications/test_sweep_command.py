"""`manage.py sweep`: what would happen, case by case, and what did."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from casework.models import Case, CaseNumber, Escalation, Letter
from notifications.models import Message
from tests.cast import Cast
from tests.walk import assigned, reported, screened

DUE = date(2026, 3, 16)


@pytest.fixture
def case(cast: Cast) -> Case:
    return assigned(cast, screened(cast, reported(cast, severity=3)), due_on=DUE)


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("sweep", *arguments, stdout=out)
    return out.getvalue()


def test_a_dry_run_tells_each_case_and_keeps_nothing(case: Case) -> None:
    told = said("--at", "2026-03-17", "--dry-run")
    assert f"{case.number} 上柳村 2026-03-17 督办单 QH督单〔2026〕1号 → 上柳村 (3 told)" in told
    assert not Escalation.objects.exists() and not Letter.objects.exists() and not Message.objects.exists()
    assert not CaseNumber.objects.filter(kind="notice").exists()
    assert Case.objects.get(pk=case.pk).light == case.light


def test_what_the_dry_run_said_is_what_happens(case: Case) -> None:
    dry = said("--at", "2026-03-17", "--dry-run").splitlines()
    assert said("--at", "2026-03-17").splitlines() == [line for line in dry if "--dry-run" not in line]
    assert Letter.objects.get().number == "QH督单〔2026〕1号"


def test_a_missed_step_is_named_as_passed_over(case: Case) -> None:
    assert "passed over" in said("--at", "2026-03-23T09:00")


def test_what_is_no_moment_is_refused(db: None) -> None:
    with pytest.raises(CommandError, match="no moment"):
        said("--at", "morgen")


def test_an_office_does_not_live_ahead_of_its_time(case: Case, settings: object) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="--dry-run"):
        said("--at", "2026-03-17")
    assert "督办单" in said("--at", "2026-03-17", "--dry-run")
