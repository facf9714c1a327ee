"""Spot checks: a plan, a list frozen under its hash, then a seed that nobody controls; key villages always, unannounced."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from casework.errors import Conflict, Invalid, NotAllowed
from casework.models import Term, Unit
from casework.models.unit import UnitLevel
from casework.stages import Role
from oversight.models import Dimension, ExcusedVillage, PlannedDraw, Tally, VillageVisit
from oversight.spot_checks.excusing import excuse_village
from oversight.spot_checks.freezing import freeze_draw
from oversight.spot_checks.frozen_list import Rule, read_list
from oversight.spot_checks.inspectors import inspectors_of, listed_inspectors
from oversight.spot_checks.planning import make_plan
from oversight.spot_checks.queries import drawn_villages, draws_seen_by, plans_seen_by, visits_of
from oversight.spot_checks.seeding import enter_dice
from oversight.spot_checks.visiting import draw_key
from oversight.spot_checks.weights import listed_villages
from oversight.visits.queries import to_make
from tests.cast import Cast
from tests.factories import appoint, holder, unit
from tests.oversight.draws import DICE, MINUTES, drawn, frozen, make_key, one_step, plan_of, planned, villages_of
from tests.oversight.visiting import done_visit
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


class TestWeights:
    def weights(self, cast: Cast, days: int = 0) -> dict[str, Any]:
        return {one.code: one for one in listed_villages(cast.county, TODAY + timedelta(days))}

    def test_the_likelier_a_rebound_the_heavier(self, cast: Cast) -> None:
        for village, back in ((cast.willow, 9), (cast.poplar, 0)):
            tally(village, closed=20, back=back)
        found = self.weights(cast)
        assert found[cast.willow.code].weight > 3 * found[cast.poplar.code].weight > 0
        assert found[cast.elm.code].risk == 10
        assert cast.reed.code not in found

    def test_the_longer_ago_the_check_the_heavier_and_after_a_year_by_rule(self, cast: Cast) -> None:
        done_visit(cast)
        ages = [(days, self.weights(cast, days)[cast.willow.code]) for days in (0, 90, 91, 182, 273, 364, 365)]
        assert [(days, one.quarters, one.rule) for days, one in ages] == [
            (0, 1, "lot"), (90, 1, "lot"), (91, 2, "lot"), (182, 3, "lot"), (273, 4, "lot"), (364, 4, "lot"),
            (365, 4, "year"),
        ]  # fmt: skip

    def test_never_checked_is_not_checked_for_a_year_and_excused_is_not_checked(self, cast: Cast) -> None:
        assert {one.rule for one in self.weights(cast).values()} == {Rule.YEAR}
        made = drawn(cast, lot=1)
        (village,) = villages_of(made)
        assert self.weights(cast, 1)[village.code].rule == Rule.LOT
        excuse_village(drawn=made.villages.get(), reason="汛期道路中断", by=cast.county_supervisor, at=NOW + MINUTES)
        assert self.weights(cast, 1)[village.code].rule == Rule.YEAR

    def test_a_draw_of_before_counts_as_a_check(self, cast: Cast) -> None:
        one_step(cast, visits=[[cast.willow.pk, None]])
        assert self.weights(cast, 1)[cast.willow.code].rule == Rule.LOT
        assert self.weights(cast, 1)[cast.poplar.code].rule == Rule.YEAR


class TestWhoIsDrawn:
    def test_key_villages_always_and_the_others_by_their_tickets(self, cast: Cast) -> None:
        for _ in range(6):
            unit(UnitLevel.VILLAGE, cast.town)
        make_key(cast.poplar)
        made = drawn(cast, lot=3)
        rows = list(made.villages.order_by("rank"))
        assert villages_of(made)[0] == cast.poplar
        assert [one.rule for one in rows] == ["key", "lot", "lot", "lot"]
        assert [one.ticket for one in rows[1:]] == sorted(one.ticket for one in rows[1:])

    def test_what_visits_are_planned_from(self, cast: Cast) -> None:
        made = drawn(cast, lot=2)
        gone = made.villages.get(rank=1)
        excuse_village(drawn=gone, reason="x", by=cast.county_supervisor, at=NOW + MINUTES)
        found = drawn_villages(made)
        assert [one.rank for one in found] == [2, 3]
        assert gone.village not in [one.village for one in found]
        assert {(one.inspector, one.due_by) for one in found} == {(cast.inspector, TODAY + timedelta(days=60))}
        assert drawn_villages(frozen(cast, reason="x")) == []

    def test_never_to_the_own_town(self, cast: Cast) -> None:
        appoint(cast.inspector, Role.VOLUNTEER, cast.town)
        made = drawn(cast, lot=3)
        went = {one.village: one.inspector for one in made.villages.select_related("village", "inspector")}
        assert went == {cast.willow: None, cast.poplar: None, cast.elm: cast.inspector}

    def test_a_town_stays_the_own_one_for_three_years(self, cast: Cast) -> None:
        for days, towns in ((3 * 365 - 1, (cast.town.code,)), (3 * 365 + 1, ())):
            person = holder(Role.INSPECTOR, cast.county, f"moved {days}")
            appoint(person, Role.COMMITTEE_HEAD, cast.willow, until=TODAY - timedelta(days=days))
            assert listed_inspectors(cast.county, [person.pk], TODAY)[0].own_towns == towns


class TestExcusing:
    def test_the_next_ticket_takes_the_place_and_both_stay(self, cast: Cast) -> None:
        made = drawn(cast, lot=2)
        first, _second = made.villages.order_by("rank")
        excuse_village(drawn=first, reason=" 汛期道路中断 ", by=cast.city_supervisor, at=NOW + MINUTES)
        assert first.excuse.reason == "汛期道路中断"
        replacement = made.villages.get(rank=3)
        assert (replacement.replaces, replacement.rule, replacement.inspector) == (first, "lot", cast.inspector)
        assert set(villages_of(made)) == {cast.willow, cast.poplar, cast.elm}
        # Nobody is left: the last ones are excused without a replacement.
        excuse_village(drawn=replacement, reason="x", by=cast.city_supervisor, at=NOW + MINUTES)
        assert made.villages.count() == 3

    def test_needs_a_reason_an_office_and_comes_once(self, cast: Cast) -> None:
        first = drawn(cast).villages.get()
        for reason, by, kind in (
            (" ", cast.county_supervisor, Invalid),
            ("长" * 501, cast.county_supervisor, Invalid),
            ("x", cast.inspector, NotAllowed),
            ("x", cast.outsider_county, NotAllowed),
        ):
            with pytest.raises(kind):
                excuse_village(drawn=first, reason=reason, by=by, at=NOW + MINUTES)
        assert not ExcusedVillage.objects.exists()
        excuse_village(drawn=first, reason="x", by=cast.county_supervisor, at=NOW + MINUTES)
        with pytest.raises(Conflict):
            excuse_village(drawn=first, reason="y", by=cast.county_supervisor, at=NOW + MINUTES)


class TestWhoReads:
    def test_villages_and_towns_are_visited_unannounced(self, cast: Cast) -> None:
        made = drawn(cast, lot=2)
        for person in (cast.county_supervisor, cast.city_supervisor, cast.inspector):
            assert list(draws_seen_by(person, TODAY)) == [made]
            assert list(plans_seen_by(person, TODAY)) == [made.plan]
        for person in (cast.willow_head, cast.town_reviewer, cast.outsider_county, cast.volunteer):
            assert not draws_seen_by(person, TODAY).exists()
            assert not plans_seen_by(person, TODAY).exists()

    def test_whoever_was_drawn_finds_it_at_home(self, cast: Cast) -> None:
        other = holder(Role.INSPECTOR, cast.county, "other")
        made = drawn(cast, lot=2)
        found = {person.pk: list(to_make(person, TODAY)) for person in (cast.inspector, other)}
        assert [len(one) for one in found.values()] == [1, 1]
        assert {visit.village for one in found.values() for visit in one} == set(villages_of(made))
        assert {visit.due_by for one in found.values() for visit in one} == {TODAY + timedelta(days=60)}
        assert not to_make(cast.county_supervisor, TODAY).exists()
        assert visits_of(cast.inspector, TODAY) == []  # nothing stands there twice

    def test_an_excused_village_is_not_to_be_visited(self, cast: Cast) -> None:
        make_key(cast.willow, cast.poplar)
        made = drawn(cast, lot=1)
        excused = made.villages.get(rank=1)
        excuse_village(drawn=excused, reason="道路中断", by=cast.county_supervisor, at=NOW + MINUTES)
        assert {one.village for one in to_make(cast.inspector, TODAY)} == set(villages_of(made)[1:])
        called_off = VillageVisit.objects.get(village=excused.village)
        assert (called_off.state, called_off.reason) == ("called_off", "道路中断")

    def test_a_village_drawn_twice_is_visited_once(self, cast: Cast, client: Client) -> None:
        drawn(cast, lot=50)
        second = drawn(cast, lot=50, reason="重抽", at=NOW + timedelta(hours=1))
        found = to_make(cast.inspector, TODAY)
        assert {(one.draw_key, one.village) for one in found} == {
            (draw_key(second), village) for village in (cast.willow, cast.poplar, cast.elm)
        }
        client.force_login(cast.inspector)
        page = client.get("/").content.decode()
        assert all(f"/visits/{visit.pk}" in page for visit in found)

    def test_where_no_visit_can_be_planned_the_draw_stands_and_says_who_goes(self, cast: Cast) -> None:
        made = frozen(cast)
        Term.objects.filter(person=cast.inspector).update(valid_until=TODAY - timedelta(days=1))
        enter_dice(draw=made, dice=DICE, by=cast.county_supervisor, at=NOW + MINUTES)
        assert made.villages.filter(inspector=cast.inspector).exists()
        assert not VillageVisit.objects.exists()
        Term.objects.filter(person=cast.inspector).update(valid_until=None)
        assert {one.draw for one in visits_of(cast.inspector, TODAY)} == {made}


class TestDrawingAgain:
    """Promise 57: a second draw of the same villages says why, and both are shown."""

    def draw(self, cast: Cast, days: int = 0, **words: Any) -> PlannedDraw:
        return drawn(cast, at=NOW + timedelta(days=days), **words)

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_needs_a_reason_whoever_draws(self, reason: str, cast: Cast) -> None:
        first = self.draw(cast)
        with pytest.raises(Invalid) as refused:
            self.draw(cast, 30, by=cast.city_supervisor, reason=reason)
        assert (refused.value.code, refused.value.field) == ("drawn_already", "reason")
        assert refused.value.values["earlier"] == first
        assert PlannedDraw.objects.get() == first

    def test_of_the_city_or_a_town_draws_some_of_the_same_villages(self, cast: Cast) -> None:
        self.draw(cast)
        for area, by in ((cast.city, cast.city_supervisor), (cast.town, cast.county_supervisor)):
            with pytest.raises(Invalid) as refused:
                self.draw(cast, 1, area=area, by=by)
            assert refused.value.code == "drawn_already"

    def test_with_a_reason_both_stand_and_lead_to_each_other(self, cast: Cast, client: Client) -> None:
        first = self.draw(cast)
        second = self.draw(cast, reason="检查人病假")
        assert (second.earlier, second.reason) == (first, "检查人病假")
        client.force_login(cast.county_supervisor)
        for one, other in ((first, second), (second, first)):
            page = client.get(f"/spot-checks/draws/{one.pk}").content.decode()
            assert f"/spot-checks/draws/{other.pk}" in page
            assert "检查人病假" in page

    def test_another_county_and_a_later_month_need_none(self, cast: Cast) -> None:
        self.draw(cast)
        assert self.draw(cast, area=cast.other_county, by=cast.city_supervisor).earlier is None
        assert self.draw(cast, 31).earlier is None

    def test_the_database_holds_the_reason(self, cast: Cast) -> None:
        first = self.draw(cast)
        values = {"plan": first.plan, "area": cast.county, "text": "t", "sha256": "s", "by": cast.county_supervisor}
        with pytest.raises(IntegrityError), transaction.atomic():
            PlannedDraw.objects.create(earlier=first, at=NOW, **values)


class TestWhoIsChecked:
    """Whoever sits in a village or town of the county neither draws there nor is drawn to go there."""

    @pytest.mark.parametrize("role", [Role.COMMITTEE_MEMBER, Role.COMMITTEE_HEAD, Role.TOWN_REVIEWER])
    def test_neither_draws_nor_is_drawn(self, role: Role, cast: Cast) -> None:
        seat = cast.town if role == Role.TOWN_REVIEWER else cast.willow
        for person in (cast.county_supervisor, cast.inspector):
            appoint(person, role, seat)
        for area in (cast.county, cast.elm.parent):
            with pytest.raises(NotAllowed) as refused:
                frozen(cast, area=area)
            assert refused.value.code == "own_villages"
        made = drawn(cast, by=cast.city_supervisor)
        assert read_list(made.text).inspectors == ()
        assert made.villages.get().inspector is None
        assert inspectors_of(cast.elm.parent, TODAY) == []
        assert inspectors_of(cast.other_county, TODAY) == [cast.inspector.pk]

    def test_who_took_a_seat_after_the_plan_is_not_drawn(self, cast: Cast) -> None:
        plan = plan_of(cast)
        appoint(cast.inspector, Role.COMMITTEE_MEMBER, cast.willow)
        assert read_list(freeze_draw(plan=plan, by=cast.county_supervisor, at=NOW).text).inspectors == ()

    def test_a_seat_that_ended_forbids_nothing(self, cast: Cast) -> None:
        appoint(cast.inspector, Role.COMMITTEE_HEAD, cast.willow, until=TODAY - timedelta(days=1))
        assert inspectors_of(cast.county, TODAY) == [cast.inspector.pk]

    def test_whoever_draws_is_not_drawn(self, cast: Cast) -> None:
        appoint(cast.county_supervisor, Role.INSPECTOR, cast.county)
        with pytest.raises(Invalid) as refused:
            make_plan(planned=planned(cast), by=cast.county_supervisor, at=NOW)
        assert refused.value.field == "inspectors"
        plan = plan_of(cast, by=cast.city_supervisor)
        assert cast.county_supervisor.pk in plan.inspectors
        listed = read_list(freeze_draw(plan=plan, by=cast.county_supervisor, at=NOW).text)
        assert [one.key for one in listed.inspectors] == [cast.inspector.pk]
