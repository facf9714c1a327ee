"""A phone in a browser: signed in, something entered, photos whose bytes are known."""

import hashlib
import io
import random
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from casework.models import Person


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


def until(page: Page, question: str, of: object = None) -> None:
    """The security policy lets no text be run on the page itself (`wait_for_function` fails unless it holds at once), so it
    is asked from here.
    """
    for _ in range(100):
        if page.evaluate(question, of):
            return
        time.sleep(0.1)
    raise AssertionError(question)
