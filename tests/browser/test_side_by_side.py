"""List and case beside each other, and both without a mouse."""

from collections.abc import Callable

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from casework.models import Case
from tests.browser.conftest import PHONE
from tests.browser.test_accessibility import RULES
from tests.cast import Cast
from tests.walk import reported

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]
PANE = "[data-beside-case]"


@pytest.fixture
def cases(city: Cast) -> list[Case]:
    return [reported(city) for _ in range(3)]


def asked_for(page: Page) -> list[str]:
    """The pages of cases that are asked for from now on."""
    found: list[str] = []
    page.on("request", lambda one: found.append(one.url) if "/cases/" in one.url else None)
    return found


def at_the_list(open_page: OpenPage, city: Cast, **how: object) -> Page:
    page = open_page(city.county_supervisor, **how)
    page.wait_for_selector("[data-person]")
    page.goto("/cases?sort=old")
    return page


def test_a_case_opens_beside_its_list_by_one_request_and_back_closes_it(
    city: Cast, cases: list[Case], open_page: OpenPage
) -> None:
    page = at_the_list(open_page, city)
    asked = asked_for(page)
    page.locator(".row-link").first.click()
    page.wait_for_selector(f"{PANE} article")
    assert page.url.endswith(f"/cases/{cases[0].number}")
    assert len(asked) == 1 and cases[0].number in page.inner_text(f"{PANE} .case-number")
    page.locator(".row-link").nth(1).click()
    expect(page.locator(f"{PANE} .case-number")).to_have_text(cases[1].number)
    assert page.locator(".row-link[aria-current]").get_attribute("href") == f"/cases/{cases[1].number}"
    assert len(asked) == 2
    assert Axe().run(page, options=RULES)["violations"] == []
    page.evaluate("document.body.dataset.isHere = '1'")
    page.evaluate("history.back()")  # to the list, and not through every case that was looked at
    expect(page.locator(PANE)).to_be_hidden()
    assert page.url.endswith("/cases?sort=old")
    page.evaluate("history.forward()")
    expect(page.locator(f"{PANE} .case-number")).to_have_text(cases[1].number)
    assert page.evaluate("document.body.dataset.isHere") == "1"  # no step loaded the list anew
    page.fill("#words", "没有这个")
    page.press("#words", "Enter")
    page.wait_for_selector(".blank")
    assert "/cases?" in page.url  # the list's own address, not the case's


@pytest.mark.parametrize("how", [{"scripts": False}, {"size": PHONE}], ids=["without scripts", "phone"])
def test_where_there_is_no_room_a_link_opens_the_page(
    how: dict[str, object], city: Cast, cases: list[Case], open_page: OpenPage
) -> None:
    page = at_the_list(open_page, city, **how)
    page.locator(".row-link").first.click()
    page.wait_for_selector("main > article.case-page")
    assert page.url.endswith(f"/cases/{cases[0].number}")


def test_a_list_is_worked_through_without_a_mouse(city: Cast, cases: list[Case], open_page: OpenPage) -> None:
    page = at_the_list(open_page, city)
    number = page.locator(f"{PANE} .case-number")
    for key in "jjk":
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.pathname") == f"/cases/{cases[0].number}"
    page.keyboard.press("Enter")
    expect(number).to_have_text(cases[0].number)
    page.keyboard.press("j")  # the next one takes its place
    expect(number).to_have_text(cases[1].number)
    page.keyboard.press("Escape")
    expect(page.locator(PANE)).to_be_hidden()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(number).to_have_text(cases[0].number)
    page.keyboard.press("a")
    page.wait_for_url(f"**/cases/{cases[0].number}/screening")


def test_no_key_does_anything_while_somebody_types(city: Cast, cases: list[Case], open_page: OpenPage) -> None:
    page = at_the_list(open_page, city)
    page.keyboard.press("/")
    page.keyboard.type("j?x/ak")
    assert page.input_value("#quick-search") == "j?x/ak"
    assert not page.is_visible("#keys") and page.url.endswith("/cases?sort=old")


def test_a_question_mark_shows_all_keys(city: Cast, cases: list[Case], open_page: OpenPage) -> None:
    page = at_the_list(open_page, city)
    page.keyboard.press("?")
    assert page.locator("#keys kbd").count() == 12
    assert Axe().run(page, options=RULES)["violations"] == []
    page.keyboard.press("j")  # the list behind it stays where it is
    page.keyboard.press("Escape")
    assert not page.is_visible("#keys")
    page.click("[data-show-keys]")
    assert page.is_visible("#keys")


def test_reports_are_ticked_by_a_key(city: Cast, cases: list[Case], open_page: OpenPage) -> None:
    page = at_the_list(open_page, city)
    page.goto("/assignments")
    before = [box.is_checked() for box in page.locator("[name=case]").all()]
    for key in "jjx":
        page.keyboard.press(key)
    after = [box.is_checked() for box in page.locator("[name=case]").all()]
    assert [one != other for one, other in zip(before, after, strict=True)] == [False, True, False]
