"""Notices and letters as documents: every field, official layout, nothing fetched, nothing taken for markup."""

import io
import shutil
import socket
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from docx import Document
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from casework.official_paper.docx import write
from casework.official_paper.numerals import numeral
from notifications.letters.content import LetterContent
from notifications.letters.docx import write_docx
from notifications.letters.pdf import write_pdf

LETTER = LetterContent(
    kind="letter",
    number="QH督函〔2026〕3号",
    issuer="青禾区阳光办公室",
    addressee="柳河镇",
    copies=("青禾区",),
    case_number="QH-2026-000123",
    place="上柳村",
    matter="村委会西侧明白墙无遮雨设施",
    basis="《村务公开办法》第十二条",
    organizer="柳河镇",
    co_organizers="市农业农村局",
    responsible="上柳村监委会",
    requirement="请查明逾期原因\n请督促限期完成",
    due_on=date(2026, 3, 16),
    days_overdue=5,
    signer="青禾区阳光办公室",
    issued_on=date(2026, 3, 23),
)
NOTICE = replace(
    LETTER,
    kind="notice",
    number="QH督单〔2026〕12号",
    received_by="柳大山",
    received_at=datetime(2026, 3, 24, 1, 5, tzinfo=UTC),
    feedback="雨棚已安装",
    opinion="情况属实",
)


def text_of_pdf(content: LetterContent, folder: Path) -> str:
    file = folder / "letter.pdf"
    file.write_bytes(write_pdf(content))
    done = subprocess.run([str(shutil.which("pdftotext")), "-raw", str(file), "-"], capture_output=True, check=True)
    return "".join(done.stdout.decode().split())


def text_of_docx(content: LetterContent) -> str:
    document = Document(io.BytesIO(write_docx(content)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "".join("".join([*(p.text for p in document.paragraphs), *cells]).split())


def said(content: LetterContent) -> list[str]:
    return [content.number, content.issuer, content.matter, content.case_number, "2026年3月16日", "2026年3月23日"]


@pytest.mark.parametrize("content", [LETTER, NOTICE])
def test_both_formats_say_every_field(content: LetterContent, tmp_path: Path) -> None:
    for text in (text_of_pdf(content, tmp_path), text_of_docx(content)):
        for words in [*said(content), content.basis, content.responsible, "请查明逾期原因", "抄送", "青禾区"]:
            assert words in text, words


def test_a_notice_shows_receipt_feedback_and_opinion_in_china_s_time(tmp_path: Path) -> None:
    for text in (text_of_pdf(NOTICE, tmp_path), text_of_docx(NOTICE)):
        assert "柳大山2026年3月24日09:05" in text
        assert "雨棚已安装" in text and "情况属实" in text


def test_a_letter_counts_its_demands_as_an_official_document_does(tmp_path: Path) -> None:
    for text in (text_of_pdf(LETTER, tmp_path), text_of_docx(LETTER)):
        assert "一、请查明逾期原因" in text and "二、请督促限期完成" in text
        assert "已逾期5个工作日" in text and "专此函告。" in text


def test_empty_fields_leave_no_trace(tmp_path: Path) -> None:
    bare = replace(LETTER, copies=(), basis="", co_organizers="", due_on=None, requirement="请办理")
    for text in (text_of_pdf(bare, tmp_path), text_of_docx(bare)):
        assert "抄送" not in text and "None" not in text and "一、" not in text


def test_what_looks_like_markup_is_text(tmp_path: Path) -> None:
    sly = replace(NOTICE, matter="<b>&{{ letter.number }}<script>")
    for text in (text_of_pdf(sly, tmp_path), text_of_docx(sly)):
        assert "<b>&{{letter.number}}<script>" in text


def test_what_no_document_can_hold_is_left_out(tmp_path: Path) -> None:
    """Word's soft line break, pasted into an answer, was a letter that nobody could open any more."""
    pasted = replace(NOTICE, feedback="已整改\x0b雨棚已装\x00\x1f\ufffe", matter="明白墙\x0c坏了")
    assert "已整改雨棚已装" in text_of_docx(pasted)
    assert "已整改" in text_of_pdf(pasted, tmp_path)


def test_a_document_fetches_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0.3)
        lure = f'<img src="http://127.0.0.1:{trap.getsockname()[1]}/"><img src="file:///etc/passwd">'
        # As if a template had forgotten to escape.
        monkeypatch.setattr("notifications.letters.pdf.html_of", lambda content: lure)
        assert write_pdf(NOTICE).startswith(b"%PDF")
        with pytest.raises(TimeoutError):
            trap.accept()


def test_a_long_matter_flows_over_the_pages(tmp_path: Path) -> None:
    long = replace(NOTICE, matter="明白墙闲置" * 600 + "到此为止")
    assert "到此为止" in text_of_pdf(long, tmp_path)


def test_the_docx_keeps_the_official_measures() -> None:
    document = Document(io.BytesIO(write_docx(LETTER)))
    section = document.sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    # Word keeps twentieths of a point.
    assert all(abs(one - Mm(wanted)) < Pt(0.1) for one, wanted in zip(margins, (37, 35, 28, 26), strict=True))
    body = next(p for p in document.paragraphs if "经查" in p.text)
    assert body.paragraph_format.line_spacing_rule == WD_LINE_SPACING.EXACTLY
    assert abs(body.paragraph_format.line_spacing - Pt(28.95)) < Pt(0.1)
    assert body.paragraph_format.first_line_indent == Pt(32)
    assert body.runs[0]._element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert document.settings.odd_and_even_pages_header_footer
    assert "PAGE" in section.footer._element.xml and "PAGE" in section.even_page_footer._element.xml


@pytest.mark.parametrize("found", ["已整改\x0b雨棚已装", "a\x00b\x08c\x1f", "\ufffe\uffff", "𠮷 emoji 😀"])
def test_what_xml_can_not_hold_does_not_break_a_letter_s_document(found: str) -> None:
    document = Document()
    run = write(document.add_paragraph(), found)
    saved = io.BytesIO()
    document.save(saved)
    assert run.text == found.replace("\x0b", "\n").translate(dict.fromkeys([0, 8, 0x1F, 0xFFFE, 0xFFFF]))


@pytest.mark.parametrize(
    ("number", "words"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (99, "九十九"), (100, "100")]
)
def test_numerals_of_an_official_document(number: int, words: str) -> None:
    assert numeral(number) == words
