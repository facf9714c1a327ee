"""A letter as DOCX in the official layout (GB/T 9704-2012)."""

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from casework.models import LetterKind
from casework.official_paper.docx import (
    BODY_FACE,
    ITEM_FACE,
    LABEL,
    PITCH,
    TITLE_FACE,
    add_line,
    lay_out,
    red_rule,
    write,
)
from casework.official_paper.numerals import numeral
from casework.values.days_in_words import chinese_day
from notifications.letters.content import LetterContent


def write_docx(content: LetterContent) -> bytes:
    """The document, with the faces named and not embedded."""
    document = Document()
    lay_out(document)
    _head(document, content)
    if content.kind == LetterKind.LETTER:
        _letter(document, content)
    else:
        _notice(document, content)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _head(document: Any, content: LetterContent) -> None:
    size = Pt(38) if len(content.issuer) <= 12 else Pt(30)
    head = add_line(document, centred=True, pitch=None)
    if content.kind == LetterKind.LETTER:
        head.paragraph_format.space_before = Mm(35)
    write(head, content.issuer, face=TITLE_FACE, size=size, red=True)
    number = add_line(document, centred=True)
    number.paragraph_format.space_before = PITCH
    write(number, content.number)
    red_rule(number)


def _letter(document: Any, content: LetterContent) -> None:
    title = add_line(document, centred=True)
    title.paragraph_format.space_before = title.paragraph_format.space_after = PITCH
    write(title, content.title, face=TITLE_FACE, size=Pt(22))
    write(add_line(document), f"{content.addressee}：")
    found = f"经查，{content.place}存在以下问题（案号{content.case_number}）：{content.matter}"
    texts = [found]
    if content.basis:
        texts.append(f"上述情形不符合以下规定：{content.basis.removesuffix('。')}。")
    late = (
        f"该问题已交办{content.responsible}整改，整改时限为{chinese_day(content.due_on)}。"
        f"截至本函印发之日，已逾期{content.days_overdue}个工作日仍未完成整改。"
    )
    texts.append(f"{late if content.due_on else ''}现就有关事项督办如下：")
    for text in texts:
        write(add_line(document, indented=True), text)
    for number, words in enumerate(content.requirements, start=1):
        paragraph = add_line(document, indented=True)
        if len(content.requirements) > 1:
            write(paragraph, f"{numeral(number)}、", face=ITEM_FACE)
        write(paragraph, words if words.endswith("。") else f"{words}。")
    write(add_line(document, indented=True), "专此函告。")
    for text in (content.issuer, chinese_day(content.issued_on)):
        closing = add_line(document)
        closing.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        closing.paragraph_format.right_indent = Pt(64)
        write(closing, text)
    _copies(document, content)
    write(add_line(document, centred=True), "签收回执", face=ITEM_FACE)
    _table(
        document,
        [
            ("文号", content.number),
            ("签收单位", content.addressee),
            ("签收人/时间", content.received),
            ("反馈情况", content.feedback),
            *([("审核意见", content.opinion)] if content.opinion else []),
        ],
    )


def _notice(document: Any, content: LetterContent) -> None:
    title = add_line(document, centred=True)
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(14)
    write(title, "督 办 单", face=TITLE_FACE, size=Pt(22))
    lines = content.requirements
    many = len(lines) > 1
    required = "\n".join(f"{numeral(n)}、{words}" if many else words for n, words in enumerate(lines, start=1))
    late = f"（已超期{content.days_overdue}个工作日）" if content.days_overdue else ""
    _table(
        document,
        [
            ("编号", content.number),
            ("督办事项", f"{content.place}（案号{content.case_number}）：{content.matter}"),
            ("依据", content.basis or "—"),
            ("承办/协办单位", "、".join(name for name in (content.organizer, content.co_organizers) if name)),
            ("责任人", content.responsible or "—"),
            ("办理要求", required),
            ("办结时限", f"{chinese_day(content.due_on)}{late}" if content.due_on else "—"),
            ("签发人", f"{content.signer} {chinese_day(content.issued_on)}"),
            ("签收人/时间", content.received),
            ("反馈情况", content.feedback),
            ("审核意见", content.opinion),
        ],
    )
    _copies(document, content)


def _copies(document: Any, content: LetterContent) -> None:
    if content.copies:
        paragraph = add_line(document)
        paragraph.paragraph_format.space_before = Pt(14)
        write(paragraph, f"抄送：{'、'.join(content.copies)}。", size=LABEL)


def _table(document: Any, rows: list[tuple[str, str]]) -> None:
    table = document.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    table.autofit = False
    for label, words in rows:
        row = table.add_row()
        for cell, text, width, face in (
            (row.cells[0], label, Mm(34), ITEM_FACE),
            (row.cells[1], words, Mm(122), BODY_FACE),
        ):
            cell.width = width
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.line_spacing = Pt(22)
            write(paragraph, text, face=face, size=LABEL)
        if not words:
            row.height = Mm(16)
