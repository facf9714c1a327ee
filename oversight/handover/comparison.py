"""Relapses and stalls before and after a change of term, as shares with their intervals.

Compared are the same villages over the same number of days on both sides of the day on which a head's term ended. Both
sides are counted alike: a stall is a deadline of those days that was missed; a relapse is a strike-off of those days
that came back within `FOLLOWED` days, counted only where so many days have passed since.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from casework.models import Case
from casework.stages import ENDS, OPEN, Role, Stage
from oversight.handover.records import HandoverPack
from oversight.rates import Rate, rate

# So many days before and after; our own proposal, as long as a half-year.
DAYS = timedelta(days=180)
FOLLOWED = timedelta(days=90)


@dataclass(frozen=True)
class Comparison:
    """One share on both sides of the change."""

    before: Rate
    after: Rate

    @property
    def can_say(self) -> bool:
        """Whether the intervals lie apart; where they overlap, nothing is said about a difference."""
        before, after = self.before, self.after
        if before.low is None or before.high is None or after.low is None or after.high is None:
            return False
        return before.high < after.low or after.high < before.low


@dataclass(frozen=True)
class BeforeAndAfter:
    villages: int
    stalls: Comparison
    relapses: Comparison


def before_and_after(packs: QuerySet[HandoverPack], *, on: date) -> BeforeAndAfter:
    """Over the heads' handovers among these. Three queries, however many villages; of a village with several changes
    the latest one counts.
    """
    heads = packs.filter(role=Role.COMMITTEE_HEAD).order_by("ended_on", "id")
    changed: dict[int, date] = dict(heads.values_list("unit", "ended_on"))
    if not changed:
        nothing = Comparison(rate(0, 0), rate(0, 0))
        return BeforeAndAfter(0, nothing, nothing)
    first, last = min(changed.values()) - DAYS, max(changed.values()) + DAYS
    villages = heads.order_by().values("unit")
    due = Case.objects.filter(village__in=villages, due_on__range=(first, min(last, on - timedelta(days=1))))
    due = due.exclude(stage__in=[stage for stage in ENDS if stage != Stage.CLOSED])
    stalls = _Tally(changed)
    for village, due_on, closed_on, stage in due.values_list("village", "due_on", "closed_on", "stage"):
        assert due_on is not None  # what a range is asked of
        stalls.add(village, due_on, is_hit=stage in OPEN or closed_on is None or closed_on > due_on)
    closed = Case.objects.filter(village__in=villages, stage=Stage.CLOSED, closed_on__range=(first, on - FOLLOWED))
    back = _came_back(closed)
    relapses = _Tally(changed)
    for pk, village, closed_on in closed.values_list("pk", "village", "closed_on"):
        found = back.get(pk)
        assert closed_on is not None  # a constraint of the case
        relapses.add(village, closed_on, is_hit=found is not None and found <= closed_on + FOLLOWED)
    return BeforeAndAfter(len(changed), stalls.comparison(), relapses.comparison())


def _came_back(closed: QuerySet[Case]) -> dict[int, date]:
    """When each of these strike-offs that came back did so first."""
    rows: Iterable[tuple[int | None, date]] = (
        Case.objects.filter(relapse_of__in=closed.values("pk"))
        .order_by("-found_on", "-id")
        .values_list("relapse_of", "found_on")
    )
    return {earlier: found for earlier, found in rows if earlier is not None}


class _Tally:
    """Hits and all of them, on both sides of each village's own day."""

    def __init__(self, changed: dict[int, date]) -> None:
        self.changed = changed
        self.hits, self.all = [0, 0], [0, 0]

    def add(self, village: int, day: date, *, is_hit: bool) -> None:
        change = self.changed[village]
        if change - DAYS < day <= change + DAYS:
            side = int(day > change)
            self.all[side] += 1
            self.hits[side] += is_hit

    def comparison(self) -> Comparison:
        return Comparison(*(rate(hits, of) for hits, of in zip(self.hits, self.all, strict=True)))
