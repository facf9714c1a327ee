"""What the page for those who lead says of training: whoever holds the post today, and how many of them were trained."""

from datetime import datetime

from django.utils.translation import gettext as _

from casework.models import Unit
from casework.rights.territories import villages_under
from casework.working_time.deadlines import local_day
from oversight.figures.counting import Months
from oversight.figures.figure import Counted, Figure, share
from oversight.rates import rate
from oversight.training.queries import coverage, half_year_of


def training_figures(unit: Unit, months: Months, at: datetime) -> list[Figure]:
    """One for each rule, of the half-year in which the months end. A constant number of queries."""
    on = local_day(at)
    half = half_year_of(min(months.last_day, on))
    found = coverage(villages_under([(unit.path, unit.pk)], on=on), half, on=on)
    return [
        share(
            f"trained_{one.required}",
            _("Trained: %(whom)s") % {"whom": one.label},
            rate(one.trained, one.of),
            counted=Counted.PEOPLE,
            page="training_missing",
            query={"who": one.required.value, "half": half.code, "under": unit.code},
        )
        for one in found
        if one.of
    ]
