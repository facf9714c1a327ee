"""A handover as an official paper: its words, in the order in which they are set. Always in Chinese."""

from dataclasses import dataclass

from casework.stages import Role
from casework.values.days_in_words import chinese_day
from casework.working_time.deadlines import local_day
from oversight.handover.records import HandoverPack, ItemKind, LineKind, Outcome, Side

TITLE = "村级监督岗位工作移交清单"
NAMES_OF_LINES = {
    LineKind.CASE: "未办结问题",
    LineKind.EXTENSION: "已提出未审批的延期",
    LineKind.WATCHED: "巩固期内问题",
    LineKind.LETTER: "未签收的督办文书",
    LineKind.REQUIREMENT: "未落实的整改要求",
}
NAMES_OF_ITEMS = {
    ItemKind.SEAL: "印章",
    ItemKind.LEDGER: "台账资料",
    ItemKind.CONTRACT: "合同",
    ItemKind.DEBT: "债权债务",
    ItemKind.OBJECT: "明白墙及其他物品",
    ItemKind.OTHER: "其他事项",
}
NAMES_OF_SIDES = {Side.OUTGOING: "移交人", Side.INCOMING: "接收人", Side.WITNESS: "监交人"}
ROLES = {
    Role.COMMITTEE_HEAD: "村监委会主任",
    Role.COMMITTEE_MEMBER: "村监委会委员",
    Role.DEPARTMENT_MEMBER: "部门经办人",
}
OUTCOMES = {Outcome.REFUSED: "拒绝签字", Outcome.ABSENT: "未到场"}


@dataclass(frozen=True)
class HandoverContent:
    """`tables` are pairs of a heading and rows of (number, words, day); `signatures` are (place, words)."""

    unit: str
    title: str
    opening: str
    tables: list[tuple[str, list[tuple[str, str, str]]]]
    items: list[tuple[str, str, str, str]]
    signatures: list[tuple[str, str]]


def content_of(pack: HandoverPack) -> HandoverContent:
    """The paper as it stands today: the frozen list, and the signatures so far."""
    role = ROLES.get(Role(pack.role), "")
    began = f"自{chinese_day(pack.began_on)}" if pack.began_on else ""
    opening = (
        f"{pack.unit_name}{role}{pack.outgoing_name}{began}任职，至{chinese_day(pack.ended_on)}任期结束。"
        "现将该岗位未办结事项列清移交，原承诺时限不变，由接任者继续办理。"
    )
    lines: dict[str, list[tuple[str, str, str]]] = {}
    for line in pack.lines.all():
        day = chinese_day(line.due_on) if line.due_on else "—"
        lines.setdefault(line.kind, []).append((line.number or "—", line.words, day))
    tables = [(NAMES_OF_LINES[kind], lines.get(kind, [])) for kind in LineKind]
    items = [
        (NAMES_OF_ITEMS[ItemKind(item.kind)], item.words, "是" if item.is_handed_over else "否", item.remark)
        for item in pack.items.exclude(words="")
    ]
    signed = {one.side: one for one in pack.signatures.select_related("by")}
    signatures = []
    for side in Side:
        one = signed.get(side)
        if one is None:
            words = ""
        elif one.outcome == Outcome.SIGNED:
            words = f"{one.name}　{chinese_day(local_day(one.at))}"
            words += f"（{one.words}）" if one.words else ""
        else:
            words = f"{one.name} {OUTCOMES[Outcome(one.outcome)]}：{one.words}（{one.by.name}记录）"
        signatures.append((NAMES_OF_SIDES[side], words))
    return HandoverContent(pack.unit_name, TITLE, opening, tables, items, signatures)
