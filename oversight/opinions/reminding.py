"""The clock of the requirements: a unit that neither signed nor passed on is reminded, once."""

from collections.abc import Sequence
from datetime import date, datetime

from casework.clocks.resting import in_batches
from casework.models.resting_row import ClockName
from casework.working_time.deadlines import ONE_DAY, add_working_days, local_day, midnight
from oversight.opinions.queries import open_rows
from oversight.opinions.records import Requirement
from oversight.opinions.telling import tell_unanswered

BATCH = 500
# So many working days a unit has to sign and to pass on; our own proposal.
WORKING_DAYS = 3


def remind_at(deadline: date, at: datetime) -> datetime:
    """When a unit that got it at this moment is reminded: after three working days, or on the morning of the deadline
    where that comes first; the next morning at the earliest.
    """
    today = local_day(at)
    after = min(add_working_days(today, WORKING_DAYS) + ONE_DAY, deadline)
    return midnight(max(after, today + ONE_DAY))


def remind_of_requirements(*, at: datetime) -> int:
    """Remind of what is due; gives how many were looked at."""
    due = (
        Requirement.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(remind_at__lte=at)
        .select_related("unit", "opinion", "parent__unit")
        .order_by("remind_at", "id")
    )
    return in_batches(ClockName.REQUIREMENTS, due, lambda rows: _remind(rows, at), at=at, size=BATCH)


def _remind(rows: Sequence[Requirement], at: datetime) -> None:
    keys = [row.pk for row in rows]
    still_open = set(open_rows(Requirement.objects.filter(pk__in=keys)).values_list("pk", flat=True))
    unanswered = [row for row in rows if row.pk in still_open]
    tell_unanswered(unanswered, at=at)
    Requirement.objects.filter(pk__in=keys).update(remind_at=None)
    Requirement.objects.filter(pk__in=[row.pk for row in unanswered]).update(reminded_at=at)
