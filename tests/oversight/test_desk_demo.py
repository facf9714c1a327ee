"""What the demo's desk tells of counties, visits and opinions."""

from dataclasses import dataclass
from datetime import timedelta

from casework.models import CatalogueItem, OfficeEvent, Person, Unit
from casework.models.office_event import OfficeEventKind
from casework.models.unit import UnitLevel
from casework.offices.sign_in_links import handle_of, link_of, paper_link
from casework.stages import Role, Stage
from oversight.demo import handovers, mechanisms, opinions, public_page, sign_in, spot_checks, visits
from oversight.handover.queries import State, state_of
from oversight.mechanisms.queries import in_name_only, spans_of, visits_between, without_visit
from oversight.models import (
    HandoverPack,
    HeadSignature,
    Mechanism,
    MeetingKind,
    Opinion,
    PlannedDraw,
    VillageVisit,
)
from oversight.opinions.queries import opinion_progress, to_act_on
from oversight.opinions.tree import Standing, tree_of
from oversight.public_page.queries import current_releases, is_on
from oversight.spot_checks.queries import waiting_for_seed
from oversight.suggestions.records import Suggestion
from oversight.visits.queries import to_make
from tests.cast import Cast
from tests.factories import holder, unit
from tests.oversight.desk import make_desk
from tests.walk import NOW, TODAY, case_at, closed, reported


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
    assert to_make(cast.inspector, TODAY).exists()


def test_some_visits_found_nothing_one_is_overdue_and_one_was_not_signed(cast: Cast) -> None:
    for name in ("东岗村", "南岗村", "西岗村", "北岗村"):
        unit(UnitLevel.VILLAGE, cast.town, name=name)
    case = reported(cast, village=cast.willow, item=CatalogueItem.objects.get(code="openness-late"))
    visits.seed(World(make_desk(cast).mechanism), now=NOW + timedelta(hours=2))
    done = VillageVisit.objects.filter(state="done")
    assert done.filter(wrong=0).exists() and done.get(wrong=1).answers.get(answer="finding").found.get().case == case
    assert VillageVisit.objects.filter(state="planned", due_by__lt=TODAY).count() == 1
    assert VillageVisit.objects.filter(state="arrived").count() == 1
    assert HeadSignature.objects.filter(outcome="refused").count() == 1


def test_after_the_election_one_handover_is_overdue_and_one_holds_a_refusal(cast: Cast) -> None:
    desk = make_desk(cast)
    Unit.objects.filter(pk=cast.willow.pk).update(name=opinions.LOGIN_VILLAGE)
    for name in ("三村", "四村"):
        holder(Role.COMMITTEE_HEAD, unit(UnitLevel.VILLAGE, cast.town, name=name), name)
    case_at(Stage.PLANNING, cast)
    handovers.seed(World(desk.mechanism), now=NOW)
    packs = {pack.unit.name: state_of(pack, TODAY) for pack in HandoverPack.objects.select_related("unit")}
    assert packs == {
        opinions.LOGIN_VILLAGE: State.OVERDUE,
        "杨树村": State.REFUSED,
        "三村": State.SIGNED,
        "四村": State.SIGNED,
    }
    assert OfficeEvent.objects.get(kind=OfficeEventKind.HANDOVER_UNSIGNED).unit == cast.town


def test_two_released_cases_wait_for_the_switch_and_a_suggestion_has_its_answer(cast: Cast) -> None:
    desk = make_desk(cast)
    cast.willow.name = opinions.LOGIN_VILLAGE
    cast.willow.save()
    for stage in (Stage.RECTIFICATION, Stage.STRIKE_OFF):
        case = case_at(stage, cast)
    closed(cast, case)
    public_page.seed(World(desk.mechanism), now=NOW)
    assert not is_on(cast.city)
    assert {one.case.stage for one in current_releases()} == {Stage.CLOSED, Stage.RECTIFICATION}
    assert Suggestion.objects.get().answer.by == cast.city_supervisor


def test_the_papers_of_one_town_carry_a_way_to_sign_in(cast: Cast) -> None:
    sign_in.seed(None, now=NOW)
    assert paper_link(cast.willow, at=NOW) is None
    Person.objects.filter(pk=cast.town_reviewer.pk).update(username="town", is_demo=True)
    sign_in.seed(None, now=NOW)
    link = paper_link(cast.willow, at=NOW)
    assert link is not None
    assert link_of(handle_of(link), at=NOW) == link
    assert paper_link(cast.reed, at=NOW) is None
