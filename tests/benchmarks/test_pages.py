"""Lists, the case page, home, search: at a million cases."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from casework.lists.paging import PAGE, page_of
from casework.models import Case, CaseEvent
from casework.queries import visible_parts
from casework.stages import OPEN
from casework.working_time.deadlines import local_day
from tests.benchmarks.city import City
from tests.benchmarks.conftest import bare, milliseconds, nodes, queries, tell

OPEN_SQL = "(" + ", ".join(f"'{stage}'" for stage in OPEN) + ")"
EVERY_PAGE = 3  # the session, the person, the bell


def client_of(city: City, who: str) -> Client:
    client = Client()
    client.force_login(city.people[who])
    return client


@pytest.mark.parametrize("who", ["committee", "town", "county", "city", "inspector"])
@pytest.mark.parametrize(
    ("query", "condition", "order"),
    [
        ("", "", "due_on, id"),
        ("?light=red&severity=3", "AND light = 'red' AND severity = 3", "due_on, id"),
        ("?sort=-due", "", "due_on DESC, id DESC"),
    ],
    ids=["my open cases", "filtered", "sorted"],
)
def test_list(who: str, query: str, condition: str, order: str, city: City) -> None:
    client = client_of(city, who)
    column, unit = {
        "committee": ("village_id", city.village.pk),
        "town": ("town_id", city.town.pk),
        "county": ("county_id", city.county.pk),
        "city": ("city_id", city.county.parent_id),
        "inspector": ("city_id", city.county.parent_id),
    }[who]
    assigned = "AND assigned_at IS NOT NULL" if who == "committee" else ""
    sql = (
        f"SELECT * FROM casework_case WHERE {column} = %s AND stage IN {OPEN_SQL} AND due_on IS NOT NULL"
        f" {assigned} {condition} ORDER BY {order} LIMIT {PAGE + 1}"
    )
    asked = queries(lambda: client.get(f"/cases{query}"))
    page = milliseconds(lambda: client.get(f"/cases{query}"))
    alone = bare(sql, [unit])
    answer = client.get(f"/cases{query}")
    ready = answer.context[0].flatten()
    drawn = milliseconds(lambda: render_to_string("cases/list.html", ready, answer.wsgi_request))
    tell(
        f"list {who} {query or '(my open cases)'}",
        f"{page:.1f} ms",
        len(asked) - EVERY_PAGE,
        f"bare SQL {alone:.1f} ms + page drawn {drawn:.1f} ms: {page / (alone + drawn):.1f} x; {nodes(sql, [unit])}",
    )
    assert len(asked) - EVERY_PAGE <= 6, asked
    assert not any("COUNT(" in one and "notifications_message" not in one for one in asked)


def test_deep_page(city: City) -> None:
    on = local_day(timezone.now())
    cases = [part.filter(stage__in=OPEN) for part in visible_parts(city.people["county"], on)]
    key = ""
    for _ in range(40):
        key = page_of(cases, sort="due", after=key).next_key or key
    client = client_of(city, "county")
    first, deep = (milliseconds(lambda key=key: client.get(f"/cases?after={key}")) for key in ("", key))
    tell("list county, page 41 by key", f"{deep:.1f} ms", None, f"first page {first:.1f} ms: {deep / first:.1f} x")


@pytest.mark.parametrize("words", ["QH-2026-0500000", "鱼塘", "承包合同", "柳河0村"])
def test_search(words: str, city: City) -> None:
    client = client_of(city, "county")
    asked = queries(lambda: client.get("/cases", {"words": words, "state": "open"}))
    page = milliseconds(lambda: client.get("/cases", {"words": words, "state": "open"}))
    tell(f"search {words}", f"{page:.1f} ms", len(asked) - EVERY_PAGE)


@pytest.mark.parametrize("who", ["committee", "town", "county", "city", "inspector"])
def test_home(who: str, city: City) -> None:
    client = client_of(city, who)
    tell(f"home {who}", f"{milliseconds(lambda: client.get('/')):.1f} ms", len(queries(lambda: client.get("/"))))


@pytest.mark.parametrize("events", [1, 500])
def test_case_page(events: int, city: City) -> None:
    case = Case.objects.filter(county=city.county, stage="rectification").order_by("id")[events % 7]
    CaseEvent.objects.bulk_create(
        CaseEvent(
            case=case,
            kind="paused" if number % 2 else "resumed",
            at=timezone.now() + timedelta(seconds=number),
            by=city.people["county"],
            round=1,
            version=number,
            stage_before=case.stage,
            stage_after=case.stage,
        )
        for number in range(events - 1)
    )
    client = client_of(city, "county")
    asked = queries(lambda: client.get(f"/cases/{case.number}"))
    page = milliseconds(lambda: client.get(f"/cases/{case.number}"))
    alone = bare("SELECT * FROM casework_case WHERE number = %s", [case.number])
    tell(f"case page with {events} events", f"{page:.1f} ms", len(asked), f"bare row {alone:.2f} ms")
    assert len(asked) <= 15, asked


def test_village_page_and_picker(city: City) -> None:
    client = client_of(city, "county")
    address = f"/villages/{city.village.code}"
    tell(
        "village page", f"{milliseconds(lambda: client.get(address)):.1f} ms", len(queries(lambda: client.get(address)))
    )
    pick = "/units?for=report&words=柳河"
    tell("unit picker", f"{milliseconds(lambda: client.get(pick)):.1f} ms", len(queries(lambda: client.get(pick))))
