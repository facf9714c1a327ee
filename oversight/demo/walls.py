"""The clarity walls of one county of the demo: three a village, most of them updated, some not for a quarter."""

from datetime import datetime, timedelta

from casework.models import CaseObject, Person, Unit
from casework.models.history import record_many, stamped
from casework.models.unit import UnitLevel
from casework.stages import Role
from casework.working_time.deadlines import local_day, midnight
from oversight.demo.opinions import LOGIN_COUNTY
from oversight.demo.people import Desk, first_holders
from oversight.objects.records import Wall, WallState, WallUpdate

GROUPS = (("一组", "村口老槐树下"), ("三组", "文化广场东侧"), ("五组", "五组水塔旁"))


def seed(desk: Desk, *, now: datetime) -> None:
    county = Unit.objects.filter(name=LOGIN_COUNTY, level=UnitLevel.COUNTY).first()
    if county is None:
        return
    units = Unit.objects.filter(county.subtree(), level=UnitLevel.VILLAGE, has_committee=True, is_active=True)
    villages = list(units.order_by("path"))
    heads: dict[int, Person] = first_holders(villages, (Role.COMMITTEE_HEAD,))
    villages = [one for one in villages if one.pk in heads]
    today = local_day(now)
    at = midnight(today - timedelta(days=200))
    CaseObject.objects.bulk_create(
        [CaseObject(village=one, name=f"{group}明白墙") for one in villages for group, _place in GROUPS],
        ignore_conflicts=True,
    )
    names = [f"{group}明白墙" for group, _place in GROUPS]
    objects = {
        (one.village_id, one.name): one for one in CaseObject.objects.filter(village__in=villages, name__in=names)
    }
    walls = [
        Wall(
            object=objects[one.pk, f"{group}明白墙"],
            village=one,
            group=group,
            place=place,
            has_roof=(number + turn) % 4 != 0,
            state=WallState.DAMAGED if (number + turn) % 17 == 3 else WallState.IN_USE,
            by=heads[one.pk],
            at=at,
        )
        for number, one in enumerate(villages)
        for turn, (group, place) in enumerate(GROUPS)
    ]
    with stamped(step="register_wall", by=None, at=at):
        walls = Wall.objects.bulk_create(walls)
        record_many(walls, change="+")
    WallUpdate.objects.bulk_create(
        WallUpdate(wall=wall, day=today - timedelta(days=days), words=words, by=wall.by, at=midnight(today))
        for number, wall in enumerate(walls)
        if number % 23 != 5
        for days, words in (
            (150 + number % 20, "第一季度财务收支"),
            *(((12 + number % 60, "低保名单和财务收支"),) if number % 6 != 1 else ()),
        )
    )
