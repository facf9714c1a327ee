"""The checklist of a city, in versions: a published one never changes, the newest one goes along with new visits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed, Refusal, refuse
from casework.models import CatalogueItem, Person, Unit
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from casework.talk.attachments import AttachedFile
from casework.working_time.deadlines import local_day
from oversight.visits.records import Checklist, ChecklistItem
from oversight.visits.shipped import ITEMS

MOST_ITEMS = 60
LONGEST_STANDARD = 600
LONGEST_REASON = 200


@dataclass(frozen=True)
class Line:
    """An item to look at, the standard as it is read on the spot, how it should look."""

    item: CatalogueItem
    standard: str
    picture: AttachedFile | None = None


def cities_checklist(city: Unit) -> Checklist | None:
    """The newest version; None where no visit and no office has needed one yet."""
    return Checklist.objects.filter(city=city).order_by("-number").first()


@transaction.atomic
def current_checklist(city: Unit, *, at: datetime) -> Checklist:
    """The newest version. Where there is none, the shipped one becomes the city's first."""
    found = cities_checklist(city)
    if found is not None:
        return found
    Unit.objects.select_for_update(no_key=True).get(pk=city.pk)
    return cities_checklist(city) or _write(city, 1, shipped_lines(), reason="", by=None, at=at)


def shipped_lines() -> list[Line]:
    """The shipped items that stand in the catalogue; the first of the catalogue where none of them does."""
    standards = dict(ITEMS)
    items = CatalogueItem.objects.filter(is_active=True).order_by("aspect__order", "order", "pk")
    known = list(items.filter(code__in=standards))
    if known:
        return [Line(item, standards[item.code]) for item in known]
    return [Line(item, item.standard) for item in items[: len(ITEMS)]]


def may_publish(person: Person, city: Unit, at: datetime) -> bool:
    return any(held.unit_id == city.pk for held in posts_for(person, OfficeAction.PUBLISH_CHECKLIST, local_day(at)))


@transaction.atomic
def publish_checklist(
    *,
    city: Unit,
    lines: Sequence[Line],
    reason: str,
    by: Person,
    at: datetime,
    seen: int | None = None,
) -> Checklist:
    """Publish a further version; the visits that are planned keep theirs. `seen` is the version that the form began
    with: if another one came meanwhile, that is a conflict. Refuses who isn't the city's office, no item, one twice, one
    out of use, one without a standard, and no reason. Handed in twice, the second finds the version of the first.
    """
    if not may_publish(by, city, at):
        raise NotAllowed("not_your_city", _("The checklist is published by the office of the city."))
    Unit.objects.select_for_update(no_key=True).get(pk=city.pk)
    newest = Checklist.objects.filter(city=city).aggregate(most=Max("number"))["most"] or 0
    refuse(_refusals(lines, reason))
    if seen is not None and newest != seen:
        raise Conflict(
            "published_meanwhile",
            _("Version %(number)d was published meanwhile. Read it, then publish yours again.") % {"number": newest},
            values={"newest": newest},
        )
    return _write(city, newest + 1, lines, reason=reason, by=by, at=at)


def _refusals(lines: Sequence[Line], reason: str) -> list[Refusal]:
    found: list[Refusal] = []
    if not lines:
        found.append(Invalid("no_item", _("Choose at least one item to look at."), field="items"))
    elif len(lines) > MOST_ITEMS:
        too_many = _("Up to %(most)d items: nobody looks at more in one visit.") % {"most": MOST_ITEMS}
        found.append(Invalid("too_many_items", too_many, field="items"))
    if len({line.item.pk for line in lines}) < len(lines):
        found.append(Invalid("item_twice", _("An item stands there twice. Take one out."), field="items"))
    for line in lines:
        if not line.item.is_active:
            found.append(Invalid("item_ended", _("%(item)s is out of use.") % {"item": line.item.name}, field="items"))
        if not line.standard.strip():
            missing = _("Say for “%(item)s” what it is compared with.") % {"item": line.item.name}
            found.append(Invalid("standard_missing", missing, field=f"standard-{line.item.pk}"))
        elif len(line.standard) > LONGEST_STANDARD:
            long = _("The standard of “%(item)s” is longer than %(most)d characters. Shorten it.")
            said = long % {"item": line.item.name, "most": LONGEST_STANDARD}
            found.append(Invalid("standard_long", said, field=f"standard-{line.item.pk}"))
    if not reason.strip() or len(reason) > LONGEST_REASON:
        found.append(Invalid("words_missing", _("Say in a sentence why there is a new version."), field="reason"))
    return found


def _write(
    city: Unit, number: int, lines: Sequence[Line], *, reason: str, by: Person | None, at: datetime
) -> Checklist:
    made = Checklist.objects.create(city=city, number=number, reason=reason.strip(), by=by, at=at)
    ChecklistItem.objects.bulk_create(
        [
            ChecklistItem(
                checklist=made,
                item=line.item,
                standard=line.standard.strip(),
                picture=line.picture.as_row() if line.picture else None,
                order=order,
            )
            for order, line in enumerate(lines, start=1)
        ]
    )
    return made
