"""How many clicks and page loads a day at an office's desk takes: counted, not timed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from casework.models import Case
from casework.stages import Stage
from tests.browser.conftest import PHONE
from tests.cast import Cast
from tests.walk import case_at, rectified, reported, reviewed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]
BOTH = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
DECIDE = ".act .primary"


class Hand:
    """A page, and what the hand on the mouse did to it."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks, self.loads = page, 0, 0
        page.wait_for_selector("[data-person]")
        page.wait_for_load_state("load")  # the sign-in's own page is not counted
        page.on("load", self._count)

    def _count(self, _page: Page) -> None:
        self.loads += 1

    def open(self, address: str) -> None:
        self.page.goto(address)

    def click(self, selector: str) -> None:
        self.clicks += 1
        self.page.locator(selector).locator("visible=true").first.click()
        self.page.wait_for_load_state("load")


@BOTH
def test_ten_reports_take_a_county_twelve_clicks(scripts: bool, city: Cast, open_page: OpenPage) -> None:
    for _ in range(10):
        reported(city)
    hand = Hand(open_page(city.county_supervisor, scripts=scripts))
    hand.open("/")
    hand.click("[aria-labelledby=list-waiting] .row-link")
    hand.click(".now-act .button")
    for number in range(1, 11):
        assert hand.page.inner_text(".crumb .place strong") == f"{number}/10"
        hand.click(DECIDE)
        hand.page.wait_for_selector(".message.saved")
    assert "今天没有等您处理的事项" in hand.page.inner_text("h1")
    assert set(Case.objects.values_list("stage", flat=True)) == {Stage.PLANNING}
    # 70 clicks and 60 loads before there was a next one and one form.
    assert (hand.clicks, hand.loads) == (12, 13)


@BOTH
def test_a_review_in_round_two_asks_for_what_came_back(scripts: bool, city: Cast, open_page: OpenPage) -> None:
    case = case_at(Stage.FIRST_REVIEW, city)
    case = rectified(city, reviewed(case, city.town_reviewer, returned=(2,)))
    hand = Hand(open_page(city.town_reviewer, PHONE, scripts=scripts))
    hand.open(f"/cases/{case.number}/first-review")
    hand.click("[name=all_pass]")
    hand.click("label:has([name=signature_visible])")
    hand.click(DECIDE)
    hand.page.wait_for_selector(".message.saved")
    case.refresh_from_db()
    assert case.stage == Stage.SECOND_REVIEW
    assert (hand.clicks, hand.loads) == (3, 2 if scripts else 3)


@BOTH
def test_only_the_chosen_decision_asks_its_questions(scripts: bool, city: Cast, open_page: OpenPage) -> None:
    case, waiting = reported(city), reported(city)
    page = open_page(city.county_supervisor, PHONE, scripts=scripts)
    page.goto(f"/cases/{case.number}/screening")
    assert page.is_visible("[name=post]") and not page.is_visible("[name=reason]")
    page.check("[value=refused]")
    assert page.is_visible("[name=reason]") and not page.is_visible("[name=post]")
    page.fill("[name=reason]", "已由镇里处理")
    page.click(DECIDE)
    page.wait_for_selector(".message.saved")
    assert page.url.endswith(f"/cases/{waiting.number}/screening?done=1")
    page.click(".message.saved a")
    page.wait_for_selector(".stage-refused")
