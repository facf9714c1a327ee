"""A look-back beside the planned ones: somebody had a reason to look again now."""

from datetime import datetime, timedelta

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict
from casework.models import Case, LookBack
from casework.models.look_back import LookBackKind, LookBackState
from casework.stages import Stage
from casework.watch.consolidation import CLOSE_DAYS, planned
from casework.working_time.deadlines import local_day


def look_back_out_of_turn(case: Case, *, at: datetime) -> LookBack:
    """Plan a look-back for now, or give the one that is open or comes within days. Refuses a case that is not struck
    off. The caller holds the lock of the case; the clock opens it and draws its inspector.
    """
    if case.stage != Stage.CLOSED:
        raise Conflict("not_struck_off", _("A look-back follows a strike-off, and this case is not struck off."))
    on = local_day(at)
    soon = case.look_backs.filter(
        state__in=(LookBackState.OPEN, LookBackState.PLANNED), opens_on__lte=on + timedelta(days=CLOSE_DAYS)
    ).exclude(kind=LookBackKind.REVERSE)
    if (found := soon.order_by("opens_on").first()) is not None:
        return found
    number = (case.look_backs.aggregate(last=Max("number"))["last"] or 0) + 1
    closure = case.closures.order_by("-round").first()
    row = planned(case, closure, LookBackKind.SCHEDULED, day=on, number=number)
    row.save()
    return row
