"""The sweep: each step once, to the right seats, with its light, history, event and document."""

from datetime import date, datetime, timedelta

import pytest

from casework.escalation import escalation
from casework.escalation.escalation import sweep_ladder
from casework.escalation.sweeping import sweep
from casework.ladder.recipients import Seat
from casework.lifecycle.extension import ask_extension, decide_extension
from casework.lifecycle.interviews import decline_referral, record_interview
from casework.lifecycle.letters import sign_letter
from casework.lifecycle.pausing import pause_case, resume_case
from casework.lifecycle.planning import submit_plan
from casework.models import Caretaker, Case, CaseEvent, Escalation, Letter, Term
from casework.models.case_event import EventKind
from casework.proofs.verification import verify_history
from casework.stages import Light, Stage
from casework.working_time.deadlines import add_working_days, midnight
from flows import steps
from tests.cast import Cast
from tests.walk import NOW, assigned, case_at, closed, drafts, relapsed, reported, screened

DUE = date(2026, 3, 16)


@pytest.fixture
def case(cast: Cast) -> Case:
    return assigned(cast, screened(cast, reported(cast, severity=3)), due_on=DUE)


def day(number: int) -> datetime:
    """Nine in the morning of a working day counted from the deadline."""
    return midnight(add_working_days(DUE, number)) + timedelta(hours=9)


def taken(case: Case) -> list[str]:
    return list(Escalation.objects.filter(case=case).values_list("step", flat=True))


def told(case: Case) -> list[str]:
    return list(case.events.filter(by=None).values_list("kind", flat=True))


def test_nothing_happens_before_its_day(case: Case) -> None:
    assert sweep_ladder(at=day(-3) - timedelta(hours=10)) == 0
    assert taken(case) == []


def test_each_step_is_taken_once_on_its_day(case: Case) -> None:
    for number in (-3, 1, 5, 15, 30):
        sweep(at=day(number))
        sweep(at=day(number) + timedelta(minutes=1))
    assert [step for step in taken(case) if not step.startswith(("stall", "unsigned"))] == [
        "reminder",
        "notice",
        "letter",
        "interview",
        "referral",
    ]


def test_light_history_and_event_are_written_with_the_step(case: Case) -> None:
    sweep(at=day(5))
    case.refresh_from_db()
    row = case.history.latest()
    assert (case.light, row.light, row.history_step) == (Light.RED, Light.RED, "turn_lights")
    assert [flaw for flaw in verify_history() if flaw] == []


def test_an_entry_or_a_version_is_not_made_by_the_sweep(case: Case) -> None:
    before = Case.objects.values_list("version", "touched_at").get(pk=case.pk)
    sweep(at=day(5))
    assert Case.objects.values_list("version", "touched_at").get(pk=case.pk) == before


def test_a_case_that_missed_several_steps_is_told_of_once(case: Case) -> None:
    sweep(at=day(16))
    assert sorted(taken(case)) == ["interview", "letter", "notice", "reminder", "stall"]
    assert len(told(case)) == 1
    assert Escalation.objects.exclude(event=None).get().kind == "interview"


def test_the_notice_goes_to_the_village_with_a_copy_to_the_town(case: Case, cast: Cast) -> None:
    sweep(at=day(1))
    notice = Escalation.objects.get(kind="notice")
    assert [unit for unit, _roles in notice.to] == [cast.willow.pk]
    assert [unit for unit, _roles in notice.copies] == [cast.town.pk]
    assert notice.letter.number == "QH督单〔2026〕1号"
    assert notice.letter.addressee == cast.willow


def test_the_letter_goes_to_the_town_with_a_copy_to_the_county(case: Case, cast: Cast) -> None:
    sweep(at=day(1))
    sweep(at=day(5))
    letter = Letter.objects.get(kind="letter")
    assert (letter.addressee, letter.issuer, letter.number) == (cast.town, cast.county, "QH督函〔2026〕1号")
    assert letter.days_overdue == 5
    assert "上柳村" in letter.requirement


def test_while_the_town_reviews_the_town_is_reminded_and_the_county_hears_of_it(cast: Cast) -> None:
    case = case_at(Stage.FIRST_REVIEW, cast)
    sweep(at=midnight(add_working_days(case.due_on, 1)))
    notice = Escalation.objects.get(kind="notice")
    assert [unit for unit, _roles in notice.to + notice.copies] == [cast.town.pk, cast.county.pk]


def test_an_entry_ends_the_silence(case: Case, cast: Cast) -> None:
    at = NOW + timedelta(days=14)
    steps.take(submit_plan, case=case, by=cast.willow_head, at=at, measures=drafts_from(at))
    sweep(at=NOW + timedelta(days=16))
    assert "stall" not in taken(case)


def drafts_from(at: datetime) -> list[object]:
    return [type(one)(one.what, one.who, at.date(), one.kind) for one in drafts()]


def test_a_case_that_nobody_assigns_stalls_at_the_county_and_the_city_hears_of_it(cast: Cast) -> None:
    reported(cast)
    sweep(at=NOW + timedelta(days=15))
    stall = Escalation.objects.get()
    assert (stall.kind, [unit for unit, _roles in stall.to + stall.copies]) == ("stall", [cast.county.pk, cast.city.pk])


def test_an_extension_begins_a_new_round_of_the_ladder(case: Case, cast: Cast) -> None:
    sweep(at=day(-3))
    later = add_working_days(DUE, 10)
    steps.take(
        ask_extension, case=case, by=cast.willow_head, at=day(-2), due_on=later, reason="下雨", progress="已备料"
    )
    steps.take(decide_extension, case=case, by=cast.town_reviewer, at=day(-1), grant=True)
    sweep(at=day(5))
    assert taken(case) == ["reminder"]
    sweep(at=day(7))
    assert taken(case) == ["reminder", "reminder"]


def test_a_paused_case_takes_no_step_and_one_that_was_overdue_goes_on_where_it_stood(case: Case, cast: Cast) -> None:
    sweep(at=day(2))
    steps.take(pause_case, case=case, by=cast.county_supervisor, at=day(2), reason="汛期")
    sweep(at=day(20))
    assert [step for step in taken(case) if step in ("letter", "interview", "referral")] == []
    steps.take(resume_case, case=case, by=cast.county_supervisor, at=day(20))
    sweep(at=day(21))
    assert "letter" not in taken(case)
    sweep(at=day(24))
    assert "letter" in taken(case)


def test_a_step_that_is_due_is_taken_although_somebody_enters_something_first(case: Case, cast: Cast) -> None:
    steps.take(submit_plan, case=case, by=cast.willow_head, at=day(1), measures=drafts_from(day(1)))
    sweep(at=day(1) + timedelta(minutes=1))
    assert "notice" in taken(case)


def test_a_struck_off_case_has_no_clock(cast: Cast) -> None:
    case = case_at(Stage.CLOSED, cast)
    assert Case.objects.get(pk=case.pk).next_step_at is None
    assert sweep_ladder(at=NOW + timedelta(days=400)) == 0


def test_the_clock_set_back_changes_nothing(case: Case) -> None:
    sweep(at=day(1))
    before = CaseEvent.objects.count()
    sweep(at=day(1) - timedelta(hours=1))
    sweep(at=day(1))
    assert CaseEvent.objects.count() == before


def test_a_letter_that_nobody_signs_for_is_told_one_level_up_once(case: Case, cast: Cast) -> None:
    for number in (5, 8, 9, 10):
        sweep(at=day(number))
    (unsigned,) = Escalation.objects.filter(kind="unsigned")
    assert unsigned.event.words == "QH督函〔2026〕1号"
    assert unsigned.due_on == add_working_days(DUE, 9)
    # The letter went to the town, so the county hears that it wasn't signed for.
    assert [unit for unit, _roles in unsigned.to] == [cast.county.pk]


def test_a_case_that_climbs_in_the_same_sweep_is_not_told_of_its_letter_as_well(case: Case, cast: Cast) -> None:
    sweep(at=day(1))
    sweep(at=day(5))
    assert "unsigned" in set(Escalation.objects.values_list("kind", flat=True))
    assert Escalation.objects.get(kind="unsigned").event is None
    assert CaseEvent.objects.filter(case=case, at=day(5)).count() == 1


def test_a_signed_letter_is_not_chased(case: Case, cast: Cast) -> None:
    sweep(at=day(1))
    letter = Letter.objects.get()
    steps.take(sign_letter, case=case, letter=letter, name="柳大山", by=cast.willow_head, at=day(2))
    sweep(at=day(4))
    assert not Escalation.objects.filter(kind="unsigned").exists()


def test_a_post_that_nobody_holds_is_told_one_level_up(case: Case, cast: Cast) -> None:
    Caretaker.objects.create(unit=cast.willow, office=cast.town, valid_from=NOW.date(), at=NOW)
    Term.objects.filter(post__unit=cast.willow).update(valid_until=NOW.date())
    sweep(at=NOW + timedelta(days=1))
    sweep(at=NOW + timedelta(days=2))
    vacancy = Escalation.objects.get(kind="vacancy")
    assert [unit for unit, _roles in vacancy.to] == [cast.town.pk]


def test_three_red_cases_in_a_row_start_the_next_one_higher(cast: Cast) -> None:
    for _ in range(3):
        assigned(cast, screened(cast, reported(cast)), due_on=DUE)
    sweep(at=day(5))
    fourth = assigned(cast, screened(cast, reported(cast)), due_on=add_working_days(DUE, 20))
    assert fourth.ladder_raised == 1
    assert assigned(cast, screened(cast, reported(cast, village=cast.poplar))).ladder_raised == 0


def test_a_second_relapse_proposes_a_referral_and_a_person_decides(cast: Cast) -> None:
    first = case_at(Stage.CLOSED, cast)
    second = assigned(cast, relapsed(cast, first))
    assert not second.ladder_refers
    Case.objects.filter(pk=second.pk).update(stage=Stage.CLOSED, waits_at=None, closed_on=NOW.date())
    second.refresh_from_db()
    third = assigned(cast, relapsed(cast, second))
    assert third.ladder_refers
    sweep(at=NOW + timedelta(hours=1))
    assert Escalation.objects.get(case=third).kind == "referral"
    assert Case.objects.get(pk=third.pk).stage == Stage.PLANNING
    steps.take(decline_referral, case=third, by=cast.city_supervisor, at=NOW, reason="情节轻微")
    assert Escalation.objects.get(case=third).declined.reason == "情节轻微"


def test_an_interview_is_a_record(case: Case, cast: Cast) -> None:
    sweep(at=day(15))
    steps.take(
        record_interview,
        case=case,
        by=cast.county_supervisor,
        at=day(16),
        held_on=day(16).date(),
        people="柳河镇镇长、上柳村监委会主任",
        result="承诺两周内完成",
    )
    assert case.interviews.get().escalation.kind == "interview"
    assert case.events.filter(kind=EventKind.INTERVIEWED).exists()


def test_a_small_batch_takes_every_case(cast: Cast) -> None:
    for _ in range(7):
        assigned(cast, screened(cast, reported(cast)), due_on=DUE)
    assert sweep_ladder(at=day(1), batch=3) == 7
    assert Escalation.objects.filter(kind="notice").count() == 7
    assert sorted(Letter.objects.values_list("number", flat=True)) == [f"QH督单〔2026〕{n}号" for n in range(1, 8)]


def test_a_closed_case_keeps_its_letters(cast: Cast) -> None:
    case = case_at(Stage.STRIKE_OFF, cast)
    sweep(at=midnight(add_working_days(case.due_on, 1)))
    closed(cast, Case.objects.get(pk=case.pk))
    assert Letter.objects.filter(case=case).exists()


@pytest.mark.parametrize(
    ("addressee", "issuer"),
    [("willow", "county"), ("town", "county"), ("department", "county"), ("county", "city"), ("city", None)],
)
def test_an_office_writes_to_those_below_it_and_never_to_itself(
    case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch, addressee: str, issuer: str | None
) -> None:
    to = getattr(cast, addressee)
    monkeypatch.setattr(escalation, "seats_of", lambda *_, **__: ([Seat(to.pk, ("city_supervisor",))], []))
    sweep(at=day(1))
    assert Escalation.objects.get(kind="notice").event is not None
    written = [(letter.issuer, letter.addressee) for letter in Letter.objects.all()]
    assert written == ([(getattr(cast, issuer), to)] if issuer else [])


def test_a_second_silence_is_told_too(case: Case, cast: Cast) -> None:
    sweep(at=NOW + timedelta(days=15))
    entered = NOW + timedelta(days=15, hours=1)
    steps.take(submit_plan, case=case, by=cast.willow_head, at=entered, measures=drafts_from(entered))
    sweep(at=NOW + timedelta(days=50))
    assert Escalation.objects.filter(kind="stall").count() == 2
