"""Clarity walls: registered by the village or its town, renewed, and listed when a quarter has passed."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from casework.errors import Conflict, Invalid, NotAllowed
from casework.models import CaseObject, Unit
from casework.stages import Role
from oversight.models import Wall, WallState, WallUpdate
from oversight.objects.queries import is_out_of_date, not_updated, quarter_before, walls_below, walls_in
from oversight.objects.walls import Described, change_wall, move_walls, register_wall, renew_wall
from tests.cast import Cast
from tests.factories import holder
from tests.walk import NOW, TODAY, reported


def described(**changed: Any) -> Described:
    return Described(**{"name": "一组明白墙", "place": "村口老槐树下", "group": "一组", **changed})


def wall_of(cast: Cast, **changed: Any) -> Wall:
    updated_on = changed.pop("updated_on", None)
    return register_wall(
        village=cast.willow, described=described(**changed), updated_on=updated_on, by=cast.willow_head, at=NOW
    )


def late(cast: Cast, on: date = TODAY) -> list[str]:
    return [str(one) for one in not_updated(walls_in(Unit.objects.filter(level="village")), on=on)]


def test_a_wall_is_the_object_that_a_finding_named_before(cast: Cast) -> None:
    case = reported(cast, village=cast.willow, object_name="一组明白墙")
    wall = wall_of(cast, name="  一组明白墙 ")
    assert wall.object == case.object
    assert reported(cast, village=cast.willow, object_name="一组明白墙").object == wall.object
    assert CaseObject.objects.filter(village=cast.willow).count() == 1


def test_a_second_wall_of_one_name_is_refused_and_another_village_may_have_it(cast: Cast) -> None:
    wall_of(cast)
    with pytest.raises(Invalid) as refused:
        wall_of(cast)
    assert refused.value.code == "name_taken" and refused.value.field == "name"
    register_wall(village=cast.poplar, described=described(), by=cast.poplar_head, at=NOW)


def test_another_village_and_an_office_enter_nothing(cast: Cast) -> None:
    wall = wall_of(cast)
    for stranger in (cast.poplar_head, cast.county_supervisor, cast.outsider_town):
        with pytest.raises(NotAllowed):
            renew_wall(wall=wall, day=TODAY, by=stranger, at=NOW)
        with pytest.raises(NotAllowed):
            register_wall(village=cast.willow, described=described(name="x"), by=stranger, at=NOW)
        with pytest.raises(NotAllowed):
            change_wall(wall=wall, described=described(), reason="x", by=stranger, at=NOW)
    assert not WallUpdate.objects.exists()


def test_what_the_town_enters_for_the_village_is_marked(cast: Cast) -> None:
    wall = wall_of(cast)
    assert renew_wall(wall=wall, day=TODAY, by=cast.town_reviewer, at=NOW).from_paper
    assert not renew_wall(wall=wall, day=TODAY - timedelta(days=1), by=cast.willow_head, at=NOW).from_paper


def test_a_day_to_come_and_a_day_twice_are_refused(cast: Cast) -> None:
    wall = wall_of(cast)
    with pytest.raises(Invalid) as refused:
        renew_wall(wall=wall, day=TODAY + timedelta(days=1), by=cast.willow_head, at=NOW)
    assert refused.value.code == "day_ahead"
    renew_wall(wall=wall, day=TODAY, by=cast.willow_head, at=NOW)
    with pytest.raises(Invalid) as refused:
        renew_wall(wall=wall, day=TODAY, by=cast.willow_head, at=NOW)
    assert refused.value.code == "updated_already"
    assert wall.updates.count() == 1


def test_a_wall_is_listed_from_the_day_after_a_quarter_on(cast: Cast) -> None:
    day = quarter_before(TODAY)
    wall = wall_of(cast, updated_on=day)
    assert late(cast) == [] and late(cast, TODAY + timedelta(days=1)) == ["一组明白墙"]
    assert not is_out_of_date(wall, day, on=TODAY) and is_out_of_date(wall, day, on=TODAY + timedelta(days=1))
    renew_wall(wall=wall, day=TODAY, by=cast.willow_head, at=NOW)
    assert late(cast, TODAY + timedelta(days=1)) == []


def test_the_quarter_before_ends_with_its_month() -> None:
    assert quarter_before(date(2026, 5, 31)) == date(2026, 2, 28)
    assert quarter_before(date(2026, 3, 15)) == date(2025, 12, 15)


def test_a_wall_without_an_update_is_listed_and_one_taken_down_is_not(cast: Cast) -> None:
    wall = wall_of(cast)
    assert late(cast) == ["一组明白墙"]
    changed = change_wall(
        wall=wall, described=described(state=WallState.REMOVED), reason="拆除", by=cast.willow_head, at=NOW
    )
    assert late(cast) == [] and not is_out_of_date(changed, None, on=TODAY)
    with pytest.raises(Conflict):
        renew_wall(wall=wall, day=TODAY, by=cast.willow_head, at=NOW)
    assert [one.state for one in wall.history.order_by("history_id")] == ["in_use", "removed"]


def test_the_areas_are_counted_without_a_query_a_wall(cast: Cast, django_assert_num_queries: Any) -> None:
    for number in range(6):
        wall_of(cast, name=f"{number}组", updated_on=TODAY if number < 2 else None)
    head = holder(Role.COMMITTEE_HEAD, cast.elm, "elm_head")
    register_wall(village=cast.elm, described=described(), updated_on=TODAY, by=head, at=NOW)
    villages = Unit.objects.filter(cast.county.subtree(), level="village")
    with django_assert_num_queries(3):
        rows = walls_below(cast.county, villages, on=TODAY)
    assert [(one.name, count, waiting) for one, count, waiting in rows] == [("柳河镇", 6, 4), ("榆林镇", 1, 0)]


def test_the_walls_of_a_merged_village_go_along_under_names_of_their_own(cast: Cast) -> None:
    wall = wall_of(cast, updated_on=TODAY)
    register_wall(village=cast.poplar, described=described(), by=cast.poplar_head, at=NOW)
    assert move_walls(unit=cast.willow, successor=cast.poplar, by=cast.administrator, at=NOW) == 1
    moved = Wall.objects.select_related("object").get(pk=wall.pk)
    assert (moved.village, moved.object.village, str(moved)) == (cast.poplar, cast.poplar, "上柳村 一组明白墙")
    assert moved.updates.count() == 1


def test_the_database_keeps_updates_and_walls(cast: Cast) -> None:
    wall_of(cast, updated_on=TODAY)
    with pytest.raises(DatabaseError), transaction.atomic():
        WallUpdate.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Wall.objects.all().delete()
