"""Numbers of clauses, as documents write them, and a pasted text as its clauses."""

import re
from dataclasses import dataclass

FIGURES = "〇零一二两三四五六七八九"
SIGNS = f"{FIGURES}十百千"
_VALUES = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_UNITS = {"十": 10, "百": 100, "千": 1000}
# 第五条, 第12条, 五、, 5. or 5.2 with a space behind: at the beginning of a line.
LABEL = re.compile(
    rf"\s*(?P<label>第\s*(?P<article>\d{{1,4}}(?:\.\d{{1,3}})*|[{SIGNS}]{{1,8}})\s*条|(?P<listed>[{SIGNS}]{{1,8}})、"
    r"|(?P<digits>\d{1,4}(?:\.\d{1,3})*)(?:[、.．](?!\d)|(?=\s)))[\s　:：]*"
)
CITED = re.compile(rf"第(\d{{1,4}}(?:\.\d{{1,3}})*|[{SIGNS}]{{1,8}})条")


@dataclass(frozen=True)
class Clause:
    number: str
    label: str
    words: str


def number_of(written: str) -> str:
    """A number as it is compared: “十二”, “12” and “１２” are "12"."""
    if written[0] in SIGNS:
        return str(_counted(written))
    return ".".join(str(int(part)) for part in written.split("."))


def _counted(signs: str) -> int:
    if not any(sign in _UNITS for sign in signs):
        return int("".join(str(_VALUES[sign]) for sign in signs))
    total = figure = 0
    for sign in signs:
        if sign in _UNITS:
            total += (figure or 1) * _UNITS[sign]
            figure = 0
        else:
            figure = _VALUES[sign]
    return total + figure


def read_clauses(text: str) -> tuple[list[Clause], str]:
    """The clauses of a text, in which each begins on a line of its own with its number; and what stands before the
    first one.
    """
    found: list[tuple[str, str, list[str]]] = []
    before: list[str] = []
    for line in text.splitlines():
        match = LABEL.match(line)
        if match is not None:
            written = match["article"] or match["listed"] or match["digits"]
            found.append((number_of(written), match["label"].strip(), [line[match.end() :].strip()]))
        elif line.strip():
            (found[-1][2] if found else before).append(line.strip())
    clauses = [Clause(number, label, "\n".join(line for line in lines if line)) for number, label, lines in found]
    return clauses, "\n".join(before)
