"""Column names, in English and Chinese."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.tables.reading import Table

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
    "unit_code": ("单位代码", "unit code", "unit"),
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
    "village_code": ("村代码", "村编码", "区划代码"),
    "found_on": ("发现日期",),
    "fact_on": ("发生日期", "事实日期"),
    "category": ("问题类别", "类别"),
    "severity": ("严重程度",),
    "description": ("问题描述", "问题"),
    "required_action": ("整改要求",),
    "due_days": ("整改天数", "整改时限(工作日)", "工作日"),
    "source": ("问题来源", "来源"),
    "object": ("问题对象", "对象"),
    "closed_on": ("销号日期",),
}


def columns_of(
    table: Table, known: Mapping[str, Sequence[str]], *, needed: Sequence[str]
) -> tuple[dict[str, str], list[str]]:
    """(our name → the file's name, the file's columns that are not read). Refuses a file without a needed column."""
    found: dict[str, str] = {}
    unknown = []
    for column in table.columns:
        plain = column.strip().lower().replace("（", "(").replace("）", ")")
        ours = next((name for name, others in known.items() if plain == name or plain in others), None)
        if ours is None or ours in found:
            if plain != "reason":
                unknown.append(column)
        else:
            found[ours] = column
    missing = [name for name in needed if name not in found]
    if missing:
        raise Invalid(
            "columns_missing",
            _("These columns are missing: %(columns)s. The file has: %(found)s.")
            % {"columns": ", ".join(missing), "found": ", ".join(table.columns)},
        )
    return found, unknown


def cells_of(cells: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """A row's cells under our own names; a column that the file lacks is empty."""
    return {ours: cells.get(theirs, "") for ours, theirs in columns.items()}
