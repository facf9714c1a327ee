"""Where Chinese stands, punctuation is full-width: in the catalogue, the templates, the README, the demo's and the letters'
texts.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django import forms
from django.utils import translation

from config.translations import CATALOGUE, ROOT

HAN = "[\u3400-\u9fff\u3000-\u303f\uff00-\uffef“”]"
HALF_WIDTH = re.compile(rf"{HAN} ?[,:;!?()]|[,:;!?()] ?{HAN}")
# What a sentence carries counts as Chinese; what a program reads is none of its punctuation.
VALUE = re.compile(r"%\(\w+\)(?:\.\d+)?[sdf]|%[sd]|\{[^{}]*\}|\u2026")
CODE = re.compile(r"https?://\S+|\d[:,]\d")
# Values set side by side by hand, with English punctuation between them: such a sentence is translated as a whole.
GLUED = re.compile(r"(?:%\}|\}\}) ?[,;:(](?= ?(?:<\w+>|\{\{|\{%))|\((?=\{\{)")
WHOLE_SENTENCE = re.compile(r"\{% blocktranslate.*?%\}.*?\{% endblocktranslate %\}", re.DOTALL)
# Patterns that read what people typed, names of columns, and the source of a calendar as it was stored.
FOR_PROGRAMS = (
    "recognition/",
    "tables/",
    "offices/villages.py",
    "lifecycle/finding_rows.py",
    "channels/smtp_replies.py",
    "lifecycle/planning.py",
    "defaults/calendar.py",
    "pages/fields.py",
    "documents/numbers.py",
    "bulletins/wording.py",
    "public_page/masking.py",
    "rules/reading.py",
    "migrations/",
)


def is_half_width(words: str) -> bool:
    return (
        HALF_WIDTH.search(CODE.sub("", VALUE.sub("某", words))) is not None
        if re.search("[\u3400-\u9fff]", words)
        else False
    )


def texts_of(path: Path) -> Iterator[str]:
    """The strings of a module that are no documentation; an f-string with its values left open."""
    tree = ast.parse(path.read_text())
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation | inside:
            yield node.value


@pytest.mark.parametrize(
    ("words", "is_wrong"),
    [
        ("最多 20 个,每个 20 MB", True),
        ("县(区)", True),
        ("原因:%(why)s", True),
        ("%(number)s, 请核对", True),
        ("谁签的名?", True),
        ("最多 20 个，每个 20 MB", False),
        ("今天 10:30，共 1,200 件", False),
        ("见 http://127.0.0.1:8000 的页面", False),
        ("Look at it, please", False),
    ],
)
def test_the_rule_sees_what_a_reader_would(words: str, is_wrong: bool) -> None:
    assert is_half_width(words) is is_wrong


def test_every_sentence_of_the_catalogue() -> None:
    entries = polib.pofile(str(ROOT / CATALOGUE))
    sentences = [words for one in entries for words in (one.msgstr, *one.msgstr_plural.values())]
    assert [words for words in sentences if is_half_width(words)] == []


def test_every_chinese_text_of_the_templates() -> None:
    found = []
    for path in (ROOT / "templates").rglob("*.html"):
        page = path.read_text()
        # The words between tags, without what the template's own language says.
        words = re.sub(r"<style.*?</style>|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", "\n", page, flags=re.DOTALL)
        found += [(path.name, line.strip()) for line in words.splitlines() if is_half_width(line)]
        page = page.replace("|floatformat:5 }}, {{", "")  # a position
        glued = GLUED.search(WHOLE_SENTENCE.sub("", re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL)))
        found += [(path.name, page[max(0, glued.start() - 30) : glued.end() + 30])] if glued else []
    assert found == []


def test_every_line_of_the_chinese_readme() -> None:
    # Without what stands in backquotes, the targets of links, and commands in front of their explanation.
    words = re.sub(
        r"`[^`\n]+`|(?<=\])\(\S+?\)|^manage\.py .*?  ", "某", (ROOT / "README.zh-CN.md").read_text(), flags=re.M
    )
    assert [line for line in words.splitlines() if is_half_width(line)] == []


@pytest.mark.parametrize("room", ["casework", "flows", "notifications", "oversight", "web"])
def test_every_chinese_text_of_the_code(room: str) -> None:
    found = [
        (path.name, words)
        for path in sorted((ROOT / room).rglob("*.py"))
        if not any(part in path.as_posix() for part in FOR_PROGRAMS)
        for words in texts_of(path)
        if is_half_width(words)
    ]
    assert found == []


def test_the_label_of_a_field_ends_in_the_colon_of_the_language() -> None:
    class Named(forms.Form):
        name = forms.CharField(label="方面")

    with translation.override("zh-hans"):
        assert ">方面：</label>" in Named()["name"].label_tag()
    with translation.override("en"):
        assert ">方面:</label>" in Named()["name"].label_tag()
