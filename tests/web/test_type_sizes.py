"""Nothing on a screen is smaller than 13 px: villages read it with thick glasses, on a phone in the sun."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

SMALLEST = 13
ROOT = 16  # px of a rem: no sheet sets the size of `html`
SHEETS = sorted((Path(settings.BASE_DIR) / "web" / "static" / "styles").glob("*.css"))
# Comments, and what is set for paper.
COMMENT = re.compile(r"/\*.*?\*/|@media print\s*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", re.S)
SIZE = re.compile(r"font-size:\s*([^;}]+)")
SHORT = re.compile(r"font:\s*([^;}]+)")
LENGTH = re.compile(r"([\d.]+)(px|rem|em|%)")


def sizes(css: str) -> Iterator[str]:
    css = COMMENT.sub("", css)
    yield from (found[1].strip() for found in SIZE.finditer(css))
    for found in SHORT.finditer(css):
        length = LENGTH.search(found[1])
        if length:
            yield length[0]


def is_legible(size: str) -> bool:
    """A size in em can stand inside another one: below 1 it needs its own floor."""
    if size == "inherit":
        return True
    if size.startswith("max("):
        return any(is_legible(one.strip()) for one in size[4:-1].split(","))
    found = LENGTH.fullmatch(size)
    assert found, f"unknown: {size}"
    number, unit = float(found[1]), found[2]
    return number >= {"px": SMALLEST, "rem": SMALLEST / ROOT, "em": 1, "%": 100}[unit]


@pytest.mark.parametrize("sheet", [one for one in SHEETS if one.name != "print.css"], ids=lambda one: one.name)
def test_no_text_is_below_13_px(sheet: Path) -> None:
    assert [size for size in sizes(sheet.read_text()) if not is_legible(size)] == []


def test_no_template_and_no_script_sets_a_size_of_its_own() -> None:
    root = Path(settings.BASE_DIR)
    files = [*(root / "templates").rglob("*.html"), *(root / "web" / "static" / "scripts").glob("*.js")]
    # The sheet of an official document is for paper.
    on_screen = [one for one in files if "documents" not in one.parts]
    assert [one.name for one in on_screen if "font-size" in one.read_text()] == []
    drawn = [(one.name, int(size)) for one in on_screen for size in re.findall(r"fontSize: (\d+)", one.read_text())]
    assert [one for one in drawn if one[1] < SMALLEST] == []
    assert len(drawn) == sum(one.read_text().count("fontSize") for one in on_screen)


@pytest.mark.parametrize("size", ["12px", ".8rem", ".9em", "90%", "max(.8em, 12px)"])
def test_a_small_size_is_noticed(size: str) -> None:
    assert [one for one in sizes(f"p {{ font-size: {size}; }}") if not is_legible(one)] == [size]
