"""Many cases at once, in every stage and for everybody of the cast: written as rows, since no verb is looked at."""

from datetime import datetime, timedelta
from random import Random

from casework.models import Case, CatalogueItem, Referral
from casework.stages import ENDS, OPEN, Stage
from tests.cast import Cast
from tests.walk import NOW, TODAY

TEXTS = (
    "明白墙第三季度财务公开被雨水冲刷",
    "鱼塘承包合同未登记",
    "低保名单未张贴",
    "监委会例会无记录",
    "垃圾清运不及时",
)


def many_cases(cast: Cast, count: int, *, open_share: float, seed: int = 1) -> None:
    """So many cases, each in a village drawn by lot, reported by somebody of the cast, many in more than one scope."""
    chance = Random(seed)
    items = list(CatalogueItem.objects.order_by("pk")[:20])
    reporters = [cast.inspector, cast.volunteer, cast.town_reviewer, cast.city_supervisor, cast.willow_head, None]
    first = (Case.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    cases, referrals = [], []
    for number in range(first, first + count):
        village = chance.choice((cast.willow, cast.poplar, cast.elm, cast.reed))
        stage = chance.choice(OPEN) if chance.random() < open_share else Stage.CLOSED
        if chance.random() < 0.04:
            stage = chance.choice(ENDS)
        is_assigned = stage not in (Stage.SCREENING, Stage.ASSIGNMENT)
        due_on = TODAY + timedelta(days=chance.randrange(-15, 60)) if is_assigned else None
        responsible = cast.department if chance.random() < 0.3 else village
        desk = {
            Stage.PLANNING: responsible,
            Stage.RECTIFICATION: responsible,
            Stage.PLAN_APPROVAL: village.parent,
            Stage.FIRST_REVIEW: village.parent,
            Stage.CITY_REVIEW: cast.city,
        }.get(stage, village.parent.parent)
        case = Case(
            pk=number,
            number=f"QH-2026-{number:06d}",
            village=village,
            town=village.parent,
            county=village.parent.parent,
            city=cast.city,
            item=chance.choice(items),
            severity=chance.randint(1, 4),
            description=f"{chance.choice(TEXTS)},编号{number}",
            found_on=TODAY - timedelta(days=40),
            reported_by=chance.choice(reporters),
            reported_at=NOW,
            touched_at=NOW,
            assigned_at=NOW if is_assigned else None,
            responsible=responsible if is_assigned else None,
            support=cast.department if is_assigned and chance.random() < 0.03 else None,
            stage=stage,
            round=chance.choice((1, 1, 2)),
            returned_at=_returned(chance),
            waits_at=None if stage in ENDS else desk,
            due_on=due_on,
            light=chance.choice(("none", "blue", "yellow", "red")),
            closed_on=TODAY - timedelta(days=5) if stage == Stage.CLOSED else None,
        )
        cases.append(case)
        if stage == Stage.REFERRED:
            referrals.append(
                Referral(case=case, to=cast.discipline_unit, by=cast.city_supervisor, reason="涉嫌", at=NOW)
            )
    Case.objects.bulk_create(cases, batch_size=500)
    Referral.objects.bulk_create(referrals, batch_size=500)


def _returned(chance: Random) -> datetime | None:
    return NOW - timedelta(hours=chance.randrange(1000)) if chance.random() < 0.2 else None
