"""The clock of the elections: a day without a report is told on the next morning, once, to the village that owes it, to
its town and to the office that runs the election.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time

from django.db.models import Exists, OuterRef

from casework.clocks.resting import in_batches
from casework.models import OfficeEvent, Unit
from casework.models.office_event import OfficeEventKind
from casework.models.resting_row import ClockName
from casework.office_events import record_office_events
from casework.working_time.deadlines import LOCAL, ONE_DAY, local_day, midnight
from oversight.eligibility.election_records import Election
from oversight.eligibility.elections import villages_of_election
from oversight.eligibility.queries import silent_villages

# Who reports of yesterday before breakfast is not reminded; our own proposal.
MORNING = time(8)
BATCH, NAMED = 5, 5


def tell_silent(*, at: datetime) -> int:
    """Tell of yesterday's silence in the elections that ran yesterday; gives how many elections were looked at."""
    on = local_day(at)
    if at.astimezone(LOCAL).time() < MORNING:
        return 0
    told = OfficeEvent.objects.filter(
        kind=OfficeEventKind.ELECTION_SILENT, subject=OuterRef("pk"), unit=OuterRef("unit"), at__gte=midnight(on)
    )
    due = (
        Election.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(~Exists(told), begins_on__lt=on, ends_on__gte=on - ONE_DAY)
        .select_related("unit")
        .order_by("id")
    )
    return in_batches(ClockName.ELECTIONS, due, lambda elections: _tell(elections, at), at=at, size=BATCH, by_key=True)


def _tell(elections: Sequence[Election], at: datetime) -> None:
    for election in elections:
        day = local_day(at) - ONE_DAY
        villages = villages_of_election(election, local_day(at))
        silent = list(silent_villages(election, villages, day).select_related("parent").order_by("path"))
        by_town: dict[int, list[Unit]] = defaultdict(list)
        for village in silent:
            if village.parent_id is not None:
                by_town[village.parent_id].append(village)
        told = [(village.pk, election.pk, _about(election, day, [village])) for village in silent]
        told += [(town, election.pk, _about(election, day, some)) for town, some in by_town.items()]
        if silent:
            # By it the clock knows that this day was told.
            told.append((election.unit_id, election.pk, _about(election, day, silent)))
        record_office_events(kind=OfficeEventKind.ELECTION_SILENT, told=told, by=None, at=at)


def _about(election: Election, day: date, villages: Sequence[Unit]) -> str:
    """Names alone, which are read in both languages."""
    names = "、".join(village.name for village in villages[:NAMED])
    return f"{election.name} {day.isoformat()} {names}" + (f" … ({len(villages)})" if len(villages) > NAMED else "")
