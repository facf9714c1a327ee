"""Where a table begins: the row of column names under titles and dates, and the lines that are no rows of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from casework.tables.cells import as_text
from casework.tables.columns import Matched, Wanted, is_column_name, match_columns

WITHIN = 30  # rows in which the column names are looked for
SUM = re.compile(r".{0,10}(合计|总计|小计|共计|累计|总和)[:：]?.{0,12}|(grand|sub)?-?total:?.{0,12}", re.I)
FOOT = re.compile(
    r"(填表|填报|制表|审核|审批|复核|负责人|单位|主要领导|分管领导|联系|注|备注|说明|签字|盖章|打印|日期)[^:：]{0,10}[:：].*",
    re.S,
)
# What the first cell of our own template's example says (template.example_of), in either language.
EXAMPLES = ("示例", "example")
NUMBER = re.compile(r"\d+([.,]\d+)?")


@dataclass(frozen=True)
class Header:
    """The column names, and the place of their last line (counted from 0)."""

    names: list[str]
    last: int
    matched: Matched


def find_header(
    lines: Sequence[Sequence[Any]], groups: Sequence[Sequence[Any]], wanted: Wanted | None
) -> Header | None:
    """The header among a file's first lines, or what comes closest to one; None where there is no line at all.

    A header may have two lines, a group's name over the names of its columns. `groups` are the same lines with merged
    cells filled to the right; without columns that are wanted, the first line that says something is the header.
    """
    closest: Header | None = None
    for place, line in enumerate(lines[:WITHIN]):
        names = _names(line)
        if not any(names):
            continue
        if wanted is None:
            return Header(names, place, Matched())
        header = Header(names, place, match_columns(names, wanted.known))
        if place + 1 < len(lines):
            header = _with_second_line(header, _names(groups[place]), _names(lines[place + 1]), wanted)
        if not header.matched.misses(wanted.needed):
            return header
        if closest is None or _closeness(header) > _closeness(closest):
            closest = header
    return closest


def _closeness(header: Header) -> tuple[int, int]:
    """How much of a line is ours; of lines that hold nothing of ours the one that names most columns comes closest."""
    return len(header.matched.places), 0 if header.matched.places else sum(map(bool, header.names))


def _with_second_line(header: Header, above: list[str], below: list[str], wanted: Wanted) -> Header:
    """The header with the line below it, where that one names columns as well; else as it was."""
    width = max(len(header.names), len(below))
    above, below, names = (each + [""] * (width - len(each)) for each in (above, below, header.names))
    known = wanted.known
    joined = [_joined(up, low, wanted) for up, low in zip(above, below, strict=True)]
    for name, low, both in zip(names, below, joined, strict=True):
        if low and low != name and is_column_name(name, known) and not is_column_name(both, known):
            return header  # what stands under a name of ours is no name: a row of the table
    matched = match_columns(joined, wanted.known)
    if len(matched.places) <= len(header.matched.places):
        return header
    return Header(joined, header.last + 1, matched)


def _joined(group: str, name: str, wanted: Wanted) -> str:
    """日期 under 发现 is 发现日期, 村 under 地点 is 村."""
    if not name or name == group or is_column_name(name, wanted.known):
        return name or group
    return group + name if is_column_name(group + name, wanted.known) else name


def _names(line: Sequence[Any]) -> list[str]:
    return [" ".join(as_text(cell)[:200].split()) for cell in line]


def is_no_row(cells: Sequence[Any], header: Header, wanted: Wanted, *, is_first: bool) -> bool:
    """Whether a line of the table is none of its rows: the example of our template, a sum, a signature at the foot, the
    names or the numbers of the columns once more. A line that says what a row must say is always a row, unless it is
    called an example.
    """
    if wanted.examples and any(_closed_up(cell).lower() in EXAMPLES for cell in cells[:1]):
        return True
    places = header.matched.places
    choices = [[each] if isinstance(each, str) else each for each in wanted.needed]
    needed = [places[name] for names in choices for name in names if name in places]
    filled = {place: text for place in needed if place < len(cells) and (text := _closed_up(cells[place]))}
    is_whole = len(filled) >= len(choices) and not any(SUM.fullmatch(text) for text in filled.values())
    if all(_closed_up(header.names[place]) == text for place, text in filled.items()) and len(filled) > 1:
        return True
    if is_whole and not is_first:
        return False  # most rows of most files, and no more is asked of them
    said = [text for text in map(_closed_up, cells) if text]
    if is_first and len(said) > 2 and said == [str(number) for number in range(1, len(said) + 1)]:
        return True
    if any(SUM.fullmatch(text) for text in said[:4]):
        return all(SUM.fullmatch(text) or NUMBER.match(text) for text in filled.values())
    return bool(FOOT.fullmatch(said[0])) and all(FOOT.fullmatch(text) for text in filled.values())


def _closed_up(cell: Any) -> str:
    return "".join(as_text(cell)[:200].split())
