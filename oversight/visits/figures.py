"""What is found on visits, with what was looked at as the denominator: by visit, by item, by village."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum

from casework.working_time.deadlines import ONE_DAY, midnight
from oversight.rates import Rate, rate
from oversight.visits.records import FoundCase, ItemAnswer, VillageVisit, VisitAnswer, VisitState


@dataclass(frozen=True)
class VisitScope:
    """Visits done on these days in villages for which these counties answer; of one kind, or of every."""

    counties: tuple[int, ...]
    first: date
    last: date
    kind: str = ""

    def visits(self) -> QuerySet[VillageVisit]:
        done = VillageVisit.objects.filter(
            state=VisitState.DONE,
            county__in=self.counties,
            done_at__gte=midnight(self.first),
            done_at__lt=midnight(self.last + ONE_DAY),
        )
        return done.filter(kind=self.kind) if self.kind else done


@dataclass(frozen=True)
class InAll:
    """`visits`: those with a finding among those that were done; `items`: findings among what was looked at."""

    visits: Rate
    items: Rate
    cases: int
    villages: int
    unsigned: int

    @property
    def cases_a_visit(self) -> float | None:
        return self.cases / self.visits.whole if self.visits.whole else None


@dataclass(frozen=True)
class Share:
    """Of one item the visits with a finding among those at which it was looked at, of one village the items with a
    finding among those that were looked at; with the cases, and the visits.
    """

    key: int
    found: Rate
    cases: int
    visits: int


def in_all(scope: VisitScope) -> InAll:
    """One query."""
    counted = scope.visits().aggregate(
        visits=Count("pk"),
        with_finding=Count("pk", filter=Q(wrong__gt=0)),
        checked=Sum("checked"),
        wrong=Sum("wrong"),
        cases=Sum("found"),
        villages=Count("village", distinct=True),
        unsigned=Count("pk", filter=~Q(signature__outcome="signed")),
    )
    return InAll(
        visits=rate(counted["with_finding"], counted["visits"]),
        items=rate(counted["wrong"] or 0, counted["checked"] or 0),
        cases=counted["cases"] or 0,
        villages=counted["villages"],
        unsigned=counted["unsigned"],
    )


def by_item(scope: VisitScope) -> list[Share]:
    """Every item that was looked at, the most often wrong first. What was not applicable is in neither count. Two
    queries.
    """
    answers = ItemAnswer.objects.filter(visit__in=scope.visits()).exclude(answer=VisitAnswer.NOT_APPLICABLE)
    counted = answers.order_by().values("line__item")
    counted = counted.annotate(checked=Count("pk"), wrong=Count("pk", filter=Q(answer=VisitAnswer.FINDING)))
    cases = FoundCase.objects.filter(answer__visit__in=scope.visits()).order_by().values("answer__line__item")
    found = dict(cases.annotate(n=Count("pk")).values_list("answer__line__item", "n"))
    return _sorted(
        [
            Share(item, rate(wrong, checked), found.get(item, 0), checked)
            for item, checked, wrong in counted.values_list("line__item", "checked", "wrong")
        ]
    )


def by_village(scope: VisitScope) -> list[Share]:
    """Every village that was visited, the most often wrong first. One query."""
    counted = scope.visits().order_by().values("village")
    counted = counted.annotate(
        visits=Count("pk"), all_checked=Sum("checked"), all_wrong=Sum("wrong"), cases=Sum("found")
    )
    values = counted.values_list("village", "all_checked", "all_wrong", "cases", "visits")
    return _sorted(
        [Share(village, rate(wrong, checked), cases, visits) for village, checked, wrong, cases, visits in values]
    )


def _sorted(shares: Sequence[Share]) -> list[Share]:
    """By what is certain, so that one of one does not stand above nine of ten."""
    return sorted(shares, key=lambda one: (-(one.found.low or 0), -one.found.whole, one.key))
