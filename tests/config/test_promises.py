"""docs/promises.md names tests that exist: whoever removes or renames one says what holds its promise now."""

import ast
import re
from functools import cache

import pytest

from config.translations import ROOT

ROW = re.compile(r"^\| (\d+) \| (.+) \| (.+) \|$", re.MULTILINE)
TEST = re.compile(r"`([\w/]+\.py)::(\w+)`")
ROWS = ROW.findall((ROOT / "docs" / "promises.md").read_text())
# What may stand in place of a test.
WITHOUT_TESTS = re.compile(r"(In part|Not yet): \w")


@cache
def functions_of(name: str) -> frozenset[str]:
    tree = ast.parse((ROOT / "tests" / name).read_text())
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_all_sixty_have_their_row() -> None:
    assert [int(number) for number, *_ in ROWS] == list(range(1, 61))


@pytest.mark.parametrize(("number", "promise", "holding"), ROWS, ids=[row[0] for row in ROWS])
def test_each_test_that_is_named_is_there(number: str, promise: str, holding: str) -> None:
    named = TEST.findall(holding)
    assert named or WITHOUT_TESTS.match(holding), "neither a test nor why there is none"
    # A slip in a name's form is not passed over as words.
    assert len(named) == holding.count("::")
    assert [f"{file}::{name}" for file, name in named if name not in functions_of(file)] == []


def test_what_is_named_as_long_has_a_long_version() -> None:
    for number, _promise, holding in ROWS:
        if holding.startswith("LONG: "):
            test = ROOT / "tests" / TEST.findall(holding)[0][0]
            files = [file for file in (test, test.parent / "conftest.py") if file.exists()]
            assert any('os.environ.get("LONG")' in file.read_text() for file in files), number
