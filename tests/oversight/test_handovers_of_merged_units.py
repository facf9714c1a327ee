"""A unit is merged into another: its successor is named first, its posts hand over, both names stay."""

import pytest

from casework.errors import Invalid
from casework.models import Assignment, Case, LookBack, OfficeEvent, Term, Unit
from casework.models.office_event import OfficeEventKind
from casework.stages import Stage
from oversight.handover.clock import make_packs
from oversight.handover.queries import taken_over_by, visible_to
from oversight.handover.records import HandoverPack
from oversight.handover.retirement import merge_unit
from tests.cast import Cast
from tests.oversight.handovers import TOMORROW
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
    from casework.watch.consolidation import watch_closures

    watch_closures(at=NOW)
    planned = LookBack.objects.filter(case=case).count()
    assert planned
    pack = merged(cast)
    assert LookBack.objects.filter(case=case).exclude(state__in=("done", "dropped")).count() == planned
    assert Case.objects.get(pk=case.pk).village == cast.willow
    assert [line.number for line in pack.lines.all()] == [case.number]
