"""A table that unpacks into gigabytes is refused in a sentence, and costs the process that was asked nothing."""

import io
import re
import resource
import zipfile
from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile

from casework.errors import Invalid
from casework.tables import parsing
from casework.tables.columns import FINDING_COLUMNS
from casework.tables.reading import look_at, read_small
from tests.casework.books import NAMES, ROW, book

MEGABYTE = 1024  # ru_maxrss counts in kilobytes


def with_a_cell_at(cell: str) -> bytes:
    column, row = re.fullmatch(r"([A-Z]+)(\d+)", cell).groups()
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book([NAMES, ROW]))) as good, zipfile.ZipFile(content, "w") as far:
        for name in good.namelist():
            part = good.read(name).decode()
            added = f'<row r="{row}"><c r="{column}{row}" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
            far.writestr(name, part.replace("</sheetData>", added) if name.endswith("sheet1.xml") else part)
    return content.getvalue()


def with_a_text_in_each_row(rows: int, text: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book([NAMES, [*ROW[:5], text]]))) as good, zipfile.ZipFile(content, "w", 8) as bomb:
        for name in good.namelist():
            part = good.read(name).decode()
            if name.endswith("sheet1.xml"):
                place = re.search(r'r="F2"[^>]*><v>(\d+)</v>', part)[1]
                more = "".join(f'<row r="{r}"><c r="F{r}" t="s"><v>{place}</v></c></row>' for r in range(3, rows))
                part = part.replace("</sheetData>", more + "</sheetData>")
            bomb.writestr(name, part)
    return content.getvalue()


def unfolding(size: int) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(size))
    return content.getvalue()


ATTACKS: dict[str, tuple[Callable[[], bytes], str]] = {
    "A1 and XFD1048576": (lambda: with_a_cell_at("XFD1048576"), "table_too_large"),
    "Z1000000": (lambda: with_a_cell_at("Z1000000"), "table_too_large"),
    "F1048576": (lambda: with_a_cell_at("F1048576"), "too_many_rows"),
    "XFD3": (lambda: with_a_cell_at("XFD3"), "too_many_columns"),
    "CSV of 30,000 rows": (lambda: (",".join(NAMES) + "\n" + (",".join(ROW) + "\n") * 30_000).encode(), "too_many_rows"),
    "CSV of 100,000 columns": (lambda: (",".join(f"c{n}" for n in range(100_000)) + "\n1\n").encode(), "too_many_columns"),
    "one text 200,000 times": (lambda: with_a_text_in_each_row(199_000, "墙" * 30_000), "table_too_large"),
    "a workbook of 160 MB": (lambda: unfolding(160 * 1024 * 1024), "file_too_large"),
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_it_is_refused_in_a_sentence_and_the_process_does_not_grow(attack: str) -> None:
    make, code = ATTACKS[attack]
    file = ContentFile(make())
    look_at(ContentFile(book([NAMES, ROW])), FINDING_COLUMNS)  # the helper stands ready
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Invalid) as refusal:
        look_at(file, FINDING_COLUMNS, most_rows=20_000)
    assert refusal.value.code == code
    assert len(str(refusal.value)) > 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * MEGABYTE


def test_a_page_takes_no_long_table_into_its_memory() -> None:
    with pytest.raises(Invalid) as refusal:
        read_small(ContentFile(b"day,working\n" + b"2027-01-01,1\n" * 1001))
    assert refusal.value.code == "too_many_rows"
    assert len(read_small(ContentFile(b"day,working\n" + b"2027-01-01,1\n" * 366)).rows) == 366


@pytest.mark.parametrize("rest", [b"", b" is no workbook", bytes(5000)])
def test_a_broken_workbook_is_refused_through_the_child_as_well(rest: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        look_at(ContentFile(b"PK\x03\x04" + rest), FINDING_COLUMNS)
    assert refusal.value.code == "workbook_broken"


def test_a_text_that_merged_cells_repeat_is_counted_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "MOST_CHARACTERS", 100_000)
    content = book([NAMES, [*ROW[:5], ("x" * 20_000, 9, 0)], *[ROW[:5]] * 9])
    with pytest.raises(Invalid) as refusal:
        parsing.read_table(content, FINDING_COLUMNS)
    assert refusal.value.code == "file_too_large"
