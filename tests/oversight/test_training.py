"""Training: who was there, however it is entered, and how many of today's holders are covered."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from casework.errors import Conflict, Invalid, NotAllowed, Refusal
from casework.models import Person, Term, Unit
from casework.stages import Role
from casework.tables.parsing import read_table
from oversight.models import Attendance, PublicityMaterial, TrainingSession
from oversight.training.attending import attend_by_code, take_back_attendance, tick_attendance
from oversight.training.holding import Planned, call_off, change_session, hold_session, keep_material
from oversight.training.importing import ATTENDANCE_COLUMNS, import_attendance
from oversight.training.queries import Coverage, HalfYear, Required, coverage, missing
from tests.cast import Cast
from tests.factories import holder
from tests.walk import NOW, TODAY

HALF = HalfYear(2026, 1)
HEADS, MEMBERS = "committee_head", "committee_member"


def planned(**changed: Any) -> Planned:
    hour = timedelta(hours=1)
    values = {"topic": "四议两公开", "roles": [HEADS, MEMBERS], "hours": 2, "place": "党校"}
    return Planned(**{**values, "begins_at": NOW - hour, "ends_at": NOW + hour, **changed})


def held(cast: Cast, **changed: Any) -> TrainingSession:
    return hold_session(unit=cast.county, planned=planned(**changed), by=cast.county_supervisor, at=NOW)


def tick(cast: Cast, session: TrainingSession, *people: Person, **changed: Any) -> list[Attendance]:
    given = {"by": cast.county_supervisor, "at": NOW, **changed}
    return tick_attendance(session=session, people=[one.pk for one in people], **given)


def covered(unit: Unit, half: HalfYear = HALF, on: date = TODAY) -> dict[Required, Coverage]:
    villages = Unit.objects.filter(unit.subtree(), level="village")
    return {one.required: one for one in coverage(villages, half, on=on)}


def code_of(verb: Any, **given: Any) -> str:
    with pytest.raises(Refusal) as refused:
        verb(**given)
    return refused.value.code


class TestCoverage:
    def test_one_person_missing_is_never_the_whole(self, cast: Cast) -> None:
        assert Coverage(Required.HEADS, 332, 333).percent == 99
        assert Coverage(Required.HEADS, 333, 333).percent == 100
        session = held(cast)
        tick(cast, session, cast.willow_head)
        found = covered(cast.town)[Required.HEADS]
        assert (found.trained, found.of, found.percent, found.missing) == (1, 2, 50, 1)

    def test_who_holds_the_post_today_counts_and_a_new_holder_is_missing_at_once(self, cast: Cast) -> None:
        tick(cast, held(cast), cast.willow_head, cast.poplar_head)
        assert covered(cast.town)[Required.HEADS].percent == 100
        Term.objects.filter(person=cast.poplar_head).update(valid_until=TODAY - timedelta(days=1))
        new = holder(Role.COMMITTEE_HEAD, cast.poplar, "new_head")
        found = covered(cast.town)[Required.HEADS]
        assert (found.trained, found.of) == (1, 2)
        villages = Unit.objects.filter(cast.town.subtree(), level="village")
        assert [(one.person, one.post.unit) for one in missing(villages, Required.HEADS, HALF, on=TODAY)] == [
            (new, cast.poplar)
        ]

    def test_heads_every_half_year_and_members_every_year(self, cast: Cast) -> None:
        tick(cast, held(cast), cast.willow_head, cast.willow_member)
        later, on = HalfYear(2026, 2), date(2026, 8, 1)
        found = covered(cast.willow, later, on)
        assert found[Required.HEADS].percent == 0
        assert found[Required.MEMBERS].percent == 100
        assert covered(cast.willow, HalfYear(2027, 1), date(2027, 1, 1))[Required.MEMBERS].percent == 0

    def test_a_session_counts_for_the_posts_that_it_is_for(self, cast: Cast) -> None:
        tick(cast, held(cast, roles=[MEMBERS]), cast.willow_head, cast.willow_member)
        assert covered(cast.willow)[Required.HEADS].percent == 0
        secretary = holder(Role.VILLAGE_SECRETARY, cast.willow, "secretary")
        assert covered(cast.willow)[Required.SECRETARIES].percent == 0
        tick(cast, held(cast, roles=["village_secretary"]), secretary)
        assert covered(cast.willow)[Required.SECRETARIES].percent == 100

    def test_called_off_taken_back_and_publicity_count_as_nothing(self, cast: Cast) -> None:
        by = {"by": cast.county_supervisor, "at": NOW}
        session, other = held(cast), held(cast)
        there = tick(cast, session, cast.willow_head)[0]
        tick(cast, other, cast.willow_head)
        call_off(session=other, reason="停办", **by)
        assert covered(cast.willow)[Required.HEADS].percent == 100
        take_back_attendance(attendance=there, reason="代签", **by)
        keep_material(unit=cast.county, title="明白纸", day=TODAY, copies=800, **by)
        assert covered(cast.willow)[Required.HEADS].percent == 0
        assert PublicityMaterial.objects.get().copies == 800

    def test_the_number_of_queries_stays(self, cast: Cast, django_assert_num_queries: Any) -> None:
        for people in ([cast.willow_head], [cast.poplar_head, cast.willow_member]):
            tick(cast, held(cast), *people)
            with django_assert_num_queries(8):
                covered(cast.county)


class TestList:
    def test_ticked_people_are_entered_once(self, cast: Cast) -> None:
        session = held(cast)
        tick(cast, session, cast.willow_head)
        assert [one.person for one in tick(cast, session, cast.willow_head, cast.poplar_head)] == [cast.poplar_head]
        assert Attendance.objects.get(person=cast.willow_head).unit == cast.willow

    def test_what_is_refused(self, cast: Cast) -> None:
        session, to_come = held(cast), held(cast, begins_at=NOW + timedelta(days=1), ends_at=NOW + timedelta(days=1.1))
        ticks = {"session": session, "by": cast.county_supervisor, "at": NOW}
        assert code_of(tick_attendance, **ticks, people=[cast.outsider_head.pk]) == "unknown_person"
        assert code_of(tick_attendance, **ticks, people=[cast.willow_head.pk] * 2) == "twice"
        assert code_of(tick_attendance, **{**ticks, "session": to_come}, people=[cast.willow_head.pk]) == "day_ahead"
        assert code_of(tick_attendance, **{**ticks, "by": cast.willow_head}, people=[]) == "not_your_training"
        assert not Attendance.objects.exists()


class TestImport:
    def import_rows(self, cast: Cast, session: TrainingSession, rows: list[str]) -> Any:
        table = read_table("\n".join(["姓名,村", *rows]).encode(), ATTENDANCE_COLUMNS)
        return import_attendance(table, session=session, by=cast.county_supervisor, at=NOW)

    def test_sixty_names_are_sixty_attendances(self, cast: Cast, django_assert_max_num_queries: Any) -> None:
        for number in range(60):
            holder(Role.COMMITTEE_MEMBER, cast.elm, f"成员{number}")
        session = held(cast)
        with django_assert_max_num_queries(12):
            outcome = self.import_rows(cast, session, [f"成员{number},榆钱村" for number in range(60)])
        assert (outcome.added, outcome.refused) == (60, [])
        assert Attendance.objects.filter(session=session, unit=cast.elm, how="import").count() == 60

    def test_unknown_people_and_the_second_time_are_named_with_their_row_and_the_rest_is_kept(self, cast: Cast) -> None:
        for village in (cast.willow, cast.elm):
            holder(Role.COMMITTEE_MEMBER, village, f"同名{village.pk}").__class__.objects.filter(
                username=f"同名{village.pk}"
            ).update(name="李同名")
        rows = ["willow_head,", "路人甲,上柳村", "willow_head,上柳村", "李同名,", "李同名,榆钱村", "poplar_head,上柳村"]
        outcome = self.import_rows(cast, held(cast), rows)
        assert outcome.added == 2
        reasons = {row.number: reason for row, reason in outcome.refused}
        assert set(reasons) == {3, 4, 5, 7}
        assert "路人甲" in reasons[3] and "2" in reasons[4] and "榆钱村" in reasons[5] and "杨树村" in reasons[7]
        assert self.import_rows(cast, TrainingSession.objects.get(), ["willow_head,"]).unchanged == 1


class TestCode:
    def test_whoever_is_signed_in_enters_themselves_while_it_runs(self, cast: Cast) -> None:
        session = held(cast)
        assert attend_by_code(session=session, by=cast.willow_head, at=session.ends_at).how == "code"
        assert code_of(attend_by_code, session=session, by=cast.willow_head, at=NOW) == "there_already"
        assert code_of(attend_by_code, session=session, by=cast.outsider_head, at=NOW) == "not_for_you"

    @pytest.mark.parametrize(
        ("moved", "code"), [(timedelta(hours=1, seconds=1), "code_over"), (-timedelta(minutes=91), "code_early")]
    )
    def test_before_and_after_it_holds_for_nobody(self, moved: timedelta, code: str, cast: Cast) -> None:
        assert code_of(attend_by_code, session=held(cast), by=cast.willow_head, at=NOW + moved) == code

    def test_codes_differ_and_are_read_without_doubt(self, cast: Cast) -> None:
        codes = {held(cast).code for _ in range(5)}
        assert len(codes) == 5 and not set("01IO") & set("".join(codes))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"topic": " "}, "topic_missing"),
        ({"place": ""}, "place_missing"),
        ({"roles": []}, "for_nobody"),
        ({"roles": ["inspector"]}, "for_nobody"),
        ({"hours": 0}, "hours_odd"),
        ({"hours": float("nan")}, "hours_odd"),
        ({"ends_at": NOW - timedelta(hours=2)}, "ends_before"),
        ({"ends_at": NOW + timedelta(days=1)}, "ends_before"),
    ],
)
def test_a_session_that_can_not_be_is_refused(changed: dict[str, Any], code: str, cast: Cast) -> None:
    given = {"unit": cast.county, "planned": planned(**changed), "by": cast.county_supervisor, "at": NOW}
    assert code_of(hold_session, **given) == code
    assert not TrainingSession.objects.exists()


def test_once_somebody_was_there_its_day_and_posts_stay(cast: Cast) -> None:
    session, by = held(cast), {"by": cast.county_supervisor, "at": NOW}
    tick(cast, session, cast.willow_head)
    assert change_session(session=session, planned=planned(place="镇政府"), **by).place == "镇政府"
    with pytest.raises(Conflict):
        change_session(session=session, planned=planned(roles=[MEMBERS]), **by)
    with pytest.raises(NotAllowed):
        change_session(session=session, planned=planned(), by=cast.town_reviewer, at=NOW)
    with pytest.raises(Invalid):
        call_off(session=session, reason=" ", **by)


def test_the_database_keeps_who_was_there(cast: Cast) -> None:
    there = tick(cast, held(cast), cast.willow_head)[0]
    for change in (
        lambda: Attendance.objects.filter(pk=there.pk).update(person=cast.poplar_head),
        lambda: Attendance.objects.filter(pk=there.pk)._raw_delete("default"),
        lambda: TrainingSession.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
