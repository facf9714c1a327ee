"""Entries of the registers are put right: with a reason, by whoever enters them, and the old words stay."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from casework.errors import Invalid, NotAllowed
from casework.models import CaseObject, Person
from casework.models.history import is_sealed
from casework.offices.pairings import pair_unit
from casework.stages import Role
from oversight.models import Practice, Wall
from oversight.objects.walls import Described, change_wall, register_wall, renew_wall
from oversight.pairings.helping import enter_help
from oversight.practices.spreading import adopt_practice, describe_practice
from oversight.registers.correcting import correct_entry, earlier_words
from oversight.registers.kinds import REGISTERS
from oversight.stations.keeping import open_station
from tests.cast import Cast
from tests.factories import holder, unit
from tests.oversight.test_practices import PROOF
from tests.walk import NOW, TODAY

DAY = timedelta(days=1)
LATER = NOW + timedelta(hours=1)


def a_wall(cast: Cast) -> Wall:
    return register_wall(village=cast.willow, described=Described("一组明白墙", "村口"), by=cast.willow_head, at=NOW)


def wall_update(cast: Cast) -> tuple[Any, Person, dict[str, Any]]:
    made = renew_wall(wall=a_wall(cast), day=TODAY, words="一季度收支", by=cast.willow_head, at=NOW)
    return made, cast.willow_head, {"day": TODAY - DAY, "words": "一季度收支明细"}


def practice(cast: Cast) -> tuple[Any, Person, dict[str, Any]]:
    said = {"title": "监督日历上墙", "words": "每月一张", "day": TODAY - 9 * DAY}
    made = describe_practice(unit=cast.county, by=cast.county_supervisor, at=NOW, **said)
    return made, cast.county_supervisor, {**said, "title": "监督日历上墙上网"}


def adoption(cast: Cast) -> tuple[Any, Person, dict[str, Any]]:
    made, *_rest = practice(cast)
    said = {"day": TODAY, "words": "三个镇试行"}
    given = {"county": cast.other_county, "files": [PROOF], "by": cast.outsider_county, "at": NOW}
    return adopt_practice(practice=made, **given, **said), cast.outsider_county, {**said, "words": "五个镇试行"}


def help_visit(cast: Cast) -> tuple[Any, Person, dict[str, Any]]:
    bureau = unit("department", cast.city, name="市水利局")
    helper = holder(Role.DEPARTMENT_MEMBER, bureau, "helper")
    pairing = pair_unit(helper=bureau, village=cast.willow, day=TODAY - DAY, by=cast.county_supervisor, at=NOW)
    said = {"day": TODAY, "people": "两人", "words": "看渠"}
    return enter_help(pairing=pairing, by=helper, at=NOW, **said), helper, {**said, "day": TODAY - DAY}


def station(cast: Cast) -> tuple[Any, Person, dict[str, Any]]:
    made = open_station(unit=cast.town, name="柳河站", day=TODAY, by=cast.county_supervisor, at=NOW)
    return made, cast.county_supervisor, {"name": "柳河监督站", "opened_on": TODAY - DAY}


Made = Callable[[Cast], tuple[Any, Person, dict[str, Any]]]
KINDS: dict[str, Made] = {
    "wall-update": wall_update,
    "practice": practice,
    "adoption": adoption,
    "help": help_visit,
    "station": station,
}


def test_each_register_is_tried() -> None:
    assert KINDS.keys() == REGISTERS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_the_new_words_stand_and_the_old_ones_are_kept_with_the_reason(kind: str, cast: Cast) -> None:
    entry, by, said = KINDS[kind](cast)
    register = REGISTERS[kind]
    before = {name: getattr(entry, name) for name in register.columns}
    correct_entry(register, entry, said=said, reason=" 录错了 ", by=by, at=LATER)
    entry.refresh_from_db()
    assert {name: getattr(entry, name) for name in register.columns} == said
    (earlier,) = earlier_words(register.model, register.columns, [entry.pk])[entry.pk]
    assert (earlier.by, earlier.at, earlier.reason) == (by, LATER, "录错了")
    assert [value for _name, value in earlier.was] == [
        before[name] for name in register.columns if before[name] != said[name]
    ]
    rows = list(entry.history.order_by("history_id"))
    assert [(row.history_type, row.history_user_id) for row in rows] == [("+", by.pk), ("~", by.pk)]
    assert all(is_sealed(row) for row in rows)


@pytest.mark.parametrize("kind", KINDS)
def test_others_no_reason_and_no_change_are_refused(kind: str, cast: Cast) -> None:
    entry, by, said = KINDS[kind](cast)
    register, given = REGISTERS[kind], {"said": said, "at": LATER}
    for stranger in (cast.poplar_head, cast.outsider_town, cast.inspector):
        with pytest.raises(NotAllowed):
            correct_entry(register, entry, reason="x", by=stranger, **given)
    with pytest.raises(Invalid) as refused:
        correct_entry(register, entry, reason=" ", by=by, **given)
    assert refused.value.field == "reason"
    same = {name: getattr(entry, name) for name in register.columns}
    with pytest.raises(Invalid) as refused:
        correct_entry(register, entry, reason="x", by=by, said=same, at=LATER)
    assert refused.value.code == "nothing_changed"
    day = "opened_on" if kind == "station" else "day"
    with pytest.raises(Invalid):
        correct_entry(register, entry, reason="x", by=by, said={**said, day: TODAY + DAY}, at=LATER)
    assert earlier_words(register.model, register.columns, [entry.pk]) == {}


def test_what_was_entered_before_there_was_a_history_keeps_its_first_words(cast: Cast) -> None:
    _entry, by, said = practice(cast)
    old = Practice(unit=cast.county, title="旧", words="旧话", day=TODAY, by=by, at=NOW)
    old.skip_history_when_saving = True
    old.save()
    del old.skip_history_when_saving
    register = REGISTERS["practice"]
    correct_entry(register, old, said={**said, "title": "新"}, reason="改名", by=by, at=LATER)
    (earlier,) = earlier_words(register.model, register.columns, [old.pk])[old.pk]
    assert [value for _name, value in earlier.was if value in ("旧", "旧话")] == ["旧", "旧话"]
    assert old.history.order_by("history_id").values_list("history_date", flat=True)[0] == NOW


def test_a_second_day_of_one_wall_is_refused_in_a_correction_as_well(cast: Cast) -> None:
    entry, by, said = wall_update(cast)
    renew_wall(wall=entry.wall, day=TODAY - DAY, by=by, at=NOW)
    with pytest.raises(Invalid) as refused:
        correct_entry(REGISTERS["wall-update"], entry, said=said, reason="x", by=by, at=LATER)
    assert (refused.value.code, refused.value.field) == ("updated_already", "day")


def test_a_wall_is_changed_with_a_reason_and_its_old_name_and_place_stay(cast: Cast) -> None:
    wall = a_wall(cast)
    given = {"wall": wall, "described": Described("二组明白墙", "晒场"), "by": cast.willow_head, "at": LATER}
    with pytest.raises(Invalid) as refused:
        change_wall(**given, reason="")
    assert refused.value.field == "reason"
    change_wall(**given, reason="写错了组")
    steps = ("change_wall",)
    (place,) = earlier_words(Wall, ("place", "state"), [wall.pk], steps=steps)[wall.pk]
    (name,) = earlier_words(CaseObject, ("name",), [wall.object_id], steps=steps)[wall.object_id]
    assert ([value for _name, value in place.was], place.reason) == (["村口"], "写错了组")
    assert [value for _name, value in name.was] == ["一组明白墙"]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_a_register_is_removed_and_its_history_never_changes(kind: str, cast: Cast) -> None:
    entry, _by, _said = KINDS[kind](cast)
    for rows in (type(entry).objects.filter(pk=entry.pk), entry.history.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete(rows.db)
    with pytest.raises(DatabaseError), transaction.atomic():
        entry.history.update(history_change_reason="x")
