"""A phone without a network: what is entered is kept, and sent once, whole (promises 22, 23)."""

import hashlib
import json
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from casework.models import Case, Evidence, Person, PhoneQueue
from tests.browser.conftest import CHROMIUM, PHONE
from tests.cast import Cast
from tests.walk import photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = bool(os.environ.get("LONG"))
FAILS = 0.3


def picture(folder: Path, seed: int, *, size: tuple[int, int] = (320, 240)) -> Path:
    path = folder / f"现场{seed}.jpg"
    path.write_bytes(photo(seed, size=size).read() + b"" if size[0] < 1000 else photo(seed, size=size).read())
    return path


def big_picture(folder: Path, seed: int) -> Path:
    """A photo of several pieces: noise does not compress."""
    import io

    from PIL import Image

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
