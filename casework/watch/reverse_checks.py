"""The monthly draw of reverse checks (反向核查): which strike-offs of last month are asked about on the spot.

Drawn in strata of approver, severity and whether photos are the only proof, so that nobody's strike-offs are left out;
a share of each, one at least. Seed, share and strata are kept, so that anybody can repeat the draw.
"""

import hashlib
import math
import secrets
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, Max, Min, OuterRef

from casework.clocks.resting import each
from casework.models import Closure, Evidence, LookBack, RestingRow, ReverseDraw
from casework.models.evidence import EvidenceKind
from casework.models.history import record_many, stamped
from casework.models.look_back import LookBackKind
from casework.models.resting_row import ClockName
from casework.watch.consolidation import planned
from casework.working_time.deadlines import local_day

SHARE = 0.05
SERIOUS = 3
# The draw is held on the fifth, when the strike-offs of the month before are all entered.
DAY_OF_DRAW = 5
# So far back a draw is made up for.
MOST_MONTHS = 12
# In the key of a resting row: the last six digits are year and month, what stands before them is the city.
MONTH_ROOM = 1_000_000


def draw_reverse_checks(*, at: datetime) -> int:
    """Draw for every city and month whose strike-offs have not been drawn from yet; gives how many were drawn.

    The month before from the fifth on; an earlier one whose draw failed, or at whose end nothing ran, as soon as it can
    be held. Each is drawn for its own month.
    """
    last = month_before(local_day(at).replace(day=1))
    if local_day(at).day < DAY_OF_DRAW:
        last = month_before(last)
    drawn: list[int] = []
    each(
        ClockName.REVERSE_CHECKS,
        undrawn(months_to_look_at(last)),
        lambda due: drawn.append(draw(due.city, due.month, at=at)),
        at=at,
        key=lambda due: due.key,
    )
    return sum(drawn)


class Due(NamedTuple):
    city: int
    month: date

    @property
    def key(self) -> int:
        """By which it rests: the city's key, and year and month in the last six digits."""
        return self.city * MONTH_ROOM + self.month.year * 100 + self.month.month


def month_before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)


def months_to_look_at(last: date) -> list[date]:
    """From the first month that was ever drawn or whose draw rests, at most a year back, to the last one.

    What was struck off before this office drew at all is not drawn from.
    """
    begun = ReverseDraw.objects.aggregate(first=Min("month"))["first"]
    resting = RestingRow.objects.filter(clock=ClockName.REVERSE_CHECKS, row__gte=MONTH_ROOM).values_list(
        "row", flat=True
    )
    known = [date(key % MONTH_ROOM // 100, key % 100, 1) for key in resting]
    first = min([last, *known, *([begun] if begun else [])])
    months = [last]
    while months[-1] > first and len(months) < MOST_MONTHS:
        months.append(month_before(months[-1]))
    return months[::-1]


def undrawn(months: Sequence[date]) -> list[Due]:
    """The cities with strike-offs of these months, from the first to the last of them, that have not been drawn from:
    two queries, however many months.
    """
    drawn = set(ReverseDraw.objects.filter(month__in=months).values_list("city", "month"))
    closed = Closure.objects.filter(closed_on__gte=months[0], closed_on__lt=month_after(months[-1]))
    days = closed.filter(case__city__isnull=False).order_by().values_list("case__city", "closed_on").distinct()
    with_strike_offs = {(city, day.replace(day=1)) for city, day in days if city is not None}
    return [Due(city, month) for month, city in sorted((month, city) for city, month in with_strike_offs - drawn)]


def month_after(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


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
    papers = Evidence.objects.filter(
        case=OuterRef("case"), kind__in=(EvidenceKind.SIGNED_SHEET, EvidenceKind.DOCUMENT), round=OuterRef("round")
    )
    found: dict[tuple[int | None, bool, bool], list[int]] = defaultdict(list)
    closures = Closure.objects.filter(case__city=city, closed_on__gte=month, closed_on__lt=month_after(month))
    for pk, approver, severity, has_papers in closures.values_list(
        "pk", "by", "case__severity", Exists(papers)
    ).order_by("pk"):
        found[approver, (severity or 0) >= SERIOUS, not has_papers].append(pk)
    return dict(found)


def by_lot(keys: list[int], seed: str) -> list[int]:
    """In the order of the hashes of the seed with each key."""
    return sorted(keys, key=lambda key: hashlib.sha256(f"{seed} {key}".encode()).digest())
