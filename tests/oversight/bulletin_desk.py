"""A bulletin of January and February 2026 at the desk of the cast's city, at any of its stages."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from casework.errors import Refusal
from casework.models import Case, CatalogueItem, Unit
from casework.models.history import record_many, stamped
from casework.stages import Stage
from oversight.bulletins.approving import approve_bulletin, submit_bulletin
from oversight.bulletins.drafting import draft_bulletin, edit_section
from oversight.bulletins.publishing import publish_bulletin
from oversight.models import Bulletin, BulletinPart, BulletinSection, Publication
from tests.cast import Cast
from tests.oversight.desk import Desk
from tests.walk import NOW, TODAY

FIRST, LAST = date(2026, 1, 1), date(2026, 2, 28)
IN_SPAN = date(2026, 2, 10)
NUMBER = "澄阳光建办〔2026〕1号"


def add_cases(
    cast: Cast, village: Unit, *, closed: int = 0, in_progress: int = 0, found_on: date = IN_SPAN, at: datetime = NOW
) -> list[Case]:
    """Cases as rows with their history, as the verbs would have left them."""
    items = list(CatalogueItem.objects.order_by("pk")[:30:5])
    last = Case.objects.count()
    cases = []
    for number in range(last + 1, last + 1 + closed + in_progress):
        is_closed = number <= last + closed
        cases.append(
            Case(
                number=f"TB-2026-{number:06d}",
                village=village,
                town=village.parent,
                county=village.parent.parent,
                city=cast.city,
                item=items[number % len(items)],
                severity=2,
                description=f"明白墙第四季度财务公开被雨水冲刷,编号{number}",
                found_on=found_on,
                reported_at=at,
                touched_at=at,
                assigned_at=at,
                responsible=village,
                stage=Stage.CLOSED if is_closed else Stage.RECTIFICATION,
                waits_at=None if is_closed else village,
                closed_on=found_on + timedelta(days=9) if is_closed else None,
            )
        )
    with stamped(step="add_cases", by=None, at=at):
        record_many(Case.objects.bulk_create(cases), change="+")
    return cases


def draft(desk: Desk, *, at: datetime = NOW, **values: Any) -> Bulletin:
    given = {"area": desk.mechanism.lead, "first_day": FIRST, "last_day": LAST, "by": desk.officer, **values}
    return draft_bulletin(mechanism=desk.mechanism, at=at, **given)


def approved(desk: Desk, bulletin: Bulletin, *, at: datetime = NOW) -> Bulletin:
    return approve_bulletin(
        bulletin=submit_bulletin(bulletin=bulletin, by=desk.officer, at=at), by=desk.colleague, at=at
    )


def published(desk: Desk, bulletin: Bulletin, *, at: datetime = NOW, **values: Any) -> Publication:
    given = {"number": NUMBER, "issue": 1, "total": 1, "issued_on": TODAY, "by": desk.officer, **values}
    return publish_bulletin(bulletin=approved(desk, bulletin, at=at), at=at, **given)


def section(bulletin: Bulletin, kind: BulletinPart) -> BulletinSection:
    return BulletinSection.objects.get(bulletin=bulletin, kind=kind)


def text_of(bulletin: Bulletin) -> str:
    return "\n".join(one.text for one in BulletinSection.objects.filter(bulletin=bulletin))


def refusal_of(act: Callable[[], Any]) -> Refusal:
    """The first refusal of what is tried; nothing of it is kept."""
    with pytest.raises(Refusal) as refused, transaction.atomic():
        act()
    return refused.value.each()[0]


def edited(bulletin: Bulletin, kind: BulletinPart, text: str, by: Any) -> BulletinSection:
    one = section(bulletin, kind)
    return edit_section(section=one, text=text, version=one.version, by=by, at=NOW)
