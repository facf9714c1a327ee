"""The first rows of a list, read part by part: the same as sorting all that the person may see."""

import pytest
from django.db.models import Q

from casework import queries
from casework.lists.filters import CaseFilters
from casework.lists.orders import SORTS
from casework.lists.paging import page_of
from casework.models import Case, Person
from casework.rights import roles
from casework.stages import OPEN, Role
from tests.cast import Cast
from tests.factories import appoint
from tests.many_cases import many_cases
from tests.walk import TODAY

FILTERS = [
    {"state": "all"},
    {},
    {"state": "closed"},
    {"light": "red", "severity": "3"},
    {"overdue": "1"},
    {"waiting": "1"},
    {"reported": "1", "state": "all"},
    {"words": "合同"},
    {"stage": "referred"},
]


@pytest.fixture
def people(cast: Cast) -> list[Person]:
    """Everybody, some with several posts that see the same cases twice."""
    appoint(cast.town_reviewer, Role.COMMITTEE_MEMBER, cast.willow)
    appoint(cast.willow_head, Role.COMMITTEE_MEMBER, cast.willow)
    appoint(cast.willow_head, Role.TOWN_REVIEWER, cast.reed.parent)
    appoint(cast.discipline, Role.COUNTY_SUPERVISOR, cast.county)
    appoint(cast.outsider_county, Role.INSPECTOR, cast.city)
    return list(Person.objects.order_by("pk"))


@pytest.mark.parametrize("query", FILTERS, ids=str)
def test_page_by_page_a_list_shows_what_may_be_seen_once_and_in_order(
    query: dict[str, str], cast: Cast, people: list[Person]
) -> None:
    many_cases(cast, 250, open_share=0.6, seed=len(query))
    for person in people:
        filters = CaseFilters.from_query(query)
        plain = filters.apply(Case.objects.filter(roles.visible_to(person, TODAY)), person, TODAY)
        for sort, order in SORTS.items():
            # Deadlines that are missing come last, whichever way.
            dated = plain.filter(due_on__isnull=False) if "due_on" in order[0] else plain
            expected = list(dated.order_by(*order).values_list("pk", flat=True))
            if "due_on" in order[0]:
                expected += plain.filter(due_on=None).order_by(order[1]).values_list("pk", flat=True)
            parts = [filters.apply(part, person, TODAY) for part in queries.visible_parts(person, TODAY)]
            seen, key = [], ""
            while True:
                page = page_of(parts, sort=sort, after=key, size=7 if sort == "due" else 60)
                seen += [case.pk for case in page.cases]
                key = page.next_key
                if not key:
                    break
            assert seen == expected, (person, sort)


def test_the_first_late_cases_are_those_of_the_plain_predicate(cast: Cast, people: list[Person]) -> None:
    many_cases(cast, 250, open_share=0.8)
    late = Q(stage__in=OPEN, due_on__lt=TODAY, paused_on=None)
    for person in people:
        plain = Case.objects.filter(roles.visible_to(person, TODAY)).filter(late).order_by("due_on", "id")
        assert list(queries.overdue(person, TODAY, 9)) == list(plain[:9]), person


def test_what_waits_comes_from_every_desk_in_one_order(cast: Cast, people: list[Person]) -> None:
    appoint(cast.county_supervisor, Role.COUNTY_SUPERVISOR, cast.other_county)
    many_cases(cast, 250, open_share=0.8)
    for person in people:
        waiting = queries.waiting_for(person, TODAY)
        assert list(queries.first_waiting(person, TODAY, 9)) == list(waiting[:9]), person
        returned = waiting.filter(stage__in=("planning", "rectification"), returned_at__isnull=False)
        assert list(queries.came_back(person, TODAY, 9)) == list(returned.order_by("-returned_at", "-id")[:9]), person


def test_each_part_asks_for_one_unit_and_none_stands_twice(cast: Cast, people: list[Person]) -> None:
    assert len(roles.visible_parts(cast.county_supervisor, TODAY)) == 2  # the county, and what was reported oneself
    assert len(roles.visible_parts(cast.willow_head, TODAY)) == 3  # twice in one committee, a town, the own reports
    assert len(roles.visible_parts(cast.outsider_county, TODAY)) == 4
    assert len(roles.visible_parts(cast.department_member, TODAY)) == 2
    assert len(roles.visible_parts(cast.administrator, TODAY)) == 0
