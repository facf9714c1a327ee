"""What the demo tells of villages between two bulletins."""

from dataclasses import dataclass
from datetime import timedelta

from casework.models import Case, CatalogueItem, Unit
from oversight.decisions.deciding import effective_steps
from oversight.decisions.judging import faults_of
from oversight.demo import villages
from oversight.demo.opinions import LOGIN_COUNTY, LOGIN_VILLAGE
from oversight.duty.gaps import duty_gaps, with_verdicts
from oversight.duty.records import GapKind
from oversight.mechanisms.queries import Span
from oversight.models import Decision, Mechanism, Roster
from oversight.training.queries import Required, coverage, half_year_of, missing
from tests.cast import Cast
from tests.oversight.desk import make_desk
from tests.walk import NOW, TODAY, reported


@dataclass
class World:
    mechanism: Mechanism


def test_a_gap_became_a_case_one_head_is_missing_and_one_decision_is_out_of_order(cast: Cast) -> None:
    item = CatalogueItem.objects.get(code="committee-duty-missed")
    case = reported(cast, item=item, village=cast.poplar)
    of_a_zone = reported(cast, item=item, village=cast.willow)
    Case.objects.filter(pk=of_a_zone.pk).update(county=cast.other_county, found_on=TODAY)
    desk = make_desk(cast)
    Unit.objects.filter(pk=cast.county.pk).update(name=LOGIN_COUNTY)
    Unit.objects.filter(pk=cast.willow.pk).update(name=LOGIN_VILLAGE)
    villages.seed(World(desk.mechanism), now=NOW)
    below = Unit.objects.filter(cast.county.subtree(), level="village")
    gaps = with_verdicts(duty_gaps(below, Span(TODAY - timedelta(days=100), TODAY), on=TODAY))
    assert [gap.verdict.case for gap in gaps if gap.kind == GapKind.NO_DUTY and gap.verdict] == [case]
    assert any(gap.kind == GapKind.ABSENT for gap in gaps)
    half = half_year_of(TODAY)
    found = {one.required: one for one in coverage(below, half, on=TODAY)}
    assert found[Required.SECRETARIES].percent == 100
    assert [one.post.unit for one in missing(below, Required.HEADS, half, on=TODAY)] == [cast.poplar]
    of_village = {
        one.village: list(faults_of(effective_steps().filter(decision=one).order_by("kind"), on=TODAY))
        for one in Decision.objects.all()
    }
    assert of_village[cast.willow] == []
    kinds = {fault.kind for fault in of_village[cast.poplar]}
    assert kinds >= {GapKind.STEP_MISSING, GapKind.STEP_EARLY, GapKind.NO_QUORUM}
    assert Roster.objects.get().village == cast.willow
