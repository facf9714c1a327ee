"""A phone without a network: what is entered is kept, and sent once, whole (promises 19, 22, 23)."""

import contextlib
import os
import random
import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from casework.models import Case, Evidence, PhoneQueue
from tests.browser.phone import (
    big_picture,
    choose_village,
    count,
    enter,
    hashes,
    sign_in,
    until,
)
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = bool(os.environ.get("LONG"))
FAILS = 0.3
API = re.compile(r"//[^/]+/phone/")  # what is asked while the page runs, not its own files


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


def pages_kept(page: Page) -> list[str]:
    return page.evaluate("caches.keys()")


def test_all_that_was_entered_before_it_was_killed_is_sent_once(
    city: Cast, start_phone: Callable[[], BrowserContext], tmp_path: Path
) -> None:
    """Killed twice, as a phone without memory does it: with everything unsent, and in the middle of sending."""
    entries = 50 if LONG else 5
    context = start_phone()
    page = context.new_page()
    sign_in(page, city.inspector)
    page.wait_for_selector("body[data-worker='1']")
    context.set_offline(True)
    photos = [big_picture(tmp_path, n) for n in range(entries)]
    for n, path in enumerate(photos):
        enter(page, f"第{n}条。", [path])
    kill(tmp_path / "phone")
    context = start_phone()
    context.set_offline(True)
    page = context.new_page()
    page.goto("/phone")
    expect(page.locator("#queue li[data-state=waits]")).to_have_count(entries)
    context.set_offline(False)
    sign_in_again(page, city)
    expect(page.locator("#queue li[data-state=sent]")).not_to_have_count(0, timeout=30_000)
    kill(tmp_path / "phone")
    context = start_phone()
    page = context.new_page()
    page.goto("/phone")
    sign_in_again(page, city)
    expect(page.locator("#queue li[data-state=sent]")).to_have_count(entries, timeout=120_000 if LONG else 30_000)
    context.close()
    assert sorted(Case.objects.values_list("description", flat=True)) == sorted(f"第{n}条。" for n in range(entries))
    assert sorted(Evidence.everything.values_list("sha256", flat=True)) == hashes(photos)


def sign_in_again(page: Page, city: Cast) -> None:
    """A killed browser may have lost the cookie of the last half minute: then one signs in, and the queue is there."""
    expect(page.locator("#status")).to_have_attribute("data-state", re.compile("signed_out|online|some_left"))
    if page.locator("#status").get_attribute("data-state") == "signed_out":
        page.click("#sign-in")
        page.fill("[name=username]", city.inspector.username)
        page.fill("[name=password]", "correct horse")
        page.click(".act .button")


def kill(profile: Path) -> None:
    """End the browser of this profile as the system does it, and wait until it is gone."""
    named = f"--user-data-dir={profile}"
    own = [pid for pid, words in processes() if named in words and not any(one.startswith("--type=") for one in words)]
    assert own
    for pid in own:
        os.kill(pid, signal.SIGKILL)
    for _ in range(100):
        if not any(named in words for _pid, words in processes()):
            return
        time.sleep(0.1)
    raise AssertionError("the browser did not end")


def processes() -> Iterator[tuple[int, list[str]]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):
                yield int(entry.name), (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
