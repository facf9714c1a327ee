"""A unit is no longer in use: merged into another, or dissolved. Its open cases go to the successor, never to nobody."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.models import Assignment, Case, CaseObject, Person, Post, Unit
from casework.models.history import record_many, stamped
from casework.models.unit import UnitLevel
from casework.offices.open_cases import LEVELS, UNITS, move_cases, some_of
from casework.offices.responsibilities import make_responsible
from casework.rights.territories import Line, line_above
from casework.stages import COMMITTEE, OPEN, RESPONSIBLE_ROLES, Role
from casework.working_time.deadlines import local_day


def cases_of(unit: Unit) -> list[tuple[int, str]]:
    """Key and number of the open cases that name this unit anywhere: where it is, who answers, whose turn it is."""
    named = Q(waits_at=unit)
    for column in UNITS:
        named |= Q(**{column: unit})
    helped = Q(assignments__helper=unit, assignments__ended_at=None)
    return list(
        Case.objects.filter(named | helped, stage__in=OPEN).order_by("id").values_list("pk", "number").distinct()
    )


def check_retirement(unit: Unit, successor: Unit | None, *, moves_cases: bool) -> list[tuple[int, str]]:
    """Refuse to retire a unit that still has units below it, or open cases that nobody takes over; gives those cases.

    Asks first: with a successor, but without the word that the cases go along, it names them.
    """
    if unit.children.filter(is_active=True).exists():
        raise Invalid(
            "unit_has_children",
            _("%(unit)s still has units below it. Give them another parent first.") % {"unit": unit.name},
            field="is_active",
        )
    if successor is not None and (successor.pk == unit.pk or successor.level != unit.level or not successor.is_active):
        raise Invalid("successor_unfit", _("Choose a successor of the same level that is in use."), field="successor")
    cases = cases_of(unit)
    if cases and successor is None:
        raise Invalid(
            "successor_missing",
            _("%(unit)s has %(count)d open cases: %(numbers)s. Name the unit that takes them over.")
            % {"unit": unit.name, "count": len(cases), "numbers": some_of([number for _pk, number in cases])},
            field="successor",
        )
    if cases and successor is not None and not moves_cases:
        raise Invalid(
            "retires_open_cases",
            _("%(count)d open cases would go to %(successor)s: %(numbers)s. Say that they go along.")
            % {"successor": successor, "count": len(cases), "numbers": some_of([number for _pk, number in cases])},
            field="moves_cases",
        )
    return cases


@transaction.atomic
def retire_unit(
    *, unit: Unit, successor: Unit | None = None, moves_cases: bool = False, by: Person | None, at: datetime
) -> int:
    """Take a unit out of use; gives how many open cases went to the successor. What has ended stays where it ended."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    cases = [pk for pk, _number in check_retirement(unit, successor, moves_cases=moves_cases)]
    with stamped(step="retire_unit", by=by, at=at):
        if successor is not None:
            _take_over(unit, successor, cases, by=by, at=at)
        unit.is_active = False
        unit.save()
    return len(cases)


def _take_over(unit: Unit, successor: Unit, cases: list[int], *, by: Person | None, at: datetime) -> None:
    on = local_day(at)
    for territory in [one.territory for one in unit.territories.filter(valid_until=None).select_related("territory")]:
        make_responsible(successor, territory, note="", valid_from=on)
    was, now = line_above(unit, on=on), line_above(successor, on=on)
    objects = _objects_of(cases, unit, successor) if unit.level == UnitLevel.VILLAGE else {}

    def change(case: Case) -> dict[str, Unit]:
        if case.object_id in objects:
            case.object = objects[case.object_id]
        return _columns(case, unit, successor, was, now)

    move_cases(cases, change, by=by, at=at)
    _pass_on_assignments(cases, unit, successor, at=at)


def _columns(case: Case, unit: Unit, successor: Unit, was: Line, now: Line) -> dict[str, Unit]:
    """The columns of a case that named the unit, and what stood above it as far as the successor stands elsewhere."""
    found = {column: successor for column in UNITS if getattr(case, f"{column}_id") == unit.pk}
    if case.village_id == unit.pk or case.town_id == unit.pk:
        for level in LEVELS:
            above = getattr(now, level)
            if above is not None and getattr(case, level) == getattr(was, level):
                found[level] = above
    return found


def _objects_of(cases: Iterable[int], unit: Unit, successor: Unit) -> dict[int, CaseObject]:
    """The boards and contracts of these cases, entered into the register of the village that takes them over."""
    wanted = CaseObject.objects.filter(village=unit, cases__in=list(cases)).distinct()
    return {one.pk: CaseObject.objects.get_or_create(village=successor, name=one.name)[0] for one in wanted}


def _pass_on_assignments(cases: Iterable[int], unit: Unit, successor: Unit, *, at: datetime) -> None:
    """Make the same kind of post of the successor responsible; the deadline stays. One that nobody holds is vacant, and
    the clock of the vacancies tells the level above.
    """
    named = Q(post__unit=unit) | Q(support=unit) | Q(helper=unit)
    before = list(
        Assignment.objects.select_for_update(of=("self",))
        .filter(named, case__in=list(cases), ended_at=None)
        .select_related("post", "case")
    )
    posts = {
        role: post_of(successor, role) for role in {one.post.role for one in before if one.post.unit_id == unit.pk}
    }
    after = []
    for one in before:
        one.ended_at = at
        after.append(
            Assignment(
                case=one.case,
                post=posts[one.post.role] if one.post.unit_id == unit.pk else one.post,
                support=successor if one.support_id == unit.pk else one.support,
                helper=successor if one.helper_id == unit.pk else one.helper,
                lead=one.lead,
                due_on=one.case.due_on or one.due_on,
                days=one.days,
                counted_from=one.counted_from,
                note=one.note,
                assigned_by=one.assigned_by,
                assigned_at=at,
            )
        )
    Assignment.objects.bulk_update(before, ["ended_at"], batch_size=400)
    record_many(before, change="~")
    Assignment.objects.bulk_create(after, batch_size=400)
    record_many(after, change="+")


def post_of(unit: Unit, role: str) -> Post:
    """Who takes over at a successor: the unit's first post of this role, or another one that rectifies; made where there is none."""
    alike = COMMITTEE if role in COMMITTEE else RESPONSIBLE_ROLES
    posts = Post.objects.filter(unit=unit).order_by("number")
    found = posts.filter(role=role).first() or posts.filter(role__in=alike).first()
    return found or Post.objects.create(unit=unit, role=Role(role), number=1)
