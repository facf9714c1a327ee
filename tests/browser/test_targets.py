"""What a thumb has to hit is high enough; what stands on a line stays on it, in both languages."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from casework.stages import Stage
from tests.browser.conftest import DESK, PHONE
from tests.cast import Cast
from tests.walk import case_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]
# Every button, and every link that stands by itself and not among words.
TOO_LOW = """() => [...document.querySelectorAll(".top a, main .panel-head > a, .quick a, .chips a, .to-talk > a, .to-lists, main summary, button")]
  .filter((one) => one.checkVisibility() && one.offsetHeight > 1 && !one.classList.contains("sr") && one.getBoundingClientRect().height < 43.9)
  .map((one) => `${one.className} ${one.innerText} ${one.getBoundingClientRect().height}`)"""
LINES = """(one) => {
  const words = document.createRange();
  words.selectNodeContents(one);
  return words.getBoundingClientRect().height / parseFloat(getComputedStyle(one).lineHeight);
}"""


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_a_thumb_has_to_hit_is_44_pixels_high(language: str, city: Cast, open_page: OpenPage) -> None:
    mine, review = case_at(Stage.RECTIFICATION, city), case_at(Stage.FIRST_REVIEW, city)
    village, office = open_page(city.willow_head, PHONE), open_page(city.county_supervisor, PHONE)
    found = []
    for page, addresses in (
        (village, ("/", f"/cases/{mine.number}", f"/cases/{mine.number}/rectification", "/messages", "/me")),
        (office, ("/", "/cases", "/cases?stage=rectification", f"/cases/{review.number}", "/lists")),
    ):
        page.wait_for_selector("[data-person]")
        speak(page, language)
        for address in addresses:
            page.goto(address)
            found += [(address, one) for one in page.evaluate(TOO_LOW)]
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0], address
    assert found == []


def test_to_stay_on_the_case_is_a_button_of_one_line(city: Cast, open_page: OpenPage) -> None:
    review = case_at(Stage.FIRST_REVIEW, city)
    case_at(Stage.FIRST_REVIEW, city)
    page = open_page(city.town_reviewer, PHONE)
    page.wait_for_selector("[data-person]")
    speak(page, "zh-hans")
    page.goto(f"/cases/{review.number}/first-review")
    buttons = page.locator(".act .button:visible").all()
    assert len(buttons) == 2
    for button in buttons:
        assert button.evaluate(LINES) < 1.5, button.inner_text()
    tops = {button.evaluate("(one) => Math.round(one.getBoundingClientRect().top)") for button in buttons}
    assert len(tops) == 1


def test_the_menu_and_the_list_of_an_office_fit_a_desk_in_english(city: Cast, open_page: OpenPage) -> None:
    case_at(Stage.RECTIFICATION, city, severity=2)
    page = open_page(city.county_supervisor, DESK)
    page.wait_for_selector("[data-person]")
    speak(page, "en")
    page.goto("/cases")
    menu = page.locator(".rail ul")
    assert menu.evaluate("(one) => one.scrollHeight - one.clientHeight") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= DESK[0]


def test_the_ticks_of_a_day_in_the_calendar_stand_below_each_other(city: Cast, open_page: OpenPage) -> None:
    cases = [case_at(Stage.PLANNING, city) for _ in range(3)]
    page = open_page(city.county_supervisor, DESK)
    page.wait_for_selector("[data-person]")
    page.goto(f"/cases?view=calendar&month={cases[0].due_on:%Y-%m}")
    boxes = [one.bounding_box() for one in page.locator(".day .tick").all()]
    assert len(boxes) == 3
    assert len({round(box["x"]) for box in boxes if box}) == 1


def speak(page: Page, language: str) -> None:
    button = page.locator(f"form.language [value={language}]:visible")
    if button.count():
        button.click()
        page.wait_for_load_state()
    assert page.get_attribute("html", "lang") == language
