"""The draw of a spot check: villages by lot, the likelier a rebound the likelier drawn; inspectors by lot as well.

Key villages are visited in any case. Each village has a lot of its own from the draw's seed, so that anybody can repeat
the draw from what is kept, and a village more or less moves nobody else's lot (Efraimidis and Spirakis, weighted
sampling without replacement).
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from casework.days_in_words import exact_day
from casework.errors import Invalid
from casework.held_posts import holds
from casework.models import Person, SpotCheckDraw, Term, Unit
from casework.models.unit import UnitLevel, on_day
from casework.rights import OfficeAction
from casework.roles import posts_for
from casework.stages import Role
from casework.watch.look_back_clock import drawn
from casework.watch.prevention import CHECKED, require_office_over
from casework.working_time.deadlines import local_day, midnight
from oversight.analysis import Scope, villages_at_risk

MOST = 50
# Looked at are the strike-offs of a year; a village without any counts as one of its county's.
DAYS = 365
# Nobody is safe from being drawn: the least weight, as a share of the usual one.
LEAST_SHARE = 0.2
# So long a draw stands on the desk of those who go there.
DAYS_SHOWN = 30


def weights_of(county: Unit, on: date) -> dict[int, float]:
    """Every active village of a county that is no key village, with its expected share of what comes back."""
    risks = villages_at_risk(Scope((county.pk,), on - timedelta(DAYS), on))
    expected = {risk.standing.village: risk.expected for risk in risks}
    usual = risks[0].usual if risks else 1.0
    villages = Unit.objects.filter(county.subtree(), level=UnitLevel.VILLAGE, is_active=True, is_key_village=False)
    least = usual * LEAST_SHARE
    return {
        pk: round(max(expected.get(pk, usual), least), 5) for pk in villages.order_by("pk").values_list("pk", flat=True)
    }


def by_lot(population: Mapping[int, float], seed: str, number: int) -> list[int]:
    """So many keys, drawn by their weights and without replacement; the same seed gives the same ones."""
    ranked = sorted(population, key=lambda key: _lot(seed, key) ** (1 / population[key]), reverse=True)
    return ranked[:number]


def _lot(seed: str, key: int) -> float:
    """A number between 0 and 1, both excluded."""
    lot = int.from_bytes(hashlib.sha256(f"{seed} {key}".encode()).digest()[:8])
    return (lot + 0.5) / 2**64


@transaction.atomic
def draw(*, county: Unit, number: int, by: Person, at: datetime, reason: str = "", seed: str = "") -> SpotCheckDraw:
    """Draw the villages of a county that are visited next. Refuses who holds no office over it, too many at once, and a
    second draw of the same county without a reason while the first still stands on the desks of those who go there.
    """
    require_office_over(by, county, OfficeAction.DRAW_SPOT_CHECK, at)
    if not 1 <= number <= MOST:
        raise Invalid("number_unfit", _("Draw between one and fifty villages."), field="number")
    on, seed = local_day(at), seed or secrets.token_hex(16)
    # Two offices at once: the second waits here and then has to say why it draws again.
    Unit.objects.select_for_update(no_key=True).get(pk=county.pk)
    earlier = standing_draw(county, on)
    if earlier is not None and not reason.strip():
        raise Invalid(
            "drawn_already",
            _("Villages of %(county)s were drawn on %(day)s already. Say why they are drawn again; both draws stay.")
            % {"county": county.name, "day": exact_day(local_day(earlier.at))},
            field="reason",
            values={"earlier": earlier},
        )
    weights = weights_of(county, on)
    key_villages = Unit.objects.filter(county.subtree(), level=UnitLevel.VILLAGE, is_active=True, is_key_village=True)
    keys = list(key_villages.order_by("pk").values_list("pk", flat=True))
    if not (weights or keys):
        raise Invalid("no_villages", _("This county has no villages to draw from."), field="county")
    inspectors = [person for person in inspectors_of(county, on) if person != by.pk]
    villages = [*keys, *by_lot(weights, seed, number)]
    return SpotCheckDraw.objects.create(
        county=county,
        number=number,
        seed=seed,
        key_villages=keys,
        population=[[pk, weight] for pk, weight in weights.items()],
        inspectors=inspectors,
        visits=[[village, inspector_of(village, inspectors, seed)] for village in villages],
        earlier=earlier,
        reason=reason.strip(),
        by=by,
        at=at,
    )


def standing_draw(county: Unit, on: date) -> SpotCheckDraw | None:
    """The last draw of this county, while those who go there still find it on their desks."""
    lately = SpotCheckDraw.objects.filter(county=county, at__gte=midnight(on - timedelta(DAYS_SHOWN)))
    return lately.order_by("-at", "-pk").first()


def inspectors_of(county: Unit, on: date) -> list[int]:
    """The inspectors of the county and of the city above it, without those who sit in one of its villages or towns."""
    seated = Term.objects.filter(
        on_day(on),
        post__unit__path__gte=county.path,
        post__unit__path__lt=Unit.path_after(county.path),
        post__role__in=CHECKED,
    )
    held = Term.objects.exclude(person__in=seated.values("person")).filter(
        on_day(on),
        post__role=Role.INSPECTOR,
        post__unit__path__in=county.ancestor_paths(),
        post__unit__is_active=True,
        person__is_active=True,
    )
    return sorted(set(held.values_list("person", flat=True)))


def inspector_of(village: int, inspectors: Sequence[int], seed: str) -> int | None:
    """On whom the lot of a village falls; None where there is nobody."""
    return drawn(inspectors, f"{seed} inspector", village)


def seen_by(person: Person, on: date) -> QuerySet[SpotCheckDraw]:
    """The draws that this person may read: those of an office's counties, and of an inspector's. Villages and towns
    are visited unannounced.
    """
    below = Q(pk__in=())
    for held in posts_for(person, OfficeAction.SEE_SPOT_CHECKS, on):
        below |= Unit(path=held.unit_path).subtree()
    counties = Unit.objects.filter(below, level=UnitLevel.COUNTY).order_by().values("pk")
    return SpotCheckDraw.objects.filter(county__in=counties).order_by("-at", "-pk")


def visits_of(person: Person, on: date) -> list[tuple[SpotCheckDraw, Unit]]:
    """The villages for which this inspector was drawn within the last days, each by its newest draw."""
    if not holds(person, [Role.INSPECTOR], on):
        return []
    lately = list(seen_by(person, on).filter(at__gte=midnight(on - timedelta(DAYS_SHOWN))))
    newest: dict[int, SpotCheckDraw] = {}
    for draw in lately:
        for village, inspector in draw.visits:
            if inspector == person.pk:
                newest.setdefault(village, draw)
    mine = [(draw, village) for village, draw in newest.items()]
    villages = Unit.objects.select_related("parent").in_bulk([village for _draw, village in mine])
    return [(draw, villages[village]) for draw, village in mine]
