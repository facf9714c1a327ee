"""Draws of before lists were frozen: none is made any more, and those that were stay as they were."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from casework.models import SpotCheckDraw
from oversight.spot_checks.one_step import by_lot, inspector_of
from tests.cast import Cast
from tests.oversight.draws import one_step


class TestDrawsOfBefore:
    """Draws in one step are not made any more; those that were stay as they were."""

    def test_stand_where_they_stood(self, cast: Cast, client: Client) -> None:
        made = one_step(cast)
        client.force_login(cast.county_supervisor)
        page = client.get(f"/spot-checks/{made.pk}").content.decode()
        assert cast.willow.name in page
        assert "a seed" in page
        for address in ("/spot-checks", "/analysis"):
            assert f"/spot-checks/{made.pk}" in client.get(address).content.decode()
        client.force_login(cast.inspector)
        home = client.get("/").content.decode()
        assert re.search(rf"/spot-checks/{made.pk}#village-{cast.willow.pk}", home)
        client.force_login(cast.willow_head)
        assert client.get(f"/spot-checks/{made.pk}").status_code == 404

    def test_what_is_kept_repeats_the_draw(self, cast: Cast) -> None:
        made = one_step(cast)
        made.refresh_from_db()
        again = [*made.key_villages, *by_lot(dict(made.population), made.seed, made.number)]
        assert [village for village, _inspector in made.visits] == again
        assert all(inspector == inspector_of(village, made.inspectors, made.seed) for village, inspector in made.visits)
        with pytest.raises(IntegrityError), transaction.atomic():
            SpotCheckDraw.objects.filter(pk=made.pk).update(seed="x")

    def test_their_lots_fall_by_weight_and_nobody_moves_anothers(self) -> None:
        # 400 seeds: the one with three times the weight comes first three times as often.
        first = [by_lot({1: 0.3, 2: 0.1}, f"seed {n}", 1)[0] for n in range(400)]
        assert abs(first.count(1) / 400 - 0.75) < 0.08
        population = dict.fromkeys(range(20), 1.0)
        ranked = by_lot(population, "seed", 20)
        assert by_lot({key: 1.0 for key in population if key != ranked[0]}, "seed", 19) == ranked[1:]
