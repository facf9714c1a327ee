"""Which platforms may send clues: their office gives each a key, changes it, and withdraws it.

A key has 256 random bits and is shown once; what is kept is its hash, so that nobody reads it anywhere again.
"""

import hashlib
import secrets
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Max, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed
from casework.models import ClueKey, CluePlatform, Person, Unit
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from casework.values.plain_text import clean_text
from casework.working_time.deadlines import local_day

LONGEST_NAME = 60
# So that a key that was left in a file is recognised as one.
BEGINS = "clue-"
LONGEST_KEY = 100


def offices_of(person: Person, on: date) -> QuerySet[Unit]:
    """The offices for which this person gives keys."""
    held = posts_for(person, OfficeAction.KEEP_CLUE_PLATFORMS, on)
    return Unit.objects.filter(pk__in=[one.unit_id for one in held], is_active=True).order_by("path")


def platforms_of(person: Person, on: date) -> QuerySet[CluePlatform]:
    """The platforms of this person's offices, each with when its living key was given, and what it has sent."""
    living = ClueKey.objects.filter(platform=OuterRef("pk"), withdrawn_at=None)
    return (
        CluePlatform.objects.filter(unit__in=offices_of(person, on).order_by().values("pk"))
        .select_related("unit")
        .annotate(key_at=Subquery(living.values("at")), sent=Count("clues"), last_at=Max("clues__at"))
        .order_by("unit__path", "name")
    )


def _require(by: Person, unit: Unit, at: datetime) -> None:
    if not offices_of(by, local_day(at)).filter(pk=unit.pk).exists():
        raise NotAllowed("no_platforms", _("Keys for other platforms are given by the county and by the city."))


@transaction.atomic
def give_key(*, unit: Unit, name: str, by: Person, at: datetime) -> tuple[CluePlatform, str]:
    """Let a new platform send clues to this office; gives it with its key. Refuses a name that is there already."""
    _require(by, unit, at)
    name = " ".join(clean_text(name).split())
    if not name or len(name) > LONGEST_NAME:
        sentence = _("Give the platform's name, in at most 60 characters.")
        raise Invalid("name_missing", sentence, field="name")
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    if CluePlatform.objects.filter(unit=unit, name=name).exists():
        sentence = _("“%(name)s” is there already. Give it a new key in the list, or choose another name.")
        raise Conflict("platform_known", sentence % {"name": name}, field="name")
    platform = CluePlatform.objects.create(unit=unit, name=name, by=by, at=at)
    return platform, _make(platform, by=by, at=at)


@transaction.atomic
def change_key(*, platform: CluePlatform, by: Person, at: datetime) -> str:
    """Another key for a platform; the one that it has is withdrawn by it. What it sent stays known under its numbers."""
    _require(by, platform.unit, at)
    locked = CluePlatform.objects.select_for_update(no_key=True).get(pk=platform.pk)
    locked.keys.filter(withdrawn_at=None).update(withdrawn_at=at, withdrawn_by=by)
    return _make(locked, by=by, at=at)


@transaction.atomic
def withdraw_key(*, platform: CluePlatform, by: Person, at: datetime) -> None:
    """From now on nothing more is taken from this platform. Refuses a platform that has no key."""
    _require(by, platform.unit, at)
    if not platform.keys.filter(withdrawn_at=None).update(withdrawn_at=at, withdrawn_by=by):
        raise Conflict("withdrawn_already", _("This platform has no key any more."))


def platform_of(key: str) -> CluePlatform | None:
    """The platform whose key this is; None for a key that is none, was withdrawn, or is of an office that is no more."""
    if not key.startswith(BEGINS) or len(key) > LONGEST_KEY:
        return None
    living = ClueKey.objects.filter(key_sha256=_hash(key), withdrawn_at=None, platform__unit__is_active=True)
    found = living.select_related("platform__unit").first()
    return found.platform if found else None


def _make(platform: CluePlatform, *, by: Person, at: datetime) -> str:
    key = BEGINS + secrets.token_urlsafe(32)
    ClueKey.objects.create(platform=platform, key_sha256=_hash(key), by=by, at=at)
    return key


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
