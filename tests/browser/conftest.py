"""Chromium, where there is one."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Lock
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from casework.models import Case, Person
from recognition.meaning import meanings_of
from tests.browser.phone import sign_in
from tests.browser.proofs import proved_case
from tests.cast import Cast, make_cast

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PHONE, DESK = (390, 844), (1440, 900)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("browser") and CHROMIUM is None:
            item.add_marker(pytest.mark.skip(reason="no Chromium on this computer"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright runs a loop of its own in this thread; the tests' database calls beside it are as safe as before.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def city(transactional_db: None) -> Cast:
    """The cast in a database that the server's threads see; time runs, because a browser has its own."""
    cast = make_cast()
    Person.objects.update(password=make_password("correct horse"))
    return cast


@pytest.fixture(autouse=True, scope="session")
def _one_after_the_other() -> Iterator[None]:
    """On SQLite all threads of the server have one connection, so that two requests at once would share a transaction.
    The encoder is loaded before, as a web server does when it starts (config/web_server.py).
    """
    meanings_of(["预热"])
    answer, alone = WSGIHandler.__call__, Lock()

    def answer_alone(self: WSGIHandler, environ: Any, start_response: Any) -> Any:
        with alone:
            return answer(self, environ, start_response)

    if connection.vendor == "sqlite":
        WSGIHandler.__call__ = answer_alone  # type: ignore[method-assign]
    yield
    WSGIHandler.__call__ = answer  # type: ignore[method-assign]


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """A page for somebody of the cast; a script error or a refusal of the security policy fails the test."""
    contexts = []
    troubles: list[str] = []

    def opened(person: Person, size: tuple[int, int] = DESK, *, scripts: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, base_url=live_server.url, java_script_enabled=scripts
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on(
            "console",
            lambda said: troubles.append(said.text) if "Content Security Policy" in said.text else None,
        )
        page.goto("/sign-in")
        page.fill("[name=username]", person.username)
        page.fill("[name=password]", "correct horse")
        page.click(".act .button")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert troubles == []


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


@pytest.fixture
def start_phone(tmp_path: Path, live_server: LiveServer, browser: Browser) -> Callable[[], BrowserContext]:
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


@pytest.fixture
def proved(city: Cast) -> Case:
    return proved_case(city)
