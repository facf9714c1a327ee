"""Photos on the screen: looked through by keys, compared by a slider; and chosen by paste and drop, smaller on a slow line."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from casework.models import Case, PhotoTurn
from casework.queries import measures_to_report
from casework.stages import Stage
from tests.browser.conftest import DESK, PHONE
from tests.browser.phone import until
from tests.browser.test_accessibility import RULES
from tests.cast import Cast
from tests.walk import case_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]
CHOOSE = """([selector, type, name]) => {
  const basket = new DataTransfer();
  const canvas = Object.assign(document.createElement("canvas"), { width: 60, height: 40 });
  canvas.getContext("2d").fillRect(0, 0, 20, 40);
  return new Promise((resolve) => canvas.toBlob((blob) => {
    basket.items.add(new File([blob], name, { type: "image/png" }));
    const event = type === "paste" ? new ClipboardEvent("paste", { clipboardData: basket, bubbles: true, cancelable: true })
      : new DragEvent(type, { dataTransfer: basket, bubbles: true, cancelable: true });
    resolve(document.querySelector(selector).dispatchEvent(event));
  }, "image/png"));
}"""


def flaws(page: Page) -> list[str]:
    return [flaw["id"] for flaw in Axe().run(page, options=RULES)["violations"]]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_photos_are_looked_through_by_keys_and_the_focus_comes_back(
    size: tuple[int, int], city: Cast, proved: Case, open_page: OpenPage
) -> None:
    page = open_page(city.town_reviewer, size)
    page.goto(f"/cases/{proved.number}")
    first, second, _third = proved.evidence.order_by("number")
    page.locator(f".problem a[href='/evidence/{first.pk}/photo']").focus()
    page.keyboard.press("Enter")
    view = page.locator("dialog.viewer[open]")
    place = view.locator("h1 small")
    expect(place).to_have_text("1/3")
    expect(view.locator("[data-stage]")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(place).to_have_text("2/3")
    page.keyboard.press("+")
    expect(view.locator("[data-scale]")).to_have_text("150 %")
    page.keyboard.press("ArrowRight")  # moves the large picture
    expect(place).to_have_text("2/3")
    page.keyboard.press("-")
    page.keyboard.press("t")
    assert "rotate(90deg)" in view.locator("[data-stage] img").evaluate("(picture) => picture.style.transform")
    assert flaws(page) == []
    page.keyboard.press("Escape")
    expect(view).to_have_count(0)
    expect(page.locator(f"a[href='/evidence/{second.pk}/photo']").first).to_be_focused()
    assert not PhotoTurn.objects.exists() and page.url.endswith(proved.number)


def test_a_photo_turned_for_everybody_is_turned_without_leaving_it(
    city: Cast, proved: Case, open_page: OpenPage
) -> None:
    page = open_page(city.town_reviewer)
    page.goto(f"/cases/{proved.number}")
    one = proved.evidence.order_by("number")[0]
    page.locator(f".problem a[href='/evidence/{one.pk}/photo']").click()
    view = page.locator("dialog.viewer[open]")
    view.locator("[data-turn] button").click()
    expect(view.locator("[data-stage] img")).to_have_attribute("src", f"/evidence/{one.pk}/preview/1600?turned=1")
    assert PhotoTurn.objects.get(evidence=one).quarters == 1
    view.locator("[data-close-view]").click()
    small = page.locator(f".problem img[src^='/evidence/{one.pk}/preview/320?turned']")
    expect(small).to_have_count(1)
    until(page, "(one) => one.complete && one.naturalHeight > one.naturalWidth", small.element_handle())


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_before_and_after_lie_over_each_other_with_a_slider(
    size: tuple[int, int], city: Cast, proved: Case, open_page: OpenPage
) -> None:
    page = open_page(city.town_reviewer, size)
    page.goto(f"/cases/{proved.number}/comparison")
    slider = page.locator("#share")
    expect(slider).to_be_hidden()
    assert flaws(page) == []
    page.locator("[data-way=over]").click()
    expect(slider).to_be_focused()
    page.keyboard.press("Home")
    left, right = (page.locator(f".comparison .{name} img").bounding_box() for name in ("left", "right"))
    assert left == right
    assert page.locator(".right img").evaluate("(one) => getComputedStyle(one).clipPath").endswith(" 0%)")
    page.keyboard.press("ArrowRight")
    assert page.locator(".right img").evaluate("(one) => getComputedStyle(one).clipPath").endswith(" 1%)")
    assert flaws(page) == []


def test_without_scripts_photos_have_pages_and_stand_side_by_side(
    city: Cast, proved: Case, open_page: OpenPage
) -> None:
    page = open_page(city.town_reviewer, DESK, scripts=False)
    page.goto(f"/cases/{proved.number}")
    page.locator(".problem .photo a").first.click()
    page.locator("a[rel=next]").click()
    expect(page.locator("h1 small")).to_have_text("2/3")
    page.locator(".photo-facts a[href*=comparison]").click()
    left, right = (page.locator(f".comparison .{name} img").bounding_box() for name in ("left", "right"))
    assert left and right and left["x"] + left["width"] <= right["x"] and left["y"] == right["y"]


def test_pictures_are_pasted_and_dropped(city: Cast, open_page: OpenPage) -> None:
    page = open_page(city.county_supervisor)
    page.goto("/cases/new")
    for n, (selector, kind) in enumerate((("body", "paste"), (".field:has([name=photos])", "drop"), ("body", "paste"))):
        page.evaluate(CHOOSE, [selector, kind, f"image.{'png' if kind == 'paste' else 'dropped.png'}"])
        expect(page.locator(".chosen li")).to_have_count(n + 1)
    names = page.locator(".chosen li > span").all_inner_texts()
    assert "image.dropped.png" in names[1] and len({name.split()[0] for name in names}) == 3
    page.locator(".chosen .away").nth(1).click()
    assert page.locator("[name=photos]").evaluate("(field) => field.files.length") == 2


def test_on_a_slow_line_photos_go_smaller_with_the_cameras_words_and_the_original_on_request(
    city: Cast, open_page: OpenPage, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x0110], exif[0x0112] = "P40", 6
    exif.get_ifd(0x8769)[0x9003] = "2026:03:01 08:30:00"
    path = tmp_path / "large.jpg"
    Image.effect_noise((3000, 2000), 90).convert("RGB").save(path, quality=95, exif=exif)
    case = case_at(Stage.RECTIFICATION, city)
    page = open_page(city.willow_head, PHONE)
    page.goto(f"/cases/{case.number}/rectification#photos-after")
    field = f"[name=reports-{measures_to_report(case)[0].pk}-evidence]"
    part = page.locator("[data-part]").filter(has=page.locator(field))
    assert not part.locator("[data-reduce]").is_checked()
    expect(part.locator(".choosing label")).to_have_text(page.locator(field).get_attribute("data-smaller") or "?")
    part.locator("[data-reduce]").check()
    page.set_input_files(field, str(path))
    expect(page.locator(".draft-file")).to_have_count(1, timeout=30_000)
    one = case.evidence.get()
    assert (one.width, one.height) == (1280, 1920) and one.size < path.stat().st_size / 2
    assert one.name != "large.jpg" and one.name.startswith("large-")
    assert timezone.localtime(one.taken_at).strftime("%Y-%m-%d %H:%M") == "2026-03-01 08:30"
    part.locator("[data-reduce]").uncheck()
    page.set_input_files(field, str(path))
    expect(page.locator(".draft-file")).to_have_count(2, timeout=30_000)
    assert case.evidence.latest("number").sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_each_file_on_its_way_has_a_bar(city: Cast, open_page: OpenPage, tmp_path: Path) -> None:
    names = ["one.jpg", "two.jpg"]
    for shade, name in enumerate(names):
        Image.new("RGB", (200, 100), (90 * shade, 40, 40)).save(tmp_path / name)
    case = case_at(Stage.RECTIFICATION, city)
    page = open_page(city.willow_head)
    page.goto(f"/cases/{case.number}/rectification")
    page.route("**/rectification", lambda route: route.continue_() if route.request.method == "GET" else None)
    field = f"[name=reports-{measures_to_report(case)[0].pk}-evidence]"
    page.set_input_files(field, [str(tmp_path / name) for name in names])
    bars = page.locator(".upload progress")
    expect(bars).to_have_count(2)
    assert [bar.get_attribute("aria-label") for bar in bars.all()] == names
