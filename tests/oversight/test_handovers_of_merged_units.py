"""A unit is merged into another: its successor is named first, its posts hand over, both names stay."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from casework.errors import Invalid
from casework.models import Assignment, Case, LookBack, OfficeEvent, Post, Term, Unit
from casework.models.office_event import OfficeEventKind
from casework.stages import Role, Stage
from casework.watch.consolidation import watch_closures
from oversight.handover.clock import make_packs
from oversight.handover.queries import taken_over_by, visible_to
from oversight.handover.records import HandoverPack
from oversight.handover.retirement import merge_unit
from oversight.objects.walls import Described, register_wall
from tests.cast import Cast
from tests.factories import holder, unit
from tests.oversight.handovers import TOMORROW, elect, handed_over
from tests.walk import NOW, TODAY, case_at, closed


def merged(cast: Cast) -> HandoverPack:
    merge_unit(unit=cast.willow, successor=cast.poplar, moves_cases=True, by=cast.administrator, at=NOW)
    return HandoverPack.objects.get()


def test_the_successor_is_named_first(cast: Cast) -> None:
    case_at(Stage.PLANNING, cast)
    with pytest.raises(Invalid) as refused:
        merge_unit(unit=cast.willow, successor=None, moves_cases=False, by=cast.administrator, at=NOW)
    assert refused.value.code == "successor_missing"
    assert not HandoverPack.objects.exists()


def test_its_pack_keeps_its_name_and_the_successors_head_takes_over(cast: Cast) -> None:
    case = case_at(Stage.RECTIFICATION, cast)
    pack = merged(cast)
    assert (pack.unit_name, pack.unit, pack.receiving.unit) == ("上柳村", cast.willow, cast.poplar)
    assert [line.case_id for line in pack.lines.all()] == [case.pk]
    assert list(taken_over_by(cast.poplar_head, TODAY)) == [pack]
    assert pack in visible_to(cast.willow_head, TODAY)
    assert OfficeEvent.objects.get(kind=OfficeEventKind.HANDOVER_BEGUN).unit == cast.poplar


def test_its_cases_go_along_with_their_deadlines_and_its_terms_end(cast: Cast) -> None:
    case = case_at(Stage.RECTIFICATION, cast)
    due_on = case.due_on
    merged(cast)
    case.refresh_from_db()
    assert (case.village, case.due_on) == (cast.poplar, due_on)
    assert Assignment.objects.get(case=case, ended_at=None).post.unit == cast.poplar
    assert set(Term.objects.filter(post__unit=cast.willow).values_list("valid_until", flat=True)) == {TODAY}
    assert not Unit.objects.get(pk=cast.willow.pk).is_active
    assert make_packs(at=TOMORROW) == 0


def test_a_strike_off_is_still_looked_back_at_under_its_old_name(cast: Cast) -> None:
    case = closed(cast, case_at(Stage.STRIKE_OFF, cast))
    watch_closures(at=NOW)
    planned = LookBack.objects.filter(case=case).count()
    assert planned
    pack = merged(cast)
    assert LookBack.objects.filter(case=case).exclude(state__in=("done", "dropped")).count() == planned
    assert Case.objects.get(pk=case.pk).village == cast.willow
    assert [line.number for line in pack.lines.all()] == [case.number]


@pytest.mark.parametrize("leaves", ["holder", "watched", "wall", "nothing"])
def test_a_unit_that_leaves_something_names_its_successor_even_without_an_open_case(cast: Cast, leaves: str) -> None:
    if leaves == "watched":
        closed(cast, case_at(Stage.STRIKE_OFF, cast))
        watch_closures(at=NOW)
    if leaves == "wall":
        register_wall(village=cast.willow, described=Described("一组明白墙", "村口"), by=cast.willow_head, at=NOW)
    if leaves != "holder":
        Term.objects.filter(post__unit=cast.willow).update(valid_until=TODAY - timedelta(days=90))
    given = {"unit": cast.willow, "successor": None, "moves_cases": True, "by": cast.administrator, "at": NOW}
    if leaves == "nothing":
        merge_unit(**given)
        assert not Unit.objects.get(pk=cast.willow.pk).is_active
        return
    with pytest.raises(Invalid) as refused:
        merge_unit(**given)
    assert (refused.value.code, refused.value.field) == ("successor_missing", "successor")
    assert Unit.objects.get(pk=cast.willow.pk).is_active


def test_a_term_that_ended_before_the_clock_came_by_has_its_pack_all_the_same(cast: Cast) -> None:
    elect(cast)
    merge_unit(unit=cast.willow, successor=cast.poplar, moves_cases=True, by=cast.administrator, at=TOMORROW)
    packs = HandoverPack.objects.filter(role=Role.COMMITTEE_HEAD)
    assert {pack.outgoing_name for pack in packs} == {cast.willow_head.name, "willow_next"}
    assert {pack.receiving.unit for pack in packs} == {cast.poplar}


def test_what_nobody_had_signed_yet_is_signed_for_at_the_successor(cast: Cast) -> None:
    pack = handed_over(cast)
    merge_unit(unit=cast.willow, successor=cast.poplar, moves_cases=True, by=cast.administrator, at=TOMORROW)
    pack.refresh_from_db()
    assert (pack.receiving.unit, pack.unit_name) == (cast.poplar, "上柳村")
    assert pack in taken_over_by(cast.poplar_head, TODAY + timedelta(days=1))


def test_a_merged_office_s_successor_witnesses(cast: Cast) -> None:
    pack = handed_over(cast)
    office = unit("town", cast.county, name="新镇")
    alone = unit("town", cast.county, name="旧镇")
    HandoverPack.objects.filter(pk=pack.pk).update(witness_unit=alone)
    merge_unit(unit=alone, successor=office, moves_cases=True, by=cast.administrator, at=TOMORROW)
    pack.refresh_from_db()
    assert pack.witness_unit == office


class TestTheCommand:
    def asked(self, cast: Cast, **more: object) -> str:
        out = StringIO()
        call_command("retire_unit", cast.willow.code, stdout=out, **more)
        return out.getvalue()

    def test_asks_sums_up_and_makes_the_packs(self, cast: Cast) -> None:
        case = case_at(Stage.PLANNING, cast)
        with pytest.raises(CommandError, match=case.number):
            self.asked(cast, successor=cast.poplar.code)
        assert "1 open cases moved" in self.asked(cast, successor=cast.poplar.code, move_cases=True)
        pack = HandoverPack.objects.get()
        assert (pack.outgoing, pack.receiving.unit) == (cast.willow_head, cast.poplar)
        assert Assignment.objects.get(case=case, ended_at=None).post in Post.objects.filter(unit=cast.poplar)

    def test_is_somebody_s_decision(self, cast: Cast) -> None:
        with pytest.raises(CommandError, match="nobody signs in as"):
            self.asked(cast, successor=cast.poplar.code, by="nobody_there")
        holder(Role.ADMINISTRATOR, cast.city, "another")
        with pytest.raises(CommandError, match="--by"):
            self.asked(cast, successor=cast.poplar.code)
        self.asked(cast, successor=cast.poplar.code, by=cast.city_supervisor.username)
        assert not Unit.objects.get(pk=cast.willow.pk).is_active
