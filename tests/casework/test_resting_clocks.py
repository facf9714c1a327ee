"""In every clock one bad row rests by itself, and the others go on."""

from datetime import date, timedelta

import pytest

from casework.clocks.resting import FIRST_REST
from casework.escalation import chasing
from casework.escalation.sweeping import sweep
from casework.jobs import ledger_rows
from casework.ladder import versions
from casework.lifecycle import rescheduling
from casework.models import (
    Caretaker,
    Case,
    CaseTraits,
    EscalationPolicy,
    Letter,
    LookBack,
    PhotoPrint,
    RelapseCandidate,
    RestingRow,
    ReverseDraw,
    Term,
)
from casework.models.resting_row import ClockName
from casework.offices.working_calendar import Day, set_year
from casework.proofs import checks
from casework.queries import visible
from casework.relapse import candidates, traits
from casework.stages import Stage
from casework.watch import consolidation, look_back_clock, reverse_checks
from casework.working_time.deadlines import midnight
from oversight import tallies
from oversight.models import Tally
from tests.casework.poison import LATE, late_cases, poison, resting
from tests.casework.test_working_calendar import long_case
from tests.cast import Cast
from tests.walk import NOW, TODAY, case_at, closed, reported


@pytest.fixture
def three(cast: Cast) -> list[Case]:
    return late_cases(cast)


def test_a_letter_that_can_not_be_chased(three: list[Case], monkeypatch: pytest.MonkeyPatch) -> None:
    sweep(at=LATE)
    bad, *good = Letter.objects.order_by("pk")
    mend = poison(monkeypatch, chasing, "Asked", lambda case, kind, code, *_: code == f"unsigned-{bad.pk}")
    at = max(Letter.objects.values_list("chase_at", flat=True))
    assert chasing.chase_letters(at=at) == 2
    assert resting() == [(ClockName.LETTERS, bad.pk)]
    assert set(Letter.objects.filter(chase_at=None)) == set(good)
    mend()
    assert chasing.chase_letters(at=at + FIRST_REST) == 1
    assert resting() == []


def test_a_vacant_case_that_can_not_be_told(three: list[Case], cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    Caretaker.objects.create(unit=cast.willow, office=cast.town, valid_from=NOW.date(), at=NOW)
    Term.objects.filter(post__unit=cast.willow).update(valid_until=NOW.date())
    mend = poison(monkeypatch, chasing, "Asked", lambda case, *_: case.pk == three[2].pk)
    assert chasing.find_vacancies(at=NOW + timedelta(days=1)) == 2
    assert resting() == [(ClockName.VACANCIES, three[2].pk)]
    mend()
    assert chasing.find_vacancies(at=NOW + timedelta(days=2)) == 1
    assert resting() == []


def test_a_strike_off_that_can_not_be_watched(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [case_at(Stage.CLOSED, cast) for _ in range(3)]
    mend = poison(monkeypatch, consolidation, "_planned_for", lambda one, *_, **__: one.case_id == cases[1].pk)
    assert consolidation.watch_closures(at=NOW) == 2
    assert set(LookBack.objects.values_list("case", flat=True)) == {cases[0].pk, cases[2].pk}
    assert [clock for clock, _row in resting()] == [ClockName.STRIKE_OFFS]
    assert RestingRow.objects.get().case == cases[1]
    mend()
    assert consolidation.watch_closures(at=NOW + FIRST_REST) == 1
    assert resting() == []


def test_a_look_back_that_can_not_be_opened(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [case_at(Stage.CLOSED, cast) for _ in range(3)]
    consolidation.watch_closures(at=NOW)
    firsts = [case.look_backs.order_by("opens_on")[0] for case in cases]
    at = midnight(firsts[0].opens_on) + timedelta(hours=6)
    mend = poison(monkeypatch, look_back_clock, "_open", lambda row, batch: row.pk == firsts[0].pk)
    sweep(at=at)
    assert set(LookBack.objects.filter(state="open")) == set(firsts[1:])
    assert resting() == [(ClockName.LOOK_BACKS, firsts[0].pk)]
    mend()
    sweep(at=at + FIRST_REST)
    assert set(LookBack.objects.filter(state="open")) == set(firsts)
    assert resting() == []


def test_a_case_whose_words_can_not_be_read(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [reported(cast) for _ in range(3)]
    CaseTraits.objects.all().delete()
    Case.objects.filter(pk=cases[0].pk).update(description="毒")
    mend = poison(monkeypatch, traits, "read", lambda description, **_: description == "毒")
    assert traits.note_missing_traits(at=NOW) == 2
    assert resting() == [(ClockName.TRAITS, cases[0].pk)]
    mend()
    # The clock has gone past it meanwhile.
    monkeypatch.setattr(traits, "OVERLAP", 0)
    assert traits.note_missing_traits(at=NOW + FIRST_REST) == 1
    assert (resting(), CaseTraits.objects.count()) == ([], 3)


def test_a_case_that_can_not_be_matched(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [reported(cast).pk for _ in range(3)]
    CaseTraits.objects.update(matched_at=None)
    mend = poison(monkeypatch, candidates, "matches_of", lambda pks: cases[1] in pks)
    candidates.look_for_unmatched(at=NOW)
    assert list(CaseTraits.objects.filter(matched_at=None).values_list("case", flat=True)) == [cases[1]]
    assert resting() == [(ClockName.CANDIDATES, cases[1])]
    mend()
    candidates.look_for_unmatched(at=NOW + FIRST_REST)
    assert not CaseTraits.objects.filter(matched_at=None).exists()
    assert resting() == []
    assert RelapseCandidate.objects.count() == 0


def test_a_photo_that_can_not_be_looked_at(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    case_at(Stage.FIRST_REVIEW, cast)
    case_at(Stage.FIRST_REVIEW, cast)
    first = Case.objects.order_by("pk")[0].evidence.order_by("pk")[0]
    mend = poison(monkeypatch, checks, "_looked_at", lambda evidence: evidence.pk == first.pk)
    checks.check_proofs(at=NOW)
    assert not PhotoPrint.objects.filter(evidence=first).exists()
    assert PhotoPrint.objects.count() > 1
    assert resting() == [(ClockName.PHOTOS, first.pk)]
    mend()
    monkeypatch.setattr(checks, "OVERLAP", 0)
    checks.check_proofs(at=NOW + FIRST_REST)
    assert PhotoPrint.objects.filter(evidence=first).exists()
    assert resting() == []


def test_a_city_whose_reverse_checks_can_not_be_drawn(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    case_at(Stage.CLOSED, cast)
    other = closed(cast, case_at(Stage.STRIKE_OFF, cast))
    Case.objects.filter(pk=other.pk).update(city=cast.other_county)
    mend = poison(monkeypatch, reverse_checks, "strata_of", lambda city, month: city == cast.city.pk)
    at = midnight(date(2026, 4, 7))
    assert reverse_checks.draw_reverse_checks(at=at) == 1
    assert resting() == [(ClockName.REVERSE_CHECKS, reverse_checks.Due(cast.city.pk, date(2026, 3, 1)).key)]
    assert ReverseDraw.objects.count() == 1
    mend()
    assert reverse_checks.draw_reverse_checks(at=at + FIRST_REST) == 1
    assert resting() == []


@pytest.mark.parametrize("day", [date(2026, 5, 2), date(2026, 5, 6), date(2026, 8, 1)])
def test_a_draw_that_failed_all_month_is_held_later_for_its_own_month(
    day: date, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_at(Stage.CLOSED, cast)
    mend = poison(monkeypatch, reverse_checks, "strata_of", lambda city, month: True)
    at = midnight(date(2026, 4, 28))
    assert reverse_checks.draw_reverse_checks(at=at) == 0
    assert reverse_checks.draw_reverse_checks(at=midnight(day)) == 0
    assert len(resting()) == 1
    mend()
    assert reverse_checks.draw_reverse_checks(at=midnight(day) + timedelta(hours=9)) == 1
    assert ReverseDraw.objects.get().month == date(2026, 3, 1)
    assert resting() == []


def test_a_month_in_which_no_clock_ran_is_drawn_from_as_well(cast: Cast) -> None:
    case_at(Stage.CLOSED, cast)
    ReverseDraw.objects.create(city=cast.city, month=date(2026, 2, 1), seed="a", share=0.05, at=NOW)
    assert reverse_checks.draw_reverse_checks(at=midnight(date(2026, 6, 1))) == 1
    assert ReverseDraw.objects.order_by("month").last().month == date(2026, 3, 1)


def test_what_was_struck_off_before_the_first_draw_is_not_drawn_from(cast: Cast) -> None:
    case_at(Stage.CLOSED, cast)
    assert reverse_checks.draw_reverse_checks(at=midnight(date(2026, 6, 7))) == 0
    assert not ReverseDraw.objects.exists()


def test_a_version_of_the_ladder_that_can_not_be_applied(
    three: list[Case], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    EscalationPolicy.objects.update(applied_at=NOW)
    stored = [
        EscalationPolicy.objects.create(city=city, version=90 + n, valid_from=TODAY, at=NOW)
        for n, city in enumerate((cast.city, cast.other_county))
    ]
    mend = poison(monkeypatch, versions, "reschedule_cases", lambda city, **_: city == cast.city)
    versions.apply_policies(at=NOW)
    assert list(EscalationPolicy.objects.filter(applied_at=None)) == stored[:1]
    assert resting() == [(ClockName.LADDERS, stored[0].pk)]
    mend()
    versions.apply_policies(at=NOW + FIRST_REST)
    assert not EscalationPolicy.objects.filter(applied_at=None).exists()
    assert resting() == []


def test_a_deadline_that_can_not_follow_the_calendar(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [long_case(cast) for _ in range(2)]
    first = date(2027, 1, 1)
    year = [Day(d, d.weekday() < 5 and d.month > 1) for d in (first + timedelta(days=n) for n in range(365))]
    set_year(year=2027, days=year, source="国办发明电〔2026〕7号", by=cast.city_supervisor, at=NOW)
    before = {case.pk: case.due_on for case in cases}
    mend = poison(monkeypatch, rescheduling, "set_clock", lambda case, **_: case.pk == cases[0].pk)
    assert rescheduling.recompute_deadlines(at=NOW) == 1
    assert resting() == [(ClockName.DEADLINES, cases[0].pk)]
    assert Case.objects.get(pk=cases[0].pk).due_on == before[cases[0].pk]
    mend()
    assert rescheduling.recompute_deadlines(at=NOW + FIRST_REST) == 1
    assert Case.objects.get(pk=cases[0].pk).due_on != before[cases[0].pk]
    assert resting() == []


def test_a_day_that_can_not_be_counted(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for days in (1, 2, 3):
        reported(cast, found_on=TODAY - timedelta(days=days))
    bad = TODAY - timedelta(days=2)
    mend = poison(monkeypatch, tallies, "_opened", lambda cursor, dimension, days: list(days) and bad in days)
    tallies.refresh(at=NOW)
    by_day = Tally.objects.exclude(dimension="village")
    assert set(by_day.values_list("day", flat=True)) == {TODAY - timedelta(days=1), TODAY - timedelta(days=3)}
    assert (ClockName.FIGURES, bad.toordinal()) in resting()
    mend()
    tallies.refresh(at=NOW + FIRST_REST)
    assert bad in set(by_day.values_list("day", flat=True))
    assert resting() == []


def test_a_case_that_can_not_be_written_into_the_ledger_stands_there_by_its_number(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [reported(cast) for _ in range(3)]
    poison(monkeypatch, ledger_rows, "_row", lambda case, *_beside: case.pk == cases[1].pk)
    rows = list(ledger_rows.ledger_rows(visible(cast.county_supervisor, TODAY), at=NOW))
    assert [row[0] for row in rows] == [case.number for case in cases]
    assert {len(row) for row in rows} == {len(ledger_rows.COLUMNS) - 1}
    assert rows[1][-1] == ledger_rows.UNREADABLE
    assert resting() == [(ClockName.LEDGERS, cases[1].pk)]
