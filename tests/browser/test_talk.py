"""Talking in a case, by hand: usable by everybody at both sizes, names by the keyboard, and nothing covers the field."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from casework.models import Case, Comment, Person
from casework.stages import Stage
from casework.talk.attachments import attach
from casework.talk.commenting import ask_what_is_missing, edit_comment, write_comment
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_accessibility import RULES, flaws
from tests.cast import Cast
from tests.walk import case_at, photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]
FIELD = ".write textarea"
SEND = ".write .act .button"


@pytest.fixture
def case(city: Cast) -> Case:
    Person.objects.filter(pk=city.town_reviewer.pk).update(name="柳大山")
    return case_at(Stage.RECTIFICATION, city)


def talked(city: Cast, case: Case) -> Comment:
    at = timezone.now()
    question = ask_what_is_missing(case=case, by=city.willow_head, at=at)
    files = [attach(photo(3, size=(320, 240)))]
    said = write_comment(
        case=case, words="@willow_head 请补拍", quotes=question, files=files, by=city.town_reviewer, at=at
    )
    edit_comment(comment=said, words="@willow_head 请到路口补拍", by=city.town_reviewer, at=at)
    return question


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_of_it_is_usable_by_everybody(
    size: tuple[int, int], city: Cast, case: Case, open_page: OpenPage
) -> None:
    question = talked(city, case)
    said = Comment.objects.latest("pk")
    village, office = open_page(city.willow_head, size), open_page(city.county_supervisor, size)
    found = []
    for address in (
        f"/cases/{case.number}",
        f"/cases/{case.number}/comments?quotes={said.pk}",
        f"/comments/{question.pk}/wording",
        f"/comments/{said.pk}/files/1/photo",
        "/messages",
    ):
        found += flaws(village, address)
    found += flaws(office, f"/cases/{case.number}") + flaws(office, f"/comments/{said.pk}/wordings")
    village.goto(f"/cases/{case.number}")
    village.fill(FIELD, "@outsider_head 请看")
    village.click(SEND)
    village.wait_for_selector(".write .errorlist")
    assert found == []
    assert [flaw["id"] for flaw in Axe().run(village, options=RULES)["violations"]] == []


def test_a_name_is_chosen_by_the_keyboard(city: Cast, case: Case, open_page: OpenPage) -> None:
    page = open_page(city.willow_head)
    page.goto(f"/cases/{case.number}")
    page.locator(FIELD).press_sequentially("请 @柳")
    expect(page.locator(".picker-list [role=option]").first).to_contain_text("柳大山")
    expect(page.locator(".picker-list [role=option][aria-selected=true]")).to_have_count(1)
    assert page.get_attribute(FIELD, "aria-activedescendant")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert page.input_value(FIELD) == "请 @柳大山 "
    expect(page.locator(".picker-list")).to_be_hidden()
    page.keyboard.type("看一下 @柳")
    expect(page.locator(".picker-list")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".picker-list")).to_be_hidden()
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.keyboard.press("Escape")
    page.click(SEND)
    expect(page.locator(".comment .mention")).to_have_text("@柳大山")
    assert Comment.objects.get().mentions[0]["people"] == [city.town_reviewer.pk]


def test_nothing_lies_over_the_field_on_the_phone(city: Cast, case: Case, open_page: OpenPage) -> None:
    page = open_page(city.willow_head, PHONE)
    page.goto(f"/cases/{case.number}")
    expect(page.locator(".thumb")).to_be_visible()
    page.locator(FIELD).focus()
    expect(page.locator(".thumb")).to_be_hidden()
    page.locator(SEND).click(trial=True)  # refused by Playwright where something lies over it


def test_quoting_and_a_measure_need_no_new_page_and_keep_what_was_typed(
    city: Cast, case: Case, open_page: OpenPage
) -> None:
    talked(city, case)
    page = open_page(city.willow_head)
    page.goto(f"/cases/{case.number}")
    page.fill(FIELD, "好的")
    page.locator("[data-quote]").last.click()
    expect(page.locator("[data-quoted]")).to_contain_text("请到路口补拍")
    page.locator("[data-about]").first.click()
    assert page.input_value(FIELD) == "好的"
    page.click(SEND)
    expect(page.locator(".comment")).to_have_count(3)
    said = Comment.objects.latest("pk")
    assert said.quotes is not None and said.measure is not None and said.measure.number == 1


def test_a_photo_goes_along_and_a_refused_name_loses_neither_words_nor_photo(
    city: Cast, case: Case, open_page: OpenPage, tmp_path: Path
) -> None:
    path = tmp_path / "雨棚.jpg"
    path.write_bytes(photo(7, size=(320, 240)).read())
    page = open_page(city.willow_head, PHONE)
    page.goto(f"/cases/{case.number}")
    page.fill(FIELD, "@outsider_head 请看")
    page.click(".write summary")
    page.set_input_files(".write input[type=file]", str(path))
    page.click(SEND)
    expect(page.locator(".write .errorlist")).to_contain_text("outsider_head")
    expect(page.locator(".kept-file")).to_contain_text("雨棚.jpg")
    assert page.input_value(FIELD) == "@outsider_head 请看"
    page.fill(FIELD, "@柳大山 请看")
    page.click(SEND)
    expect(page.locator(".comment-files img")).to_be_visible()
    assert [file["name"] for file in Comment.objects.get().files] == ["雨棚.jpg"]
    page.goto(f"/cases/{case.number}")
    assert page.input_value(FIELD) == ""


def test_without_scripts(city: Cast, case: Case, open_page: OpenPage) -> None:
    page = open_page(city.willow_head, PHONE, scripts=False)
    page.goto(f"/cases/{case.number}")
    page.click(".missing .button")
    page.fill(FIELD, "@柳大山 请看")
    page.click(SEND)
    assert page.locator(".comment").count() == 2
    page.locator(".comment-acts a").first.click()
    assert page.locator("[data-quoted]").is_visible()
