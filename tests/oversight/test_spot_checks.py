"""The draw of a spot check: repeatable, weighted by the risk, key villages in any case, unannounced."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from casework.errors import Invalid, NotAllowed
from casework.models import SpotCheckDraw, Unit
from casework.models.unit import UnitLevel
from casework.stages import Role
from oversight.models import Dimension, Tally
from oversight.spot_checks import by_lot, draw, inspector_of, seen_by, visits_of, weights_of
from tests.cast import Cast
from tests.factories import holder, unit
from tests.walk import NOW, TODAY


def tally(village: Unit, *, closed: int, back: int) -> None:
    Tally.objects.create(
        county=village.parent.parent_id,
        dimension=Dimension.VILLAGE,
        key=str(village.pk),
        day=TODAY.replace(day=1),
        closed=closed,
        back=back,
    )


def test_the_likelier_a_rebound_the_likelier_drawn(cast: Cast) -> None:
    for village, back in ((cast.willow, 9), (cast.poplar, 0)):
        tally(village, closed=20, back=back)
    weights = weights_of(cast.county, TODAY)
    assert weights[cast.willow.pk] > 3 * weights[cast.poplar.pk] > 0
    first = Counter(by_lot(weights, f"seed {n}", 1)[0] for n in range(400))
    share = weights[cast.willow.pk] / sum(weights.values())
    assert abs(first[cast.willow.pk] / 400 - share) < 0.08


def test_a_village_more_or_less_moves_nobody_elses_lot() -> None:
    population = dict.fromkeys(range(20), 1.0)
    ranked = by_lot(population, "seed", 20)
    without = by_lot({key: 1.0 for key in population if key != ranked[0]}, "seed", 19)
    assert without == ranked[1:]


def test_what_is_kept_repeats_the_draw(cast: Cast) -> None:
    for _ in range(6):
        unit(UnitLevel.VILLAGE, cast.town)
    Unit.objects.filter(pk=cast.poplar.pk).update(is_key_village=True)
    made = draw(county=cast.county, number=3, by=cast.county_supervisor, at=NOW)
    made.refresh_from_db()
    again = [*made.key_villages, *by_lot(dict(made.population), made.seed, made.number)]
    assert [village for village, _inspector in made.visits] == again
    assert again[0] == cast.poplar.pk
    assert len(again) == 4
    assert all(inspector == inspector_of(village, made.inspectors, made.seed) for village, inspector in made.visits)
    with pytest.raises(IntegrityError), transaction.atomic():
        SpotCheckDraw.objects.filter(pk=made.pk).update(seed="x")


def test_by_an_office_over_the_county_and_within_reason(cast: Cast) -> None:
    for person in (cast.outsider_county, cast.town_reviewer, cast.inspector):
        with pytest.raises(NotAllowed):
            draw(county=cast.county, number=3, by=person, at=NOW)
    for number in (0, 51):
        with pytest.raises(Invalid):
            draw(county=cast.county, number=number, by=cast.county_supervisor, at=NOW)
    assert not SpotCheckDraw.objects.exists()


def test_villages_and_towns_are_visited_unannounced(cast: Cast) -> None:
    made = draw(county=cast.county, number=2, by=cast.county_supervisor, at=NOW)
    for person in (cast.county_supervisor, cast.city_supervisor, cast.inspector):
        assert list(seen_by(person, TODAY)) == [made]
    for person in (cast.willow_head, cast.town_reviewer, cast.outsider_county, cast.volunteer):
        assert not seen_by(person, TODAY).exists()


def test_whoever_was_drawn_finds_it_at_home(cast: Cast, client: Client) -> None:
    other = holder(Role.INSPECTOR, cast.county, "other")
    made = draw(county=cast.county, number=2, by=cast.county_supervisor, at=NOW, seed="a seed")
    drawn = {person.pk: visits_of(person, TODAY) for person in (cast.inspector, other)}
    assert sum(map(len, drawn.values())) == len(made.visits)
    assert visits_of(cast.inspector, TODAY + timedelta(days=60)) == []
    client.force_login(cast.county_supervisor)
    sent = client.post("/spot-checks", {"county": cast.county.code, "number": "3"})
    assert sent.status_code == 302
    page = client.get(sent["Location"]).content.decode()
    assert cast.willow.name in page
    for number in ("x", "9" * 5000):
        assert client.post("/spot-checks", {"county": cast.county.code, "number": number}).status_code == 302
    assert SpotCheckDraw.objects.count() == 2
