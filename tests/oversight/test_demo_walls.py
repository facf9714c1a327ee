"""What the demo tells of walls, rules and practices."""

from dataclasses import dataclass

from casework.models import CaseObject, Unit
from casework.models.unit import UnitLevel
from oversight.demo import practices, rules, walls
from oversight.demo.opinions import LOGIN_COUNTY, LOGIN_VILLAGE
from oversight.documents.register import add_base_document
from oversight.models import Mechanism, Practice, PracticeAdoption, RuleVersion, Wall
from oversight.objects.queries import not_updated, walls_in
from oversight.rules.citing import cited_clauses
from tests.cast import Cast
from tests.oversight.desk import make_desk
from tests.walk import NOW, TODAY, reported


@dataclass
class World:
    mechanism: Mechanism


def test_the_walls_of_the_county_stand_and_some_wait_for_an_update(cast: Cast) -> None:
    Unit.objects.filter(pk=cast.county.pk).update(name=LOGIN_COUNTY)
    CaseObject.objects.create(village=cast.willow, name="一组明白墙")
    walls.seed(World(make_desk(cast).mechanism), now=NOW)
    late = not_updated(walls_in(Unit.objects.filter(level=UnitLevel.VILLAGE)), on=TODAY).count()
    assert 0 < late < Wall.objects.count() == 6
    assert Wall.objects.filter(object__name="一组明白墙", village=cast.willow).exists()


def test_a_finding_cites_a_clause_that_reads_today_in_its_second_version(cast: Cast) -> None:
    desk = make_desk(cast)
    Unit.objects.filter(pk=cast.willow.pk).update(name=LOGIN_VILLAGE)
    document = add_base_document(mechanism=desk.mechanism, title=rules.TITLE, by=desk.officer, at=NOW)
    case = reported(cast, village=cast.willow)
    rules.seed(World(desk.mechanism), now=NOW)
    case.refresh_from_db()
    (cited,) = cited_clauses(case.clause, [document], on=TODAY)
    assert RuleVersion.objects.count() == 2
    assert cited.clause and "每月公开一次" in cited.clause.words


def test_each_practice_is_used_elsewhere_or_not_yet(cast: Cast) -> None:
    desk = make_desk(cast)
    kept = {"name": "x.pdf", "media_type": "application/pdf", "size": 1, "sha256": "0" * 64, "stored_as": "x"}
    add_base_document(mechanism=desk.mechanism, title="通知一则", file=kept, by=desk.officer, at=NOW)
    practices.seed(World(desk.mechanism), now=NOW)
    assert Practice.objects.count() == 3 and 0 < PracticeAdoption.objects.count() < 3
