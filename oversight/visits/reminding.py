"""The clock of the visits: one that is overdue is told once, to the office that planned it and where its inspector sits."""

from collections.abc import Sequence
from datetime import datetime

from casework.clocks.resting import in_batches
from casework.models import Term
from casework.models.office_event import OfficeEventKind
from casework.models.resting_row import ClockName
from casework.models.unit import on_day
from casework.office_events import record_office_events
from casework.stages import Role
from casework.working_time.deadlines import local_day
from oversight.visits.records import OPEN_STATES, VillageVisit

BATCH = 500


def remind_of_visits(*, at: datetime) -> int:
    """Tell of what is overdue; gives how many were looked at."""
    due = (
        VillageVisit.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(remind_at__lte=at)
        .select_related("village__parent", "inspector")
        .order_by("remind_at", "id")
    )
    return in_batches(ClockName.VISITS, due, lambda rows: _remind(rows, at), at=at, size=BATCH)


def _remind(rows: Sequence[VillageVisit], at: datetime) -> None:
    late = [row for row in rows if row.state in OPEN_STATES]
    told = [(row.office_id, row.pk, _about(row)) for row in late]
    record_office_events(kind=OfficeEventKind.VISIT_OVERDUE, told=told, by=None, at=at)
    seats: dict[int, int] = {}
    terms = Term.objects.filter(
        on_day(local_day(at)), person__in={row.inspector_id for row in late}, post__role=Role.INSPECTOR
    )
    for person, unit in terms.order_by("id").values_list("person", "post__unit"):
        seats.setdefault(person, unit)
    told = [(seats[row.inspector_id], row.pk, _about(row)) for row in late if row.inspector_id in seats]
    record_office_events(kind=OfficeEventKind.VISIT_TO_MAKE, told=told, by=None, at=at)
    keys = [row.pk for row in late]
    VillageVisit.objects.filter(pk__in=keys).update(remind_at=None, reminded_at=at)


def _about(row: VillageVisit) -> str:
    town = row.village.parent.name if row.village.parent else ""
    return f"{town}{row.village.name} ({row.inspector})"
