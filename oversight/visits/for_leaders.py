"""What the page for those who lead says of visits: how many that were due were made, and in how many something was found."""

from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from casework.models import Unit
from casework.rights.territories import villages_under
from casework.working_time.deadlines import local_day
from oversight.figures.counting import Months
from oversight.figures.figure import Counted, Figure, share
from oversight.rates import rate
from oversight.visits.records import VillageVisit, VisitState


def visit_figures(unit: Unit, months: Months, at: datetime) -> list[Figure]:
    """Of the visits whose day lies in the months and has come, without those that were called off. One query."""
    on = local_day(at)
    villages = villages_under([(unit.path, unit.pk)], on=on).order_by().values("pk")
    due = VillageVisit.objects.filter(
        village__in=villages, due_by__gte=months.first, due_by__lte=min(months.last_day, on)
    ).exclude(state=VisitState.CALLED_OFF)
    counts = due.aggregate(
        due=Count("pk"),
        done=Count("pk", filter=Q(state=VisitState.DONE)),
        found=Count("pk", filter=Q(state=VisitState.DONE, wrong__gt=0)),
    )
    if not counts["due"]:
        return []
    return [
        share(
            "visits_made",
            _("Visits made of those due"),
            rate(counts["done"], counts["due"]),
            counted=Counted.VISITS,
            page="visits",
        ),
        share(
            "visits_with_findings",
            _("Visits that found something"),
            rate(counts["found"], counts["done"]),
            counted=Counted.VISITS,
            page="found_per_visit",
        ),
    ]
