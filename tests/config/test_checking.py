"""The checks check: what they let through and what not."""

import re

import polib
import pytest

from config import checks, testing
from config.testing import Pass
from config.translations import ROOMS, ROOT, complaints_about


def catalogue(*entries: polib.POEntry) -> polib.POFile:
    found = polib.POFile()
    found.extend(entries)
    return found


def entry(msgid: str, msgstr: str = "", **more: object) -> polib.POEntry:
    return polib.POEntry(msgid=msgid, msgstr=msgstr, occurrences=[("web/pages/home.py", "")], **more)


@pytest.mark.parametrize(
    ("known", "complaint"),
    [
        ([], "missing"),
        ([entry("Hello %(name)s")], "untranslated"),
        ([entry("Hello %(name)s", "您好")], "other placeholders"),
        ([entry("Hello %(name)s", "您好,%(name)s", flags=["fuzzy"])], "fuzzy"),
        ([entry("Hello %(name)s", "您好,%(name)s")], None),
    ],
)
def test_every_sentence_needs_its_translation(known: list[polib.POEntry], complaint: str | None) -> None:
    found = list(complaints_about(catalogue(*known), catalogue(entry("Hello %(name)s"))))
    assert [one.split(":")[0] for one in found] == ([complaint] if complaint else [])


@pytest.mark.parametrize(
    ("verdicts", "in_ci", "code"),
    [
        ({"style": "passed", "types": "passed"}, True, 0),
        ({"style": "FAILED", "types": "passed"}, False, 1),
        ({"style": "passed", "translations": "NOT RUN"}, False, 0),
        ({"style": "passed", "translations": "NOT RUN"}, True, 1),
    ],
)
def test_a_check_that_did_not_run_fails_in_ci_only(verdicts: dict[str, str], in_ci: bool, code: int) -> None:
    assert checks.conclude(verdicts, in_ci=in_ci) == code


def test_what_was_not_run_is_named_and_fails_in_ci_only(capsys: pytest.CaptureFixture[str]) -> None:
    passes = [Pass("embedded", ran_names={"a"}, skipped={"b": "no Chromium on this computer"})]
    assert testing.conclude(passes, [], in_ci=False) == 0
    assert "NOT RUN: 1 tests: no Chromium" in capsys.readouterr().out
    assert testing.conclude(passes, [], in_ci=True) == 1


def test_a_missing_server_is_named_and_fails_in_ci_only(capsys: pytest.CaptureFixture[str]) -> None:
    passes = [Pass("embedded", ran_names={"a"})]
    assert testing.conclude(passes, ["PostgreSQL at 127.0.0.1:5432 (TEST_DATABASE_URL)"], in_ci=False) == 0
    assert "NOT RUN: on the servers" in capsys.readouterr().out
    assert testing.conclude(passes, ["PostgreSQL"], in_ci=True) == 1


def test_what_one_pass_skips_and_another_runs_was_run() -> None:
    passes = [Pass("embedded", skipped={"race": "PostgreSQL only"}), Pass("servers", ran_names={"race"})]
    assert testing.skipped_in_every_pass(passes) == {}
    assert testing.conclude(passes, [], in_ci=True) == 0


def test_a_failed_pass_fails() -> None:
    assert testing.conclude([Pass("embedded", code=1, ran_names={"a"})], [], in_ci=False) == 1


def test_sentences_are_marked_by_names_that_the_catalogue_s_reader_knows() -> None:
    """Under another name they would be shown in English, and no check would miss them."""
    renamed = re.compile(r"\b\w*gettext\w* as (?!_\b)\w+")
    code = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    assert code
    assert [str(path) for path in code if renamed.search(path.read_text(encoding="utf-8"))] == []
