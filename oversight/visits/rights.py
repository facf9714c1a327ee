"""Whose visits they are: who plans them, who goes, who reads them. Villages and towns are not told beforehand."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed
from casework.models import Person, Term, Unit
from casework.models.unit import UnitLevel, on_day
from casework.rights.held_posts import Held, posts_held
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from casework.rights.territories import Line, villages_of
from casework.stages import Role
from casework.watch.prevention import CHECKED
from casework.working_time.deadlines import local_day
from oversight.visits.records import OPEN_STATES, VillageVisit, VisitState

# Whoever sat in a village or its town within so many days does not inspect it.
DAYS_AWAY = 365


def office_for(person: Person, village: Unit, line: Line, on: date) -> Held | None:
    """The post by which this person plans visits to a village: of the county that answers for it, or of its city."""
    units = {unit.pk for unit in (line.county, line.city) if unit is not None}
    if sits_above(person, village, on):
        return None
    return next((held for held in posts_for(person, OfficeAction.PLAN_VISIT, on) if held.unit_id in units), None)


def sits_above(person: Person, village: Unit, on: date) -> bool:
    """Whether this person sits in the village's committee or in the office of its town."""
    return any(held.role in CHECKED and village.path.startswith(held.unit_path) for held in posts_held(person, on))


def goes_there(person: Person, village: Unit, line: Line, on: date) -> bool:
    """Whether one of this person's posts is an inspector's of the county that answers for the village, or of its city."""
    units = {unit.pk for unit in (line.county, line.city) if unit is not None}
    return any(held.unit_id in units for held in posts_for(person, OfficeAction.MAKE_VISIT, on))


def own_villages(pairs: Iterable[tuple[Person, Unit]], on: date) -> set[tuple[int, int]]:
    """Of these people and villages those that are their own: they sit, or sat within a year, in the committee or the
    town's office. One query, however many they are.
    """
    pairs = list(pairs)
    paths = {path for _person, village in pairs for path in village.ancestor_paths()}
    terms = Term.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=on),
        Q(valid_until=None) | Q(valid_until__gte=on - timedelta(DAYS_AWAY)),
        person__in={person.pk for person, _village in pairs},
        post__role__in=CHECKED,
        post__unit__path__in=paths,
    )
    sat: dict[int, list[str]] = {}
    for person, path in terms.order_by().values_list("person", "post__unit__path"):
        sat.setdefault(person, []).append(path)
    return {
        (person.pk, village.pk)
        for person, village in pairs
        if any(village.path.startswith(path) for path in sat.get(person.pk, ()))
    }


def may_make(person: Person, visit: VillageVisit, on: date) -> bool:
    """Whether this person goes there and enters what is seen."""
    return visit.inspector_id == person.pk and bool(posts_for(person, OfficeAction.MAKE_VISIT, on))


def require_inspector(person: Person, visit: VillageVisit, at: datetime) -> None:
    on = local_day(at)
    if not may_make(person, visit, on):
        sentence = _("This visit is made by %(name)s.") % {"name": visit.inspector}
        raise NotAllowed("not_your_visit", sentence)
    if (person.pk, visit.village_id) in own_villages([(person, visit.village)], on):
        raise own_village()


def own_village() -> NotAllowed:
    return NotAllowed(
        "own_village",
        _("Nobody inspects a village or town in which they sit or sat within the last year. Choose somebody else."),
    )


def may_call_off(person: Person, visit: VillageVisit, on: date) -> bool:
    """Whether one of the offices over the visit's village is this person's."""
    planning = villages_of(person, OfficeAction.PLAN_VISIT, on=on)
    return not sits_above(person, visit.village, on) and planning.filter(pk=visit.village_id).exists()


def visits_seen_by(person: Person, on: date) -> QuerySet[VillageVisit]:
    """The visits that this person may read: an inspector's own, and those in the area of their posts and of an office's.
    What is still to come is not read by whoever sits there.
    """
    seen = Q(pk__in=())
    if posts_for(person, OfficeAction.SEE_VISITS, on):
        seen |= Q(inspector=person) | Q(village__in=villages_of(person, OfficeAction.SEE_VISITS, on=on))
    for held in posts_held(person, on):
        if held.role in CHECKED:
            seen &= ~Q(village__path__startswith=held.unit_path, state__in=OPEN_STATES)
    return VillageVisit.objects.filter(seen)


def visits_shown_on_village(person: Person, village: Unit, on: date) -> QuerySet[VillageVisit]:
    """A village's visits as its page shows them: what is done to everybody who may open the page, what is planned to
    inspectors and offices of the county that answered for it when it was planned, or of the city. One query.
    """
    seen = Q(state=VisitState.DONE)
    if not sits_above(person, village, on):
        for held in posts_for(person, OfficeAction.SEE_VISITS, on):
            is_of_city = held.unit_level == UnitLevel.CITY and village.path.startswith(held.unit_path)
            seen |= Q(village=village) if is_of_city else Q(county=held.unit_id)
    found = VillageVisit.objects.filter(seen, village=village).select_related("village__parent", "inspector")
    return found.order_by("-id")


def inspectors_for(person: Person, on: date) -> QuerySet[Person]:
    """Whom this person's office sends: inspectors of the county and of the city, by name."""
    paths = set()
    for held in posts_for(person, OfficeAction.PLAN_VISIT, on):
        paths |= set(Unit.paths_down_to(held.unit_path))
        if held.unit_level == UnitLevel.CITY:
            below = Unit.objects.filter(path__startswith=held.unit_path, level=UnitLevel.COUNTY)
            paths |= set(below.values_list("path", flat=True))
    terms = Term.objects.filter(
        on_day(on), post__role=Role.INSPECTOR, post__unit__path__in=paths, post__unit__is_active=True
    )
    return Person.objects.filter(pk__in=terms.values("person"), is_active=True).order_by("name", "pk")
