"""Column names, in English and Chinese, and how a file's own names are matched with them."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.values.plain_text import clean_text

if TYPE_CHECKING:
    from casework.tables.parsing import Table

# Our name → what offices call the column, the name that we would choose first. Case, spaces, width and signs around a
# name don't count.
UNITS: Mapping[str, Sequence[str]] = {
    "code": ("代码", "区划代码"),
    "name": ("名称",),
    "parent_code": ("上级代码",),
    "level": ("级别",),
    "has_committee": ("设有村监委",),
}
PEOPLE: Mapping[str, Sequence[str]] = {
    "name": ("姓名",),
    "phone": ("手机号", "手机", "电话"),
    "unit_code": ("单位代码", "村代码", "区划代码", "unit code", "unit"),
    "county": ("县区", "县(区)", "县(市、区)", "县市区", "区县"),
    "town": ("乡镇", "乡镇(街道)", "乡(镇)", "镇街", "街道", "所属乡镇"),
    "village": ("村", "村名", "村名称", "村(社区)", "村社区", "行政村", "所属村"),
    "role": ("角色", "岗位"),
    "from": ("起", "任期起", "valid_from"),
    "until": ("止", "任期止", "valid_until"),
}
RESPONSIBILITIES: Mapping[str, Sequence[str]] = {
    "order": ("序号",),
    "name": ("名称", "单位"),
    "group": ("类别",),
    "division_prefixes": ("区划代码",),
    "exclude_prefixes": ("除外代码",),
    "note": ("备注",),
}
FINDINGS: Mapping[str, Sequence[str]] = {
    "finding_no": ("编号", "问题编号", "问题清单编号"),
    "county": ("县区", "县(区)", "县(市、区)", "县市区", "区县"),
    "town": ("乡镇", "乡镇(街道)", "乡(镇)", "镇街", "街道", "所属乡镇"),
    "village": ("村", "村名", "村名称", "村(社区)", "村社区", "行政村", "所属村"),
    "village_code": ("村代码", "村编码", "村(社区)代码", "区划代码", "行政区划代码"),
    "found_on": ("发现日期", "发现时间", "检查日期", "检查时间"),
    "fact_on": ("发生日期", "发生时间", "事实日期"),
    "category": ("问题类别", "类别", "问题类型"),
    "severity": ("严重程度",),
    "description": ("问题描述", "问题", "存在问题", "存在的问题", "发现问题", "发现的问题", "问题内容"),
    "required_action": ("整改要求",),
    "due_days": ("整改天数", "整改时限(工作日)", "工作日", "working days"),
    "source": ("问题来源", "来源"),
    "object": ("问题对象", "对象"),
    "inspector": ("检查人", "检查人员", "检查员", "发现人"),
    "progress": ("进展", "整改进展"),
    "is_closed": ("是否销号",),
    "closed_on": ("销号日期", "销号时间", "struck off on"),
    "photos": ("照片", "照片文件名", "现场照片", "整改前照片", "图片"),
}
# What the file of refused rows adds: ours, in either language, and never a column of the office's.
REASONS = ("原因", "reason")


@dataclass(frozen=True)
class Wanted:
    """The columns that a kind of file is read for: their names, those it can't do without (of each choice one), and
    those that hold days, where a bare number is a day by the workbook's own way of counting. `examples`: a row whose
    first cell says that it is an example is passed over.
    """

    known: Mapping[str, Sequence[str]]
    needed: Sequence[str | Sequence[str]]
    days: frozenset[str] = frozenset()
    examples: bool = False


UNIT_COLUMNS = Wanted(UNITS, ("code", "name", "parent_code", "level"))
PEOPLE_COLUMNS = Wanted(
    PEOPLE, ("name", "phone", ("unit_code", "village", "town"), "role"), frozenset({"from", "until"})
)
RESPONSIBILITY_COLUMNS = Wanted(RESPONSIBILITIES, ("name", "division_prefixes"))
FINDING_COLUMNS = Wanted(
    FINDINGS,
    (("village_code", "village"), "found_on", "description"),
    frozenset({"found_on", "fact_on", "closed_on"}),
    examples=True,
)


def with_names(wanted: Wanted, chosen: Mapping[str, str]) -> Wanted:
    """The same, with names that an office has for our columns: the file's name → ours. Behind the name that we would
    choose ourselves, before all others.
    """
    theirs = {column_key(name) for name in chosen}
    known = {
        ours: (
            others[0],
            *(name for name, meant in chosen.items() if meant == ours),
            *(name for name in others[1:] if column_key(name) not in theirs),
        )
        for ours, others in wanted.known.items()
    }
    return replace(wanted, known=known)


@dataclass
class Matched:
    """Which of a header's columns are ours, by their places."""

    places: dict[str, int] = field(default_factory=dict)
    twice: list[str] = field(default_factory=list)

    def misses(self, needed: Sequence[str | Sequence[str]]) -> list[str]:
        """Of each needed column that isn't there its first name."""
        choices = [[each] if isinstance(each, str) else list(each) for each in needed]
        return [names[0] for names in choices if not any(name in self.places for name in names)]


def match_columns(names: Sequence[str], known: Mapping[str, Sequence[str]]) -> Matched:
    """Find our columns in a header. Where a file has two names for one of ours, the one we would choose first counts;
    the same name twice is told, since nobody knows which column is meant.
    """
    ranks = {
        column_key(name): (ours, rank) for ours, others in known.items() for rank, name in enumerate((*others, ours))
    }
    best: dict[str, tuple[int, int]] = {}
    twice = []
    for place, name in enumerate(names):
        ours, rank = ranks.get(column_key(name)) or ranks.get(column_key(re.sub(r"[(（\[【].*$", "", name))) or ("", 0)
        if not ours:
            continue
        if ours in best and best[ours][0] == rank:
            twice.append(name)
        elif ours not in best or rank < best[ours][0]:
            best[ours] = (rank, place)
    return Matched({ours: place for ours, (_rank, place) in best.items()}, twice)


def is_column_name(name: str, known: Mapping[str, Sequence[str]]) -> bool:
    """Whether these words, with nothing left out, are the name of one of our columns."""
    key = column_key(name)
    return bool(key) and any(key == column_key(each) for ours, others in known.items() for each in (*others, ours))


@lru_cache(maxsize=5000)
def column_key(name: str) -> str:
    """A column's name without spaces, width, case and the signs that offices put around it: “* 发现 日期：” too."""
    plain = unicodedata.normalize("NFKC", clean_text(name[:100])).lower()
    plain = "".join(sign for sign in plain if not sign.isspace() and unicodedata.category(sign) != "Cf")
    return plain.replace("_", "").strip("*:.、。'\"[]【】-#★※")


def columns_of(
    table: "Table", known: Mapping[str, Sequence[str]], *, needed: Sequence[str | Sequence[str]]
) -> tuple[dict[str, str], list[str]]:
    """(our name → the file's name, the file's columns that are not read). Refuses a file without a needed column."""
    matched = match_columns(table.columns, known)
    require_columns(matched, table.columns, Wanted(known, needed), row=table.header_row)
    found = {ours: table.columns[place] for ours, place in matched.places.items()}
    unknown = [name for name in table.columns if name not in found.values() and column_key(name) not in REASONS]
    return found, unknown


def require_columns(matched: Matched, names: Sequence[str], wanted: Wanted, *, row: int) -> None:
    if matched.twice:
        raise Invalid(
            "column_twice",
            _("These columns stand in the file twice: %(columns)s. Keep one of each.")
            % {"columns": listed(matched.twice)},
        )
    missing = matched.misses(wanted.needed)
    if missing:
        raise Invalid(
            "columns_missing",
            _(
                "These columns are missing: %(columns)s. Row %(row)d was taken for the column names; it says: %(found)s. "
                "Write the missing names there."
            )
            % {
                "columns": listed([name_of(ours, wanted.known) for ours in missing]),
                "row": row,
                "found": listed([name for name in names if name]),
            },
        )


def name_of(ours: str, known: Mapping[str, Sequence[str]]) -> str:
    """A column's name for the reader: the office's own where the page is Chinese."""
    return known[ours][0] if (get_language() or "").startswith("zh") else ours


def listed(names: Sequence[str]) -> str:
    """Names in a sentence of the reader's language; of very many the first."""
    comma = "、" if (get_language() or "").startswith("zh") else ", "
    few = comma.join(name[:30] for name in names[:20])
    return f"{few} …" if len(names) > 20 else few


def cells_of(cells: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """A row's cells under our own names; a column that the file lacks is empty."""
    return {ours: cells.get(theirs, "") for ours, theirs in columns.items()}
