"""The signs of the menu and of the browser's tab."""

import re
from collections import Counter
from pathlib import Path

from django.conf import settings
from django.test import Client

from tests.cast import Cast

TEMPLATES = Path(settings.BASE_DIR) / "templates"
SIGN = re.compile(r"""parts/icon\.html" with name="([\w-]+)\"""")


def test_each_entry_of_the_menu_has_a_sign_of_its_own() -> None:
    signs = SIGN.findall((TEMPLATES / "parts" / "navigation.html").read_text())
    assert len(signs) > 12
    assert [sign for sign, count in Counter(signs).items() if count > 1] == []


def test_every_sign_that_a_page_names_is_drawn() -> None:
    drawn = set(re.findall(r'id="([\w-]+)"', (Path(settings.BASE_DIR) / "web/static/icons.svg").read_text()))
    named = {sign for one in TEMPLATES.rglob("*.html") for sign in SIGN.findall(one.read_text())}
    assert named - drawn == set()


def test_the_old_address_of_the_icon_leads_to_the_one_that_there_is(cast: Cast) -> None:
    answer = Client().get("/favicon.ico")
    assert (answer.status_code, answer["Location"]) == (302, "/static/seal.svg")
