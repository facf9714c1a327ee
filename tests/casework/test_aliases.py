"""What an office's words mean is decided once: found by the next import, in its own city, until it is ended."""

from datetime import timedelta

import pytest

from casework.errors import Conflict, Invalid, NotAllowed
from casework.lifecycle.aliases import end_alias, remember_alias
from casework.lifecycle.category_words import Matcher
from casework.models import Alias, Case, CatalogueItem, Person, Unit
from casework.models.history import is_sealed
from casework.models.unit import UnitLevel
from tests.cast import Cast
from tests.factories import unit
from tests.flows.findings import imported, line
from tests.walk import NOW

LATER = NOW + timedelta(days=1)


def item_of(code: str) -> CatalogueItem:
    return CatalogueItem.objects.get(code=code)


def remembered(cast: Cast, words: str, *, code: str = "openness-idle", by: Person | None = None) -> Alias | None:
    return remember_alias(words=words, item=item_of(code), city=cast.city, by=by or cast.county_supervisor, at=NOW)


def test_the_next_import_files_by_it(cast: Cast) -> None:
    alias = remembered(cast, " 墙面  长期空着没用 ")
    assert alias is not None
    assert (alias.words, alias.city, alias.by, alias.at) == (
        "墙面 长期空着没用",
        cast.city,
        cast.county_supervisor,
        NOW,
    )
    run = imported(
        line(cast, category="墙面长期空着没用"),
        line(cast, category="村务公开/墙面，长期空着没用", finding_no="F-2", village_code=cast.reed.code),
        by=cast.city_supervisor,
    )
    assert run.unclassified == 0
    assert {case.item for case in Case.objects.all()} == {item_of("openness-idle")}


def test_it_is_of_one_city(cast: Cast) -> None:
    remembered(cast, "墙面长期空着没用")
    elsewhere = unit(UnitLevel.CITY, Unit.objects.get(level=UnitLevel.PROVINCE), name="远川市")
    matcher = Matcher()
    assert matcher.item("墙面长期空着没用", cast.willow.path) == item_of("openness-idle")
    assert matcher.item("墙面长期空着没用", elsewhere.path) is None


def test_words_that_would_be_caught_by_two_items_are_refused_and_both_are_named(cast: Cast) -> None:
    remembered(cast, "墙面长期空着没用")
    for words in ("墙面长期空着没用", "墙面 长期，空着没用", "村务公开：墙面长期空着没用"):
        with pytest.raises(Invalid) as refused:
            remembered(cast, words, code="money-notes" if CatalogueItem.objects.filter(code="money-notes") else other())
        assert refused.value.code == "alias_of_two"
        assert item_of("openness-idle").name in str(refused.value) and "“" in str(refused.value)
    assert Alias.objects.exclude(by=None).count() == 1


def other() -> str:
    return str(CatalogueItem.objects.exclude(code="openness-idle").order_by("pk")[0].code)


@pytest.mark.parametrize("name", ["name", "code", "name_en"])
def test_the_name_of_another_item_is_no_alias(name: str, cast: Cast) -> None:
    words = getattr(item_of("openness-idle"), name)
    with pytest.raises(Invalid) as refused:
        remembered(cast, words, code=other())
    assert refused.value.values["known"] == item_of("openness-idle")


def test_what_is_found_already_is_not_remembered_twice(cast: Cast) -> None:
    assert remembered(cast, item_of("openness-idle").name) is None
    assert remembered(cast, "墙面长期空着没用") is not None
    assert remembered(cast, "墙面-长期空着没用", by=cast.city_supervisor) is None


@pytest.mark.parametrize("words", ["", "  ", "？！", "墙" * 201])
def test_words_that_hold_nothing_or_too_much_are_refused(words: str, cast: Cast) -> None:
    with pytest.raises(Invalid):
        remembered(cast, words)


@pytest.mark.parametrize("who", ["inspector", "town_reviewer", "willow_head", "administrator", "volunteer"])
def test_only_offices_decide(who: str, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        remembered(cast, "墙面长期空着没用", by=getattr(cast, who))


def test_no_office_decides_for_another_city(cast: Cast) -> None:
    elsewhere = unit(UnitLevel.CITY, Unit.objects.get(level=UnitLevel.PROVINCE), name="远川市")
    for place in (elsewhere, cast.county):
        with pytest.raises(NotAllowed):
            remember_alias(
                words="墙面长期空着没用", item=item_of("openness-idle"), city=place, by=cast.city_supervisor, at=NOW
            )


def test_ended_it_is_found_no_longer_stays_as_it_was_and_may_be_decided_anew(cast: Cast) -> None:
    alias = remembered(cast, "墙面长期空着没用")
    assert alias is not None
    ended = end_alias(alias=alias, by=cast.county_supervisor, at=LATER)
    assert (ended.ended_at, ended.ended_by, ended.item) == (LATER, cast.county_supervisor, item_of("openness-idle"))
    row = ended.history.latest("history_id")
    assert (row.history_step, row.history_user, is_sealed(row)) == ("end_alias", cast.county_supervisor, True)
    assert imported(line(cast, category="墙面长期空着没用"), by=cast.county_supervisor).unclassified == 1
    assert remembered(cast, "墙面长期空着没用", code=other()) is not None


def test_it_is_ended_once(cast: Cast) -> None:
    alias = remembered(cast, "墙面长期空着没用")
    assert alias is not None
    end_alias(alias=alias, by=cast.county_supervisor, at=LATER)
    with pytest.raises(Conflict):
        end_alias(alias=alias, by=cast.county_supervisor, at=LATER)


def test_another_county_does_not_end_it_and_the_city_does(cast: Cast) -> None:
    alias = remembered(cast, "墙面长期空着没用")
    assert alias is not None
    with pytest.raises(NotAllowed):
        end_alias(alias=alias, by=cast.outsider_county, at=LATER)
    assert end_alias(alias=alias, by=cast.city_supervisor, at=LATER).ended_at == LATER


def test_what_every_city_has_is_ended_by_the_city_alone(cast: Cast) -> None:
    alias = Alias.objects.filter(city=None, item__isnull=False)[0]
    with pytest.raises(NotAllowed):
        end_alias(alias=alias, by=cast.county_supervisor, at=LATER)
    assert end_alias(alias=alias, by=cast.city_supervisor, at=LATER).ended_by == cast.city_supervisor
