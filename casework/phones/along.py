"""What travels along of the villages of chosen visits: their objects, and the last photos of cases, up to a cap."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import F, Window
from django.db.models.functions import RowNumber

from casework.models import CaseObject, Evidence, Person
from casework.models.evidence import IMAGES, EvidenceKind
from casework.queries import visible

MOST_OBJECTS = 60
# Of one village: what its walls and books looked like the last time.
PHOTOS_OF_A_VILLAGE = 6


class LastPhoto(NamedTuple):
    """A photo by its row, the case that it belongs to, and whether it was taken before or after."""

    pk: int
    number: str
    kind: str
    at: Any


def objects_in(villages: Iterable[int]) -> dict[int, list[str]]:
    """The names of each village's objects, the latest ones where there are too many. One query."""
    newest = Window(RowNumber(), partition_by=F("village"), order_by=F("pk").desc())
    rows = CaseObject.objects.filter(village__in=list(villages)).annotate(place=newest).filter(place__lte=MOST_OBJECTS)
    found: dict[int, list[str]] = {}
    for village, name in rows.order_by("name").values_list("village", "name"):
        found.setdefault(village, []).append(name)
    return found


def last_photos(person: Person, villages: Sequence[int], on: date) -> dict[int, list[LastPhoto]]:
    """The last photos in each of these villages of cases that this person sees; what lies within the cap of the office
    goes to the villages in their order. One query.
    """
    kinds = (EvidenceKind.BEFORE, EvidenceKind.AFTER)
    photos = Evidence.objects.filter(kind__in=kinds, media_type__in=IMAGES, case__village__in=villages)
    newest = Window(RowNumber(), partition_by=F("case__village"), order_by=F("pk").desc())
    rows = photos.filter(case__in=visible(person, on).values("pk")).annotate(place=newest)
    found: dict[int, list[LastPhoto]] = {}
    columns = ("case__village", "pk", "case__number", "kind", "uploaded_at")
    for village, *values in rows.filter(place__lte=PHOTOS_OF_A_VILLAGE).order_by("-pk").values_list(*columns):
        found.setdefault(village, []).append(LastPhoto(*values))
    left, within = settings.PHONE_MOST_PHOTOS, {}
    for village in dict.fromkeys(villages):
        within[village] = found.get(village, [])[:left]
        left -= len(within[village])
    return within
