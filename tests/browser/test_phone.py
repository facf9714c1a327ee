"""A phone without a network: what is entered is kept, and sent once, whole (promises 22, 23)."""

import hashlib
import io
import os
import random
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from casework.models import Case, Evidence, Person, PhoneQueue
from tests.browser.conftest import CHROMIUM, PHONE
from tests.browser.test_accessibility import RULES, flaws
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = bool(os.environ.get("LONG"))
FAILS = 0.3
API = re.compile(r"//[^/]+/phone/")  # what is asked while the page runs, not its own files


def big_picture(folder: Path, seed: int) -> Path:
    """A photo of several pieces: noise does not compress."""
    dice = random.Random(seed)
    image = Image.frombytes("RGB", (640, 480), dice.randbytes(640 * 480 * 3))
    made = io.BytesIO()
    image.save(made, "JPEG", quality=92)
    path = folder / f"大图{seed}.jpg"
    path.write_bytes(made.getvalue())
    return path


def sign_in(page: Page, person: Person) -> None:
    page.goto("/sign-in?next=/phone")
    page.fill("[name=username]", person.username)
    page.fill("[name=password]", "correct horse")
    page.click(".act .button")
    page.wait_for_selector("body[data-ready]")
    page.wait_for_selector("#status[data-state=online]")


@pytest.fixture
def open_phone(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    contexts: list[BrowserContext] = []

    def opened(person: Person, **more: Any) -> Page:
        context = browser.new_context(
            viewport={"width": PHONE[0], "height": PHONE[1]}, base_url=live_server.url, locale="zh-CN", **more
        )
        contexts.append(context)
        page = context.new_page()
        sign_in(page, person)
        return page

    yield opened
    for context in contexts:
        context.close()


def choose_village(page: Page, name: str = "上柳村") -> None:
    page.fill("[data-village-name]", name)
    page.click("#villages button")


def enter(page: Page, words: str, photos: list[Path], village: str = "上柳村") -> None:
    if page.input_value("[data-village-name]") != village:
        choose_village(page, village)
    page.fill("[data-value=description]", words)
    for path in photos:
        before = page.locator("#photos li").count()
        page.set_input_files("#choose", str(path))
        expect(page.locator("#photos li")).to_have_count(before + 1)
    page.click(".act .button")
    expect(page.locator("#entered.success")).to_be_visible()


def count(page: Page, state: str) -> int:
    return page.locator(f"#queue li[data-state={state}]").count()


def hashes(paths: list[Path]) -> list[str]:
    return sorted(hashlib.sha256(path.read_bytes()).hexdigest() for path in paths)


def test_what_is_entered_without_a_line_is_sent_when_it_is_back(
    city: Cast, open_phone: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_phone(city.inspector)
    page.context.set_offline(True)
    photos = [big_picture(tmp_path, 1), big_picture(tmp_path, 2)]
    enter(page, "明白墙没有雨棚。", photos)
    expect(page.locator("#status")).to_have_attribute("data-state", "offline")
    assert count(page, "waits") == 1
    assert not Case.objects.exists()
    page.context.set_offline(False)
    expect(page.locator("#queue li[data-state=sent]")).to_have_count(1, timeout=20_000)
    assert Case.objects.get().description == "明白墙没有雨棚。"
    assert sorted(Evidence.objects.values_list("sha256", flat=True)) == hashes(photos)


class Weak:
    """A line on which each request fails with a probability: before it arrives, on the way back, or cut in the middle."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.failed = 0
        self.cut = 0

    def __call__(self, route: Route) -> None:
        if self.dice.random() >= FAILS:
            return route.continue_()
        self.failed += 1
        how, body = self.dice.randrange(3), route.request.post_data_buffer
        if how == 1:
            route.fetch()  # it arrived, and nobody hears of it
        elif how == 2 and body and route.request.method == "PATCH":
            self.cut += 1
            route.fetch(post_data=body[: self.dice.randrange(len(body))])
        return route.abort("connectionreset")


@pytest.mark.parametrize("seed", range(20 if LONG else 3))
def test_over_a_line_that_fails_all_arrive_whole_and_none_twice(
    seed: int, city: Cast, open_phone: Callable[..., Page], tmp_path: Path
) -> None:
    findings, photos_each = (10, 3) if LONG else (3, 2)
    page = open_phone(city.inspector, service_workers="block")
    page.context.set_offline(True)
    photos: list[Path] = []
    for n in range(findings):
        mine = [big_picture(tmp_path, 100 * seed + 10 * n + one) for one in range(photos_each)]
        enter(page, f"问题{n}:公开栏空着。", mine)
        photos += mine
    weak = Weak(seed)
    page.route(API, weak)
    page.context.set_offline(False)
    expect(page.locator("#queue li[data-state=sent]")).to_have_count(findings, timeout=240_000 if LONG else 60_000)
    assert weak.failed
    assert sorted(Case.objects.values_list("description", flat=True)) == sorted(
        f"问题{n}:公开栏空着。" for n in range(findings)
    )
    assert sorted(Evidence.everything.values_list("sha256", flat=True)) == hashes(photos)
    for case in Case.objects.all():
        assert case.evidence.count() == photos_each


def test_an_ended_sign_in_keeps_the_queue(city: Cast, open_phone: Callable[..., Page], tmp_path: Path) -> None:
    page = open_phone(city.inspector)
    page.context.set_offline(True)
    enter(page, "合同没有公开。", [big_picture(tmp_path, 1)])
    page.context.clear_cookies(name="sessionid")
    page.context.set_offline(False)
    expect(page.locator("#status")).to_have_attribute("data-state", "signed_out")
    assert count(page, "waits") == 1
    assert not Case.objects.exists()
    page.click("#sign-in")
    page.fill("[name=username]", "inspector")
    page.fill("[name=password]", "correct horse")
    page.click(".act .button")
    expect(page.locator("#queue li[data-state=sent]")).to_have_count(1, timeout=20_000)
    assert Evidence.objects.count() == 1


def test_after_the_sign_out_nobody_sees_what_lies_there_and_it_is_sent_later(
    city: Cast, open_phone: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_phone(city.inspector)
    page.context.set_offline(True)
    enter(page, "印章没有登记。", [big_picture(tmp_path, 1)])
    page.context.set_offline(False)
    page.route(API, lambda route: route.abort())
    page.goto("/me")
    page.click("form[data-sign-out] button >> visible=true")
    page.wait_for_selector("[name=password]")
    page.goto("/phone")
    expect(page.locator("#status")).to_have_attribute("data-state", "nobody")
    assert "印章没有登记" not in page.inner_text("body")
    page.unroute(API)
    sign_in(page, city.county_supervisor)
    assert page.locator("#queue li").count() == 0
    assert not Case.objects.exists()
    page.context.clear_cookies(name="sessionid")
    sign_in(page, city.inspector)
    expect(page.locator("#queue li[data-state=sent]")).to_have_count(1, timeout=20_000)
    assert Case.objects.get().reported_by == city.inspector


def test_a_refused_entry_blocks_nothing_and_is_mended(city: Cast, open_phone: Callable[..., Page]) -> None:
    page = open_phone(city.inspector)
    page.context.set_offline(True)
    choose_village(page)
    page.click("#more summary")
    page.fill("#found-on", "2099-01-01")
    enter(page, "日期写错了。", [])
    enter(page, "这一条没有错。", [])
    page.context.set_offline(False)
    expect(page.locator("#queue li[data-state=sent]")).to_have_count(1)
    refused = page.locator("#queue li[data-state=refused]")
    expect(refused.locator(".reason")).not_to_be_empty()
    assert list(Case.objects.values_list("description", flat=True)) == ["这一条没有错。"]
    expect(page.locator("#status")).to_have_attribute("data-state", "online")
    queue = PhoneQueue.objects.get(person=city.inspector)
    assert (queue.unsent, queue.refused) == (1, 1)
    refused.get_by_role("button").first.click()
    page.fill("#found-on", "2026-01-05")
    page.click(".act .button")
    expect(page.locator("#queue li[data-state=sent]")).to_have_count(2)
    assert sorted(Case.objects.values_list("description", flat=True)) == ["日期写错了。", "这一条没有错。"]


# Chromium's own switch for a small quota has no effect on IndexedDB; so the database says it as browsers do: the write
# is aborted, and the transaction's error is QuotaExceededError.
FULL = """
    globalThis.isFull = false;
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (value, ...more) {
      if (!globalThis.isFull) return put.call(this, value, ...more);
      const request = put.call(this, value, ...more);
      Object.defineProperty(this.transaction, "error", { get: () => new DOMException("full", "QuotaExceededError") });
      this.transaction.abort();
      return request;
    };
"""


def test_a_phone_without_room_says_so_and_loses_nothing(
    city: Cast, open_phone: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_phone(city.inspector)
    page.add_init_script(FULL)
    page.reload()
    page.context.set_offline(True)
    enter(page, "第一条已经存好。", [big_picture(tmp_path, 1)])
    page.fill("[data-value=description]", "第二条还在写。")
    page.evaluate("isFull = true")
    page.set_input_files("#choose", str(big_picture(tmp_path, 2)))
    expect(page.locator("#entered.error")).to_be_visible()
    assert page.input_value("[data-value=description]") == "第二条还在写。"
    assert count(page, "waits") == 1
    page.evaluate("isFull = false")
    page.set_input_files("#choose", str(big_picture(tmp_path, 2)))
    expect(page.locator("#photos li")).to_have_count(1)
    page.click(".act .button")
    page.context.set_offline(False)
    expect(page.locator("#queue li[data-state=sent]")).to_have_count(2, timeout=20_000)
    assert Evidence.objects.count() == 2


def test_a_new_release_drops_nothing_while_a_queue_is_held(
    city: Cast, open_phone: Callable[..., Page], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_phone(city.inspector)
    page.wait_for_selector("body[data-worker='1']")
    page.context.set_offline(True)
    enter(page, "新版本之前写的。", [big_picture(tmp_path, 1)])
    page.context.set_offline(False)
    page.route(API, lambda route: route.abort())
    monkeypatch.setattr("web.pages.phone.version", lambda: "another")
    page.reload()
    page.evaluate("navigator.serviceWorker.ready.then((one) => one.update())")
    until(page, "navigator.serviceWorker.ready.then((one) => Boolean(one.waiting))")
    assert len(pages_kept(page)) == 2
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("#queue li[data-state=waits]")).to_have_count(1)
    page.unroute(API)
    page.context.set_offline(False)
    expect(page.locator("#queue li[data-state=sent]")).to_have_count(1, timeout=20_000)
    assert Evidence.objects.count() == 1
    until(page, "caches.keys().then((names) => names.length === 1)")
    assert pages_kept(page) == ["phone-page-another"]


def flaws_here(page: Page) -> list[Any]:
    """As `flaws`, of the page as it stands; scrolled to its end, where the fixed button lies over nothing."""
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    wide = page.evaluate("document.documentElement.scrollWidth") > PHONE[0]
    found = Axe().run(page, options=RULES)["violations"]
    return [(flaw["id"], flaw["nodes"][0]["html"][:120]) for flaw in found] + [("too wide", "")] * wide


def until(page: Page, question: str) -> None:
    """The security policy lets no text be run on the page itself, so it is asked from here."""
    for _ in range(100):
        if page.evaluate(question):
            return
        time.sleep(0.1)
    raise AssertionError(question)


def pages_kept(page: Page) -> list[str]:
    return page.evaluate("caches.keys()")


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


class TestAClosedBrowser:
    @pytest.fixture
    def started(self, tmp_path: Path, live_server: LiveServer, browser: Browser) -> Callable[[], BrowserContext]:
        """The same phone started again, its storage on the disk, and a camera that shows a moving test picture."""

        def start() -> BrowserContext:
            return browser.browser_type.launch_persistent_context(
                tmp_path / "phone",
                executable_path=CHROMIUM,
                args=[
                    "--no-sandbox",
                    "--disable-gpu",
                    "--use-fake-device-for-media-stream",
                    "--use-fake-ui-for-media-stream",
                ],
                viewport={"width": PHONE[0], "height": PHONE[1]},
                base_url=live_server.url,
                locale="zh-CN",
            )

        return start

    def test_all_that_was_entered_before_it_closed_is_sent_once(
        self, city: Cast, started: Callable[[], BrowserContext], tmp_path: Path
    ) -> None:
        entries = 50 if LONG else 4
        context = started()
        page = context.new_page()
        sign_in(page, city.inspector)
        page.wait_for_selector("body[data-worker='1']")
        context.set_offline(True)
        photos = [big_picture(tmp_path, n) for n in range(entries)]
        for n, path in enumerate(photos):
            enter(page, f"第{n}条。", [path])
        context.close()
        context = started()
        context.set_offline(True)
        page = context.new_page()
        page.goto("/phone")
        expect(page.locator("#queue li[data-state=waits]")).to_have_count(entries)
        context.set_offline(False)
        expect(page.locator("#queue li[data-state=sent]")).to_have_count(entries, timeout=120_000 if LONG else 30_000)
        context.close()
        assert sorted(Case.objects.values_list("description", flat=True)) == sorted(
            f"第{n}条。" for n in range(entries)
        )
        assert sorted(Evidence.objects.values_list("sha256", flat=True)) == hashes(photos)

    def test_a_finding_with_a_photo_is_six_taps_from_home_and_the_next_one_four(
        self, city: Cast, started: Callable[[], BrowserContext]
    ) -> None:
        context = started()
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
