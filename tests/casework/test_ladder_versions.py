"""Whose ladder holds on which day, for which case a step is, and ladders of other shapes than the shipped one."""

from datetime import date, timedelta

import pytest

from casework.ladder.rungs import Ladder, Policies, Standing, Start
from casework.models import EscalationPolicy, EscalationStep
from casework.models.escalation_policy import StepKind
from casework.stages import Light
from casework.working_time.workdays import Workdays

CITY, OTHER_CITY = 1, 2
MONDAY = date(2031, 3, 10)
DUE = date(2031, 3, 13)
CASE = Standing(city=CITY, severity=2, kind="time_limited", due_on=DUE, since=MONDAY, touched_on=DUE)


def step(code: str, kind: StepKind, moment: int, **values: object) -> EscalationStep:
    given = {"light": Light.YELLOW, "severities": [1, 2, 3, 4], "kinds": ["time_limited"], "to": [], "copies": []}
    return EscalationStep(policy_id=1, code=code, kind=kind, moment=moment, **{**given, **values})


def ladder(*steps: EscalationStep) -> Ladder:
    return Ladder(Policies([EscalationPolicy(pk=1, version=1, valid_from=date(2020, 1, 1))], steps), Workdays({}))


def days_of(found: Ladder, case: Standing) -> list[tuple[str, date]]:
    return [(due.step.code, due.day) for due in found.due(case, date(2031, 12, 31))]


@pytest.fixture
def versions() -> Ladder:
    rows = [
        EscalationPolicy(pk=4, version=3, valid_from=date(2031, 3, 20), city_id=CITY),
        EscalationPolicy(pk=1, version=1, valid_from=date(2020, 1, 1)),
        EscalationPolicy(pk=3, version=2, valid_from=MONDAY, city_id=CITY),
        EscalationPolicy(pk=2, version=9, valid_from=date(2031, 3, 15)),
    ]
    return Ladder(Policies(rows, []), Workdays({}))


@pytest.mark.parametrize(
    ("city", "day", "version"),
    [
        (CITY, MONDAY - timedelta(days=1), 1),
        (CITY, MONDAY, 2),
        (CITY, date(2031, 3, 19), 2),  # a later default is none of its business
        (CITY, date(2031, 3, 20), 3),
        (CITY, date.max, 3),
        (OTHER_CITY, date(2031, 3, 14), 1),
        (OTHER_CITY, date(2031, 3, 15), 9),
        (None, date(2020, 1, 1), 1),
        (None, date(2019, 12, 31), None),
    ],
)
def test_a_version_holds_from_its_day_until_the_day_before_the_next(
    city: int | None, day: date, version: int | None, versions: Ladder
) -> None:
    policy = versions.policy_on(city, day)
    assert (policy.version if policy else None) == version


@pytest.mark.parametrize(
    ("severity", "kind", "is_for"),
    [(2, "time_limited", True), (3, "time_limited", False), (2, "immediate", False), (None, "time_limited", False)],
)
def test_a_step_is_for_its_severities_and_its_kinds(severity: int | None, kind: str, is_for: bool) -> None:
    found = ladder(step("notice", StepKind.NOTICE, 1, severities=[2]))
    assert bool(days_of(found, CASE._replace(severity=severity, kind=kind))) == is_for


def test_a_severity_still_to_be_found_is_the_mildest() -> None:
    unknown = CASE._replace(severity=None)
    assert days_of(ladder(step("notice", StepKind.NOTICE, 1, severities=[1])), unknown)
    assert not days_of(ladder(step("notice", StepKind.NOTICE, 1, severities=[0, 2, 3, 4])), unknown)


def test_a_step_on_the_deadline_itself_comes_once_and_is_never_raised() -> None:
    found = ladder(
        step("today", StepKind.REMINDER, 0), step("notice", StepKind.NOTICE, 1), step("letter", StepKind.LETTER, 5)
    )
    assert days_of(found, CASE) == [("today", DUE), ("notice", date(2031, 3, 14)), ("letter", date(2031, 3, 20))]
    raised = CASE._replace(start=Start(raised=1), held=2)
    assert days_of(found, raised) == [("today", DUE), ("letter", date(2031, 3, 18))]


def test_a_referral_proposed_at_once_leaves_the_steps_behind_it() -> None:
    found = ladder(
        step("notice", StepKind.NOTICE, 1),
        step("referral", StepKind.REFERRAL, 3),
        step("interview", StepKind.INTERVIEW, 5),
    )
    at_once = CASE._replace(start=Start(refers=True))
    assert days_of(found, at_once) == [
        ("referral", MONDAY),
        ("notice", date(2031, 3, 14)),
        ("interview", date(2031, 3, 20)),
    ]


def test_a_ladder_without_a_referral_proposes_none() -> None:
    assert days_of(ladder(step("notice", StepKind.NOTICE, 1)), CASE._replace(start=Start(refers=True))) == [
        ("notice", date(2031, 3, 14))
    ]


def test_a_version_brings_its_own_steps_on_its_own_days_alone() -> None:
    rows = [
        EscalationPolicy(pk=1, version=1, valid_from=date(2020, 1, 1)),
        EscalationPolicy(pk=2, version=2, valid_from=date(2031, 3, 20)),
    ]
    steps = [step("old", StepKind.NOTICE, 1), step("old late", StepKind.LETTER, 5), step("silent", StepKind.STALL, 7)]
    new = [step("new", StepKind.NOTICE, 1), step("new late", StepKind.LETTER, 5), step("quiet", StepKind.STALL, 7)]
    for each in new:
        each.policy_id = 2
    found = Ladder(Policies(rows, [*steps, *new]), Workdays({}))
    assert days_of(found, CASE) == [
        ("quiet", date(2031, 3, 20)),  # seven days after the 13th
        ("old", date(2031, 3, 14)),
        ("new late", date(2031, 3, 20)),
    ]
