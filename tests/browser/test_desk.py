"""At the desk: a review by two keys, cards that are ticked, a day of the ladder with its preview, all without a load."""

from collections.abc import Callable

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from casework.models import EscalationPolicy, Review
from casework.stages import Stage
from tests.browser.conftest import PHONE
from tests.browser.test_accessibility import RULES
from tests.cast import Cast
from tests.walk import case_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]


def test_p_passes_the_next_measure_and_r_returns_the_one_where_one_is(city: Cast, open_page: OpenPage) -> None:
    case = case_at(Stage.FIRST_REVIEW, city)
    page = open_page(city.town_reviewer)
    page.wait_for_selector("[data-person]")
    page.goto(f"/cases/{case.number}/first-review")
    radios = page.locator(".measure-form input[type=radio][name$=passed]")
    count = radios.count() // 2
    assert count >= 1
    for _measure in range(count):
        page.keyboard.press("p")
    expect(page.locator(".measure-form input[value=pass]:checked")).to_have_count(count)
    page.keyboard.press("r")
    expect(page.locator(".measure-form input[value=return]:checked")).to_have_count(1)
    page.keyboard.type("rp缺照片")  # now somebody types: no key decides
    assert page.evaluate("document.activeElement.value") == "rp缺照片"
    expect(page.locator(".measure-form input[value=return]:checked")).to_have_count(1)
    assert Review.objects.filter(case=case).count() == 0


@pytest.mark.parametrize("query", ["", "?view=board", "?view=calendar"])
def test_a_card_on_the_phone_is_ticked_and_opens_nothing(city: Cast, open_page: OpenPage, query: str) -> None:
    case = case_at(Stage.PLANNING, city)
    month = f"&month={case.due_on:%Y-%m}" if "calendar" in query else ""
    page = open_page(city.county_supervisor, PHONE)
    page.wait_for_selector("[data-person]")
    page.goto(f"/cases{query}{month}")
    page.check(f"[form=ticked][value='{case.number}']")
    assert page.inner_text("[data-ticked]") == "1"
    assert "/cases/" not in page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert Axe().run(page, options=RULES)["violations"] == []


def test_a_changed_day_is_counted_at_once(city: Cast, open_page: OpenPage) -> None:
    page = open_page(city.city_supervisor)
    page.wait_for_selector("[data-person]")
    page.goto("/ladder/days")
    page.locator("input[type=number]").nth(1).fill("2")
    expect(page.locator("[data-told]")).not_to_be_empty()
    assert page.url.endswith("/ladder/days")
    assert EscalationPolicy.objects.count() == 1
    assert Axe().run(page, options=RULES)["violations"] == []
