"""Writing what offices are told where no case is concerned, in the transaction of the verb that did it."""

from collections.abc import Iterable
from datetime import datetime

from casework.models import OfficeEvent, Person, Unit
from casework.models.office_event import OfficeEventKind

LONGEST_ABOUT = 200


def record_office_event(
    *, kind: OfficeEventKind, unit: Unit | int, subject: int, about: str, by: Person | None, at: datetime
) -> OfficeEvent:
    """Tell the holders of posts at one unit. Whoever did it is not told."""
    return record_office_events(kind=kind, told=[(unit, subject, about)], by=by, at=at)[0]


def record_office_events(
    *, kind: OfficeEventKind, told: Iterable[tuple[Unit | int, int, str]], by: Person | None, at: datetime
) -> list[OfficeEvent]:
    """The same for many units in one statement: each with the key of what it is about, and its name."""
    return OfficeEvent.objects.bulk_create(
        [
            OfficeEvent(
                kind=kind,
                unit_id=unit.pk if isinstance(unit, Unit) else unit,
                subject=subject,
                about=about[:LONGEST_ABOUT],
                by=by,
                at=at,
            )
            for unit, subject, about in told
        ],
        batch_size=1000,
    )
