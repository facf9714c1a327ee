"""Photos are turned by hand: before they are sent, on the form where they arrived, on a phone; and over a line that breaks."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from casework.models import Case, Evidence, PhotoTurn
from casework.queries import measures_to_report
from casework.stages import Stage
from tests.browser.conftest import DESK, PHONE
from tests.browser.phone import choose_village, until
from tests.browser.test_accessibility import RULES
from tests.cast import Cast
from tests.walk import case_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]
SMALLEST_TARGET = 44


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    """Three that differ, wider than high."""
    paths = [tmp_path / f"现场照片{n}.jpg" for n in range(3)]
    for n, path in enumerate(paths):
        Image.radial_gradient("L").resize((300, 200)).point(lambda value, n=n: (value + 60 * n) % 256).save(path)
    return paths


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def turns() -> dict[str, int]:
    return {one.evidence.sha256: one.quarters for one in PhotoTurn.objects.select_related("evidence")}


def stands(picture: Locator, quarters: int) -> None:
    turned = f"rotate({quarters * 90}deg)" if quarters else ""
    assert picture.evaluate("(one) => one.style.transform") == turned


def is_large_enough(button: Locator) -> None:
    box = button.bounding_box()
    assert box and min(box["width"], box["height"]) >= SMALLEST_TARGET


def is_usable(page: Page, width: int) -> None:
    assert [flaw["id"] for flaw in Axe().run(page, options=RULES)["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_photo_turned_before_the_report_is_sent_is_shown_turned_also_after_a_refusal(
    size: tuple[int, int], city: Cast, open_page: OpenPage, photos: list[Path]
) -> None:
    page = open_page(city.inspector, size)
    page.goto("/cases/new")
    page.set_input_files("[name=photos]", [str(path) for path in photos])
    lines = page.locator(".chosen li")
    expect(lines).to_have_count(3)
    for button in page.locator(".chosen button").all():
        is_large_enough(button)
    turn = lines.nth(1).locator(".turn")
    turn.focus()
    for _ in range(3):  # by the keyboard; the focus stays
        page.keyboard.press("Enter")
    expect(turn).to_be_focused()
    assert (turn.get_attribute("aria-label") or "").endswith(f"{photos[1].name}, 270°")
    lines.nth(2).locator(".turn").click()
    lines.nth(0).locator(".away").click()
    is_usable(page, size[0])
    page.click(".act .button")  # words and village are missing
    page.wait_for_selector(".errorlist, .alert")
    expect(lines).to_have_count(2)
    stands(lines.nth(0).locator("img"), 3)
    stands(lines.nth(1).locator("img"), 1)
    page.fill("[name=village]", "上柳村")
    page.fill("[name=description]", "明白墙没有雨棚。")
    page.click(".act .button")
    page.wait_for_selector(".case-number")
    assert turns() == {sha256(photos[1]): 3, sha256(photos[2]): 1}
    assert set(Evidence.objects.values_list("sha256", flat=True)) == {sha256(path) for path in photos[1:]}
    small = page.locator(f".photo img[src*='/evidence/{Evidence.objects.get(sha256=sha256(photos[1])).pk}/']").first
    small.scroll_into_view_if_needed()
    until(page, "(one) => one.complete && one.naturalHeight > one.naturalWidth", small.element_handle())


def test_a_photo_made_smaller_keeps_its_turn_and_so_does_its_original(
    city: Cast, open_page: OpenPage, tmp_path: Path
) -> None:
    path = tmp_path / "large.jpg"
    Image.effect_noise((2400, 1600), 90).convert("RGB").save(path, quality=95)
    page = open_page(city.inspector)
    page.goto("/cases/new")
    page.set_input_files("[name=photos]", str(path))
    page.locator(".chosen .turn").click()
    for act, name in (("check", "large-"), ("uncheck", "large.jpg")):
        getattr(page.locator("[data-reduce]"), act)()
        expect(page.locator(".chosen li span")).to_contain_text(name)
        expect(page.locator(".chosen li")).to_have_count(1)
        stands(page.locator(".chosen img"), 1)
        assert page.locator("[name=photos-quarters]").input_value() == "1"


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_on_the_rectification_a_photo_is_turned_where_it_arrived(
    size: tuple[int, int], city: Cast, open_page: OpenPage, photos: list[Path]
) -> None:
    case = case_at(Stage.RECTIFICATION, city)
    page = open_page(city.willow_head, size)
    page.goto(f"/cases/{case.number}/rectification#photos-after")
    measure = measures_to_report(case)[0]
    words = page.locator(f"[name=reports-{measure.pk}-words]")
    words.evaluate("(one) => { one.value = '雨棚已装好'; }")
    page.set_input_files(f"[name=reports-{measure.pk}-evidence]", str(photos[0]))
    picture, turn = page.locator(".draft-file img"), page.locator(".draft-file .turn")
    for quarters in (1, 2):
        if quarters == 1:
            turn.focus()
        page.keyboard.press("Enter")
        expect(picture).to_have_attribute("src", f"/evidence/{case.evidence.get().pk}/preview/320?turned={quarters}")
        expect(turn).to_be_focused()
    assert turns() == {sha256(photos[0]): 2}
    assert words.input_value() == "雨棚已装好"
    is_large_enough(turn)
    is_large_enough(page.locator(".draft-file .away"))
    is_usable(page, size[0])


def test_a_photo_turned_on_a_phone_without_a_line_is_shown_turned_when_it_arrived(
    city: Cast, open_phone: OpenPage, photos: list[Path]
) -> None:
    page = open_phone(city.inspector)
    until(page, "navigator.serviceWorker.controller !== null")
    page.context.set_offline(True)
    choose_village(page)
    for path in photos[:2]:
        page.set_input_files("#choose", str(path))
    lines = page.locator("#photos li")
    expect(lines).to_have_count(2)
    turn = lines.nth(1).locator(".turn")
    is_large_enough(turn)
    turn.click()
    turn.click()
    stands(lines.nth(1).locator("img"), 2)
    page.wait_for_timeout(300)
    page.reload()  # the draft is there again, and its turn
    expect(lines).to_have_count(2)
    stands(lines.nth(1).locator("img"), 2)
    is_usable(page, PHONE[0])
    page.fill("[data-value=description]", "明白墙没有雨棚。")
    page.click(".act .button")
    expect(page.locator("#entered.success")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#queue li[data-state=sent]")).to_have_count(1, timeout=20_000)
    assert turns() == {sha256(photos[1]): 2}
    assert set(Evidence.objects.values_list("sha256", flat=True)) == {sha256(path) for path in photos[:2]}


@pytest.mark.parametrize("is_over_the_case", [True, False], ids=["over the case", "its own page"])
def test_a_turn_for_everybody_over_a_broken_line_stays_here_and_says_so(
    is_over_the_case: bool,
    city: Cast,
    proved: Case,
    open_page: OpenPage,
) -> None:
    one = proved.evidence.order_by("number")[0]
    page = open_page(city.town_reviewer)
    page.goto(f"/cases/{proved.number}" if is_over_the_case else f"/evidence/{one.pk}/photo")
    if is_over_the_case:
        page.locator(f".problem a[href='/evidence/{one.pk}/photo']").click()
    view = page.locator("dialog.viewer[open]" if is_over_the_case else "main")
    address, picture = page.url, view.locator("[data-stage] img")
    page.route("**/turn", lambda route: route.abort("connectionreset"))
    for _ in range(2):
        view.locator("[data-turn] button").click()
        expect(view.get_by_role("alert")).to_have_count(1)
        expect(view.get_by_role("alert")).to_have_text(
            view.locator("[data-turn]").get_attribute("data-not-turned") or "?"
        )
        stands(picture, 1)
    assert page.url == address and not PhotoTurn.objects.exists()
    assert [flaw["id"] for flaw in Axe().run(page, options=RULES)["violations"]] == []
    page.unroute("**/turn")
    view.locator("[data-turn] button").click()
    expect(picture).to_have_attribute("src", f"/evidence/{one.pk}/preview/1600?turned=1")
    stands(picture, 0)
    expect(view.get_by_role("alert")).to_have_count(0)
    assert PhotoTurn.objects.get(evidence=one).quarters == 1 and page.url == address
