"""A county's log of its mechanism, and which mechanism is one in name only."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from casework.errors import Conflict, Invalid, NotAllowed, Refusal
from casework.models import Person
from casework.talk.attachments import AttachedFile
from casework.values.days_in_words import exact_day
from oversight.mechanisms.corrections import LONGEST
from oversight.mechanisms.meetings import Held, correct_meeting, log_meeting, withdraw_meeting
from oversight.mechanisms.queries import Span, in_name_only, spans_of, standings, two_months_of
from oversight.models import Meeting, MeetingKind, MemberGroup, Membership
from tests.cast import Cast
from tests.oversight.desk import Desk, make_desk, make_period
from tests.oversight.draws import drawn, frozen
from tests.walk import NOW, TODAY

FIRST, LAST = date(2026, 1, 1), date(2026, 2, 28)
DAY = date(2026, 2, 10)
FILE = AttachedFile(name="纪要.pdf", media_type="application/pdf", size=9, sha256="0" * 64, stored_as="00/0")


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


def held(kind: MeetingKind = MeetingKind.CONSULTATION, day: date = DAY, **words: Any) -> Held:
    return Held(kind=kind, held_on=day, **(words or {"minutes": "研究明白墙整改"}))


def log(cast: Cast, kind: MeetingKind, day: date = DAY, **values: Any) -> Meeting:
    return log_meeting(
        unit=values.pop("unit", cast.county),
        held=held(kind, day),
        **{"by": cast.county_supervisor, "at": NOW, **values},
    )


def missing(desk: Desk, first: date = FIRST, last: date = LAST) -> dict[str, tuple[MeetingKind, ...]]:
    return {one.unit.name: one.missing for one in in_name_only(desk.mechanism, first, last)}


def test_what_a_county_did_not_show_is_named(cast: Cast, desk: Desk) -> None:
    for kind in (MeetingKind.CONSULTATION, MeetingKind.SUMMARY):
        log(cast, kind)
    assert missing(desk) == {
        "青禾区": (MeetingKind.INSPECTION, MeetingKind.BULLETIN),
        "云溪县": tuple(MeetingKind),
    }
    for kind in (MeetingKind.INSPECTION, MeetingKind.BULLETIN):
        log(cast, kind)
    assert list(missing(desk)) == ["云溪县"]


@pytest.mark.parametrize("day", [FIRST - timedelta(1), LAST + timedelta(1)])
def test_what_was_a_day_outside_counts_elsewhere(day: date, cast: Cast, desk: Desk) -> None:
    at = NOW + timedelta(days=30)
    log(cast, MeetingKind.SUMMARY, day, at=at)
    assert MeetingKind.SUMMARY in missing(desk)["青禾区"]
    for edge in (FIRST, LAST):
        log(cast, MeetingKind.BULLETIN, edge, at=at)
        assert MeetingKind.BULLETIN not in missing(desk, edge, edge)["青禾区"]


def test_a_spot_check_is_an_inspection_by_itself(cast: Cast, desk: Desk) -> None:
    frozen(cast, at=NOW - timedelta(days=3))
    assert MeetingKind.INSPECTION in missing(desk)["青禾区"]
    drawn(cast, reason="骰子未掷")
    found = missing(desk, TODAY, TODAY)
    assert MeetingKind.INSPECTION not in found["青禾区"]
    assert MeetingKind.INSPECTION in found["云溪县"]
    assert MeetingKind.INSPECTION in missing(desk, TODAY - timedelta(9), TODAY - timedelta(1))["青禾区"]
    assert MeetingKind.INSPECTION in missing(desk, TODAY + timedelta(1), TODAY + timedelta(9))["青禾区"]


class TestMembershipsByDate:
    def join(self, desk: Desk, first: date, last: date | None = None) -> None:
        Membership.objects.filter(pk=desk.county.pk).update(valid_from=first, valid_until=last)

    def test_nothing_is_expected_from_before_a_county_joined_or_after_it_left(self, cast: Cast, desk: Desk) -> None:
        self.join(desk, LAST + timedelta(1))
        assert "青禾区" not in missing(desk)
        self.join(desk, FIRST - timedelta(90), FIRST - timedelta(1))
        assert "青禾区" not in missing(desk)

    def test_in_the_middle_the_days_from_then_on_count(self, cast: Cast, desk: Desk) -> None:
        self.join(desk, DAY)
        log(cast, MeetingKind.SUMMARY, DAY - timedelta(1))
        log(cast, MeetingKind.BULLETIN, DAY)
        found = next(one for one in standings(desk.mechanism, FIRST, LAST) if one.unit == cast.county)
        assert (found.member_on.first, found.member_on.last) == (DAY, LAST)
        assert MeetingKind.SUMMARY in found.missing and MeetingKind.BULLETIN not in found.missing

    def test_departments_have_no_mechanism_of_their_own_and_zones_have(self, cast: Cast, desk: Desk) -> None:
        assert "市农业农村局" not in missing(desk)
        Membership.objects.filter(pk=desk.other_county.pk).update(group=MemberGroup.ZONE)
        assert "云溪县" in missing(desk)


def test_the_number_of_queries_stays(cast: Cast, desk: Desk, django_assert_num_queries: Any) -> None:
    log(cast, MeetingKind.SUMMARY)
    for day in (DAY, LAST):
        with django_assert_num_queries(3):
            in_name_only(desk.mechanism, FIRST, LAST)
        log(cast, MeetingKind.BULLETIN, day)
        drawn(cast, area=cast.other_county, by=cast.city_supervisor, reason="再抽")


class TestRefusals:
    @pytest.mark.parametrize(
        ("code", "field", "words", "day"),
        [
            ("nothing_shown", "minutes", {"minutes": "  ", "present": "甲"}, DAY),
            ("day_ahead", "held_on", {"minutes": "x"}, TODAY + timedelta(1)),
            ("day_too_early", "held_on", {"minutes": "x"}, date(1999, 1, 1)),
            ("too_long", "minutes", {"minutes": "长" * (LONGEST + 1)}, DAY),
            ("too_long", "present", {"minutes": "x", "present": "长" * (LONGEST + 1)}, DAY),
            ("too_many_files", "uploads", {"files": [FILE] * 6}, DAY),
        ],
    )
    def test_a_sentence_beside_its_field(
        self, code: str, field: str, words: dict[str, Any], day: date, cast: Cast, desk: Desk
    ) -> None:
        with pytest.raises(Refusal) as refused:
            log_meeting(unit=cast.county, held=held(day=day, **words), by=cast.county_supervisor, at=NOW)
        assert (refused.value.code, refused.value.field) == (code, field)
        assert not Meeting.objects.exists()

    @pytest.mark.parametrize("words", [{"minutes": "x"}, {"document_number": "青阳〔2026〕1号"}, {"files": [FILE]}])
    def test_one_of_number_words_and_file_is_enough(self, words: dict[str, Any], cast: Cast, desk: Desk) -> None:
        made = log_meeting(unit=cast.county, held=held(day=TODAY, **words), by=desk.county_reporter, at=NOW)
        made.refresh_from_db()
        assert made.files == [one.as_row() for one in words.get("files", [])]

    @pytest.mark.parametrize("who", ["outsider_county", "city_supervisor", "town_reviewer", "willow_head", "inspector"])
    def test_only_the_county_itself(self, who: str, cast: Cast, desk: Desk) -> None:
        with pytest.raises(NotAllowed):
            log(cast, MeetingKind.SUMMARY, by=getattr(cast, who))

    def test_a_department_keeps_no_log(self, cast: Cast, desk: Desk) -> None:
        with pytest.raises(NotAllowed):
            log(cast, MeetingKind.SUMMARY, unit=cast.department, by=desk.department_reporter)

    def test_a_document_number_twice_names_the_first(self, cast: Cast, desk: Desk) -> None:
        words: dict[str, Any] = {"document_number": " 青阳〔2026〕1号 "}
        first = log_meeting(unit=cast.county, held=held(**words), by=cast.county_supervisor, at=NOW)
        with pytest.raises(Invalid) as refused:
            log_meeting(unit=cast.county, held=held(day=TODAY, **words), by=cast.county_supervisor, at=NOW)
        assert (refused.value.code, refused.value.field) == ("number_twice", "document_number")
        assert exact_day(DAY) in str(refused.value)
        correct_meeting(meeting=first, held=held(day=TODAY, **words), reason="日期", by=cast.county_supervisor, at=NOW)
        log_meeting(unit=cast.other_county, held=held(**words), by=cast.outsider_county, at=NOW)

    def test_the_same_entry_twice_is_one(self, cast: Cast, desk: Desk) -> None:
        log(cast, MeetingKind.SUMMARY)
        with pytest.raises(Conflict):
            log(cast, MeetingKind.SUMMARY)
        assert Meeting.objects.count() == 1
        for sha256 in ("1" * 64, "2" * 64):
            words: dict[str, Any] = {"files": [replace(FILE, sha256=sha256)]}
            log_meeting(unit=cast.county, held=held(**words), by=cast.county_supervisor, at=NOW)
        with pytest.raises(Conflict):
            log_meeting(unit=cast.county, held=held(**words), by=cast.county_supervisor, at=NOW)


class TestCorrections:
    def by(self, person: Person) -> dict[str, Any]:
        return {"by": person, "at": NOW + timedelta(hours=1)}

    def test_a_later_entry_takes_the_place_and_both_stay(self, cast: Cast, desk: Desk) -> None:
        first = log(cast, MeetingKind.SUMMARY, FIRST - timedelta(1))
        second = correct_meeting(
            meeting=first, held=held(MeetingKind.SUMMARY), reason="日期写错", **self.by(desk.county_reporter)
        )
        assert (second.replaces, second.reason) == (first, "日期写错")
        assert MeetingKind.SUMMARY not in missing(desk)["青禾区"]
        assert MeetingKind.SUMMARY in missing(desk, FIRST - timedelta(1), FIRST - timedelta(1))["青禾区"]
        assert Meeting.objects.count() == 2

    def test_taken_back_counts_no_more(self, cast: Cast, desk: Desk) -> None:
        first = log(cast, MeetingKind.SUMMARY)
        taken_back = withdraw_meeting(meeting=first, reason="未召开", **self.by(cast.county_supervisor))
        assert MeetingKind.SUMMARY in missing(desk)["青禾区"]
        with pytest.raises(Conflict):
            withdraw_meeting(meeting=taken_back, reason="x", **self.by(cast.county_supervisor))

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_needs_a_reason(self, reason: str, cast: Cast, desk: Desk) -> None:
        first = log(cast, MeetingKind.SUMMARY)
        with pytest.raises(Invalid) as refused:
            withdraw_meeting(meeting=first, reason=reason, **self.by(cast.county_supervisor))
        assert refused.value.field == "reason"

    def test_an_entry_is_corrected_once(self, cast: Cast, desk: Desk) -> None:
        first = log(cast, MeetingKind.SUMMARY)
        correct_meeting(meeting=first, held=held(), reason="一", **self.by(cast.county_supervisor))
        for again in (
            lambda: correct_meeting(meeting=first, held=held(), reason="二", **self.by(cast.county_supervisor)),
            lambda: withdraw_meeting(meeting=first, reason="三", **self.by(cast.county_supervisor)),
        ):
            with pytest.raises(Conflict):
                again()

    def test_another_county_corrects_nothing(self, cast: Cast, desk: Desk) -> None:
        first = log(cast, MeetingKind.SUMMARY)
        with pytest.raises(NotAllowed):
            withdraw_meeting(meeting=first, reason="x", **self.by(cast.outsider_county))

    def test_the_database_keeps_what_was_entered(self, cast: Cast, desk: Desk) -> None:
        first = log(cast, MeetingKind.SUMMARY)
        for change in (lambda: Meeting.objects.filter(pk=first.pk).update(minutes="x"), lambda: first.delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


class TestSpans:
    def test_periods_first_and_two_months_at_a_time_where_there_are_none(self, cast: Cast, desk: Desk) -> None:
        make_period(desk, date(2026, 1, 1), date(2026, 1, 31))
        assert [(one.first, one.last) for one in spans_of(desk.mechanism, TODAY, most=4)] == [
            (date(2026, 3, 1), date(2026, 4, 30)),
            (date(2026, 1, 1), date(2026, 1, 31)),
            (date(2025, 11, 1), date(2025, 12, 31)),
            (date(2025, 9, 1), date(2025, 10, 31)),
        ]

    def test_not_from_before_anybody_was_a_member(self, cast: Cast, desk: Desk) -> None:
        Membership.objects.update(valid_from=date(2025, 12, 5))
        assert [one.first for one in spans_of(desk.mechanism, TODAY)] == [
            date(2026, 3, 1),
            date(2026, 1, 1),
            date(2025, 11, 1),
        ]

    @pytest.mark.parametrize(
        ("day", "first", "last"),
        [
            (date(2026, 12, 31), date(2026, 11, 1), date(2026, 12, 31)),
            (date(2027, 1, 1), date(2027, 1, 1), date(2027, 2, 28)),
            (date(2028, 2, 29), date(2028, 1, 1), date(2028, 2, 29)),
        ],
    )
    def test_two_months_end_with_an_even_one(self, day: date, first: date, last: date) -> None:
        assert two_months_of(day) == Span(first, last)
