"""Seed the desk: once, into the demo city, all of it or nothing. Its parts follow one another; each tells one noun."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from casework.models import OfficeEvent, Unit
from casework.models.history import stamped
from casework.working_time.deadlines import local_day, midnight
from oversight.demo import (
    bulletins,
    elections,
    handovers,
    mechanisms,
    opinions,
    phones,
    places,
    practices,
    public_page,
    reports,
    rules,
    scorecards,
    sign_in,
    spot_checks,
    stations,
    villages,
    visits,
    walls,
)
from oversight.demo.members import CITY_CODE, World, seed_members
from oversight.members.records import Mechanism
from oversight.reporting.reminding import keep_periods

# Each gets the world and the moment; a further noun of the desk adds its own.
PARTS: tuple[Callable[..., Any], ...] = (
    reports.seed,
    mechanisms.seed,
    opinions.seed,
    bulletins.seed,
    rules.seed,
    spot_checks.seed,
    visits.seed,
    handovers.seed,
    villages.seed,
    walls.seed,
    places.seed,
    stations.seed,
    practices.seed,
    elections.seed,
    scorecards.seed,
    phones.seed,
    public_page.seed,
    sign_in.seed,
)


def is_seeded() -> bool:
    return Mechanism.objects.filter(lead__code=CITY_CODE).exists()


def can_be_seeded() -> bool:
    """Whether the demo city is there, whose desk this is."""
    return Unit.objects.filter(code=CITY_CODE).exists()


@transaction.atomic
def seed_desk(*, now: datetime) -> World:
    today = local_day(now)
    since = date(today.year - 2, 1, 2)
    with stamped(step="seed_desk", by=None, at=midnight(since)):
        world = seed_members(since=since, at=midnight(since))
    for part in PARTS:
        part(world, now=now)
    # What has passed was told in its time; the clock opens what runs now.
    OfficeEvent.objects.filter(at__lt=midnight(today), announced_at=None).update(announced_at=F("at"))
    keep_periods(at=now)
    return world
