"""Two phones and one case: nobody's words are overwritten; and what a phone says of its place and its clock."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from casework.models import Case, Comment, Person, PhoneAddition, PhoneEntry
from casework.stages import Stage
from tests.browser.phone import big_picture, choose_village, count, enter, hashes
from tests.browser.test_accessibility import flaws
from tests.browser.test_phone_page import flaws_here
from tests.cast import Cast
from tests.walk import case_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MINE, THEIRS = "雨棚已经搭好一半,公示内容还是去年的。", "施工队说下周完工。"


@pytest.fixture
def case(city: Cast) -> Case:
    return case_at(Stage.RECTIFICATION, city)


def add(page: Page, words: str, photos: list[Path]) -> None:
    choose_village(page)
    page.click("#known summary")
    page.click("#known button")
    expect(page.locator("#addition")).to_be_visible()
    enter(page, words, photos)
    expect(page.locator("#addition")).to_be_hidden()


def test_two_phones_one_case_one_page_with_both_texts_and_both_are_kept(
    city: Cast, case: Case, open_phone: Callable[..., Page], tmp_path: Path
) -> None:
    first, second = open_phone(city.inspector), open_phone(city.county_supervisor)
    for page in (first, second):
        page.context.set_offline(True)
    photo = big_picture(tmp_path, 1)
    add(first, THEIRS, [])
    add(second, MINE, [photo])
    first.context.set_offline(False)
    expect(first.locator("#queue li[data-state=sent]")).to_have_count(1, timeout=20_000)
    assert [one.words for one in Comment.objects.all()] == [THEIRS]
    second.context.set_offline(False)
    expect(second.locator("#queue li[data-state=sent]")).to_have_count(1, timeout=20_000)
    assert [one.words for one in Comment.objects.all()] == [THEIRS]
    assert PhoneAddition.objects.filter(decided_at=None).count() == 1
    expect(first.locator("#queue a[href*='/phone/additions/']")).to_have_count(0)
    second.click("#queue a[href*='/phone/additions/']")
    expect(second.locator("main")).to_contain_text(THEIRS)
    expect(second.locator("main")).to_contain_text(MINE)
    assert flaws_here(second) == []
    second.click("[name=decision][value=keep]")
    expect(second.locator("main")).to_contain_text(MINE)
    comments = list(Comment.objects.order_by("pk"))
    assert [one.words for one in comments] == [THEIRS, MINE]
    assert [one["sha256"] for one in comments[1].files] == hashes([photo])
    assert Case.objects.count() == 1
    second.goto("/phone")
    expect(second.locator("#queue a[href*='/phone/additions/']")).to_have_count(0, timeout=20_000)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_is_added_is_usable_by_everybody_in_both_languages(
    language: str, city: Cast, case: Case, open_phone: Callable[..., Page]
) -> None:
    Person.objects.update(language=language)
    page = open_phone(city.inspector)
    expect(page.locator("html")).to_have_attribute("lang", language)
    choose_village(page)
    page.click("#known summary")
    page.click("#known button")
    assert flaws_here(page) == []
    page.click("#as-finding")
    expect(page.locator("#addition")).to_be_hidden()
    expect(page.locator("#more")).to_be_visible()


def open_at(open_phone: Callable[..., Page], person: Person, latitude: float, longitude: float) -> Page:
    where: dict[str, Any] = {"latitude": latitude, "longitude": longitude, "accuracy": 12}
    return open_phone(person, geolocation=where, permissions=["geolocation"])


@pytest.mark.parametrize("place", [(0, 0), (52.5, 13.4)])
@pytest.mark.parametrize("answer", ["keep", "leave-out"])
def test_a_place_that_can_not_be_is_asked_about_and_never_measured_from(
    place: tuple[float, float], answer: str, city: Cast, open_phone: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_at(open_phone, city.inspector, *place)
    choose_village(page)
    page.set_input_files("#choose", str(big_picture(tmp_path, 1)))
    expect(page.locator("#odd")).to_be_visible()
    assert flaws_here(page) == []
    page.click(f"#odd button[value={answer}]")
    expect(page.locator("#odd")).to_be_hidden()
    enter(page, "位置不对。", [])
    expect(page.locator("#queue li[data-state=sent]")).to_have_count(1, timeout=20_000)
    case = Case.objects.get()
    assert (case.latitude, case.longitude) == (None, None)
    said = PhoneEntry.objects.get().manifest
    kept = [said["values"].get("position"), said["files"][0]["position"]]
    if answer == "keep":
        assert [(one["latitude"], one["odd"]) for one in kept] == [(place[0], True)] * 2
        assert kept[0]["confirmed"] is True
    else:
        assert kept == [None, None]


def test_a_place_in_the_city_is_not_asked_about(city: Cast, open_phone: Callable[..., Page], tmp_path: Path) -> None:
    page = open_at(open_phone, city.inspector, 30.1, 104.5)
    choose_village(page)
    page.set_input_files("#choose", str(big_picture(tmp_path, 1)))
    expect(page.locator("[data-place]")).not_to_be_empty()
    expect(page.locator("#odd")).to_be_hidden()
    enter(page, "位置正确。", [])
    expect(page.locator("#queue li[data-state=sent]")).to_have_count(1, timeout=20_000)
    assert Case.objects.get().latitude == 30.1


YEAR = 365 * 24 * 3600 * 1000


def test_a_clock_a_year_ahead_is_said_and_marked(city: Cast, open_phone: Callable[..., Page]) -> None:
    page = open_phone(city.inspector)
    expect(page.locator("#clock")).to_be_hidden()
    page.context.clock.set_fixed_time(page.evaluate(f"Date.now() + {YEAR}") / 1000)  # this clock counts in seconds
    page.reload()
    expect(page.locator("#clock")).to_be_visible()
    assert count(page, "waits") == 0
    enter(page, "时钟快了一年。", [])
    expect(page.locator("#queue li[data-state=sent]")).to_have_count(1, timeout=20_000)
    entry = PhoneEntry.objects.get()
    assert entry.clock_off is not None and abs(entry.clock_off - YEAR // 1000) < 3600
    assert entry.case.found_on.year == entry.at.year
    assert flaws(page, f"/cases/{entry.case.number}") == []
    assert str(entry.at.year + 1) in page.inner_text(".timeline .tag")
