"""The checklist of a city: shipped, published in versions, and never changed."""

import pytest
from django.db import DatabaseError, transaction

from casework.errors import Conflict, NotAllowed, Refusal
from casework.models import CatalogueItem
from oversight.models import Checklist, ChecklistItem
from oversight.visits.checklists import Line, current_checklist, publish_checklist, shipped_lines
from oversight.visits.queries import lines_of
from oversight.visits.shipped import ITEMS
from tests.cast import Cast
from tests.oversight.visiting import planned_visit
from tests.walk import NOW


def line(code: str = "openness-late", standard: str = "看最近一期的日期") -> Line:
    return Line(CatalogueItem.objects.get(code=code), standard)


def publish(cast: Cast, *lines: Line, reason: str = "增加一项", seen: int | None = None) -> Checklist:
    return publish_checklist(
        city=cast.city, lines=lines or [line()], reason=reason, seen=seen, by=cast.city_supervisor, at=NOW
    )


def test_the_shipped_one_stands_in_the_catalogue_and_says_what_to_compare(cast: Cast) -> None:
    assert [one.item.code for one in shipped_lines()] == sorted(
        (code for code, _standard in ITEMS),
        key=[one.code for one in CatalogueItem.objects.order_by("aspect__order", "order")].index,
    )
    assert all(one.standard for one in shipped_lines())
    made = current_checklist(cast.city, at=NOW)
    assert (made.number, made.by) == (1, None)
    assert current_checklist(cast.city, at=NOW) == made


def test_a_catalogue_without_these_items_gives_its_first(cast: Cast) -> None:
    CatalogueItem.objects.filter(code__in=dict(ITEMS)).update(is_active=False)
    assert len(shipped_lines()) == len(ITEMS)


def test_a_planned_visit_keeps_its_version(cast: Cast) -> None:
    visit = planned_visit(cast)
    made = publish(cast)
    assert made.number == 2
    assert lines_of(visit)[0].checklist.number == 1 and len(lines_of(visit)) == len(ITEMS)
    assert planned_visit(cast, village=cast.elm).checklist == made


def test_a_published_version_never_changes(cast: Cast) -> None:
    publish(cast)
    for change in (
        lambda: Checklist.objects.update(number=5),
        lambda: ChecklistItem.objects.update(standard="x"),
        lambda: ChecklistItem.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize("who", ["county_supervisor", "inspector", "town_reviewer", "willow_head", "administrator"])
def test_only_the_citys_office_publishes(who: str, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        publish_checklist(city=cast.city, lines=[line()], reason="x", by=getattr(cast, who), at=NOW)


def test_of_two_who_began_with_one_version_the_second_is_told(cast: Cast) -> None:
    publish(cast, seen=0)
    with pytest.raises(Conflict) as refused:
        publish(cast, seen=0)
    assert refused.value.values["newest"] == 1
    assert publish(cast, seen=1).number == 2


def test_what_is_no_checklist_is_refused(cast: Cast) -> None:
    ended = CatalogueItem.objects.get(code="conduct-seal")
    ended.is_active = False
    for lines, reason, code in (
        ([], "x", "no_item"),
        ([line(), line()], "x", "item_twice"),
        ([line(standard=" ")], "x", "standard_missing"),
        ([line(standard="长" * 601)], "x", "standard_long"),
        ([Line(ended, "x")], "x", "item_ended"),
        ([line()], " ", "words_missing"),
    ):
        with pytest.raises(Refusal) as refused:
            publish_checklist(city=cast.city, lines=lines, reason=reason, by=cast.city_supervisor, at=NOW)
        assert [one.code for one in refused.value.each()] == [code]
    assert not Checklist.objects.exists()
