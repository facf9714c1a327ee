"""Cases by the visits on which they were found: those of a kind, or those of a plan of spot checks."""

from django.db.models import Q

from casework.values.numbers import whole_number
from oversight.spot_checks.records import PlannedDraw
from oversight.spot_checks.visiting import draw_key
from oversight.visits.records import FoundCase, VillageVisit, VillageVisitKind

PLAN = "plan-"


def found_on(visit: str) -> Q | None:
    """The cases that were found on visits of this kind, or of the plan with the key behind `plan-`; None for anything
    else.
    """
    if visit in VillageVisitKind.values:
        visits = VillageVisit.objects.filter(kind=visit)
    elif visit.startswith(PLAN) and (pk := whole_number(visit.removeprefix(PLAN))):
        draws = PlannedDraw.objects.filter(plan=pk).only("pk")
        visits = VillageVisit.objects.filter(draw_key__in=[draw_key(draw) for draw in draws])
    else:
        return None
    return Q(pk__in=FoundCase.objects.filter(answer__visit__in=visits).values("case"))
