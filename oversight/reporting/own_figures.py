"""What the records say of a unit's period: figures that nobody types in, and the cases that they count.

A county answers for the cases of its villages, a department for those that it rectifies. Referred cases are in no figure:
only the discipline office knows of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from casework.models import Case, Letter, SpotCheckDraw, Unit, UnitLevel
from casework.stages import OPEN, Stage
from casework.working_time.deadlines import ONE_DAY, midnight
from oversight.reporting.records import Period
from oversight.reporting.report_records import OwnFigureName
from oversight.spot_checks.queries import draws_made
from oversight.spot_checks.records import DrawSeed

# Of more the first are kept with a figure; the count is right in any case.
MOST_CASES = 2000
NEVER_COUNTED = (Stage.REFERRED, Stage.REFUSED, Stage.DUPLICATE, Stage.WITHDRAWN)


@dataclass(frozen=True)
class Counted:
    name: OwnFigureName
    value: int
    cases: Sequence[int]


@dataclass(frozen=True)
class Happened:
    """What happened in a unit's period and belongs into its report: each with the words by which it is known."""

    closures: Sequence[Case]
    relapses: Sequence[Case]
    letters: Sequence[Letter]
    draws: Sequence[SpotCheckDraw | DrawSeed]


def cases_of(unit: Unit) -> Q:
    if unit.level == UnitLevel.COUNTY:
        return Q(county=unit)
    # What a department does not know of yet is no figure of its own.
    return Q(responsible=unit, assigned_at__isnull=False)


def own_figures(unit: Unit, period: Period, *, on: date) -> list[Counted]:
    """The five figures of a unit's period, by the records of this day: what is open and overdue is so on the last day, or
    on this one while the period runs. A constant number of queries.
    """
    first, last = period.first_day, min(period.last_day, on)
    cases = Case.objects.filter(cases_of(unit)).exclude(stage__in=NEVER_COUNTED)
    # Still open today, or struck off since: either half rides on its own index.
    still, since = (
        cases.filter(stage__in=OPEN, found_on__lte=last),
        cases.filter(stage=Stage.CLOSED, closed_on__gt=last, found_on__lte=last),
    )
    open_then = _keys(still) + _keys(since)
    overdue_then = _keys(still.filter(due_on__lte=last)) + _keys(since.filter(due_on__lte=last))
    found = {
        OwnFigureName.FINDINGS: _keys(cases.filter(found_on__range=(first, last))),
        OwnFigureName.CLOSURES: _keys(closed_in(cases, period)),
        OwnFigureName.RELAPSES: _keys(came_back_in(cases, period)),
        OwnFigureName.OPEN: open_then,
        OwnFigureName.OVERDUE: overdue_then,
    }
    return [Counted(name, len(keys), sorted(keys)[:MOST_CASES]) for name, keys in found.items()]


def closed_in(cases: QuerySet[Case], period: Period) -> QuerySet[Case]:
    return cases.filter(stage=Stage.CLOSED, closed_on__range=(period.first_day, period.last_day))


def came_back_in(cases: QuerySet[Case], period: Period) -> QuerySet[Case]:
    """Found in the period, and decided to be an earlier one come back."""
    return cases.filter(relapse_of__isnull=False, found_on__range=(period.first_day, period.last_day))


def happened(unit: Unit, period: Period, *, most: int) -> Happened:
    """What a report of this period should mention, of each kind at most so many. Five queries."""
    cases = Case.objects.filter(cases_of(unit)).exclude(stage__in=NEVER_COUNTED)
    cases = cases.select_related("village", "item")
    begins, ends = midnight(period.first_day), midnight(period.last_day + ONE_DAY)
    letters = Letter.objects.filter(addressee=unit, issued_on__range=(period.first_day, period.last_day))
    draws = SpotCheckDraw.objects.filter(county=unit, at__gte=begins, at__lt=ends).order_by("pk")
    planned = draws_made(period.first_day, period.last_day).filter(draw__county=unit)
    drawn: list[SpotCheckDraw | DrawSeed] = [*draws[:most], *planned[:most]]
    return Happened(
        # In the order of the index that finds them: sorted by key, the planner would walk the whole table by its key.
        closures=list(closed_in(cases, period).order_by("closed_on", "pk")[:most]),
        relapses=list(came_back_in(cases, period).order_by("found_on", "pk")[:most]),
        letters=list(letters.exclude(case__stage__in=NEVER_COUNTED).order_by("pk")[:most]),
        draws=drawn[:most],
    )


def _keys(cases: QuerySet[Case]) -> list[int]:
    return list(cases.order_by().values_list("pk", flat=True))
