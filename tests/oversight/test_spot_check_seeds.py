"""A plan of spot checks, its list frozen under a hash, and the seed that comes after it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from casework.errors import Conflict, Invalid, NotAllowed, Refusal
from casework.models import Person
from casework.models.unit import UnitLevel
from casework.stages import Role
from oversight.models import DrawnVillage, ExcusedVillage, PlannedDraw, SpotCheckPlan
from oversight.spot_checks.excusing import excuse_village
from oversight.spot_checks.freezing import Beacon, freeze_draw
from oversight.spot_checks.frozen_list import read_list, sha256_of
from oversight.spot_checks.planning import change_plan, make_plan
from oversight.spot_checks.queries import waiting_for_seed
from oversight.spot_checks.seeding import enter_beacon, enter_dice
from oversight.spot_checks.seeds import Rolled
from tests.cast import Cast
from tests.factories import appoint, unit
from tests.oversight.draws import DICE, MINUTES, SEED, drawn, frozen, make_key, plan_of, planned, seeded, villages_of
from tests.walk import NOW, TODAY


class TestPlanning:
    @pytest.mark.parametrize(
        ("values", "code", "field"),
        [
            ({"purpose": " "}, "words_missing", "purpose"),
            ({"purpose": "长" * 2001}, "words_too_long", "purpose"),
            ({"last_day": TODAY - timedelta(1)}, "ends_before_it_began", "last_day"),
            ({"first_day": TODAY - timedelta(9), "last_day": TODAY - timedelta(1)}, "long_over", "last_day"),
            ({"last_day": TODAY + timedelta(400)}, "too_long", "last_day"),
            ({"lot": 0}, "number_unfit", "lot"),
            ({"lot": 51}, "number_unfit", "lot"),
            ({"yearly": 501}, "number_unfit", "yearly"),
            ({"key_share": 101, "key_reason": "x"}, "number_unfit", "key_share"),
            ({"key_share": 50}, "reason_missing", "key_reason"),
            ({"is_in_yearly_plan": False}, "reason_missing", "unplanned_reason"),
            ({"inspectors": [10**9]}, "inspector_unfit", "inspectors"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(
        self, values: dict[str, Any], code: str, field: str, cast: Cast
    ) -> None:
        with pytest.raises(Invalid) as refused:
            make_plan(planned=planned(cast, **values), by=cast.county_supervisor, at=NOW)
        assert (refused.value.code, refused.value.field) == (code, field)
        assert not SpotCheckPlan.objects.exists()

    def test_a_village_is_no_area(self, cast: Cast) -> None:
        with pytest.raises(Invalid) as refused:
            make_plan(planned=planned(cast, area=cast.willow), by=cast.county_supervisor, at=NOW)
        assert refused.value.code == "area_unfit"

    def test_by_an_office_over_the_area(self, cast: Cast) -> None:
        for person in (cast.outsider_county, cast.town_reviewer, cast.inspector):
            with pytest.raises(NotAllowed):
                plan_of(cast, by=person)
        with pytest.raises(NotAllowed):
            plan_of(cast, area=cast.city, by=cast.county_supervisor)
        assert plan_of(cast, area=cast.town).area == cast.town
        assert plan_of(cast, area=cast.city, by=cast.city_supervisor).inspectors == [cast.inspector.pk]

    def test_it_is_put_right_until_its_list_is_frozen_and_never_after(self, cast: Cast) -> None:
        plan = plan_of(cast)
        changed = change_plan(plan=plan, planned=planned(cast, lot=3), by=cast.county_supervisor, at=NOW)
        assert (changed.lot, plan.history.count()) == (3, 2)
        freeze_draw(plan=changed, by=cast.county_supervisor, at=NOW)
        with pytest.raises(Conflict):
            change_plan(plan=plan, planned=planned(cast, lot=5), by=cast.county_supervisor, at=NOW)
        with pytest.raises(IntegrityError), transaction.atomic():
            SpotCheckPlan.objects.filter(pk=plan.pk).update(lot=5)

    def test_the_database_holds_the_reasons(self, cast: Cast) -> None:
        values = {"first_day": TODAY, "last_day": TODAY, "lot": 1, "yearly": 0, "by": cast.county_supervisor, "at": NOW}
        for odd in ({"key_share": 50}, {"is_in_yearly_plan": False}, {"last_day": TODAY - timedelta(1)}):
            with pytest.raises(IntegrityError), transaction.atomic():
                SpotCheckPlan.objects.create(area=cast.county, **{**values, **odd})


class TestFreezing:
    def test_the_hash_is_that_of_the_text_and_stands_before_any_seed(self, cast: Cast) -> None:
        made = frozen(cast, lot=2, yearly=1)
        assert made.sha256 == sha256_of(made.text)
        listed = read_list(made.text)
        assert listed.as_text() == made.text
        assert [one.code for one in listed.villages] == sorted(one.code for one in (cast.willow, cast.poplar, cast.elm))
        assert [one.key for one in listed.inspectors] == [cast.inspector.pk]
        assert list(waiting_for_seed(PlannedDraw.objects.all())) == [made]
        assert not made.villages.exists()
        seeded(made, by=cast.county_supervisor)
        assert not waiting_for_seed(PlannedDraw.objects.all()).exists()

    def test_nothing_of_it_can_be_changed(self, cast: Cast) -> None:
        made = drawn(cast)
        excuse_village(drawn=made.villages.get(), reason="x", by=cast.county_supervisor, at=NOW + MINUTES)
        for rows in (
            PlannedDraw.objects.filter(pk=made.pk),
            type(made.seed).objects.filter(draw=made),
            DrawnVillage.objects.filter(draw=made),
            ExcusedVillage.objects.all(),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                rows.update(at=NOW)
            with pytest.raises(IntegrityError), transaction.atomic():
                rows._raw_delete(rows.db)

    def test_an_area_without_villages_and_a_plan_that_is_over(self, cast: Cast) -> None:
        empty = unit(UnitLevel.TOWN, cast.county)
        with pytest.raises(Invalid) as refused:
            frozen(cast, area=empty)
        assert refused.value.code == "no_villages"
        plan = plan_of(cast, last_day=TODAY)
        with pytest.raises(Conflict) as over:
            freeze_draw(plan=plan, by=cast.county_supervisor, at=NOW + timedelta(days=1))
        assert over.value.code == "plan_over"

    def test_a_second_time_needs_a_reason_and_the_first_is_then_not_drawn(self, cast: Cast) -> None:
        first = frozen(cast)
        with pytest.raises(Invalid) as refused:
            freeze_draw(plan=first.plan, by=cast.county_supervisor, at=NOW + MINUTES)
        assert refused.value.code == "drawn_already"
        with pytest.raises(Conflict) as same:
            freeze_draw(plan=first.plan, by=cast.county_supervisor, at=NOW + MINUTES, reason="再来")
        assert same.value.code == "frozen_already"
        make_key(cast.elm)
        second = freeze_draw(plan=first.plan, by=cast.county_supervisor, at=NOW + MINUTES, reason="榆钱村列为重点村")
        with pytest.raises(Conflict) as anew:
            seeded(first, by=cast.county_supervisor, at=NOW + 2 * MINUTES)
        assert anew.value.code == "frozen_anew"
        assert list(waiting_for_seed(PlannedDraw.objects.all())) == [second]

    @pytest.mark.parametrize(
        ("beacon", "code"),
        [
            (Beacon(" ", "1", NOW + MINUTES), "beacon_unnamed"),
            (Beacon("x", " ", NOW + MINUTES), "round_unnamed"),
            (Beacon("x", "1", None), "round_is_out"),
            (Beacon("x", "1", NOW), "round_is_out"),
            (Beacon("x", "1", NOW + timedelta(days=32)), "round_is_out"),
            (Beacon("x" * 61, "1", NOW + MINUTES), "name_too_long"),
        ],
    )
    def test_a_beacon_is_named_with_a_round_to_come(self, beacon: Beacon, code: str, cast: Cast) -> None:
        with pytest.raises(Invalid) as refused:
            frozen(cast, beacon=beacon)
        assert refused.value.code == code
        assert not PlannedDraw.objects.exists()


class TestSeed:
    def refused(self, draw: PlannedDraw, dice: tuple[Rolled, ...], by: Person) -> set[str]:
        with pytest.raises(Refusal) as refused:
            enter_dice(draw=draw, dice=dice, by=by, at=NOW + MINUTES)
        return {one.code for one in refused.value.each()}

    def test_is_what_each_person_rolled_in_order_and_draws_at_once(self, cast: Cast) -> None:
        made = frozen(cast, lot=2)
        enter_dice(
            draw=made,
            dice=[Rolled(" 柳一 ", "41635 24163"), Rolled("", " "), DICE[1]],
            by=cast.county_supervisor,
            at=NOW + MINUTES,
        )
        assert made.seed.value == SEED
        assert made.seed.dice == [one.as_row() for one in DICE]
        assert len(villages_of(made)) == 2

    @pytest.mark.parametrize(
        ("dice", "codes"),
        [
            ((), {"too_few_people", "too_few_dice"}),
            ((DICE[0],), {"too_few_people", "too_few_dice"}),
            ((Rolled("甲", "1" * 30),), {"too_few_people"}),
            ((Rolled("甲", "1" * 10), Rolled("甲", "2" * 10)), {"too_few_people"}),
            ((Rolled("甲", "1" * 10), Rolled("乙", "2" * 9)), {"too_few_dice"}),
            ((Rolled("甲", "1" * 16), Rolled("乙", "2" * 4)), {"too_few_dice_of_one"}),
            ((Rolled("甲", "1" * 101), Rolled("乙", "2" * 10)), {"too_few_dice_of_one"}),
            ((Rolled("甲", "1" * 10), Rolled("", "2" * 10)), {"roller_unnamed"}),
            ((Rolled("甲", "1" * 10), Rolled("乙", "1234567123")), {"no_die_shows_this"}),
            ((Rolled("甲", "1" * 10), Rolled("乙", "一二三四五六一二三四")), {"no_die_shows_this"}),
            (tuple(Rolled(str(n), "12345") for n in range(11)), {"too_many_people"}),
        ],
    )
    def test_too_few_dice_or_people_are_refused(self, dice: tuple[Rolled, ...], codes: set[str], cast: Cast) -> None:
        made = frozen(cast)
        assert self.refused(made, dice, cast.county_supervisor) == codes
        assert not made.villages.exists()

    def test_comes_once(self, cast: Cast) -> None:
        made = drawn(cast)
        other = (Rolled("甲", "1" * 10), Rolled("乙", "2" * 10))
        assert self.refused(made, other, cast.county_supervisor) == {"seeded_already"}
        assert made.seed.value == SEED

    def test_is_younger_than_the_hash_and_not_older_than_the_plan(self, cast: Cast) -> None:
        made = frozen(cast)
        for at, code in ((NOW, "seed_too_old"), (NOW + timedelta(days=61), "plan_over")):
            with pytest.raises(Conflict) as refused:
                seeded(made, by=cast.county_supervisor, at=at)
            assert refused.value.code == code

    def test_is_typed_in_by_an_office_and_nobody_who_can_be_drawn(self, cast: Cast) -> None:
        appoint(cast.city_supervisor, Role.INSPECTOR, cast.city)
        made = frozen(cast)
        for person in (cast.outsider_county, cast.inspector, cast.willow_head):
            with pytest.raises(NotAllowed):
                seeded(made, by=person)
        with pytest.raises(Conflict) as refused:
            seeded(made, by=cast.city_supervisor)
        assert refused.value.code == "among_the_drawn"

    def test_of_a_beacon_is_that_of_the_named_round_once_it_is_out(self, cast: Cast) -> None:
        out_at = NOW + timedelta(hours=3)
        made = frozen(cast, beacon=Beacon("双色球", "2026025", out_at))
        asked: dict[str, Any] = {"draw": made, "value": "AB CD 0123456789", "by": cast.county_supervisor}
        for round_, at, code in (("2026026", out_at, "other_round"), ("2026025", out_at - MINUTES, "round_not_out")):
            with pytest.raises(Invalid) as refused:
                enter_beacon(**asked, round=round_, at=at)
            assert refused.value.code == code
        for value in ("123", "1" * 257, "一二三四五六七八九十一"):
            with pytest.raises(Invalid):
                enter_beacon(**{**asked, "value": value}, round="2026025", at=out_at)
        with pytest.raises(Conflict):
            seeded(made, by=cast.county_supervisor, at=out_at)
        assert enter_beacon(**asked, round=" 2026025 ", at=out_at).value == "abcd0123456789"

    def test_no_beacon_counts_where_dice_were_named(self, cast: Cast) -> None:
        with pytest.raises(Conflict):
            enter_beacon(draw=frozen(cast), round="1", value="1234567890", by=cast.county_supervisor, at=NOW + MINUTES)
