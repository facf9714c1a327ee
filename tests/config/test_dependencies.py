"""docs/dependencies.md has its three lines for each package that pyproject.toml names, and for no other; the locks hold it."""

import re
import tomllib

import pytest

from config.translations import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
SECTIONS = (ROOT / "docs" / "dependencies.md").read_text().split("\n## ")
RUNS, TESTS = (next(part for part in SECTIONS if part.startswith(title)) for title in ("What runs", "What tests"))


def package(requirement: str) -> str:
    return re.split(r"[\[<>=~ ]", requirement)[0].lower()


def described(section: str) -> set[str]:
    heads = re.findall(r"^\*\*.*$", section, re.MULTILINE)
    return {name.lower() for head in heads for name in re.findall(r"\*\*([\w-]+)\*\*", head)}


def locked(file: str) -> set[str]:
    return set(re.findall(r"^([\w.-]+)==", (ROOT / file).read_text().lower(), re.MULTILINE))


def test_what_runs_is_described() -> None:
    assert described(RUNS) == {package(one) for one in PROJECT["project"]["dependencies"]}


def test_what_tests_is_described() -> None:
    named = {package(one) for one in PROJECT["dependency-groups"]["dev"]}
    assert described(TESTS) == named


@pytest.mark.parametrize("section", [RUNS, TESTS], ids=["runs", "tests"])
def test_each_has_three_lines(section: str) -> None:
    entries = [entry for entry in section.strip().split("\n\n") if entry.startswith("**")]
    assert [entry for entry in entries if len(entry.splitlines()) != 3] == []


def test_the_locks_hold_it() -> None:
    runs = {package(one) for one in PROJECT["project"]["dependencies"]}
    assert runs <= locked("requirements.lock") <= locked("requirements-dev.lock")
    assert {package(one) for one in PROJECT["dependency-groups"]["dev"]} <= locked("requirements-dev.lock")
