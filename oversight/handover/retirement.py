"""A unit is merged or taken out of use: its posts hand over to the successor's, with the packs made before the cases go
along.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.models import Assignment, Case, Person, Term, Unit
from casework.models.history import record_many, stamped
from casework.models.unit import on_day
from casework.offices.pairings import move_pairings
from casework.offices.retiring import check_retirement, post_of, retire_unit
from casework.stages import RESPONSIBLE_ROLES, Role, Watch
from casework.working_time.deadlines import local_day
from oversight.handover.freezing import STILL_OPEN, ended_terms, freeze
from oversight.handover.records import HandoverPack
from oversight.objects.queries import standing
from oversight.objects.records import Wall
from oversight.objects.walls import move_walls
from oversight.opinions.retirement import move_requirements
from oversight.stations.keeping import move_stations


@transaction.atomic
def merge_unit(*, unit: Unit, successor: Unit | None, moves_cases: bool, by: Person, at: datetime) -> int:
    """Take a unit out of use; gives how many open cases went to the successor. The pack of each of its holders keeps the
    unit's own name, and the successor's holder signs for it. The terms end that day. Without a successor nobody takes
    over, and nothing may be left.
    """
    on = local_day(at)
    check_merger(unit, successor, moves_cases=moves_cases, on=on)
    locked = Term.objects.select_for_update(of=("self",)).select_related("post__unit__parent", "person").order_by("id")
    terms = list(locked.filter(on_day(on), post__unit=unit))
    if successor is not None:
        # Those that ended days ago as well, if the clock has not come by yet.
        ended = locked.filter(pk__in=ended_terms(on).filter(post__unit=unit).values("pk"))
        handing_over = [*ended, *_with_something_to_hand_over(terms)]
        freeze(handing_over, at=at, receiving={one.pk: post_of(successor, one.post.role) for one in handing_over})
        _pass_on_unsigned(unit, successor)
    moved = retire_unit(unit=unit, successor=successor, moves_cases=moves_cases, by=by, at=at)
    if successor is not None:
        move_requirements(unit=unit, successor=successor, by=by, at=at)
        move_stations(unit=unit, successor=successor, by=by, at=at)
        move_pairings(unit=unit, successor=successor, by=by, at=at)
        move_walls(unit=unit, successor=successor, by=by, at=at)
    for term in terms:
        term.valid_until = on
    with stamped(step="retire_unit", by=by, at=at):
        Term.objects.bulk_update(terms, ["valid_until"], batch_size=400)
        record_many(terms, change="~")
    return moved


def check_merger(unit: Unit, successor: Unit | None, *, moves_cases: bool, on: date) -> None:
    """Refuse to take a unit out of use that leaves something to nobody: open cases, holders who hand over, cases that
    are still watched, walls that stand.
    """
    check_retirement(unit, successor, moves_cases=moves_cases)
    if successor is not None:
        return
    holders = Term.objects.filter(on_day(on), post__unit=unit).select_related("post", "person")
    watched = Case.objects.filter(village=unit, watch=Watch.WATCHED)
    if (
        _with_something_to_hand_over(list(holders))
        or watched.exists()
        or standing(Wall.objects.filter(village=unit)).exists()
    ):
        raise Invalid(
            "successor_missing",
            _(
                "%(unit)s still has something to hand over: seal and ledgers, cases in their consolidation period or clarity walls. "
                "Name the unit that takes them over."
            )
            % {"unit": unit.name},
            field="successor",
        )


def _pass_on_unsigned(unit: Unit, successor: Unit) -> None:
    """Handovers that a post of the unit was to sign for, or that it was to witness, are the successor's."""
    waiting = HandoverPack.objects.filter(receiving__unit=unit, settled_at=None).select_related("receiving")
    for pack in waiting:
        pack.receiving = post_of(successor, pack.receiving.role)
        pack.save(update_fields=["receiving"])
    for place in ("witness_unit", "county"):
        HandoverPack.objects.filter(settled_at=None, **{place: unit}).update(**{place: successor})


def _with_something_to_hand_over(terms: list[Term]) -> list[Term]:
    """As for any ended term: heads, and others with something assigned to their post."""
    rectifying = [term for term in terms if term.post.role in RESPONSIBLE_ROLES]
    assigned = set(
        Assignment.objects.filter(
            STILL_OPEN, post__in=[term.post_id for term in rectifying], ended_at=None
        ).values_list("post", flat=True)
    )
    return [term for term in rectifying if term.post.role == Role.COMMITTEE_HEAD or term.post_id in assigned]
