"""The phone page itself: what it keeps and wipes, what it says of a photo, its weight, its taps, its legibility."""

import io
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from casework.models import Case, Evidence, Person
from tests.browser.conftest import PHONE
from tests.browser.phone import (
    big_picture,
    choose_village,
    enter,
    hashes,
    sign_in,
)
from tests.browser.test_accessibility import RULES, flaws
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_worker_keeps_nothing_of_anybody(city: Cast, open_phone: Callable[..., Page]) -> None:
    page = open_phone(city.inspector)
    page.wait_for_selector("body[data-worker='1']")
    page.goto("/")
    page.goto("/cases")
    kept = page.evaluate(
        """async () => { const found = {}; for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const one of await cache.keys()) found[new URL(one.url).pathname] = await (await cache.match(one)).text(); }
        return found; }"""
    )
    assert {path for path in kept if not path.startswith("/static/")} == {"/phone", "/phone.webmanifest"}
    assert city.inspector.name not in kept["/phone"]
    assert "csrfmiddlewaretoken" not in kept["/phone"]


def test_a_page_that_was_ended_by_the_camera_comes_back_with_its_words(
    city: Cast, open_phone: Callable[..., Page]
) -> None:
    page = open_phone(city.inspector)
    choose_village(page)
    page.fill("[data-value=description]", "拍照时页面被关了。")
    with page.expect_file_chooser():
        page.click("#take")
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert page.input_value("[data-value=description]") == "拍照时页面被关了。"
    assert page.input_value("[data-village-name]") == "上柳村"
    expect(page.locator("#entered.warning")).to_be_visible()


def test_what_is_no_photo_is_said_and_the_rest_is_kept(
    city: Cast, open_phone: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_phone(city.inspector)
    page.fill("[data-value=description]", "文字还在。")
    for name, content in (
        ("a.mp4", b"x"),
        ("b.jpg", b"hello"),
        ("c.jpg", b""),
        ("d.jpg", b"\xff\xd8\xff" + bytes(21_000_000)),
    ):
        (tmp_path / name).write_bytes(content)
        page.set_input_files("#choose", str(tmp_path / name))
        expect(page.locator("#entered.error")).to_contain_text(name)
    assert page.locator("#photos li").count() == 0
    assert page.input_value("[data-value=description]") == "文字还在。"


def test_an_emergency_file_is_taken_in_by_the_office_and_the_phone_adds_nothing(
    city: Cast, open_phone: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_phone(city.inspector)
    page.context.set_offline(True)
    photos = [big_picture(tmp_path, 1), big_picture(tmp_path, 2)]
    enter(page, "手机再也连不上网。", photos)
    with page.expect_download() as downloaded:
        page.click("#emergency")
    downloaded.value.save_as(tmp_path / "phone.json")
    office = open_phone(city.city_supervisor)
    office.goto("/phones")
    office.set_input_files("[name=file]", str(tmp_path / "phone.json"))
    office.click(".act .button")
    expect(office.locator(".message.saved")).to_be_visible()
    assert sorted(Evidence.objects.values_list("sha256", flat=True)) == hashes(photos)
    page.context.set_offline(False)
    expect(page.locator("#queue li[data-state=sent]")).to_have_count(1, timeout=20_000)
    assert (Case.objects.count(), Evidence.objects.count()) == (1, 2)


def test_a_photo_is_made_smaller_only_where_the_office_allows_it(
    city: Cast, open_phone: Callable[..., Page], tmp_path: Path, settings: Any
) -> None:
    settings.PHONE_REDUCES_PHOTOS = True
    path = tmp_path / "大.jpg"
    made = io.BytesIO()
    Image.frombytes("RGB", (1600, 1200), random.Random(4).randbytes(1600 * 1200 * 3)).save(made, "JPEG", quality=95)
    path.write_bytes(made.getvalue())
    page = open_phone(city.inspector)
    enter(page, "照片很大。", [path])
    expect(page.locator("#queue li[data-state=sent]")).to_have_count(1, timeout=20_000)
    file = Case.objects.get().phone_entries.get().manifest["files"][0]
    assert file["original"] == {"size": path.stat().st_size, "sha256": hashes([path])[0]}
    assert Evidence.objects.get().size <= 1024 * 1024 < path.stat().st_size
    assert Evidence.objects.get().sha256 == file["sha256"]


def test_what_was_sent_is_wiped_on_request(city: Cast, open_phone: Callable[..., Page], tmp_path: Path) -> None:
    page = open_phone(city.inspector)
    enter(page, "发送后清除。", [big_picture(tmp_path, 1)])
    expect(page.locator("#queue li[data-state=sent]")).to_have_count(1, timeout=20_000)
    page.click("#wipe")
    expect(page.locator("#queue li")).to_have_count(0)
    held = """new Promise((resolve) => { const opening = indexedDB.open('phone'); opening.onsuccess = () => {
        const all = opening.result.transaction('photos').objectStore('photos').count();
        all.onsuccess = () => resolve(all.result); }; })"""
    assert page.evaluate(held) == 0


def test_the_first_visit_weighs_less_than_150_kB(browser: Browser, live_server: LiveServer, city: Cast) -> None:
    context = browser.new_context(base_url=live_server.url, service_workers="block")
    page, weights = context.new_page(), {}
    page.on("response", lambda answer: weights.update({answer.url: len(answer.body())}) if answer.ok else None)
    page.goto("/phone")
    page.wait_for_load_state("networkidle")
    context.close()
    assert len(weights) > 15
    assert sum(weights.values()) < 150_000, weights


def flaws_here(page: Page) -> list[Any]:
    """As `flaws`, of the page as it stands; scrolled to its end, where the fixed button lies over nothing."""
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    wide = page.evaluate("document.documentElement.scrollWidth") > PHONE[0]
    found = Axe().run(page, options=RULES)["violations"]
    return [(flaw["id"], flaw["nodes"][0]["html"][:120]) for flaw in found] + [("too wide", "")] * wide


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_are_usable_by_everybody_in_both_languages(
    language: str, city: Cast, open_phone: Callable[..., Page], tmp_path: Path
) -> None:
    Person.objects.update(language=language)
    page = open_phone(city.inspector)
    page.context.set_offline(True)
    choose_village(page)
    page.click("#more summary")
    page.fill("#found-on", "2099-01-01")
    enter(page, "日期写错了。", [big_picture(tmp_path, 1)])
    enter(page, "这一条没有错。", [])
    page.context.set_offline(False)
    expect(page.locator("#queue li[data-state=sent]")).to_have_count(1)
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.fill("[data-value=description]", "正在写。")
    page.set_input_files("#choose", str(big_picture(tmp_path, 2)))
    expect(page.locator("#photos li")).to_have_count(1)
    found = [*flaws_here(page), *flaws(page, "/phone-check")]
    office = open_phone(city.city_supervisor)
    assert found + flaws(office, "/phones") == []


@pytest.mark.parametrize(
    ("agent", "is_able", "shown"),
    [
        (None, True, []),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) MicroMessenger/8.0.50", False, ["[data-wechat]"]),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/134.0 Mobile MicroMessenger/8.0.50", True, ["[data-in-app]"]),
    ],
)
def test_the_check_says_what_this_browser_can_do(
    agent: str | None, is_able: bool, shown: list[str], browser: Browser, live_server: LiveServer, city: Cast
) -> None:
    context = browser.new_context(base_url=live_server.url, user_agent=agent)
    page = context.new_page()
    page.goto("/phone-check")
    expect(page.locator(".can[data-ready]")).to_be_visible()
    assert page.locator("[data-verdict] [data-yes]").is_visible() is is_able
    assert page.locator("[data-verdict] [data-no]").is_visible() is not is_able
    assert [name for name in ("[data-wechat]", "[data-in-app]") if page.locator(name).is_visible()] == shown
    context.close()


def test_a_finding_with_a_photo_is_six_taps_from_home_and_the_next_one_four(
    city: Cast, start_phone: Callable[[], BrowserContext]
) -> None:
    context = start_phone()
    page = context.new_page()
    sign_in(page, city.inspector)
    page.goto("/")
    taps = 0

    def tap(selector: str) -> None:
        nonlocal taps
        page.click(selector)
        taps += 1

    def finding() -> None:
        tap("#take")
        tap("#shutter")
        expect(page.locator("#photos li")).to_have_count(1)
        page.keyboard.type("公开栏空着")  # the field has the focus already
        tap(".act .button")
        expect(page.locator("#entered.success")).to_be_visible()

    tap("main a[href='/phone']")
    page.wait_for_selector("body[data-ready]")
    tap("[data-village-name]")
    tap("#villages button >> nth=0")
    finding()
    assert taps == 6
    taps = 0
    finding()
    assert taps <= 4
    expect(page.locator("#queue li[data-state=sent]")).to_have_count(2, timeout=20_000)
    context.close()
    assert (Case.objects.count(), Evidence.objects.count()) == (2, 2)
