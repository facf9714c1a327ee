"""What the sheet of a draw says: an official paper, in Chinese whoever prints it. Signed by those who were in the room."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime

from casework.models import Person
from casework.values.days_in_words import chinese_day
from oversight.spot_checks.frozen_list import Rule
from oversight.spot_checks.reading import DrawToRead, record_of

RULES = {Rule.KEY: "重点村", Rule.YEAR: "一年未查", Rule.LOT: "抽签"}
# So much of a ticket tells any two apart; the replay computes all of it.
TICKET = 16
COLUMNS = ("序", "村", "乡镇", "依据", "权重", "签号（前16位）", "检查人")


@dataclass(frozen=True)
class Sheet:
    """Facts in order, the villages in `rows`, what follows them, and the record as lines of text."""

    title: str
    file_name: str
    facts: list[tuple[str, str]]
    dice: list[tuple[str, str]]
    is_waiting_for_dice: bool
    rows: list[tuple[str, ...]]
    notes: list[str]
    signers: list[str]
    record: list[str]


def sheet_of(found: DrawToRead) -> Sheet:
    draw, seed, plan = found.draw, found.seed, found.draw.plan
    facts = [
        ("检查目的", plan.purpose),
        ("范围", draw.area.name),
        ("检查时间", f"{chinese_day(found.listed.first_day)}至{chinese_day(found.listed.last_day)}"),
        ("方式", "预先通知" if plan.is_announced else "不预先通知"),
        ("年度计划", "列入年度检查计划" if plan.is_in_yearly_plan else f"未列入，理由：{plan.unplanned_reason}"),
        ("规则", rules_in_words(found)),
        ("名单固定", f"{_moment(draw.at)}，经办人{draw.by}"),
        ("名单哈希值（SHA-256）", draw.sha256),
        ("种子来源", f"公开信标“{draw.beacon}”第{draw.beacon_round}期" if draw.beacon else "现场掷骰子"),
    ]
    if plan.basis is not None:
        facts.insert(1, ("依据文件", str(plan.basis)))
    if draw.earlier is not None:
        facts.append(("重新抽签", f"{_moment(draw.earlier.at)}已抽签，本次理由：{draw.reason}"))
    if seed is not None:
        facts += [("种子", seed.value), ("种子录入", f"{_moment(seed.at)}，录入人{seed.by}")]
    dice = [(one["name"], one["faces"]) for one in seed.dice] if seed else []
    return Sheet(
        title=f"{draw.area.name}“双随机”抽查抽签单",
        file_name=f"抽签单-{draw.area.name}-{draw.sha256[:8]}",
        facts=facts,
        dice=dice,
        is_waiting_for_dice=seed is None and not draw.beacon,
        rows=_rows(found),
        notes=_notes(found),
        signers=[name for name, _faces in dice] or ["", "", ""],
        record=record_of(found).as_text().splitlines(),
    )


def rules_in_words(found: DrawToRead) -> str:
    listed, counts = found.listed, found.counts
    keys = "全部检查" if listed.key_share == 100 else f"按签号检查{listed.key_share}%"
    return (
        f"名单共{len(listed.villages)}个村：重点村{counts[Rule.KEY]}个，{keys}；"
        f"一年未查的村{counts[Rule.YEAR]}个，按签号至多检查{listed.yearly}个；其余按权重抽{listed.lot}个，签号小者先。"
        f"检查人{len(listed.inspectors)}名，不去本人任职过的乡镇。"
    )


def _rows(found: DrawToRead) -> list[tuple[str, ...]]:
    weights = {one.listed.code: str(one.listed.weight) for one in found.villages}
    return [
        (
            str(one.rank),
            one.village.name,
            one.village.parent.name if one.village.parent else "",
            f"替换{one.replaces.village.name}" if one.replaces is not None else RULES[Rule(one.rule)],
            weights.get(one.village.code, ""),
            one.ticket[:TICKET],
            _name(one.inspector),
        )
        for one in found.drawn
    ]


def _notes(found: DrawToRead) -> list[str]:
    notes = [
        f"{one.village.name}不再检查：{one.excuse.reason}（{_moment(one.excuse.at)}，{one.excuse.by}）"
        for one in found.drawn
        if getattr(one, "excuse", None) is not None
    ]
    if found.reserve:
        following = "、".join(
            f"{one.village.name if one.village else one.code}（{one.ticket.value[:TICKET]}）" for one in found.reserve
        )
        notes.append(f"替补顺序：{following}")
    notes.append("哈希值公布和重演：系统内“重演抽签”页（/spot-checks/replay），或命令manage.py replay_draw。")
    return notes


def _name(person: Person | None) -> str:
    return str(person) if person is not None else "无人可去"


def _moment(at: datetime) -> str:
    local = localtime(at)
    return f"{chinese_day(local.date())}{local:%H:%M:%S}"
