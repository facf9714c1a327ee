"""What PostgreSQL reads for a list: some cases for each that is shown, and never all that are open."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casework.lists.orders import MOST_SORTED
from casework.models import Case, CatalogueItem, Person, Unit
from casework.models.unit import UnitLevel
from casework.queries import visible_parts
from casework.stages import Role
from tests.cast import Cast
from tests.factories import appoint, holder, unit
from tests.many_cases import many_cases
from tests.walk import TODAY
from web.pages.case_board import MOST_IN_COLUMN, SHOWN
from web.pages.case_calendar import MOST_IN_MONTH
from web.pages.cases import MOST_IN_LIST
from web.pages.home import MOST_COUNTED

pytestmark = pytest.mark.postgres
SignedIn = Callable[[Person], Client]
MOST = 20  # cases read for each that is shown
# Not the discipline office: it reads what was ever referred to it, which is little.
EVERYBODY = [
    "inspector",
    "willow_head",
    "town_reviewer",
    "county_supervisor",
    "city_supervisor",
    "department_member",
    "volunteer",
    "administrator",
]
ADDRESSES = [
    "/",
    "/cases",
    "/cases?sort=-due",
    "/cases?state=all&sort=new",
    "/cases?overdue=1",
    "/cases?sort=-severity",
]
# Of what a county has open, next to nothing or nothing at all matches some of these.
NARROWED = [
    "light=red",
    "severity=4",
    "source=petition",
    "visit=campaign",
    "item={item.code}",
    "aspect={item.aspect.code}",
    "stage=strike_off",
    "stage=city_review&severity=4&light=yellow&item={item.code}",
    "state=all&watch=failed",
    "state=closed&source=petition",
    "village={small.name}",
    "village={small.code}&light=red",
    "desk={small.name}",
    "person={small_head.name}",
    "due_from=2026-12-01&due_until=2026-12-01",
]
LEAST = 10  # a page that shows less may still read that many


@pytest.fixture
def city(cast: Cast) -> Cast:
    """Thousands of open cases for everybody but the villages' own posts, and statistics of them."""
    appoint(cast.county_supervisor, Role.COUNTY_SUPERVISOR, cast.other_county)
    many_cases(cast, 4000, open_share=0.7)
    small = unit(UnitLevel.VILLAGE, cast.town, name="小村", has_committee=True)
    holder(Role.COMMITTEE_HEAD, small, "small_head")
    first = list(Case.objects.filter(village=cast.willow).values_list("pk", flat=True)[:20])
    Case.objects.filter(pk__in=first, waits_at=cast.willow).update(waits_at=small)
    Case.objects.filter(pk__in=first).update(village=small)
    with connection.cursor() as cursor:
        # PostgreSQL reads a small table whole, because that is faster: six times as many, written by the database.
        columns = [field.column for field in Case._meta.concrete_fields]
        copied = ", ".join({"id": "id + n * 4000", "number": "number || '-' || n"}.get(name, name) for name in columns)
        cursor.execute(
            f"INSERT INTO casework_case ({', '.join(columns)}) "
            f"SELECT {copied} FROM casework_case, generate_series(1, 5) AS n"
        )
        # All of them: a plan from the numbers of an earlier test's rows is not the plan of a city.
        cursor.execute("ANALYZE")
    return cast


def rows_read(client: Client, address: str) -> tuple[int, int, str]:
    """How many cases the page's statements read, how many it shows, and the greediest statement."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200
    read = {}
    for sql in {one["sql"] for one in captured.captured_queries if one["sql"].startswith("SELECT")}:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
            plan = cursor.fetchone()[0]
        plan = json.loads(plan) if isinstance(plan, str) else plan
        read[sql] = sum(_rows_of(node) for node in _scans(plan[0]["Plan"]))
        if sql.startswith("SELECT COUNT"):  # stops where "many" is said, in each of its parts
            # Where a part holds about as many, sorting all of them is cheaper, and is what PostgreSQL does.
            most = 2 * MOST_COUNTED if address == "/" else 2 * sql.count(" LIMIT ") * (MOST_IN_LIST + 1)
            assert read.pop(sql) <= most, sql
    return sum(read.values()), answer.content.decode().count('class="row-link"'), max(read, key=lambda sql: read[sql])


def _scans(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    # Posts and units are few, and how they are joined depends on how few. An index's own scan names no table.
    if node.get("Relation Name") == Case._meta.db_table:
        yield node
    for below in node.get("Plans", []):
        yield from _scans(below)


def _rows_of(scan: dict[str, Any]) -> int:
    left_out = scan.get("Rows Removed by Filter", 0) + scan.get("Rows Removed by Index Recheck", 0)
    return (scan["Actual Rows"] + left_out) * scan["Actual Loops"]


def test_a_page_reads_some_rows_for_each_that_it_shows(city: Cast, signed_in: SignedIn) -> None:
    too_many = []
    for who in EVERYBODY:
        client = signed_in(getattr(city, who))
        for address in ADDRESSES:
            read, shown, greediest = rows_read(client, address)
            if read > MOST * max(shown, LEAST):
                too_many.append(f"{who} {address}: {read} cases for {shown}, most of them by {greediest}")
    assert not too_many, "\n\n".join(too_many)


def test_an_order_without_an_index_reads_a_short_list_and_no_more(city: Cast, signed_in: SignedIn) -> None:
    """Of a long list nothing is sorted (ADDRESSES); a short one is read once, by its own index."""
    small = Unit.objects.get(name="小村")
    address = f"/cases?state=all&sort=-severity&village={small.code}"
    there = Case.objects.filter(village=small).count()
    assert 30 < there <= MOST_SORTED
    client = signed_in(city.county_supervisor)
    read, shown, greediest = rows_read(client, address)
    assert client.get(address).context["sort_refused"] == ""
    # Each of the reader's scopes finds them by its index; then they are read once more by their keys.
    parts = len(visible_parts(city.county_supervisor, TODAY))
    assert shown == 30 and read <= (parts + 1) * there, greediest


# A county has half of this table open, and the cast's city office reported a sixth of it: both are read whole. A colleague
# who reported nothing sees what a city has.
VIEWS = {
    "/cases?view=board": (["city_colleague"], 9 * (MOST_IN_COLUMN + SHOWN)),
    "/cases?view=calendar": (["county_supervisor", "city_supervisor", "town_reviewer"], MOST_IN_MONTH),
}


def test_a_board_and_a_calendar_read_no_more_than_they_count(city: Cast, signed_in: SignedIn) -> None:
    with connection.cursor() as cursor:
        # What is random to read in a table of this size is in memory; else reading all of it is thought cheaper.
        cursor.execute("SET LOCAL random_page_cost = 1")
    holder(Role.CITY_SUPERVISOR, city.city, "city_colleague")
    for address, (people, most) in VIEWS.items():
        for who in people:
            person = Person.objects.get(username=who)
            read, _shown, greediest = rows_read(signed_in(person), address)
            # Of each part the keys, and the rows for them; a bitmap reads twice.
            assert read <= 3 * len(visible_parts(person, TODAY)) * most, (who, address, read, greediest)


def test_a_narrowed_list_of_a_county_passes_over_what_it_leaves_out(city: Cast, signed_in: SignedIn) -> None:
    small = Unit.objects.get(name="小村")
    names = {"small": small, "small_head": Person.objects.get(terms__post__unit=small)}
    names |= {"item": CatalogueItem.objects.select_related("aspect").order_by("pk")[7]}
    client = signed_in(city.county_supervisor)
    too_many = []
    for query in NARROWED:
        read, shown, greediest = rows_read(client, f"/cases?{query.format(**names)}")
        if read > MOST * max(shown, LEAST):
            too_many.append(f"{query}: {read} cases for {shown}, most of them by {greediest}")
    assert not too_many, "\n\n".join(too_many)
