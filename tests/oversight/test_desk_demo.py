"""What the demo's desk tells of counties, visits and opinions."""

from dataclasses import dataclass

from oversight.demo import mechanisms, opinions, spot_checks
from oversight.mechanisms.queries import in_name_only, spans_of, visits_between, without_visit
from oversight.models import Mechanism, MeetingKind, Opinion, PlannedDraw
from oversight.opinions.queries import opinion_progress, to_act_on
from oversight.opinions.tree import Standing, tree_of
from oversight.spot_checks.queries import visits_of, waiting_for_seed
from tests.cast import Cast
from tests.oversight.desk import make_desk
from tests.walk import NOW, TODAY


@dataclass
class World:
    mechanism: Mechanism


def test_one_county_is_in_name_only_and_one_town_passed_nothing_on(cast: Cast) -> None:
    desk = make_desk(cast)
    for part in (mechanisms, opinions):
        part.seed(World(desk.mechanism), now=NOW)
    earlier = spans_of(desk.mechanism, TODAY)[1]
    missing = {one.unit: one.missing for one in in_name_only(desk.mechanism, earlier.first, earlier.last)}
    assert missing[cast.other_county] == (MeetingKind.SUMMARY, MeetingKind.INSPECTION, MeetingKind.BULLETIN)
    assert missing.get(cast.county) == (MeetingKind.BULLETIN,)
    assert visits_between(desk.mechanism, earlier.first, earlier.last).count() == 2
    idle = without_visit(desk.mechanism, earlier.first, earlier.last)
    assert [one.unit for one in idle] == [cast.county, cast.other_county]
    newer, older = Opinion.objects.all()
    progress = opinion_progress([older])[older.pk]
    assert 0 < progress.receipts < progress.expected
    stopped = [one for branch in tree_of(older, on=TODAY) for one in branch.stopped]
    assert {one.standing for one in stopped} >= {Standing.UNSIGNED}
    assert to_act_on(cast.county_supervisor, TODAY).get().opinion == newer


def test_one_check_is_drawn_and_one_waits_for_its_dice(cast: Cast) -> None:
    spot_checks.seed(World(make_desk(cast).mechanism), now=NOW)
    waiting, drawn = PlannedDraw.objects.order_by("-id")
    assert list(waiting_for_seed(PlannedDraw.objects.all())) == [waiting]
    assert drawn.villages.filter(excuse__isnull=False).count() == 1
    assert visits_of(cast.inspector, TODAY)
