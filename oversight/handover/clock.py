"""The clock of the handovers: packs are made, and what nobody has signed climbs to the town and then to the county."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from casework.clocks.resting import in_batches
from casework.models import Unit
from casework.models.office_event import OfficeEventKind
from casework.models.resting_row import ClockName
from casework.office_events import record_office_events
from casework.offices.next_holders import end_caretakers
from casework.working_time.deadlines import local_day
from oversight.handover.freezing import BATCH, DAYS_TO_SIGN, ended_terms, freeze
from oversight.handover.records import HandoverPack

# Told once each: the office that witnesses (the town), and seven days later the one above it (the county).
STEPS = 2


def keep_handovers(*, at: datetime) -> int:
    """Make the packs that are due and take the steps that are due; gives how many of both."""
    return make_packs(at=at) + climb(at=at)


def make_packs(*, at: datetime) -> int:
    """A pack for each term that has ended: also for a whole election at once."""
    end_caretakers(at=at)
    due = (
        ended_terms(local_day(at))
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("post__unit__parent", "person")
    )
    return in_batches(ClockName.HANDOVERS, due, lambda terms: freeze(terms, at=at), at=at, size=BATCH)


def climb(*, at: datetime) -> int:
    """Tell the next level of what is unsigned."""
    due = (
        HandoverPack.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(climb_at__lte=at)
        .select_related("witness_unit__parent", "county")
        .order_by("climb_at", "id")
    )
    return in_batches(ClockName.HANDOVERS, due, lambda packs: _climb(packs, at), at=at, size=BATCH)


def _climb(packs: Sequence[HandoverPack], at: datetime) -> None:
    told = []
    # Whole elections fall due together: a handful of statements, however many packs.
    updates: dict[tuple[int, datetime | None], list[int]] = defaultdict(list)
    for pack in packs:
        office: Unit | None = pack.witness_unit
        if pack.climbed:
            has_county = pack.county is not None and pack.county_id != pack.witness_unit_id
            office = pack.county if has_county else pack.witness_unit.parent
        climbed = pack.climbed + 1
        next_at = None
        if climbed < STEPS and pack.settled_at is None and pack.climb_at is not None:
            # From the day on which it was due, so that a clock that stood still makes it no longer.
            next_at = pack.climb_at + DAYS_TO_SIGN
        updates[climbed, next_at].append(pack.pk)
        if pack.settled_at is None and office is not None:
            told.append((office, pack.pk, f"{pack.unit_name} {pack.get_role_display()} {pack.outgoing_name}"))
    record_office_events(kind=OfficeEventKind.HANDOVER_UNSIGNED, told=told, by=None, at=at)
    for (climbed, climb_at), keys in updates.items():
        HandoverPack.objects.filter(pk__in=keys).update(climbed=climbed, climb_at=climb_at)
