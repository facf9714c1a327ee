"""The draw of a spot check: repeatable, weighted by the risk, key villages in any case, unannounced."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from casework.errors import Invalid, NotAllowed
from casework.models import SpotCheckDraw, Unit
from casework.models.unit import UnitLevel
from casework.stages import Role
from oversight.models import Dimension, Tally
from oversight.spot_checks import by_lot, draw, inspector_of, inspectors_of, seen_by, visits_of, weights_of
from tests.cast import Cast
from tests.factories import appoint, holder, unit
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
    sent = client.post("/spot-checks", {"county": cast.county.code, "number": "3", "reason": "多一人同去"})
    assert sent.status_code == 302
    page = client.get(sent["Location"]).content.decode()
    assert cast.willow.name in page
    for number in ("x", "9" * 5000):
        assert client.post("/spot-checks", {"county": cast.county.code, "number": number}).status_code == 302
    assert SpotCheckDraw.objects.count() == 2


class TestDrawingAgain:
    """Promise 57: a second draw of the same villages says why, and both are shown."""

    def draw(self, cast: Cast, days: int = 0, **words: Any) -> SpotCheckDraw:
        at = NOW + timedelta(days=days)
        return draw(**{"county": cast.county, "number": 1, "by": cast.county_supervisor, "at": at, **words})

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_needs_a_reason_whoever_draws(self, reason: str, cast: Cast) -> None:
        first = self.draw(cast)
        with pytest.raises(Invalid) as refused:
            self.draw(cast, 30, by=cast.city_supervisor, reason=reason)
        assert (refused.value.code, refused.value.field) == ("drawn_already", "reason")
        assert refused.value.values["earlier"] == first
        assert SpotCheckDraw.objects.get() == first

    def test_with_a_reason_both_stand_and_lead_to_each_other(self, cast: Cast, client: Client) -> None:
        first = self.draw(cast)
        second = self.draw(cast, reason="检查人病假")
        assert (second.earlier, second.reason) == (first, "检查人病假")
        client.force_login(cast.county_supervisor)
        for one, other in ((first, second), (second, first)):
            page = client.get(f"/spot-checks/{one.pk}").content.decode()
            assert f"/spot-checks/{other.pk}" in page
            assert "检查人病假" in page

    def test_another_county_and_a_later_month_need_none(self, cast: Cast) -> None:
        self.draw(cast)
        assert self.draw(cast, county=cast.other_county, by=cast.city_supervisor).earlier is None
        assert self.draw(cast, 31).earlier is None

    def test_the_database_holds_the_reason(self, cast: Cast) -> None:
        first = self.draw(cast)
        values = {"county": cast.county, "number": 1, "seed": "s", "by": cast.county_supervisor, "at": NOW}
        with pytest.raises(IntegrityError), transaction.atomic():
            SpotCheckDraw.objects.create(earlier=first, **values)

    def test_the_page_says_what_is_missing_and_draws_nothing(self, cast: Cast, client: Client) -> None:
        self.draw(cast)
        client.force_login(cast.county_supervisor)
        sent = client.post("/spot-checks", {"county": cast.county.code, "number": "1"}, follow=True)
        assert "2026-03-02" in sent.content.decode()
        assert SpotCheckDraw.objects.count() == 1

    def test_a_village_drawn_twice_stands_once_at_home_and_leads_to_its_page(self, cast: Cast, client: Client) -> None:
        self.draw(cast, number=50)
        second = self.draw(cast, number=50, reason="重抽")
        drawn = visits_of(cast.inspector, TODAY)
        assert {(one.pk, village) for one, village in drawn} == {
            (second.pk, village) for village in (cast.willow, cast.poplar, cast.elm)
        }
        client.force_login(cast.inspector)
        page = client.get("/").content.decode()
        assert f"/villages/{cast.willow.code}" in page
        assert f"/spot-checks/{second.pk}#village-{cast.willow.pk}" in page


class TestWhoIsChecked:
    """Whoever sits in a village or town of the county neither draws there nor is drawn to go there."""

    @pytest.mark.parametrize("role", [Role.COMMITTEE_MEMBER, Role.COMMITTEE_HEAD, Role.TOWN_REVIEWER])
    def test_neither_draws_nor_is_drawn(self, role: Role, cast: Cast) -> None:
        seat = cast.town if role == Role.TOWN_REVIEWER else cast.willow
        for person in (cast.county_supervisor, cast.inspector):
            appoint(person, role, seat)
        with pytest.raises(NotAllowed) as refused:
            draw(county=cast.county, number=1, by=cast.county_supervisor, at=NOW)
        assert refused.value.code == "own_villages"
        made = draw(county=cast.county, number=1, by=cast.city_supervisor, at=NOW)
        assert made.inspectors == []
        assert inspectors_of(cast.other_county, TODAY) == [cast.inspector.pk]

    def test_a_seat_that_ended_forbids_nothing(self, cast: Cast) -> None:
        appoint(cast.inspector, Role.COMMITTEE_HEAD, cast.willow, until=TODAY - timedelta(days=1))
        assert inspectors_of(cast.county, TODAY) == [cast.inspector.pk]

    def test_whoever_draws_is_not_drawn(self, cast: Cast) -> None:
        appoint(cast.county_supervisor, Role.INSPECTOR, cast.county)
        assert draw(county=cast.county, number=1, by=cast.county_supervisor, at=NOW).inspectors == [cast.inspector.pk]
