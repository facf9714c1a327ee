"""The monthly draw of reverse checks (反向核查): which strike-offs of last month are asked about on the spot.

Drawn in strata of approver, severity and whether photos are the only proof, so that nobody's strike-offs are left out;
a share of each, one at least. Seed, share and strata are kept, so that anybody can repeat the draw.
"""

import hashlib
import math
import secrets
from collections import defaultdict
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, Max, OuterRef

from casework.models import Case, Closure, Evidence, LookBack, ReverseDraw
from casework.models.evidence import EvidenceKind
from casework.models.history import record_many, stamped
from casework.models.look_back import LookBackKind
from casework.models.resting_row import ClockName
from casework.resting import each
from casework.watch.consolidation import planned
from casework.working_time.deadlines import local_day

SHARE = 0.05
SERIOUS = 3
# The draw is held on the fifth, when the strike-offs of the month before are all entered.
DAY_OF_DRAW = 5


def draw_reverse_checks(*, at: datetime) -> int:
    """Draw for every city in which last month's strike-offs have not been drawn from yet; gives how many were drawn."""
    on = local_day(at)
    if on.day < DAY_OF_DRAW:
        return 0
    month = (on.replace(day=1) - timedelta(days=1)).replace(day=1)
    held = ReverseDraw.objects.filter(city=OuterRef("city"), month=month)
    closed = Case.objects.filter(closures__closed_on__gte=month, closures__closed_on__lt=on.replace(day=1))
    cities = set(closed.filter(~Exists(held), city__isnull=False).values_list("city", flat=True))
    drawn: list[int] = []
    each(
        ClockName.REVERSE_CHECKS,
        sorted(cities),
        lambda city: drawn.append(draw(city, month, at=at)),
        at=at,
        key=lambda city: city,
    )
    return sum(drawn)


@transaction.atomic
def draw(city: int, month: date, *, at: datetime, share: float = SHARE, seed: str = "") -> int:
    """Draw among the strike-offs of one city and month. A second draw of the same month finds the first and does nothing."""
    record, is_new = ReverseDraw.objects.get_or_create(
        city_id=city, month=month, defaults={"seed": seed or secrets.token_hex(16), "share": share, "at": at}
    )
    if not is_new:
        return 0
    strata = strata_of(city, month)
    chosen = {
        pk for closures in strata.values() for pk in by_lot(closures, record.seed)[: math.ceil(len(closures) * share)]
    }
    closures = (
        Closure.objects.filter(pk__in=chosen).select_related("case").annotate(last=Max("case__look_backs__number"))
    )
    rows = [
        planned(one.case, one, LookBackKind.REVERSE, day=local_day(at), number=(one.last or 0) + 1)
        for one in closures.order_by("pk")
    ]
    with stamped(step="draw_reverse_checks", by=None, at=at):
        LookBack.objects.bulk_create(rows, batch_size=500)
        record_many(rows, change="+")
    return len(rows)


def strata_of(city: int, month: date) -> dict[tuple[int | None, bool, bool], list[int]]:
    """(approver, serious, photos alone) → the closures of the month."""
    following = (month + timedelta(days=32)).replace(day=1)
    papers = Evidence.objects.filter(
        case=OuterRef("case"), kind__in=(EvidenceKind.SIGNED_SHEET, EvidenceKind.DOCUMENT), round=OuterRef("round")
    )
    found: dict[tuple[int | None, bool, bool], list[int]] = defaultdict(list)
    closures = Closure.objects.filter(case__city=city, closed_on__gte=month, closed_on__lt=following)
    for pk, approver, severity, has_papers in closures.values_list(
        "pk", "by", "case__severity", Exists(papers)
    ).order_by("pk"):
        found[approver, (severity or 0) >= SERIOUS, not has_papers].append(pk)
    return dict(found)


def by_lot(keys: list[int], seed: str) -> list[int]:
    """In the order of the hashes of the seed with each key."""
    return sorted(keys, key=lambda key: hashlib.sha256(f"{seed} {key}".encode()).digest())
