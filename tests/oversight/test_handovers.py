"""What an ended term leaves is frozen into one pack; no case loses its owner or its deadline."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from casework.lifecycle.extension import ask_extension
from casework.models import Assignment, Caretaker, Case, OfficeEvent, Person, Term
from casework.models.office_event import OfficeEventKind
from casework.offices.terms import end_term
from casework.stages import Role, Stage
from casework.working_time.deadlines import add_working_days, local_day, midnight
from flows import steps
from oversight.handover.clock import climb, keep_handovers, make_packs
from oversight.handover.records import HandoverPack, LineKind
from tests.cast import Cast
from tests.factories import PersonFactory, appoint
from tests.oversight.handovers import DAY, TOMORROW, elect, handed_over, without_others
from tests.walk import NOW, TODAY, case_at, closed, head_post


def lines(pack: HandoverPack) -> list[tuple[str, str, date | None]]:
    return [(line.kind, line.number, line.due_on) for line in pack.lines.all()]


def test_the_pack_holds_what_was_open_on_the_morning_after(cast: Cast) -> None:
    case = case_at(Stage.PLANNING, cast)
    asked = add_working_days(TODAY, 20)
    steps.take(ask_extension, case=case, by=cast.willow_head, at=NOW, due_on=asked, reason="下雨", progress="已备料")
    watched = closed(cast, case_at(Stage.STRIKE_OFF, cast))
    Case.objects.filter(pk=watched.pk).update(watched_until=date(2026, 8, 1))
    pack = handed_over(cast)
    assert lines(pack) == [
        (LineKind.CASE, case.number, case.due_on),
        (LineKind.EXTENSION, case.number, asked),
        (LineKind.WATCHED, watched.number, date(2026, 8, 1)),
    ]
    assert (pack.outgoing, pack.witness_unit, pack.county) == (cast.willow_head, cast.town, cast.county)
    assert (pack.ended_on, pack.sign_by) == (TODAY, TODAY + 8 * DAY)


def test_no_case_loses_its_owner_or_its_deadline(cast: Cast) -> None:
    cases = [case_at(stage, cast) for stage in (Stage.PLANNING, Stage.RECTIFICATION, Stage.FIRST_REVIEW)]
    before = list(
        Case.objects.order_by("id").values("due_on", "responsible", "waits_at", "ladder_round", "next_step_at")
    )
    owners = list(Assignment.objects.order_by("id").values("post", "due_on", "ended_at"))
    handed_over(cast)
    assert list(Case.objects.order_by("id").values(*before[0])) == before
    assert list(Assignment.objects.order_by("id").values(*owners[0])) == owners
    assert len(cases) == len(before)


def test_each_pack_is_made_once(cast: Cast) -> None:
    handed_over(cast)
    assert make_packs(at=TOMORROW) == 0
    assert make_packs(at=TOMORROW + DAY) == 0
    term = HandoverPack.objects.get().term
    with pytest.raises(DatabaseError), transaction.atomic():
        HandoverPack.objects.bulk_create([HandoverPack(**{**values(HandoverPack.objects.get()), "term": term})])


def values(pack: HandoverPack) -> dict[str, object]:
    names = [field.attname for field in pack._meta.concrete_fields if field.attname not in ("id", "term_id")]
    return {name: getattr(pack, name) for name in names}


def test_nothing_is_handed_over_before_the_last_day_is_over(cast: Cast) -> None:
    elect(cast)
    assert make_packs(at=NOW) == 0


def test_whoever_is_elected_again_hands_nothing_over(cast: Cast) -> None:
    elect(cast)
    again = Term.objects.get(person__username="willow_next")
    Term.objects.filter(pk=again.pk).update(person=cast.willow_head)
    assert make_packs(at=TOMORROW) == 0


def test_a_member_with_nothing_assigned_hands_nothing_over(cast: Cast) -> None:
    Term.objects.filter(person=cast.willow_member).update(valid_until=TODAY)
    assert make_packs(at=TOMORROW) == 0


def test_whoever_holds_a_post_of_the_unit_is_told(cast: Cast) -> None:
    pack = handed_over(cast)
    told = OfficeEvent.objects.get(kind=OfficeEventKind.HANDOVER_BEGUN)
    assert (told.unit, told.subject) == (cast.willow, pack.pk)


class TestNextHolder:
    def test_an_end_that_leaves_a_case_to_nobody_is_refused_and_names_it(self, cast: Cast) -> None:
        case = case_at(Stage.PLANNING, cast)
        term = without_others(cast)
        with pytest.raises(Exception, match=case.number) as refused:
            end_term(term=term, valid_until=TODAY, by=cast.administrator, at=NOW)
        assert refused.value.code == "leaves_cases_behind"
        assert Term.objects.get(pk=term.pk).valid_until is None

    def test_the_database_refuses_it_as_well(self, cast: Cast) -> None:
        case_at(Stage.PLANNING, cast)
        term = without_others(cast)
        for change in (lambda rows: rows.update(valid_until=TODAY), lambda rows: rows._raw_delete("default")):
            with pytest.raises(DatabaseError, match="no next holder"), transaction.atomic():
                change(Term.objects.filter(pk=term.pk))
        Term.objects.filter(pk=term.pk).update(valid_from=date(2024, 1, 1))

    def test_another_member_goes_on_with_it(self, cast: Cast) -> None:
        case_at(Stage.PLANNING, cast)
        term = Term.objects.get(person=cast.willow_head)
        assert end_term(term=term, valid_until=TODAY, by=cast.administrator, at=NOW).valid_until == TODAY

    def test_a_unit_without_open_cases_is_nobodys_obstacle(self, cast: Cast) -> None:
        closed(cast, case_at(Stage.STRIKE_OFF, cast))
        term = without_others(cast)
        assert end_term(term=term, valid_until=TODAY, by=cast.administrator, at=NOW).valid_until == TODAY

    def test_the_office_above_may_look_after_them_until_somebody_follows(self, cast: Cast) -> None:
        case_at(Stage.PLANNING, cast)
        end_term(term=without_others(cast), valid_until=TODAY, by=cast.administrator, at=NOW, with_caretaker=True)
        caretaker = Caretaker.objects.get()
        assert (caretaker.unit, caretaker.office, caretaker.valid_from) == (cast.willow, cast.town, TODAY + DAY)
        newcomer = PersonFactory(username="newcomer")
        Term.objects.create(post=head_post(cast.willow), person=newcomer, valid_from=TODAY + 3 * DAY)
        make_packs(at=TOMORROW)
        assert Caretaker.objects.get().valid_until is None
        make_packs(at=NOW + 3 * DAY)
        assert Caretaker.objects.get().valid_until == TODAY + 2 * DAY

    def test_a_term_that_runs_out_by_itself_is_cared_for_by_the_clock(self, cast: Cast) -> None:
        term = without_others(cast)
        Term.objects.filter(pk=term.pk).update(valid_until=TODAY)
        case_at(Stage.PLANNING, cast)
        make_packs(at=TOMORROW)
        assert Caretaker.objects.get().office == cast.town
        assert HandoverPack.objects.get().lines.count() == 1

    def test_a_department_is_asked_the_same(self, cast: Cast) -> None:
        from tests.walk import assigned, reported, screened

        post = Term.objects.get(person=cast.department_member).post
        case = assigned(cast, screened(cast, reported(cast)), post=post)
        term = Term.objects.get(person=cast.department_member)
        with pytest.raises(Exception, match=case.number):
            end_term(term=term, valid_until=TODAY, by=cast.administrator, at=NOW)


class TestLadder:
    def told(self) -> list[tuple[int, int]]:
        rows = OfficeEvent.objects.filter(kind=OfficeEventKind.HANDOVER_UNSIGNED).order_by("id")
        return list(rows.values_list("unit", "subject"))

    def test_unsigned_for_seven_days_it_climbs_to_the_town_and_then_to_the_county_once_each(self, cast: Cast) -> None:
        pack = handed_over(cast)
        late = midnight(pack.sign_by + DAY)
        assert climb(at=late - timedelta(seconds=1)) == 0
        for at in (late, late + timedelta(hours=2)):
            climb(at=at)
            assert self.told() == [(cast.town.pk, pack.pk)]
        for days in (7, 8, 30):
            keep_handovers(at=late + days * DAY)
        assert self.told() == [(cast.town.pk, pack.pk), (cast.county.pk, pack.pk)]

    def test_what_is_settled_climbs_no_further(self, cast: Cast) -> None:
        pack = handed_over(cast)
        HandoverPack.objects.filter(pk=pack.pk).update(settled_at=TOMORROW)
        climb(at=midnight(pack.sign_by + DAY))
        assert self.told() == []


def test_the_database_keeps_a_pack_as_it_was(cast: Cast) -> None:
    case_at(Stage.PLANNING, cast)
    pack = handed_over(cast)
    for change in (
        lambda: HandoverPack.objects.filter(pk=pack.pk).update(ended_on=TODAY + DAY),
        lambda: pack.lines.update(words="另一件"),
        lambda: pack.lines.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_packs_of_many_villages_take_as_many_queries_as_one(cast: Cast, django_assert_max_num_queries: object) -> None:
    case_at(Stage.PLANNING, cast)
    for village in (cast.poplar, cast.elm, cast.reed):
        post = appoint(PersonFactory(), Role.COMMITTEE_HEAD, village)
        Term.objects.filter(post=post).update(valid_until=TODAY)
    elect(cast)
    with django_assert_max_num_queries(20):
        assert make_packs(at=TOMORROW) == 4


def test_a_person_is_named_as_on_that_day(cast: Cast) -> None:
    pack = handed_over(cast)
    Person.objects.filter(pk=cast.willow_head.pk).update(name="另一名")
    assert HandoverPack.objects.get(pk=pack.pk).outgoing_name == "willow_head"
    assert local_day(pack.made_at) == TODAY + DAY
