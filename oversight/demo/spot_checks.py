"""The demo's spot checks: one that was drawn and from which a village was excused, and one that waits for its dice."""

from datetime import datetime, timedelta

from casework.models import Unit
from casework.models.unit import UnitLevel
from casework.stages import Role
from casework.working_time.deadlines import local_day, midnight
from oversight.demo.opinions import LOGIN_COUNTY
from oversight.demo.people import Desk, first_holders
from oversight.documents.records import BaseDocument
from oversight.spot_checks.excusing import excuse_village
from oversight.spot_checks.freezing import freeze_draw
from oversight.spot_checks.inspectors import inspectors_of
from oversight.spot_checks.planning import Planned, make_plan
from oversight.spot_checks.queries import drawn_villages
from oversight.spot_checks.seeding import enter_dice
from oversight.spot_checks.seeds import Rolled

DICE = (Rolled("县监委会办公室", "4163524163"), Rolled("乡镇代表", "52153642"), Rolled("村民代表", "36214451"))
DRAWN_AGO = 40


def seed(desk: Desk, *, now: datetime) -> None:
    """In the county of the demo's logins, or in the first one. A handful of rows."""
    counties = Unit.objects.filter(desk.mechanism.lead.subtree(), level=UnitLevel.COUNTY, is_active=True)
    county = counties.filter(name=LOGIN_COUNTY).first() or counties.order_by("path").first()
    officer = first_holders([county], (Role.COUNTY_SUPERVISOR,)).get(county.pk) if county else None
    if county is None or officer is None:
        return
    today = local_day(now)
    begun = midnight(today - timedelta(DRAWN_AGO)) + timedelta(hours=9)
    basis = BaseDocument.objects.filter(mechanism=desk.mechanism).order_by("pk").first()
    inspectors = [key for key in inspectors_of(county, today) if key != officer.pk]
    first = Planned(
        purpose="明白墙更新、财务公开和值班记录抽查",
        basis=basis,
        area=county,
        first_day=local_day(begun),
        last_day=today + timedelta(20),
        lot=3,
        yearly=2,
        inspectors=inspectors,
    )
    plan = make_plan(planned=first, by=officer, at=begun)
    draw = freeze_draw(plan=plan, by=officer, at=begun + timedelta(minutes=30))
    enter_dice(draw=draw, dice=DICE, by=officer, at=begun + timedelta(minutes=47))
    last = drawn_villages(draw)[-1]
    excused_at = begun + timedelta(days=2)
    excuse_village(drawn=last.drawn, reason="进村道路因汛期中断，待恢复后列入下次抽查", by=officer, at=excused_at)
    second = Planned(
        purpose="村级合同清理情况专项抽查",
        area=county,
        first_day=today,
        last_day=today + timedelta(45),
        lot=4,
        yearly=2,
        inspectors=inspectors,
        is_in_yearly_plan=False,
        unplanned_reason="合同清理问题连续两期反弹，市办要求专项抽查",
    )
    waiting = make_plan(planned=second, by=officer, at=now - timedelta(hours=2))
    freeze_draw(plan=waiting, by=officer, at=now - timedelta(hours=1))
