"""Nobody reads a day as 2026-12-11: sentences say it in the words of their language, and what is stored is shown so."""

import ast
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from casework.lifecycle.extension import ask_extension
from casework.lifecycle.interviews import record_interview
from casework.models import Case, Person
from casework.stages import OPEN, Stage
from casework.values.days_in_words import exact_day, with_days_in_words
from flows import steps
from tests.cast import Cast
from tests.walk import NOW, TODAY, case_at, closed

SignedIn = Callable[[Person], Client]
ROOMS = ("casework", "flows", "notifications", "oversight", "web")
TRANSLATED = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext"}
ISO = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")
TAG = re.compile(r"<(script|style).*?</\1>|<[^>]*>", re.S)
IN_SENTENCE = re.compile(r"""blocktranslate [^%]*date:["']Y-m-d""")


def sentences(tree: ast.AST) -> Iterator[ast.BinOp]:
    """What is put into a translated sentence: `_("…") % {…}`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Call):
            name = node.left.func
            if isinstance(name, ast.Name) and name.id in TRANSLATED:
                yield node


def test_no_sentence_is_given_an_iso_day() -> None:
    root, found, count = Path(settings.BASE_DIR), [], 0
    for path in sorted(one for room in ROOMS for one in (root / room).rglob("*.py")):
        if "migrations" in path.parts or "demo" in path.parts:
            continue
        for node in sentences(ast.parse(path.read_text())):
            count += 1
            if ".isoformat()" in ast.unparse(node.right) or "%Y-%m-%d" in ast.unparse(node.right):
                found.append(f"{path.relative_to(root)}:{node.lineno}")
    assert count > 40
    assert found == []
    templates = (root / "templates").rglob("*.html")
    assert [str(one.relative_to(root)) for one in templates if IN_SENTENCE.search(one.read_text())] == []


@pytest.mark.parametrize(
    ("stored", "chinese", "english"),
    [
        ("上柳村 · 2026-12-11", "上柳村 · 2026年12月11日", "上柳村 · Dec. 11, 2026"),
        ("2026-03-02 → 2026-03-09 · 等", "2026年3月2日 → 2026年3月9日 · 等", "March 2, 2026 → March 9, 2026 · 等"),
        ("QH-2026-000001", "QH-2026-000001", "QH-2026-000001"),
        ("编号2026-13-45", "编号2026-13-45", "编号2026-13-45"),
        ("12026-03-021", "12026-03-021", "12026-03-021"),
    ],
)
def test_a_stored_day_is_read_in_words(stored: str, chinese: str, english: str) -> None:
    with translation.override("zh-hans"):
        assert with_days_in_words(stored) == chinese
        assert exact_day(date(2026, 3, 2)) == "2026年3月2日"
    with translation.override("en"):
        assert with_days_in_words(stored) == english


def visible_words(page: str) -> str:
    return TAG.sub(" ", page[page.index("<main") :])


@pytest.fixture
def cases(cast: Cast) -> list[Case]:
    """One at each step, one that ended, and one with everything that happens beside the path."""
    found = [case_at(stage, cast) for stage in OPEN]
    found.append(closed(cast, case_at(Stage.STRIKE_OFF, cast)))
    case = case_at(Stage.RECTIFICATION, cast)
    assert case.due_on is not None
    late = date(2026, 5, 11)
    steps.take(ask_extension, case=case, by=cast.willow_head, at=NOW, due_on=late, reason="等雨棚", progress="已订货")
    steps.take(
        record_interview, case=case, by=cast.county_supervisor, at=NOW, held_on=TODAY, people="柳大山", result="限期"
    )
    return [*found, case]


def test_no_page_shows_an_iso_day(cases: list[Case], cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.county_supervisor)
    addresses = ["/", "/cases", "/messages", "/letters", "/look-backs", "/analysis", "/calendar"]
    for address in [*addresses, *(f"/cases/{case.number}{part}" for case in cases for part in ("", "/history"))]:
        words = visible_words(client.get(address).content.decode())
        assert ISO.findall(words) == [], address
