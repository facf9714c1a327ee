"""Visits to the field: entered by the unit that went, corrected by a later entry, and what was found there reported."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed, Refusal, refuse
from casework.models import Case, Person, Unit
from casework.models.unit import UnitLevel
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from casework.talk.attachments import AttachedFile
from casework.working_time.deadlines import local_day
from oversight.mechanisms.corrections import correction_of, day_refusals, file_refusals, length_refusals
from oversight.mechanisms.records import FieldVisit, VisitedPlace, VisitFinding, VisitKind
from oversight.members.records import Mechanism

MOST_PLACES = 40
PLACES = (UnitLevel.COUNTY, UnitLevel.TOWN, UnitLevel.VILLAGE)


@dataclass(frozen=True)
class Visited:
    """Where they went, who went, what they saw. A file is never needed."""

    kind: VisitKind
    day: date
    places: Sequence[Unit]
    people: str
    seen: str
    good_practice: str = ""
    files: Sequence[AttachedFile] = field(default=())


def may_enter(person: Person, unit: Unit, on: date) -> bool:
    """Whether this person enters the visits of this unit: by a post at the unit itself."""
    return any(held.unit_id == unit.pk for held in posts_for(person, OfficeAction.LOG_FIELD_VISIT, on))


@transaction.atomic
def enter_visit(*, mechanism: Mechanism, unit: Unit, visited: Visited, by: Person, at: datetime) -> FieldVisit:
    """Enter a visit. Refuses other people, a unit that was no member on that day, a day ahead, no place, a place
    outside the city, and the same visit twice.
    """
    _require_enterer(by, unit, at)
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    refuse(_refusals(mechanism, unit, visited, at=at))
    _refuse_twice(unit, visited)
    return _write(unit, visited, by=by, at=at)


@transaction.atomic
def correct_visit(
    *, mechanism: Mechanism, visit: FieldVisit, visited: Visited, reason: str, by: Person, at: datetime
) -> FieldVisit:
    """Enter it anew in the place of an earlier entry, which stays. What was found there stays with the earlier one and
    is shown with both.
    """
    _require_enterer(by, visit.unit, at)
    Unit.objects.select_for_update(no_key=True).get(pk=visit.unit_id)
    correction = correction_of(visit, reason=reason, is_withdrawn=False, by=by, at=at)
    refuse(_refusals(mechanism, visit.unit, visited, at=at))
    return _write(visit.unit, visited, **correction)


@transaction.atomic
def withdraw_visit(*, visit: FieldVisit, reason: str, by: Person, at: datetime) -> FieldVisit:
    """Say that nobody went: the entry stays, and counts no more."""
    _require_enterer(by, visit.unit, at)
    Unit.objects.select_for_update(no_key=True).get(pk=visit.unit_id)
    correction = correction_of(visit, reason=reason, is_withdrawn=True, by=by, at=at)
    same = {name: getattr(visit, name) for name in ("unit", "kind", "day", "people", "seen")}
    return FieldVisit.objects.create(**same, **correction)


@transaction.atomic
def link_finding(*, visit: FieldVisit, case: Case, by: Person, at: datetime) -> VisitFinding:
    """Say that a case was found on this visit. Refuses other people, and a case that stands with a visit already."""
    _require_enterer(by, visit.unit, at)
    if VisitFinding.objects.filter(case=case).exists():
        raise Conflict("linked_already", _("This case stands with a visit already."))
    return VisitFinding.objects.create(visit=visit, case=case, by=by, at=at)


@dataclass(frozen=True)
class PlacesMeant:
    """What some names mean: the units, the names that nothing in the city has, and those that several have."""

    units: tuple[Unit, ...]
    unknown: tuple[str, ...]
    several: tuple[tuple[str, tuple[Unit, ...]], ...]


def places_meant(city: Unit, names: Sequence[str]) -> PlacesMeant:
    """The counties, towns and villages of a city by code, by name, or by the names of town and village in one. One
    query for all of them.
    """
    units = Unit.objects.filter(city.subtree(), level__in=PLACES, is_active=True).select_related("parent")
    units = units.annotate(full_name=Concat("parent__name", "name"))
    wanted = set(names)
    found = list(units.filter(code__in=wanted) | units.filter(name__in=wanted) | units.filter(full_name__in=wanted))
    meant, unknown, several = dict[int, Unit](), list[str](), list[tuple[str, tuple[Unit, ...]]]()
    for name in dict.fromkeys(names):
        fitting = [one for one in found if one.code == name] or [
            one for one in found if name in (one.name, one.full_name)
        ]
        if len(fitting) == 1:
            meant[fitting[0].pk] = fitting[0]
        elif fitting:
            several.append((name, tuple(fitting)))
        else:
            unknown.append(name)
    return PlacesMeant(tuple(meant.values()), tuple(unknown), tuple(several))


def _require_enterer(by: Person, unit: Unit, at: datetime) -> None:
    if not may_enter(by, unit, local_day(at)):
        sentence = _("Visits of %(unit)s are entered by its own people.") % {"unit": unit.name}
        raise NotAllowed("not_your_visit", sentence)


def _refusals(mechanism: Mechanism, unit: Unit, visited: Visited, *, at: datetime) -> list[Refusal]:
    found = day_refusals(visited.day, at=at, field="day")
    found += length_refusals(people=visited.people, seen=visited.seen, good_practice=visited.good_practice)
    found += file_refusals(visited.files)
    if visited.kind not in VisitKind.values:
        found.append(Invalid("kind_unknown", _("Choose what it was."), field="kind"))
    for name, words, sentence in (
        ("people", visited.people, _("Say who went.")),
        ("seen", visited.seen, _("Say what was seen, in a sentence or two.")),
    ):
        if not words.strip():
            found.append(Invalid("words_missing", sentence, field=name))
    if not visited.places:
        found.append(Invalid("nowhere", _("Name at least one place."), field="places"))
    elif len(visited.places) > MOST_PLACES:
        too_many = _("Up to %(most)d places. Enter the others as another visit.") % {"most": MOST_PLACES}
        found.append(Invalid("too_many_places", too_many, field="places"))
    if any(not place.path.startswith(mechanism.lead.path) or place.level not in PLACES for place in visited.places):
        found.append(Invalid("not_in_the_city", _("Name counties, towns and villages of this city."), field="places"))
    if unit.pk != mechanism.lead_id and not _was_member(mechanism, unit, visited.day):
        no_member = _("%(unit)s was no member of the mechanism on that day. Look at the day.") % {"unit": unit.name}
        found.append(Invalid("no_member", no_member, field="day"))
    return found


def _was_member(mechanism: Mechanism, unit: Unit, day: date) -> bool:
    belonged = mechanism.memberships.filter(unit=unit, valid_from__lte=day)
    return any(one.valid_until is None or one.valid_until >= day for one in belonged)


def _refuse_twice(unit: Unit, visited: Visited) -> None:
    alike = FieldVisit.objects.filter(
        unit=unit, day=visited.day, kind=visited.kind, seen=visited.seen.strip(), replaced_by=None, is_withdrawn=False
    )
    places = {place.pk for place in visited.places}
    for visit in alike.prefetch_related("places"):
        if {one.unit_id for one in visit.places.all()} == places:
            raise Conflict("entered_already", _("This visit is entered already."))


def _write(unit: Unit, visited: Visited, **values: Any) -> FieldVisit:
    visit = FieldVisit.objects.create(
        unit=unit,
        kind=visited.kind,
        day=visited.day,
        people=visited.people.strip(),
        seen=visited.seen.strip(),
        good_practice=visited.good_practice.strip(),
        files=[file.as_row() for file in visited.files],
        **values,
    )
    places = dict.fromkeys(visited.places)
    VisitedPlace.objects.bulk_create([VisitedPlace(visit=visit, unit=place) for place in places])
    return visit
