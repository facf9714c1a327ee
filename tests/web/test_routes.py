"""Every route for every member of the cast, as one written table; a route that is not in it fails."""

import pytest
from django.test import Client
from django.urls import reverse

from casework.lifecycle.exit import refer_case
from casework.models import (
    Case,
    Person,
)
from casework.stages import Stage
from tests.cast import Cast
from tests.walk import NOW, case_at
from tests.web.route_arguments import arguments_of_routes, own_routes
from tests.web.table_of_routes import EVERYBODY, IN_JSON, OPEN, TABLE


# For each route who gets in (200, or on to another page); everybody else of the cast gets 403 or 404.
@pytest.fixture
def arguments(cast: Cast) -> dict[str, list[object]]:
    return arguments_of_routes(cast)


def test_every_route_stands_in_the_table() -> None:
    assert sorted(str(route.name) for route in own_routes()) == sorted(TABLE)


@pytest.mark.once
@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_routes_let_in_whom_the_table_says(who: str, cast: Cast, arguments: dict[str, list[object]]) -> None:
    client = Client()
    client.force_login(getattr(cast, who))
    statuses = {name: client.get(reverse(name, args=arguments.get(name, []))).status_code for name in TABLE}
    assert set(statuses.values()) <= {200, 302, 403, 404, 405, 409}, statuses
    let_in = {name for name, status in statuses.items() if status in (200, 302)}
    assert let_in == {name for name, people in TABLE.items() if who in people}


def test_nobody_gets_in_without_a_sign_in(cast: Cast, arguments: dict[str, list[object]]) -> None:
    for name in sorted(set(TABLE) - OPEN):
        address = reverse(name, args=arguments.get(name, []))
        for method in ("get", "post"):
            answer = getattr(Client(), method)(address)
            if name in IN_JSON:
                assert (answer.status_code, answer.json()["code"]) == (401, "signed_out"), (name, method)
                continue
            assert answer.status_code == 302, (name, method)
            assert answer["Location"].startswith("/sign-in?next="), (name, method)


def test_admin_opens_to_administrators_only(cast: Cast) -> None:
    for who in sorted(EVERYBODY):
        client = Client()
        client.force_login(getattr(cast, who))
        assert (client.get("/admin/").status_code == 200) == (who == "administrator"), who


def test_admin_knows_no_cases_and_deletes_nothing(cast: Cast) -> None:
    from web.admin import site

    assert {model.__name__ for model in site._registry} == {
        "Aspect",
        "CatalogueItem",
        "Alias",
        "ConsolidationRule",
        "Unit",
        "Person",
        "Post",
        "Responsibility",
        "Endpoint",
        "Delivery",
        "RestingRow",
        "BlockedChannel",
    }
    client = Client()
    client.force_login(cast.administrator)
    answer = client.post(f"/admin/casework/person/{cast.inspector.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 403
    assert Person.objects.filter(pk=cast.inspector.pk).exists()


def test_a_foreign_case_is_not_even_denied(cast: Cast, arguments: dict[str, list[object]]) -> None:
    client = Client()
    client.force_login(cast.outsider_county)
    there = client.get(reverse("case", args=arguments["case"]))
    nowhere = client.get(reverse("case", args=["QH-2026-999999"]))
    assert (there.status_code, nowhere.status_code) == (404, 404)


def test_a_referred_case_is_seen_by_the_discipline_office_alone(cast: Cast) -> None:
    from flows import steps

    case = case_at(Stage.RECTIFICATION, cast)
    steps.take(refer_case, case=case, by=cast.county_supervisor, at=NOW, to=cast.discipline_unit, reason="疑似套取补贴")
    seen = set()
    for who in sorted(EVERYBODY):
        client = Client()
        client.force_login(getattr(cast, who))
        if client.get(reverse("case", args=[case.number])).status_code == 200:
            seen.add(who)
    assert seen == {"discipline"}
    assert Case.objects.get(pk=case.pk).stage == Stage.REFERRED
