"""A unit is merged into another: its posts hand over to the successor's, with the packs made before the cases go along."""

from datetime import datetime

from django.db import transaction

from casework.models import Assignment, Person, Term, Unit
from casework.models.history import record_many, stamped
from casework.models.unit import on_day
from casework.offices.pairings import move_pairings
from casework.offices.retiring import check_retirement, post_of, retire_unit
from casework.stages import RESPONSIBLE_ROLES, Role
from casework.working_time.deadlines import local_day
from oversight.handover.freezing import STILL_OPEN, freeze
from oversight.objects.walls import move_walls
from oversight.opinions.retirement import move_requirements
from oversight.stations.keeping import move_stations


@transaction.atomic
def merge_unit(*, unit: Unit, successor: Unit | None, moves_cases: bool, by: Person, at: datetime) -> int:
    """Take a unit out of use; gives how many open cases went to the successor. The pack of each of its holders keeps the
    unit's own name, and the successor's holder signs for it. The terms end that day. Without a successor nobody takes
    over, and nothing may be open.
    """
    check_retirement(unit, successor, moves_cases=moves_cases)
    on = local_day(at)
    terms = list(
        Term.objects.select_for_update(of=("self",))
        .filter(on_day(on), post__unit=unit)
        .select_related("post__unit__parent", "person")
        .order_by("id")
    )
    if successor is not None:
        handing_over = _with_something_to_hand_over(terms)
        freeze(handing_over, at=at, receiving={one.pk: post_of(successor, one.post.role) for one in handing_over})
    moved = retire_unit(unit=unit, successor=successor, moves_cases=moves_cases, by=by, at=at)
    if successor is not None:
        move_requirements(unit=unit, successor=successor, by=by, at=at)
        move_stations(unit=unit, successor=successor)
        move_pairings(unit=unit, successor=successor, by=by, at=at)
        move_walls(unit=unit, successor=successor, by=by, at=at)
    for term in terms:
        term.valid_until = on
    with stamped(step="retire_unit", by=by, at=at):
        Term.objects.bulk_update(terms, ["valid_until"], batch_size=400)
        record_many(terms, change="~")
    return moved


def _with_something_to_hand_over(terms: list[Term]) -> list[Term]:
    """As for any ended term: heads, and others with something assigned to their post."""
    rectifying = [term for term in terms if term.post.role in RESPONSIBLE_ROLES]
    assigned = set(
        Assignment.objects.filter(
            STILL_OPEN, post__in=[term.post_id for term in rectifying], ended_at=None
        ).values_list("post", flat=True)
    )
    return [term for term in rectifying if term.post.role == Role.COMMITTEE_HEAD or term.post_id in assigned]
