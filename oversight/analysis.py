"""What the analysis page shows, from the tallies: shares by a dimension, curves, villages at risk, who approved what."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum

from casework.models import LookBack
from casework.models.look_back import LookBackKind, LookBackState
from oversight.models import Dimension, RelapseAge, Tally
from oversight.rates import Rate, rate
from oversight.rebound import Risk, Standing, risks
from oversight.survival import Curve, curve


@dataclass(frozen=True)
class Scope:
    """Whose strike-offs: those of some counties, struck off from one day until another."""

    counties: tuple[int, ...]
    first: date
    last: date

    def rows(self, dimension: str) -> QuerySet[Tally]:
        return Tally.objects.filter(
            dimension=dimension, county__in=self.counties, day__gte=self.first, day__lte=self.last
        )


@dataclass(frozen=True)
class Line:
    """One unit, aspect, kind or approver: what was opened, what was struck off, and what share of it came back."""

    key: str
    opened: int
    back: Rate
    paper_only: int


def lines(scope: Scope, dimension: str) -> list[Line]:
    """A line for each key, the most strike-offs first. One query."""
    summed = scope.rows(dimension).order_by().values("key")
    rows = summed.annotate(o=Sum("opened"), c=Sum("closed"), b=Sum("back"), p=Sum("paper_only"))
    found = [Line(row["key"], row["o"], rate(row["b"], row["c"]), row["p"]) for row in rows]
    return sorted(found, key=lambda line: (-line.back.whole, line.key))


def total(found: Iterable[Line]) -> Line:
    found = list(found)
    return Line(
        "",
        sum(line.opened for line in found),
        rate(sum(line.back.part for line in found), sum(line.back.whole for line in found)),
        sum(line.paper_only for line in found),
    )


def curves(scope: Scope, dimension: str, keys: Iterable[str], *, on: date) -> dict[str, Curve]:
    """How long the strike-offs of each key hold; those too few for a curve are left out. Two queries."""
    keys = list(keys)
    closed: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for key, day, number in (
        scope.rows(dimension).filter(key__in=keys, closed__gt=0).values_list("key", "day", "closed")
    ):
        closed[key][day] += number
    ages: dict[str, dict[tuple[date, int], int]] = defaultdict(lambda: defaultdict(int))
    came_back = RelapseAge.objects.filter(
        dimension=dimension, county__in=scope.counties, day__gte=scope.first, day__lte=scope.last, key__in=keys
    )
    for key, day, age, number in came_back.values_list("key", "day", "age", "count"):
        ages[key][day, age] += number
    drawn = {key: curve(closed[key], ages[key], on=on) for key in keys}
    return {key: one for key, one in drawn.items() if one is not None}


def villages_at_risk(scope: Scope) -> list[Risk]:
    """Every village with a strike-off in these months, the highest risk first. One query."""
    months = replace(scope, first=scope.first.replace(day=1))
    summed = months.rows(Dimension.VILLAGE).order_by().values_list("county", "key")
    rows = summed.annotate(c=Sum("closed"), b=Sum("back"))
    return risks(Standing(int(key), county, closed, back) for county, key, closed, back in rows if closed)


@dataclass(frozen=True)
class Approver:
    """How many of a person's strike-offs were false, of those that were drawn and looked at on site."""

    person: int
    false: Rate


def false_closures(scope: Scope) -> list[Approver]:
    """By approver, from the reverse checks alone: they are drawn, so they speak for the rest. Those checked most first."""
    done = LookBack.objects.filter(
        kind=LookBackKind.REVERSE,
        state=LookBackState.DONE,
        case__county__in=scope.counties,
        closure__closed_on__gte=scope.first,
        closure__closed_on__lte=scope.last,
        closure__by__isnull=False,
    )
    rows = (
        done.order_by().values_list("closure__by").annotate(n=Count("pk"), f=Count("pk", filter=Q(is_paper_only=True)))
    )
    found = [Approver(person, rate(false, checked)) for person, checked, false in rows]
    return sorted(found, key=lambda one: (-one.false.whole, one.person))
