"""A bulletin as DOCX and PDF in the layout of GB/T 9704: opened again and measured."""

import io
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Pt

from casework.official_paper import faces
from oversight.bulletins import chart as chart_module
from oversight.bulletins.chart import chart_of, png_of
from oversight.bulletins.content import AnnexRow, BulletinContent, Line, Point, line_of, published_content
from oversight.bulletins.docx import write_docx
from oversight.bulletins.pdf import write_pdf
from oversight.rates import rate

UNITS = (
    "市纪委监委",
    "市委组织部",
    "市财政局",
    "市民政局",
    "市农业农村局",
    "市乡村振兴局",
    "市委驻村办",
    "青禾区",
    "云溪县",
)
ISSUER = "澄川市阳光澄川建设工作领导小组办公室"


def point(unit: str, part: int, whole: int) -> Point:
    one = rate(part, whole)
    return Point(unit, part, whole, one.share or 0, one.low or 0, one.high or 0)


BULLETIN = BulletinContent(
    issuer=ISSUER,
    number="澄阳光建办〔2026〕3号",
    issue=1,
    total=6,
    title="2026年1—2月份全市村务监督工作推进情况通报",
    addressed_to="各成员单位",
    lines=(
        line_of("按照《村务监督办法》（澄阳光建办〔2020〕8号）的要求，现将有关情况通报如下："),
        Line(1, "一、存在问题", ""),
        line_of("期内发现的22件问题，已办结6件，占比27%；正在办理16件，占比73%。"),
        Line(1, "二、下步要求", ""),
        line_of("（一）进一步明确职责任务。按时报送进展。"),
    ),
    annex_title="2026年1—2月份全市各成员单位工作情况表",
    annex=tuple(AnnexRow(unit, ("1", "1", "22", "6", "8", "2", "2", "44", "30")) for unit in UNITS),
    points=(point("青禾区", 3, 12), point("云溪县", 20, 24)),
    usual=0.4,
    copied_to="市委办公室，市政府办公室",
    issued_on=date(2026, 3, 19),
)


def opened(content: BulletinContent) -> Any:
    return Document(io.BytesIO(write_docx(content)))


def paragraph_with(document: Any, words: str) -> Any:
    return next(one for one in document.paragraphs if words in one.text)


def face_of(run: Any) -> str:
    return str(run._element.rPr.rFonts.get(qn("w:eastAsia")))


def twips(length: Any) -> int:
    return round(length / 635)


def pages_of(content: BulletinContent, folder: Path) -> list[str]:
    file = folder / "bulletin.pdf"
    file.write_bytes(write_pdf(content))
    done = subprocess.run([str(shutil.which("pdftotext")), "-layout", str(file), "-"], capture_output=True, check=True)
    return done.stdout.decode().split("\f")[:-1]


def test_margins_and_grid_of_every_section() -> None:
    document = opened(BULLETIN)
    for section in document.sections:
        margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
        assert tuple(map(twips, margins)) == (2098, 1984, 1587, 1474)
        grid = section._sectPr.find(qn("w:docGrid"))
        measures = [grid.get(qn(f"w:{name}")) for name in ("type", "linePitch", "charSpace")]
        assert measures == ["linesAndChars", "579", "-848"]
    # 28 characters of 16 points less the space of the grid are the 156 mm of the text.
    assert document.styles["Normal"].font.size == Pt(16)


def test_every_line_of_the_body_has_the_exact_pitch_and_begins_two_characters_in() -> None:
    document = opened(BULLETIN)
    for words in ("按照", "一、存在问题", "期内发现", "（一）进一步"):
        layout = paragraph_with(document, words).paragraph_format
        assert layout.line_spacing_rule == WD_LINE_SPACING.EXACTLY
        assert abs(layout.line_spacing - Pt(28.95)) < Pt(0.1)
        assert layout.first_line_indent == Pt(32)
    assert paragraph_with(document, "各成员单位：").paragraph_format.first_line_indent is None


def test_faces_are_named_by_level_and_none_is_embedded() -> None:
    document = opened(BULLETIN)
    expected = {
        "期内发现": "仿宋_GB2312",
        "一、存在问题": "黑体",
        "2026年1—2月份全市村务监督工作推进情况通报（一）": "方正小标宋简体",
        "（总第6期）": "楷体_GB2312",
    }
    assert {words: face_of(paragraph_with(document, words).runs[0]) for words in expected} == expected
    second = paragraph_with(document, "（一）进一步").runs
    assert [(run.text, face_of(run)) for run in second] == [
        ("（一）进一步明确职责任务。", "楷体_GB2312"),
        ("按时报送进展。", "仿宋_GB2312"),
    ]
    assert not any(run.bold for one in document.paragraphs for run in one.runs)
    assert not [
        part
        for part in document.part.package.iter_parts()
        if "font" in str(part.partname).lower() and part.content_type.startswith("application/x-font")
    ]


def test_red_head_number_and_rule() -> None:
    document = opened(BULLETIN)
    head, number = document.paragraphs[0], paragraph_with(document, "〔2026〕3号")
    assert head.text == ISSUER and str(head.runs[0].font.color.rgb) == "D0021B"
    assert head.runs[0].font.size <= Pt(442 / len(ISSUER)), "one line of 156 mm"
    assert number.alignment == WD_ALIGN_PARAGRAPH.CENTER
    rule = number._p.pPr.find(qn("w:pBdr")).find(qn("w:bottom"))
    assert rule.get(qn("w:color")) == "D0021B"


def test_the_signature_ends_two_characters_from_the_right() -> None:
    document = opened(BULLETIN)
    signed = [one for one in document.paragraphs if one.text in (ISSUER, "2026年3月19日")][1:]
    assert [one.text for one in signed] == [ISSUER, "2026年3月19日"]
    assert all(
        one.alignment == WD_ALIGN_PARAGRAPH.RIGHT and one.paragraph_format.right_indent == Pt(32) for one in signed
    )


def with_lines(count: int) -> BulletinContent:
    lines = [Line(0, "", f"第{n}件，已经办结。") for n in range(count)]
    return replace(BULLETIN, lines=(*lines, Line(0, "", "整改意见："), Line(0, "", "各村逐面排查明白墙，月底前修复。")))


@pytest.mark.parametrize("count", range(14, 38, 4))
def test_the_signature_stands_on_no_page_without_text_and_no_heading_ends_a_page(count: int, tmp_path: Path) -> None:
    """Whatever is left of the page: with the signature goes the last paragraph, and what announces it."""
    pages = pages_of(with_lines(count), tmp_path)
    signed = next(page for page in pages if "2026年3月19日" in "".join(page.split()) and "印发" not in page)
    assert "整改意见：各村逐面排查明白墙" in "".join(signed.split())


def test_in_the_docx_too() -> None:
    paragraphs = opened(with_lines(3)).paragraphs
    place = next(n for n, one in enumerate(paragraphs) if one.text == "整改意见：")
    assert [one.paragraph_format.keep_with_next for one in paragraphs[place : place + 5]] == [True] * 5


def test_odd_page_numbers_stand_right_and_even_ones_left() -> None:
    document = opened(BULLETIN)
    assert document.settings.odd_and_even_pages_header_footer
    section = document.sections[0]
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        assert paragraph.alignment == side and paragraph.text == "—  —"
        assert "PAGE" in paragraph._p.xml and face_of(paragraph.runs[0]) == "宋体"
        assert paragraph.runs[0].font.size == Pt(14)
    assert document.sections[1].footer.is_linked_to_previous


def test_the_annex_stands_on_an_even_page_with_the_imprint_at_its_foot() -> None:
    document = opened(BULLETIN)
    assert document.sections[1].start_type == WD_SECTION.EVEN_PAGE
    annex, imprint = document.tables
    rows = [[cell.text for cell in row.cells] for row in annex.rows]
    assert rows[0] == ["单位", *["本期"] * 5, *["本年累计"] * 4]
    assert rows[1][1:] == ["应报", "按时", "发现", "办结", "销号", "应报", "按时", "发现", "销号"]
    assert [row[0] for row in rows[2:]] == list(UNITS)
    place = imprint._tbl.tblPr.find(qn("w:tblpPr"))
    assert place.get(qn("w:tblpYSpec")) == "bottom" and place.get(qn("w:vertAnchor")) == "margin"
    borders = imprint._tbl.tblPr.find(qn("w:tblBorders"))
    sizes = {edge: borders.find(qn(f"w:{edge}")).get(qn("w:sz")) for edge in ("top", "insideH", "bottom")}
    assert sizes == {"top": "8", "insideH": "6", "bottom": "8"}
    assert [row.cells[0].text for row in imprint.rows] == ["抄送：市委办公室，市政府办公室。", ISSUER]
    last = imprint.rows[1].cells
    assert last[1].text == "2026年3月19日印发" and last[1].paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.RIGHT
    assert imprint.rows[0].cells[0].paragraphs[0].runs[0].font.size == Pt(14)


def test_without_copies_the_imprint_has_the_issuer_alone() -> None:
    imprint = opened(replace(BULLETIN, copied_to="")).tables[1]
    assert [row.cells[0].text for row in imprint.rows] == [ISSUER]


def test_the_pdf_says_the_same_and_ends_on_an_even_page_with_its_imprint(tmp_path: Path) -> None:
    pages = pages_of(BULLETIN, tmp_path)
    assert len(pages) % 2 == 0
    text = "".join("".join(pages).split())
    for words in (
        "通报（一）",
        "总第6期",
        "占比27%；正在办理16件",
        "抄送：市委办公室，市政府办公室。",
        "2026年3月19日印发",
    ):
        assert words in text, words
    first, last = ("".join(pages[place].split()) for place in (0, -1))
    assert first.endswith("—1—") and last.endswith(f"2026年3月19日印发—{len(pages)}—")


@pytest.mark.parametrize("count", [1, 40, 90])
def test_a_long_annex_keeps_the_imprint_on_the_last_even_page(count: int, tmp_path: Path) -> None:
    long = replace(BULLETIN, annex=tuple(AnnexRow(f"第{n}县", ("1",) * 9) for n in range(count)))
    pages = pages_of(long, tmp_path)
    assert len(pages) % 2 == 0 and "印发" in pages[-1]
    assert f"第{count - 1}县" in "".join(pages)


def test_a_draft_is_marked_and_takes_no_number(tmp_path: Path) -> None:
    draft = replace(BULLETIN, number="", issue=None, total=None, issued_on=None)
    text = "".join(pages_of(draft, tmp_path))
    assert "送审稿" in text and "总第" not in text and "None" not in text
    assert "送审稿" in paragraph_with(opened(draft), "送审稿").text


@pytest.mark.parametrize("sly", ["<b>&{{ letter.number }}<script>", "已\x0b整改\x00\x1f", "\ufffe😀𠮷"])
def test_what_looks_like_markup_or_can_not_be_written_is_text(sly: str, tmp_path: Path) -> None:
    content = replace(BULLETIN, lines=(line_of(f"甲{sly}乙"),), title=sly, copied_to=sly)
    assert "乙" in "".join(pages_of(content, tmp_path))
    assert paragraph_with(opened(content), "乙").text.startswith("甲")


def test_what_is_kept_reads_back() -> None:
    assert published_content(BULLETIN.as_row()) == BULLETIN


# --- the chart


def test_the_chart_shows_intervals_beside_the_share_of_all() -> None:
    chart = chart_of(BULLETIN)
    assert chart is not None
    low, high = chart.rows
    assert low.low < low.x < low.high and high.x > chart.usual > low.x
    assert [row.figures for row in chart.rows] == ["3/12", "20/24"]


def test_one_unit_needs_no_chart() -> None:
    alone = replace(BULLETIN, points=BULLETIN.points[:1])
    assert chart_of(alone) is None
    assert not opened(alone).inline_shapes


def test_a_server_without_a_chinese_face_leaves_the_picture_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(opened(BULLETIN).inline_shapes) == 1
    monkeypatch.setattr(chart_module, "chinese_face", lambda: None)
    chart = chart_of(BULLETIN)
    assert chart is not None and png_of(chart) is None
    assert len(opened(BULLETIN).inline_shapes) == 0


def test_a_face_that_draws_boxes_is_none_with_chinese_characters() -> None:
    class Boxes:
        def getmask(self, text: str) -> bytes:
            return b"box"

    assert not faces._draws_chinese(Boxes())


def test_the_picture_says_in_words_what_it_shows() -> None:
    assert "95%置信区间" in opened(BULLETIN).inline_shapes[0]._inline.docPr.get("descr")
