"""The list as a table: its heads, its count, and the columns that each person chooses."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.test import Client

from casework.lists.orders import SORTED_WHEN_FEW
from casework.lists.paging import page_of, sorted_page
from casework.models import Case, ListSettings, Person
from casework.queries import visible
from casework.stages import OPEN, Stage
from tests.cast import Cast
from tests.many_cases import many_cases
from tests.walk import TODAY, assigned, reported, screened
from web.pages.case_columns import COLUMNS, DEFAULT, heads, known
from web.pages.cases import count_words

SignedIn = Callable[[Person], Client]


def shown(client: Client, address: str = "/cases") -> list[str]:
    """The columns of the table, as its heads name them, behind the one with the boxes to tick."""
    found = re.findall(r'<th scope="col"[^>]* class="c-(\w+)"', client.get(address).content.decode())
    return [name for name in found if name != "tick"]


@pytest.fixture
def case(cast: Cast) -> Case:
    return assigned(cast, screened(cast, reported(cast, village=cast.willow)), due_on=TODAY + timedelta(days=9))


def test_a_row_says_in_each_column_what_its_head_names(cast: Cast, case: Case, signed_in: SignedIn) -> None:
    ListSettings.objects.create(person=cast.county_supervisor, columns=list(COLUMNS))
    body = signed_in(cast.county_supervisor).get("/cases").content.decode()
    row = body[body.index('<tr class="case-row"') : body.index("</tbody>")]
    assert [name.split()[0] for name in re.findall(r'class="c-([\w -]+)"', row)] == ["tick", *COLUMNS]
    cells = dict(re.findall(r'class="c-(\w+)">(.*?)</t[dh]>', row))
    assert cells["number"] == case.number and f"/cases/{case.number}" in cells["title"]
    assert (cells["village"], cells["town"], cells["county"]) == ("上柳村", "柳河镇", "青禾区")
    assert (cells["desk"], cells["responsible"]) == ("上柳村", "上柳村")
    assert case.due_on.isoformat() in cells["due"] and cells["closed"] == ""
    assert str(cast.inspector) in cells["reporter"]


def test_columns_are_kept_in_the_order_in_which_they_were_sent(cast: Cast, case: Case, signed_in: SignedIn) -> None:
    client = signed_in(cast.county_supervisor)
    assert shown(client) == list(DEFAULT)
    answer = client.post("/lists/columns", {"column": ["desk", "title", "due"], "query": "light=red"})
    assert answer["Location"] == "/cases?light=red"
    assert shown(client) == ["desk", "title", "due"]
    assert shown(signed_in(cast.town_reviewer)) == list(DEFAULT)  # somebody else's are theirs
    client.post("/lists/columns", {"column": ["desk", "title", "due"], "up": "due"})
    assert shown(client) == ["desk", "due", "title"]
    client.post("/lists/columns", {"column": ["desk", "due", "title"], "up": "desk"})  # is the first already
    assert shown(client) == ["desk", "due", "title"]
    client.post("/lists/columns", {"default": "1"})
    assert shown(client) == list(DEFAULT)


def test_without_the_problem_no_case_could_be_opened() -> None:
    assert known(["due", "nonsense", "due"]) == ["title", "due"]
    assert known([]) == known("title") == known(None) == list(DEFAULT)


def test_what_a_card_shows_stands_in_the_row_whatever_was_chosen(cast: Cast, case: Case, signed_in: SignedIn) -> None:
    ListSettings.objects.create(person=cast.county_supervisor, columns=["title", "due"])
    body = signed_in(cast.county_supervisor).get("/cases").content.decode()
    assert re.findall(r'class="c-(\w+) card-only"', body) == ["number", "village", "town", "stage", "left"]


def test_a_head_sorts_where_an_index_holds_its_order() -> None:
    by_code = {head["code"]: head for head in heads(["number", "title", "due", "left"], "due")}
    assert (by_code["due"]["sorted"], by_code["due"]["sort"]) == ("ascending", "-due")
    assert (by_code["left"]["sorted"], by_code["left"]["sort"]) == ("", "-due")  # one arrow for one order
    assert (by_code["number"]["sorted"], by_code["number"]["sort"]) == ("", "old")
    assert by_code["title"]["sort"] == ""
    assert heads(["number"], "new")[0] == {
        "code": "number",
        "label": COLUMNS["number"].label,
        "sort": "old",
        "sorted": "descending",
    }


@pytest.mark.parametrize("query", ["", "?sort=old"])
def test_the_count_is_of_the_whole_list_on_each_of_its_pages(
    query: str, cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        reported(cast)
    reported(cast, by=cast.county_supervisor)  # seen for two reasons, counted once
    monkeypatch.setattr("web.pages.cases.page_of", partial(page_of, size=4))
    client = signed_in(cast.county_supervisor)
    first = client.get(f"/cases{query}")
    following = client.get(f"/cases?{query[1:]}&after={first.context['next_key']}")
    assert [len(page.context["rows"]) for page in (first, following)] == [4, 2]
    assert [page.context["count_words"] for page in (first, following)] == [count_words(6)] * 2


def test_beyond_what_is_counted_the_page_says_more_than(
    cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        reported(cast)
    monkeypatch.setattr("web.pages.cases.page_of", partial(page_of, size=1))
    monkeypatch.setattr("web.pages.cases.MOST_IN_LIST", 3)
    page = signed_in(cast.county_supervisor).get("/cases")
    assert page.context["count_words"] == count_words(400) != count_words(3)
    assert "3" in count_words(400) and "4" not in count_words(400)


class TestSortingShortLists:
    """Orders that no index holds."""

    @pytest.fixture
    def many(self, cast: Cast) -> Cast:
        many_cases(cast, 120, open_share=0.7)
        Case.objects.filter(pk__in=list(Case.objects.values_list("pk", flat=True)[:5])).update(severity=None)
        Case.objects.filter(severity=1).update(found_on=TODAY)
        Case.objects.filter(severity=1, closed_on__isnull=False).update(closed_on=TODAY)
        return cast

    @pytest.mark.parametrize("sort", [f"{sign}{code}" for code in SORTED_WHEN_FEW for sign in ("", "-")])
    def test_page_by_page_it_is_the_whole_list_in_that_order(
        self, sort: str, many: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("web.pages.cases.sorted_page", partial(sorted_page, size=50))
        client, seen, after = signed_in(many.city_supervisor), [], ""
        while True:
            page = client.get(f"/cases?state=all&sort={sort}&after={after}")
            seen += re.findall(r'class="row-link" href="/cases/([^"]+)"', page.content.decode())
            after = page.context["next_key"]
            if not after:
                break
        cases = {one.number: one for one in visible(many.city_supervisor, TODAY).select_related(*JOINED)}
        assert sorted(seen) == sorted(cases) and len(seen) > 50
        keys = [SAID[sort.removeprefix("-")](cases[number]) for number in seen]
        there = [key for key in keys if key is not None]
        assert keys == [*there, *[None] * (len(keys) - len(there))]  # what is missing comes last
        assert there == sorted(there, reverse=sort.startswith("-")) and len(set(there)) > 1

    def test_a_long_list_stays_in_its_order_and_says_why(
        self, many: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client = signed_in(many.county_supervisor)
        count = client.get("/cases?sort=village").context["count_words"]
        assert client.get("/cases?sort=village").context["sort_refused"] == ""
        most = visible(many.county_supervisor, TODAY).filter(stage__in=OPEN).count()
        monkeypatch.setattr("web.pages.cases.MOST_SORTED", most)
        assert client.get("/cases?sort=village").context["sort_refused"] == ""
        monkeypatch.setattr("web.pages.cases.MOST_SORTED", most - 1)
        page, usual = client.get("/cases?sort=village"), client.get("/cases")
        assert str(COLUMNS["village"].label) in page.context["sort_refused"]
        assert (page.context["rows"], page.context["next_key"]) == (usual.context["rows"], usual.context["next_key"])
        assert page.context["count_words"] == count
        assert 'aria-sort="ascending"><a href="?sort=-due"' in page.content.decode()
        assert client.get("/cases?sort=village&village=上柳村").context["sort_refused"] == ""

    def test_a_head_sorts_both_ways_and_the_list_of_orders_names_them(self, many: Cast, signed_in: SignedIn) -> None:
        by_code = {head["code"]: head for head in heads(["severity", "village"], "severity")}
        assert (by_code["severity"]["sorted"], by_code["severity"]["sort"]) == ("ascending", "-severity")
        assert by_code["village"]["sort"] == "village"
        body = signed_in(many.county_supervisor).get("/cases?sort=-severity").content.decode()
        assert '<option value="-severity" selected>' in body and '<option value="village">' in body


JOINED = ("village", "town", "county", "item__aspect", "waits_at", "responsible")
SAID: dict[str, Callable[[Case], object]] = {
    "village": lambda case: case.village.code,
    "town": lambda case: case.town.code,
    "county": lambda case: case.county.code,
    "item": lambda case: (case.item.aspect.order, case.item.order),
    "severity": lambda case: case.severity,
    "stage": lambda case: list(Stage).index(Stage(case.stage)),
    "desk": lambda case: case.waits_at and case.waits_at.code,
    "responsible": lambda case: case.responsible and case.responsible.code,
    "found": lambda case: case.found_on,
    "closed": lambda case: case.closed_on,
}
