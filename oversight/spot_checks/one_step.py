"""Draws of before lists were frozen: seed and list were made in one step. They stay to be read, and none is added.

They can be repeated from what is kept: each village has a lot of its own from the draw's seed (Efraimidis and Spirakis,
weighted sampling without replacement).
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from casework.models import Person, SpotCheckDraw, Unit
from casework.models.unit import UnitLevel
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from casework.watch.look_back_clock import drawn
from casework.working_time.deadlines import midnight

# So long a draw stands on the desk of those who go there.
DAYS_SHOWN = 30


def by_lot(population: Mapping[int, float], seed: str, number: int) -> list[int]:
    """So many keys, drawn by their weights and without replacement; the same seed gives the same ones."""
    ranked = sorted(population, key=lambda key: _lot(seed, key) ** (1 / population[key]), reverse=True)
    return ranked[:number]


def _lot(seed: str, key: int) -> float:
    """A number between 0 and 1, both excluded."""
    lot = int.from_bytes(hashlib.sha256(f"{seed} {key}".encode()).digest()[:8])
    return (lot + 0.5) / 2**64


def inspector_of(village: int, inspectors: Sequence[int], seed: str) -> int | None:
    """On whom the lot of a village fell; None where there was nobody."""
    return drawn(inspectors, f"{seed} inspector", village)


def one_step_draws(person: Person, on: date) -> QuerySet[SpotCheckDraw]:
    """Those that this person may read: of an office's counties, and of an inspector's. Villages and towns are visited
    unannounced.
    """
    below = Q(pk__in=())
    for held in posts_for(person, OfficeAction.SEE_SPOT_CHECKS, on):
        below |= Unit(path=held.unit_path).subtree()
    counties = Unit.objects.filter(below, level=UnitLevel.COUNTY).order_by().values("pk")
    return SpotCheckDraw.objects.filter(county__in=counties).order_by("-at", "-pk")


def one_step_visits(person: Person, on: date) -> list[tuple[SpotCheckDraw, Unit]]:
    """The villages for which this inspector was drawn so within the last days, each by its newest draw."""
    newest: dict[int, SpotCheckDraw] = {}
    for draw in one_step_draws(person, on).filter(at__gte=midnight(on - timedelta(DAYS_SHOWN))):
        for village, inspector in draw.visits:
            if inspector == person.pk:
                newest.setdefault(village, draw)
    villages = Unit.objects.select_related("parent").in_bulk(newest)
    return [(draw, villages[village]) for village, draw in newest.items()]
