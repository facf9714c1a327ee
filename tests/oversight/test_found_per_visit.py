"""Found per visit: the visits that found nothing are in the denominator, what was not applicable in neither count."""

from datetime import timedelta

import pytest

from oversight.models import FoundCase, ItemAnswer, VillageVisit
from oversight.visits.figures import VisitScope, by_item, by_village, in_all
from oversight.visits.making import answer_items, finish_visit, link_found_case
from oversight.visits.queries import lines_of, standing
from tests.cast import Cast
from tests.oversight.visiting import SIGNED, all_in_order, done_visit, made_visit, planned_visit
from tests.walk import NOW, TODAY, reported


def found_at(cast: Cast, *numbers: int, cases: int = 1) -> VillageVisit:
    """A visit to Willow with findings at these items of the list, each with so many cases."""
    visit = made_visit(cast)
    all_in_order(visit, cast)
    lines = lines_of(visit)
    answer_items(visit=visit, answers={lines[n].pk: "finding" for n in numbers}, by=cast.inspector, at=NOW)
    for answer in ItemAnswer.objects.filter(visit=visit, answer="finding"):
        for _again in range(cases):
            link_found_case(answer=answer, case=reported(cast), by=cast.inspector, at=NOW)
    return finish_visit(visit=visit, signature=SIGNED, by=cast.inspector, at=NOW)


def scope(cast: Cast, **changed: object) -> VisitScope:
    return VisitScope(**{"counties": (cast.county.pk,), "first": TODAY, "last": TODAY, **changed})  # type: ignore[arg-type]


def test_visited_and_nothing_found_counts_as_visited(cast: Cast) -> None:
    found_at(cast, 0, 2, cases=2)
    done_visit(cast, village=cast.elm)
    planned_visit(cast, village=cast.poplar)
    whole = in_all(scope(cast))
    assert (whole.visits.part, whole.visits.whole, whole.cases, whole.cases_a_visit) == (1, 2, 4, 2.0)
    assert (whole.items.part, whole.items.whole, whole.villages) == (2, 2 * 10, 2)
    assert whole.visits.low is not None and whole.visits.low < 0.5 < (whole.visits.high or 0)


def test_by_item_with_what_was_not_applicable_in_neither_count(cast: Cast) -> None:
    visit = found_at(cast, 0)
    done_visit(cast, village=cast.elm)
    shares = {one.key: one for one in by_item(scope(cast))}
    *lines, last = lines_of(visit)
    assert (shares[lines[0].item_id].found.part, shares[lines[0].item_id].found.whole) == (1, 2)
    assert (shares[lines[1].item_id].found.part, shares[lines[1].item_id].cases) == (0, 0)
    assert last.item_id not in shares
    assert by_item(scope(cast))[0].key == lines[0].item_id


def test_by_village(cast: Cast) -> None:
    found_at(cast, 0, cases=3)
    done_visit(cast)
    done_visit(cast, village=cast.elm)
    first, second = by_village(scope(cast))
    assert (first.key, first.visits, first.cases, first.found.part, first.found.whole) == (cast.willow.pk, 2, 3, 1, 20)
    assert (second.key, second.found.part) == (cast.elm.pk, 0)


@pytest.mark.parametrize(
    ("changed", "count"),
    [
        ({}, 1),
        ({"first": TODAY - timedelta(9), "last": TODAY - timedelta(1)}, 0),
        ({"first": TODAY + timedelta(1), "last": TODAY + timedelta(1)}, 0),
        ({"kind": "spot_check"}, 1),
        ({"kind": "petition"}, 0),
        ({"counties": ()}, 0),
    ],
)
def test_days_kind_and_area_are_kept_to(changed: dict[str, object], count: int, cast: Cast) -> None:
    done_visit(cast)
    assert in_all(scope(cast, **changed)).visits.whole == count
    assert len(by_village(scope(cast, **changed))) == count


def test_what_was_counted_at_the_end_counts_again_from_the_answers(cast: Cast) -> None:
    visit = found_at(cast, 1, 3, cases=2)
    stands = standing(visit)
    assert (visit.checked, visit.wrong, visit.found) == (stands.checked, stands.wrong, stands.found) == (10, 2, 4)
    assert FoundCase.objects.filter(answer__visit=visit).count() == visit.found
