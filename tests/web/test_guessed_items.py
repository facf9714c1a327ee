"""The mark of an item that was read from the words: shown wherever it is decided on, and gone once somebody has."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from casework.models import Case, CatalogueItem, Person
from casework.stages import Stage
from tests.cast import Cast
from tests.flows.findings import imported, line
from tests.walk import reported
from tests.web.test_accept_and_assign import as_shown, kinds
from tests.web.test_batches import ticked
from web.pages import home

SignedIn = Callable[[Person], Client]
IDLE = {"category": "明白墙空着没有用", "description": "村委会西侧明白墙长期空着，没有任何公开内容", "severity": ""}
CHECK, READ = "read from the words: please check", "read from the words"


@pytest.fixture(autouse=True)
def in_english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


def idle() -> CatalogueItem:
    return CatalogueItem.objects.get(code="openness-idle")


def taken(cast: Cast, **cells: str) -> Case:
    imported(line(cast, **{**IDLE, **cells}), by=cast.county_supervisor)
    case = Case.objects.latest("pk")
    assert case.is_item_guessed
    return case


def test_the_mark_stands_at_the_case_and_where_it_is_decided_on(cast: Cast, signed_in: SignedIn) -> None:
    case, client = taken(cast), signed_in(cast.county_supervisor)
    for address in (
        f"/cases/{case.number}",
        f"/cases/{case.number}/assignment",
        f"/cases/{case.number}/classification",
        "/assignments",
    ):
        page = client.get(address).content.decode()
        assert CHECK in page and IDLE["category"] in page, address
    assert "what you hand in is yours" in client.get(f"/cases/{case.number}/assignment").content.decode()
    other = reported(cast, item=idle())
    assert READ not in client.get(f"/cases/{other.number}").content.decode()


def test_a_screening_shows_it_too(cast: Cast, signed_in: SignedIn) -> None:
    reported(cast, item=idle())
    case = taken(cast)
    assert case.stage == Stage.SCREENING
    assert CHECK in signed_in(cast.county_supervisor).get(f"/cases/{case.number}/screening").content.decode()


def test_history_says_so_and_asks_for_nothing(cast: Cast, signed_in: SignedIn) -> None:
    case = taken(cast, closed_on="2026-03-01")
    page = signed_in(cast.county_supervisor).get(f"/cases/{case.number}").content.decode()
    assert READ in page and CHECK not in page


def test_whoever_assigns_it_has_decided_on_its_item(cast: Cast, signed_in: SignedIn) -> None:
    case, client = taken(cast), signed_in(cast.county_supervisor)
    address = f"/cases/{case.number}/assignment"
    assert client.post(address, as_shown(client, address)).status_code == 302
    case.refresh_from_db()
    assert (case.stage, case.item, case.is_item_guessed) == (Stage.PLANNING, idle(), False)
    assert kinds(case) == ["imported", "classified", "assigned"]
    assert case.history.filter(is_item_guessed=True).exists()  # what it was stays in the history
    page = client.get(f"/cases/{case.number}").content.decode()
    assert READ not in page


def test_whoever_accepts_it_and_assigns_it_later_has_decided_too(cast: Cast, signed_in: SignedIn) -> None:
    reported(cast, item=idle())
    case, client = taken(cast), signed_in(cast.county_supervisor)
    address = f"/cases/{case.number}/screening"
    client.post(address, {**as_shown(client, address), "outcome": "accepted"})
    case.refresh_from_db()
    assert (case.stage, case.is_item_guessed) == (Stage.ASSIGNMENT, False)


def test_another_item_is_chosen_at_the_classification(cast: Cast, signed_in: SignedIn) -> None:
    case, client = taken(cast), signed_in(cast.county_supervisor)
    other = CatalogueItem.objects.exclude(pk=idle().pk).order_by("pk")[0]
    address = f"/cases/{case.number}/classification"
    client.post(address, {**as_shown(client, address), "item": other.pk})
    case.refresh_from_db()
    assert (case.item, case.is_item_guessed, case.clause) == (other, False, other.standard[:200])


def test_a_ticked_row_is_decided_on_and_undone_it_is_a_guess_again(cast: Cast, signed_in: SignedIn) -> None:
    case, client = taken(cast), signed_in(cast.county_supervisor)
    answer = client.post("/assignments", ticked(client, case))
    case.refresh_from_db()
    assert (case.stage, case.is_item_guessed, kinds(case)) == (
        Stage.PLANNING,
        False,
        ["imported", "classified", "assigned"],
    )
    (row,) = answer.context["done"]
    client.post("/undone", {"event": row.undo})
    case.refresh_from_db()
    assert (case.stage, case.item, case.is_item_guessed) == (Stage.ASSIGNMENT, idle(), True)


def test_a_row_without_a_known_severity_is_still_refused(cast: Cast, signed_in: SignedIn) -> None:
    case, client = taken(cast, severity="很坏"), signed_in(cast.county_supervisor)
    assert client.post("/assignments", ticked(client, case)).status_code == 422
    case.refresh_from_db()
    assert (case.stage, case.is_item_guessed) == (Stage.ASSIGNMENT, True)


@pytest.mark.parametrize("is_dry_run", [True, False])
def test_the_import_says_how_many_and_which(is_dry_run: bool, cast: Cast, signed_in: SignedIn) -> None:
    run = imported(line(cast, **IDLE), by=cast.county_supervisor, is_dry_run=is_dry_run)
    page = signed_in(cast.county_supervisor).get(f"/imports/{run.pk}").content.decode()
    assert "1 with a category read from the words" in page
    assert f"read from the words as “{idle().name_en}”" in page
    assert ('href="/classification"' in page) == (not is_dry_run)
    plain = imported(line(cast, finding_no="F-8"), by=cast.county_supervisor, is_dry_run=is_dry_run)
    assert READ not in signed_in(cast.county_supervisor).get(f"/imports/{plain.pk}").content.decode()


def test_home_says_how_many_were_taken_and_leads_to_where_they_are_listed(cast: Cast, signed_in: SignedIn) -> None:
    rows = [line(cast, **{**IDLE, "finding_no": f"F-{n}"}) for n in range(2)]
    imported(*rows, line(cast, **{**IDLE, "finding_no": "F-9", "closed_on": "2026-03-01"}), by=cast.county_supervisor)
    for who, count in ((cast.county_supervisor, 2), (cast.city_supervisor, 2), (cast.outsider_county, 0)):
        page = signed_in(who).get("/").content.decode()
        assert ("2 categories were taken by the system and not yet looked at." in page) == (count > 0)
        assert ('<a href="/classification#guessed">' in page) == (count > 0)
        desk = signed_in(who).get("/classification")
        assert desk.context["guessed_count"] == count
        assert ('<h2 id="guessed"' in desk.content.decode()) == (count > 0)
    assert "taken by the system" not in signed_in(cast.town_reviewer).get("/").content.decode()
    case, client = Case.objects.filter(stage=Stage.ASSIGNMENT).latest("pk"), signed_in(cast.county_supervisor)
    client.post("/classification/group", {"guessed": case.item_id, "item": case.item_id, "left_out": case.pk})
    assert "One category was taken by the system and not yet looked at." in client.get("/").content.decode()
    desk = client.get("/classification").content.decode()
    assert "One finding was filed by its words alone." in desk and f"Right, it belongs under “{idle().name_en}”" in desk


def test_home_counts_up_to_a_bound(cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "MOST_COUNTED", 1)
    rows = [line(cast, **{**IDLE, "finding_no": f"F-{n}"}) for n in range(2)]
    imported(*rows, by=cast.county_supervisor)
    page = signed_in(cast.county_supervisor).get("/").content.decode()
    assert "More than 1 categories were taken by the system and not yet looked at." in page
