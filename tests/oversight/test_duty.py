"""Duty rules, minutes, rosters, and the gaps that the rule of those days finds."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from casework.errors import Conflict, NotAllowed, Refusal
from casework.models import Person, Unit
from casework.stages import Role
from oversight.duty.gaps import Gap, duty_gaps, with_verdicts
from oversight.duty.minutes import Held, correct_minutes, enter_minutes, withdraw_minutes
from oversight.duty.records import DutyRule, GapKind, GapVerdict, Minutes, MinutesKind, Roster
from oversight.duty.rosters import duty_days, proposal, propose_turns, save_roster
from oversight.duty.rules import Asked, Rules, set_rule
from oversight.duty.verdicts import dismiss_gap, open_gap
from oversight.mechanisms.queries import Span
from tests.cast import Cast
from tests.factories import holder
from tests.walk import NOW, TODAY, reported

FEBRUARY = Span(date(2026, 2, 1), date(2026, 2, 28))
MONDAY = date(2026, 2, 9)
MARCH_5 = date(2026, 3, 5)


def rule(cast: Cast, valid_from: date | None = date(2026, 1, 1), every: str = "week", **changed: Any) -> DutyRule:
    asked = Asked(valid_from, every, changed.pop("meets", True), changed.pop("absences", True))
    return set_rule(
        county=changed.pop("county", cast.county), asked=asked, **{"by": cast.county_supervisor, "at": NOW, **changed}
    )


def enter(cast: Cast, day: date, kind: str = "duty", present: list[Person] | None = None, **words: Any) -> Minutes:
    people = [cast.willow_head, cast.willow_member] if present is None else present
    by = words.pop("by", cast.willow_head)
    held = Held(MinutesKind(kind), day, [one.pk for one in people], **{"words": "走访两户", **words})
    return enter_minutes(village=words.pop("village", cast.willow), held=held, by=by, at=NOW)


def gaps(unit: Unit, span: Span = FEBRUARY, on: date = MARCH_5) -> list[Gap]:
    return duty_gaps(Unit.objects.filter(unit.subtree(), level="village"), span, on=on)


def days(unit: Unit, kind: GapKind, on: date = MARCH_5) -> list[date]:
    return [gap.first_day for gap in gaps(unit, on=on) if gap.kind == kind]


def code_of(verb: Any, *args: Any, **given: Any) -> str:
    with pytest.raises(Refusal) as refused:
        verb(*args, **given)
    return refused.value.code


class TestRules:
    def test_the_rule_of_that_day_decides_also_in_hindsight(self, cast: Cast) -> None:
        rule(cast, date(2026, 1, 1), "month")
        rule(cast, date(2026, 2, 1), "week")
        rules = Rules([cast.county.pk])
        asked = [rules.on(cast.county.pk, day) for day in (date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 1))]
        assert [one and one.duty_every for one in asked] == [None, "month", "week"]

    def test_one_entered_later_for_the_same_day_takes_its_place(self, cast: Cast) -> None:
        rule(cast, every="week")
        rule(cast, every="never")
        held = Rules([cast.county.pk]).on(cast.county.pk, TODAY)
        assert held is not None and held.duty_every == "never"

    def test_without_a_day_it_is_refused(self, cast: Cast) -> None:
        assert code_of(rule, cast, None) == "no_day"
        assert code_of(rule, cast, date(2010, 1, 1)) == "day_too_early"
        assert code_of(rule, cast, every="x") == "duty_unknown"
        assert code_of(rule, cast, county=cast.other_county) == "not_your_rule"
        assert rule(cast, county=cast.other_county, by=cast.city_supervisor).county == cast.other_county


class TestGaps:
    def test_a_week_without_a_duty_day_is_one_and_an_entry_closes_it(self, cast: Cast) -> None:
        rule(cast)
        assert days(cast.willow, GapKind.NO_DUTY) == [MONDAY + timedelta(days=7 * week) for week in (-1, 0, 1, 2)]
        entry = enter(cast, MONDAY + timedelta(days=6))
        assert MONDAY not in days(cast.willow, GapKind.NO_DUTY)
        assert MONDAY in days(cast.poplar, GapKind.NO_DUTY)
        withdraw_minutes(minutes=entry, reason="记错村", by=cast.willow_head, at=NOW)
        assert MONDAY in days(cast.willow, GapKind.NO_DUTY)

    def test_it_is_looked_at_when_paper_had_its_time(self, cast: Cast) -> None:
        rule(cast)
        over = MONDAY + timedelta(days=9)
        assert MONDAY not in days(cast.willow, GapKind.NO_DUTY, on=over)
        assert MONDAY in days(cast.willow, GapKind.NO_DUTY, on=over + timedelta(days=1))

    def test_a_month_without_minutes(self, cast: Cast) -> None:
        rule(cast, every="never")
        assert [one.kind for one in gaps(cast.willow)] == [GapKind.NO_MEETING]
        enter(cast, date(2026, 2, 28), "meeting")
        assert gaps(cast.willow) == []

    def test_nothing_is_asked_where_the_rule_began_or_ended_in_the_middle(self, cast: Cast) -> None:
        rule(cast, MONDAY + timedelta(days=1))
        rule(cast, MONDAY + timedelta(days=20), "month")
        assert days(cast.willow, GapKind.NO_DUTY) == [MONDAY + timedelta(days=7)]
        assert gaps(cast.reed) == []

    def test_an_absence_at_a_major_matter_is_named(self, cast: Cast) -> None:
        enter(cast, MONDAY, "major_matter", [cast.willow_head], subject="鱼塘承包")
        assert gaps(cast.willow) == []
        rule(cast, every="never", meets=False)
        (gap,) = gaps(cast.willow)
        assert (gap.kind, gap.person, gap.matter) == (GapKind.ABSENT, cast.willow_member, "鱼塘承包")
        rule(cast, MONDAY, every="never", meets=False, absences=False)
        assert gaps(cast.willow) == []

    def test_the_number_of_queries_stays(self, cast: Cast, django_assert_num_queries: Any) -> None:
        rule(cast)
        for person in (cast.willow_head, cast.willow_member):
            enter(cast, MONDAY, "major_matter", [person], subject=person.name)
            with django_assert_num_queries(6):
                gaps(cast.county)


class TestVerdicts:
    def test_it_becomes_a_case_once(self, cast: Cast) -> None:
        rule(cast)
        gap, case = gaps(cast.willow)[0], reported(cast)
        open_gap(gap=gap, case=case, by=cast.town_reviewer, at=NOW)
        found = with_verdicts(gaps(cast.willow))[0].verdict
        assert found is not None and found.case == case
        assert code_of(dismiss_gap, gap=gap, reason="x", by=cast.county_supervisor, at=NOW) == "decided_already"

    def test_who_may_dismiss_it_and_never_without_a_reason(self, cast: Cast) -> None:
        rule(cast)
        gap = gaps(cast.willow)[0]
        for person in (cast.willow_head, cast.outsider_county, cast.inspector):
            assert code_of(dismiss_gap, gap=gap, reason="x", by=person, at=NOW) == "not_your_gap"
        assert code_of(dismiss_gap, gap=gap, reason=" ", by=cast.town_reviewer, at=NOW) == "words_missing"
        assert dismiss_gap(gap=gap, reason="防汛停休", by=cast.town_reviewer, at=NOW).case is None

    def test_nobody_dismisses_what_they_entered(self, cast: Cast) -> None:
        rule(cast, every="never", meets=False)
        enter(cast, MONDAY, "major_matter", [cast.willow_head], subject="鱼塘承包", by=cast.town_reviewer)
        gap = gaps(cast.willow)[0]
        assert code_of(dismiss_gap, gap=gap, reason="x", by=cast.town_reviewer, at=NOW) == "own_entry"
        dismiss_gap(gap=gap, reason="住院", by=cast.county_supervisor, at=NOW)


class TestMinutes:
    def test_the_village_enters_and_the_town_from_its_paper(self, cast: Cast) -> None:
        assert not enter(cast, MONDAY).from_paper
        assert enter(cast, MONDAY, "meeting", by=cast.town_reviewer).from_paper
        for person in (cast.poplar_head, cast.outsider_town, cast.county_supervisor):
            assert code_of(enter, cast, TODAY, by=person) == "not_your_village"

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"day": TODAY + timedelta(1)}, "day_ahead"),
            ({"words": " "}, "nothing_shown"),
            ({"kind": "major_matter"}, "subject_missing"),
            ({"words": "长" * 4001}, "too_long"),
            ({"present": []}, "nobody_there"),
        ],
    )
    def test_what_is_refused(self, changed: dict[str, Any], code: str, cast: Cast) -> None:
        assert code_of(enter, cast, **{"day": TODAY, **changed}) == code
        assert not Minutes.objects.exists()

    def test_an_unknown_person_and_the_same_twice(self, cast: Cast) -> None:
        assert code_of(enter, cast, TODAY, present=[cast.poplar_head]) == "unknown_person"
        assert code_of(enter, cast, TODAY, present=[cast.willow_head] * 2) == "twice"

    def test_the_same_day_is_entered_once_and_corrected(self, cast: Cast) -> None:
        entry = enter(cast, MONDAY)
        with pytest.raises(Conflict):
            enter(cast, MONDAY, words="又一次")
        held = Held(MinutesKind.DUTY, MONDAY, [cast.willow_member.pk], words="只有一人")
        by = {"by": cast.willow_head, "at": NOW}
        later = correct_minutes(minutes=entry, held=held, reason="人写错", **by)
        assert [one.person for one in later.attendances.filter(was_present=True)] == [cast.willow_member]
        assert code_of(correct_minutes, minutes=entry, held=held, reason="x", **by) == "corrected_already"

    def test_the_database_keeps_it(self, cast: Cast) -> None:
        entry = enter(cast, MONDAY)
        for change in (
            lambda: Minutes.objects.filter(pk=entry.pk).update(words="x"),
            lambda: entry.attendances.all()._raw_delete("default"),
            lambda: GapVerdict.objects.create(
                village=cast.willow, kind="no_duty", first_day=TODAY, last_day=TODAY, by=cast.willow_head, at=NOW
            ),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


class TestRosters:
    def test_turns_go_round_behind_whoever_was_last(self, cast: Cast) -> None:
        month = date(2026, 3, 1)
        assert duty_days(month, "week") == [date(2026, 3, day) for day in (2, 9, 16, 23, 30)]
        assert duty_days(month, "month") == [date(2026, 3, 10)]
        assert duty_days(month, "never") == []
        assert [one for _day, one in propose_turns([1, 2, 3], duty_days(month, "week"), after=2)] == [3, 1, 2, 3, 1]
        save_roster(
            village=cast.willow,
            month=date(2026, 2, 1),
            turns=[(MONDAY, cast.willow_head.pk)],
            by=cast.willow_head,
            at=NOW,
        )
        assert proposal(cast.willow, month, "week")[0] == (date(2026, 3, 2), cast.willow_member.pk)

    def test_a_new_member_is_in_it_and_who_left_is_not(self, cast: Cast) -> None:
        third = holder(Role.COMMITTEE_MEMBER, cast.willow, "third")
        assert third.pk in {person for _day, person in proposal(cast.willow, date(2026, 3, 1), "week")}

    @pytest.mark.parametrize(
        ("turns", "code"),
        [
            ([], "no_turns"),
            ([(MONDAY, "willow_head"), (MONDAY, "willow_member")], "day_twice"),
            ([(TODAY, "willow_head")], "other_month"),
            ([(MONDAY, "poplar_head")], "unknown_person"),
        ],
    )
    def test_what_is_refused(self, turns: list[tuple[date, str]], code: str, cast: Cast) -> None:
        meant = [(day, getattr(cast, name).pk) for day, name in turns]
        given = {"village": cast.willow, "month": FEBRUARY.first, "turns": meant, "at": NOW}
        assert code_of(save_roster, **given, by=cast.willow_head) == code
        with pytest.raises(NotAllowed):
            save_roster(**given, by=cast.poplar_head)
        assert not Roster.objects.exists()
