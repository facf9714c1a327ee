"""The field that asks while somebody types: by keys alone, and without scripts by the page behind it."""

from collections.abc import Callable

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.test_accessibility import RULES, flaws
from tests.cast import Cast
from tests.walk import reported

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_case_is_found_and_opened_by_keys_alone(city: Cast, open_page: Callable[..., Page]) -> None:
    case = reported(city, description="鱼塘承包合同未公开")
    reported(city, description="路灯损坏")
    page = open_page(city.county_supervisor, DESK)
    page.goto("/")  # the script listens from here on
    field, found = page.locator("#quick-search"), page.locator(".quick-found")
    field.fill("合同")
    expect(found.locator("mark")).to_have_text(["合同"])
    assert Axe().run(page, options=RULES)["violations"] == []
    field.press("Escape")
    expect(found).to_be_hidden()
    field.fill("承包合同")
    expect(found.locator("mark")).to_have_text(["承包合同"])
    field.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{case.number}")


def test_without_scripts_the_field_leads_to_a_page(city: Cast, open_page: Callable[..., Page]) -> None:
    case = reported(city, description="鱼塘承包合同未公开")
    page = open_page(city.county_supervisor, DESK, scripts=False)
    page.fill("#quick-search", "合同")
    page.press("#quick-search", "Enter")
    expect(page.locator(".search-found b").first).to_have_text(case.number)


def test_on_the_phone_search_is_one_tap_away_and_usable(city: Cast, open_page: Callable[..., Page]) -> None:
    reported(city, description="鱼塘承包合同未公开")
    page = open_page(city.willow_head, PHONE)
    page.click(".to-search")
    page.fill("#search-words", "上柳")
    expect(page.locator(".search-found .found").first).to_contain_text("上柳")
    assert [*flaws(page, "/search?words=上柳"), *flaws(page, "/search?words=没有这个")] == []
