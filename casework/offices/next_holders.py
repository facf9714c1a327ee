"""No term ends so that an open case is left to nobody: who goes on with it stands there first.

A case goes on where, after the last day, somebody else holds a post at its unit that rectifies (the next holder of the
same post, from whichever later day on, or another member of the committee), or where an office is named as caretaker.
The database holds the same rule as triggers on the terms (migration 0035).
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.models import Assignment, Caretaker, Person, Term, Unit
from casework.models.history import record_many, stamped
from casework.models.unit import UnitLevel
from casework.offices.open_cases import some_of
from casework.rights.territories import lines_above
from casework.stages import OPEN, RESPONSIBLE_ROLES
from casework.working_time.deadlines import ONE_DAY, local_day


def cases_left_behind(ends: Sequence[tuple[Term, date]], to_come: Iterable[Term] = ()) -> dict[int, list[str]]:
    """The numbers of the open cases that nobody would go on with, by the terms' keys, if all of these terms ended with
    these last days. `to_come` are terms that begin in the same breath. Three queries, however many terms.
    """
    lasting = {term.pk: last for term, last in ends}
    units = {term.post.unit_id for term, _last in ends if term.post.role in RESPONSIBLE_ROLES}
    cases: dict[int, list[str]] = {}
    assigned = Assignment.objects.filter(post__unit__in=units, ended_at=None, case__stage__in=OPEN).order_by("case")
    for unit, number in assigned.values_list("post__unit", "case__number"):
        cases.setdefault(unit, []).append(number)
    if not cases:
        return {}
    cared_for = set(Caretaker.objects.filter(unit__in=cases, valid_until=None).values_list("unit", flat=True))
    others = Term.objects.filter(
        post__unit__in=cases.keys() - cared_for, post__role__in=RESPONSIBLE_ROLES, person__is_active=True
    )
    until: dict[int, list[tuple[int | None, date]]] = {}
    for pk, unit, last in others.values_list("pk", "post__unit", "valid_until"):
        until.setdefault(unit, []).append((pk, lasting.get(pk, last or date.max)))
    for term in to_come:
        if term.post.role in RESPONSIBLE_ROLES:
            until.setdefault(term.post.unit_id, []).append((None, term.valid_until or date.max))
    return {
        term.pk: cases[unit]
        for term, last in ends
        if (unit := term.post.unit_id) in cases
        and unit not in cared_for
        and term.post.role in RESPONSIBLE_ROLES
        and not any(after > last for pk, after in until.get(unit, ()) if pk is None or pk != term.pk)
    }


def refusal_of(term: Term, numbers: Sequence[str]) -> Invalid:
    """What stands in the way of this term's end."""
    return Invalid(
        "leaves_cases_behind",
        _(
            "After this day nobody goes on with %(count)d open cases of %(unit)s: %(numbers)s. Choose the next holder "
            "first, or say that the office above looks after them until somebody holds the post."
        )
        % {"count": len(numbers), "unit": term.post.unit.name, "numbers": some_of(numbers)},
        field="valid_until",
    )


def require_next_holder(term: Term, valid_until: date) -> None:
    left = cases_left_behind([(term, valid_until)])
    if term.pk in left:
        raise refusal_of(term, left[term.pk])


def offices_above(units: Sequence[Unit], *, on: date) -> dict[int, Unit]:
    """Which office looks after these units while nobody does it there: a village's town (its county where it has no
    town), and the unit above any other.
    """
    villages = [unit for unit in units if unit.level == UnitLevel.VILLAGE]
    lines = lines_above(villages, on=on)
    found: dict[int, Unit] = {}
    for unit in units:
        line = lines.get(unit.pk)
        office = (line.town or line.county or line.city) if line else unit.parent
        if office is not None:
            found[unit.pk] = office
    return found


@transaction.atomic
def name_caretakers(*, units: Sequence[Unit], valid_from: date, by: Person | None, at: datetime) -> list[Caretaker]:
    """The office above looks after the open cases of these units from this day on; where one does already, it stays."""
    there = set(Caretaker.objects.filter(unit__in=units, valid_until=None).values_list("unit", flat=True))
    offices = offices_above(units, on=local_day(at))
    made = [
        Caretaker(unit=unit, office=offices[unit.pk], valid_from=valid_from, by=by, at=at)
        for unit in units
        if unit.pk not in there and unit.pk in offices
    ]
    with stamped(step="name_caretaker", by=by, at=at):
        made = Caretaker.objects.bulk_create(made, batch_size=400)
        record_many(made, change="+")
    return made


@transaction.atomic
def end_caretakers(*, at: datetime) -> int:
    """Where somebody holds a post again the caretaking has ended the day before; gives how many."""
    on = local_day(at)
    held = Term.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=on),
        Q(valid_until=None) | Q(valid_until__gte=on),
        post__role__in=RESPONSIBLE_ROLES,
        person__is_active=True,
    )
    over = list(
        Caretaker.objects.select_for_update(of=("self",))
        .filter(valid_until=None, valid_from__lte=on, unit__in=held.values("post__unit"))
        .order_by("id")
    )
    for one in over:
        one.valid_until = max(on - ONE_DAY, one.valid_from)
    with stamped(step="end_caretaker", by=None, at=at):
        Caretaker.objects.bulk_update(over, ["valid_until"], batch_size=400)
        record_many(over, change="~")
    return len(over)
