"""A letter as DOCX in the official layout (GB/T 9704-2012): margins, faces, exact line pitch, page numbers."""

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from casework.days_in_words import chinese_day
from casework.models import LetterKind
from casework.plain_text import clean_text
from notifications.letters.content import LetterContent, numeral

TITLE_FACE, BODY_FACE, ITEM_FACE, NUMBER_FACE = "方正小标宋简体", "仿宋_GB2312", "黑体", "宋体"
RED = RGBColor(0xD0, 0x02, 0x1B)
PITCH = Pt(28.95)
BODY, LABEL = Pt(16), Pt(14)


def write_docx(content: LetterContent) -> bytes:
    """The document, with the faces named and not embedded."""
    document = Document()
    _lay_out(document)
    _head(document, content)
    if content.kind == LetterKind.LETTER:
        _letter(document, content)
    else:
        _notice(document, content)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _lay_out(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    document.settings.odd_and_even_pages_header_footer = True
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        _run(paragraph, "— ", face=NUMBER_FACE, size=LABEL)
        _page_field(_run(paragraph, "", face=NUMBER_FACE, size=LABEL))
        _run(paragraph, " —", face=NUMBER_FACE, size=LABEL)


def _head(document: Any, content: LetterContent) -> None:
    size = Pt(38) if len(content.issuer) <= 12 else Pt(30)
    head = _line(document, centred=True, pitch=None)
    if content.kind == LetterKind.LETTER:
        head.paragraph_format.space_before = Mm(35)
    _run(head, content.issuer, face=TITLE_FACE, size=size, red=True)
    number = _line(document, centred=True)
    number.paragraph_format.space_before = PITCH
    _run(number, content.number)
    _red_rule(number)


def _letter(document: Any, content: LetterContent) -> None:
    title = _line(document, centred=True)
    title.paragraph_format.space_before = title.paragraph_format.space_after = PITCH
    _run(title, content.title, face=TITLE_FACE, size=Pt(22))
    _run(_line(document), f"{content.addressee}：")
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
        _run(_line(document, indented=True), text)
    for number, words in enumerate(content.requirements, start=1):
        paragraph = _line(document, indented=True)
        if len(content.requirements) > 1:
            _run(paragraph, f"{numeral(number)}、", face=ITEM_FACE)
        _run(paragraph, words if words.endswith("。") else f"{words}。")
    _run(_line(document, indented=True), "专此函告。")
    for text in (content.issuer, chinese_day(content.issued_on)):
        closing = _line(document)
        closing.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        closing.paragraph_format.right_indent = Pt(64)
        _run(closing, text)
    _copies(document, content)
    _run(_line(document, centred=True), "签收回执", face=ITEM_FACE)
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
    title = _line(document, centred=True)
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(14)
    _run(title, "督 办 单", face=TITLE_FACE, size=Pt(22))
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
        paragraph = _line(document)
        paragraph.paragraph_format.space_before = Pt(14)
        _run(paragraph, f"抄送：{'、'.join(content.copies)}。", size=LABEL)


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
            _run(paragraph, text, face=face, size=LABEL)
        if not words:
            row.height = Mm(16)


def _line(document: Any, *, centred: bool = False, indented: bool = False, pitch: Any = PITCH) -> Any:
    paragraph = document.add_paragraph()
    layout = paragraph.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    if pitch is not None:
        layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        layout.line_spacing = pitch
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if indented:
        layout.first_line_indent = BODY * 2
    return paragraph


def _run(paragraph: Any, words: str, *, face: str = BODY_FACE, size: Any = BODY, red: bool = False) -> Any:
    run = paragraph.add_run(clean_text(words))
    run.font.size, run.font.name = size, face
    run._element.rPr.rFonts.set(qn("w:eastAsia"), face)
    if red:
        run.font.color.rgb = RED
    return run


def _red_rule(paragraph: Any) -> None:
    """The red line, 4 mm below the document number."""
    borders = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "11"), ("color", "D0021B")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().append(borders)


def _page_field(run: Any) -> None:
    for kind, words in (("begin", None), (None, "PAGE"), ("end", None)):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = words
        run._r.append(element)
