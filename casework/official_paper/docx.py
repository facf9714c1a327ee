"""The parts of an official document as DOCX: margins, grid, faces, exact line pitch, red rule, page numbers."""

from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from casework.values.plain_text import clean_text

TITLE_FACE, BODY_FACE, ITEM_FACE, NUMBER_FACE = "方正小标宋简体", "仿宋_GB2312", "黑体", "宋体"
SECOND_FACE = "楷体_GB2312"
RED = RGBColor(0xD0, 0x02, 0x1B)
PITCH = Pt(28.95)
BODY, LABEL = Pt(16), Pt(14)
# Twips, and 4096ths of a point: 580 twips a line would overflow 22 lines.
LINE_PITCH, CHARACTER_SPACE = 579, -848


def lay_out(document: Any) -> None:
    """The paper of the first section, and page numbers: odd ones right, even ones left."""
    measure(document.sections[0])
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        # One character from the edge of the text.
        indent = "right_indent" if side == WD_ALIGN_PARAGRAPH.RIGHT else "left_indent"
        setattr(paragraph.paragraph_format, indent, LABEL)
        write(paragraph, "— ", face=NUMBER_FACE, size=LABEL)
        _page_field(write(paragraph, "", face=NUMBER_FACE, size=LABEL))
        write(paragraph, " —", face=NUMBER_FACE, size=LABEL)


def measure(section: Any) -> None:
    """A4 with the margins of the standard."""
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)


def put_on_grid(document: Any) -> None:
    """22 lines of 28 characters on each page of every section. The width of a character is that of the usual one and
    the space below it, so the usual one has 16 points. Word and WPS set it so; LibreOffice gives each two places.
    """
    usual = document.styles["Normal"]
    usual.font.size, usual.font.name = BODY, BODY_FACE
    usual.element.rPr.rFonts.set(qn("w:eastAsia"), BODY_FACE)
    for section in document.sections:
        grid = section._sectPr.find(qn("w:docGrid"))
        if grid is None:
            grid = OxmlElement("w:docGrid")
            section._sectPr.append(grid)
        grid.set(qn("w:type"), "linesAndChars")
        grid.set(qn("w:linePitch"), str(LINE_PITCH))
        grid.set(qn("w:charSpace"), str(CHARACTER_SPACE))


def add_line(document: Any, *, centred: bool = False, indented: bool = False, pitch: Any = PITCH) -> Any:
    """A paragraph at the exact pitch; None leaves the height of a line to its characters."""
    return line_of(document.add_paragraph(), centred=centred, indented=indented, pitch=pitch)


def line_of(paragraph: Any, *, centred: bool = False, indented: bool = False, pitch: Any = PITCH) -> Any:
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


def off_the_grid(paragraph: Any) -> Any:
    """A paragraph of larger or smaller characters than the grid's: heads, titles, tables."""
    snap = OxmlElement("w:snapToGrid")
    snap.set(qn("w:val"), "0")
    properties = paragraph._p.get_or_add_pPr()
    # Before what follows it in the schema.
    later = [properties.find(qn(f"w:{name}")) for name in ("spacing", "ind", "jc", "rPr")]
    first = next((one for one in later if one is not None), None)
    properties.append(snap) if first is None else first.addprevious(snap)
    return paragraph


def write(paragraph: Any, words: str, *, face: str = BODY_FACE, size: Any = BODY, red: bool = False) -> Any:
    """Words in a face that is named and not embedded."""
    run = paragraph.add_run(clean_text(words))
    run.font.size, run.font.name = size, face
    run._element.rPr.rFonts.set(qn("w:eastAsia"), face)
    if red:
        run.font.color.rgb = RED
    return run


def red_rule(paragraph: Any) -> None:
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
