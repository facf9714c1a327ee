"""The office follows a ladder with another: refusals that say which, versions that hold from their day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from casework.defaults import ladder as shipped
from casework.errors import Invalid, NotAllowed, SeveralRefusals
from casework.escalation.sweeping import sweep
from casework.ladder import rungs
from casework.ladder.preview import as_policies, count_steps
from casework.ladder.versions import StepDraft, apply_policies, check_steps, publish_ladder
from casework.models import Case, Escalation, EscalationPolicy, EscalationStep
from casework.models.escalation_policy import EscalationStep as Row
from casework.working_time.deadlines import add_working_days, midnight
from tests.cast import Cast
from tests.walk import NOW, TODAY, assigned, reported, screened

DUE = date(2026, 3, 16)


def drafts() -> list[StepDraft]:
    """The ladder as it is delivered."""
    return [
        StepDraft(
            kind=kind, moment=moment, light=light, to=to, copies=copies, has_document=document, words=words, code=code
        )
        for code, kind, moment, light, to, copies, document, words in shipped.STEPS
    ]


def changed(code: str, **values: object) -> list[StepDraft]:
    return [replace(one, **values) if one.code == code else one for one in drafts()]


def refusals(steps: list[StepDraft]) -> list[tuple[str, str]]:
    with pytest.raises((Invalid, SeveralRefusals)) as refused:
        check_steps(steps)
    return [(one.code, one.field) for one in refused.value.each()]


def test_the_delivered_ladder_is_fine() -> None:
    check_steps(drafts())


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (changed("letter", moment=1), [("backwards", "steps-2-moment")]),
        (changed("notice", to=[]), [("recipient_missing", "steps-1-to")]),
        (changed("notice", to=["everybody"]), [("recipient_missing", "steps-1-to")]),
        (changed("notice", moment=None), [("moment_missing", "steps-1-moment")]),
        (changed("interview", moment=-2), [("too_early", "steps-3-moment"), ("backwards", "steps-3-moment")]),
        (changed("notice", words="请{village.code}整改"), [("template_field_unknown", "steps-1-words")]),
        (changed("notice", words="请{unit整改"), [("template_broken", "steps-1-words")]),
        (changed("letter", words=""), [("words_missing", "steps-2-words")]),
        (changed("stall", severities=[]), [("severities_missing", "steps-5-severities")]),
    ],
)
def test_a_ladder_that_cannot_work_is_refused_with_the_place(
    steps: list[StepDraft], expected: list[tuple[str, str]]
) -> None:
    assert refusals(steps) == expected


def test_a_severity_without_any_step_is_named() -> None:
    mild = [replace(one, severities=(1, 2, 3)) for one in drafts()]
    assert {code for code, _field in refusals(mild)} == {"severity_without_step"}
    with pytest.raises(SeveralRefusals) as refused:
        check_steps(mild)
    assert all("特别严重" in str(one) or "Grave" in str(one) for one in refused.value.refusals)


def test_only_the_city_office_changes_the_ladder(cast: Cast) -> None:
    for person in (cast.county_supervisor, cast.administrator, cast.willow_head):
        with pytest.raises(NotAllowed):
            publish_ladder(city=cast.city, steps=drafts(), valid_from=TODAY + timedelta(days=1), by=person, at=NOW)


def test_a_ladder_never_holds_from_today_or_before(cast: Cast) -> None:
    with pytest.raises(Invalid):
        publish_ladder(city=cast.city, steps=drafts(), valid_from=TODAY, by=cast.city_supervisor, at=NOW)


def test_a_new_version_holds_from_its_day_and_tells_no_step_twice(cast: Cast) -> None:
    case = assigned(cast, screened(cast, reported(cast)), due_on=DUE)
    first = midnight(add_working_days(DUE, 6))
    sweep(at=first)
    policy = publish_ladder(
        city=cast.city,
        steps=changed("interview", moment=10),
        valid_from=first.date() + timedelta(days=1),
        by=cast.city_supervisor,
        at=first,
    )
    rungs.cached_rules.forget()
    assert policy.version == 2
    sweep(at=first + timedelta(minutes=1))
    sweep(at=midnight(add_working_days(DUE, 10)))
    taken = list(Escalation.objects.filter(case=case, kind__in=("letter", "interview")).values_list("step", "due_on"))
    assert taken == [("letter", add_working_days(DUE, 5)), ("interview", add_working_days(DUE, 10))]


def test_open_cases_look_again_on_the_first_day_of_a_version(cast: Cast) -> None:
    case = assigned(cast, screened(cast, reported(cast)), due_on=add_working_days(DUE, 40))
    begins = TODAY + timedelta(days=3)
    publish_ladder(city=cast.city, steps=drafts(), valid_from=begins, by=cast.city_supervisor, at=NOW)
    assert apply_policies(at=NOW) == 1
    assert Case.objects.get(pk=case.pk).next_step_at == midnight(begins)
    assert apply_policies(at=NOW) == 0


def test_a_version_that_says_nothing_else_raises_after_three_red_lights_and_two_relapses(cast: Cast) -> None:
    tomorrow = TODAY + timedelta(days=1)
    policy = publish_ladder(city=cast.city, steps=drafts(), valid_from=tomorrow, by=cast.city_supervisor, at=NOW)
    assert (policy.reds_in_a_row, policy.relapses) == (3, 2)


def test_a_version_whose_steps_cannot_be_written_is_not_there(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EscalationStep.objects, "bulk_create", lambda _steps: 1 / 0)
    words = {"city": cast.city, "steps": drafts(), "valid_from": TODAY + timedelta(days=1)}
    with pytest.raises(ZeroDivisionError):
        publish_ladder(**words, by=cast.city_supervisor, at=NOW)
    assert not EscalationPolicy.objects.filter(city=cast.city).exists()


def test_a_later_version_may_not_be_overtaken(cast: Cast) -> None:
    later = TODAY + timedelta(days=10)
    publish_ladder(city=cast.city, steps=drafts(), valid_from=later, by=cast.city_supervisor, at=NOW)
    with pytest.raises(Invalid) as refused:
        publish_ladder(city=cast.city, steps=drafts(), valid_from=later, by=cast.city_supervisor, at=NOW)
    assert refused.value.code == "policy_overtaken"
    assert EscalationPolicy.objects.filter(city=cast.city).count() == 1


def test_a_new_step_gets_a_code_of_its_own(cast: Cast) -> None:
    steps = [*drafts(), StepDraft(kind="reminder", moment=-1, to=["turn"])]
    publish_ladder(city=cast.city, steps=steps, valid_from=TODAY + timedelta(days=1), by=cast.city_supervisor, at=NOW)
    codes = EscalationStep.objects.filter(policy__city=cast.city).values_list("code", flat=True)
    assert "reminder-2" in codes and len(set(codes)) == len(steps)


def test_the_preview_counts_what_another_ladder_would_have_done(cast: Cast) -> None:
    for _ in range(4):
        assigned(cast, screened(cast, reported(cast)), due_on=DUE)
    rows = [Row(**draft.__dict__) for draft in drafts()]
    first, last = add_working_days(DUE, 4), add_working_days(DUE, 6)
    assert count_steps(as_policies(rows), Case.objects.all(), first=first, last=last) == {"letter": 4}
    earlier = [Row(**draft.__dict__) for draft in changed("letter", moment=3)]
    assert count_steps(as_policies(earlier), Case.objects.all(), first=first, last=last) == {}
    assert not Escalation.objects.exists()
