"""A wall is registered, put right, and renewed; by the village, or by its town for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, Refusal, refuse
from casework.lifecycle.reporting import object_of
from casework.models import CaseObject, Person, Unit
from casework.models.history import record_many, stamped
from casework.talk.attachments import AttachedFile
from oversight.mechanisms.corrections import day_refusals, file_refusals, reason_of
from oversight.objects.records import Wall, WallState, WallUpdate
from oversight.rights import require_enterer


@dataclass(frozen=True)
class Described:
    """What is said of a wall. `name` is that of the village's object: by it findings find the wall."""

    name: str
    place: str
    group: str = ""
    has_roof: bool = False
    state: str = WallState.IN_USE
    files: Sequence[AttachedFile] = field(default=())


@transaction.atomic
def register_wall(
    *, village: Unit, described: Described, by: Person, at: datetime, updated_on: date | None = None
) -> Wall:
    """Enter a wall of a village, with the day on which it was last renewed where that is known. An object that a finding
    named becomes the wall of this name. Refuses a second wall of the same name.
    """
    from_paper = require_enterer(by, village, at)
    found = _refusals(described)
    name = _tidied(described.name)
    if updated_on is not None:
        found += day_refusals(updated_on, at=at, field="updated_on")
    if name and Wall.objects.filter(object__village=village, object__name=name).exists():
        found.append(_taken(name))
    refuse(found)
    thing = object_of(village, name)
    assert thing is not None
    with stamped(step="register_wall", by=by, at=at):
        wall = Wall(object=thing, village=village, by=by, at=at)
        _fill(wall, described)
        wall.save()
    if updated_on is not None:
        with stamped(step="renew_wall", by=by, at=at):
            WallUpdate.objects.create(wall=wall, day=updated_on, from_paper=from_paper, by=by, at=at)
    return wall


@transaction.atomic
def change_wall(*, wall: Wall, described: Described, reason: str, by: Person, at: datetime) -> Wall:
    """Put right what is said of a wall, or say that it is damaged, idle or taken down; and why."""
    require_enterer(by, wall.village, at)
    reason = reason_of(reason)
    locked = Wall.objects.select_for_update(no_key=True, of=("self",)).select_related("object").get(pk=wall.pk)
    name = _tidied(described.name)
    found = _refusals(described)
    others = CaseObject.objects.filter(village=locked.village_id, name=name).exclude(pk=locked.object_id)
    if name and others.exists():
        found.append(_taken(name))
    refuse(found)
    with stamped(step="change_wall", by=by, at=at, reason=reason):
        if locked.object.name != name:
            locked.object.name = name
            locked.object.save()
        _fill(locked, described)
        locked.save()
    return locked


@transaction.atomic
def renew_wall(
    *, wall: Wall, day: date, by: Person, at: datetime, words: str = "", files: Sequence[AttachedFile] = ()
) -> WallUpdate:
    """Say that what hangs on the wall was renewed on a day. Refuses a day to come, the same day twice, and a wall that
    was taken down.
    """
    from_paper = require_enterer(by, wall.village, at)
    locked = Wall.objects.select_for_update(no_key=True).get(pk=wall.pk)
    if locked.state == WallState.REMOVED:
        raise Conflict("wall_removed", _("This wall was taken down. Put its state right first if it stands again."))
    refuse(update_refusals(locked, day=day, words=words.strip(), at=at) + file_refusals(files))
    with stamped(step="renew_wall", by=by, at=at):
        return WallUpdate.objects.create(
            wall=locked,
            day=day,
            words=words.strip(),
            files=[file.as_row() for file in files],
            from_paper=from_paper,
            by=by,
            at=at,
        )


def update_refusals(wall: Wall, *, day: date, words: str, at: datetime, own: WallUpdate | None = None) -> list[Refusal]:
    """What can't be said of an update; `own` is the one that is put right."""
    found = day_refusals(day, at=at, field="day")
    if len(words) > 200:
        found.append(Invalid("too_long", _("At most 200 characters. Add what is longer as a file."), field="words"))
    if WallUpdate.objects.filter(wall=wall, day=day).exclude(pk=own.pk if own else 0).exists():
        sentence = _("An update of this day is entered already. Look at the day.")
        found.append(Invalid("updated_already", sentence, field="day"))
    return found


def move_walls(*, unit: Unit, successor: Unit, by: Person, at: datetime) -> int:
    """The walls of a village that is merged go along with it, and keep their names where these are free."""
    walls = list(Wall.objects.select_for_update(of=("self",)).filter(village=unit).select_related("object"))
    taken = set(Wall.objects.filter(village=successor).values_list("object__name", flat=True))
    for wall in walls:
        name = wall.object.name
        if name in taken:
            name = f"{unit.name} {name}"[:100]
        taken.add(name)
        wall.object = CaseObject.objects.get_or_create(village=successor, name=name)[0]
        wall.village = successor
    with stamped(step="retire_unit", by=by, at=at):
        Wall.objects.bulk_update(walls, ["object", "village"], batch_size=400)
        record_many(walls, change="~")
    return len(walls)


def _tidied(name: str) -> str:
    return " ".join(name.split())[:100]


def _taken(name: str) -> Invalid:
    sentence = _("“%(name)s” is registered in this village already. Give it another name, or open that one.")
    return Invalid("name_taken", sentence % {"name": name}, field="name")


def _refusals(described: Described) -> list[Refusal]:
    found = file_refusals(described.files)
    if not _tidied(described.name):
        found.append(Invalid("name_missing", _("Give the wall a name, such as that of its group."), field="name"))
    if not described.place.strip():
        found.append(Invalid("place_missing", _("Say where it stands."), field="place"))
    if len(described.place.strip()) > 120 or len(described.group.strip()) > 40:
        found.append(Invalid("too_long", _("Shorten the place to 120 characters and the group to 40."), field="place"))
    if described.state not in WallState.values:
        found.append(Invalid("state_unknown", _("Choose one of the states."), field="state"))
    return found


def _fill(wall: Wall, described: Described) -> None:
    wall.place, wall.group = described.place.strip(), described.group.strip()
    wall.has_roof, wall.state = described.has_roof, described.state
    wall.files = [file.as_row() for file in described.files]
