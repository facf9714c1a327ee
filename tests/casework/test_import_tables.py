"""Files as tables: encodings, quotation marks, workbooks, bombs, and the file of refused rows."""

import csv
import io
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter

from casework.errors import Invalid
from casework.tables.cells import as_code, as_count, as_text
from casework.tables.days import as_day
from casework.tables.outcome import refused_csv
from casework.tables.parsing import Row, Table, read_table

TEXT = "编号,描述\n1,明白墙闲置\n"


def workbook(rows: list[list[object]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"default_date_format": "yyyy-mm-dd", "remove_timezone": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return content.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_in_every_usual_encoding(encoding: str) -> None:
    table = read_table(TEXT.encode(encoding))
    assert table.columns == ["编号", "描述"]
    assert [(row.number, row.cells) for row in table.rows] == [(2, {"编号": "1", "描述": "明白墙闲置"})]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_are_seen(separator: str) -> None:
    assert read_table(TEXT.replace(",", separator).encode()).rows[0].cells["描述"] == "明白墙闲置"


def test_a_workbook_keeps_types_and_row_numbers() -> None:
    table = read_table(workbook([["code", "day"], [], [411102001001, datetime(2021, 8, 6)]]))
    row = table.rows[0]
    assert row.number == 3
    assert as_code(row.cells["code"]) == "411102001001"
    assert as_day(row.cells["day"]) == date(2021, 8, 6)


def test_a_very_long_text_is_kept_whole() -> None:
    words = "墙" * 300_000
    assert read_table(f"no,text\n1,{words}\n".encode()).rows[0].cells["text"] == words


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "not_text"),
        (b"PK\x03\x04 is no workbook", "workbook_broken"),
        (b'a,b\n1,"never closed\n2,x\n', "csv_broken"),
        (b"a,b,a\n1,2,3\n", "column_twice"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_table(content)
    assert refusal.value.code == code
    assert str(refusal.value)


def test_a_workbook_that_unfolds_to_gigabytes_is_not_unpacked() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(160 * 1024 * 1024))
    assert len(content.getvalue()) < 1024 * 1024
    with pytest.raises(Invalid) as refusal:
        read_table(content.getvalue())
    assert refusal.value.code == "file_too_large"


def test_a_row_whose_cells_slipped_is_refused() -> None:
    row = read_table("no,text,days\n1,有,逗号,5\n".encode()).rows[0]
    with pytest.raises(Invalid) as refusal:
        row.require_whole()
    assert refusal.value.code == "too_many_cells"


def test_refused_rows_carry_no_formula_and_come_back_the_same() -> None:
    row = Row(2, {"no": "=cmd|' /C calc'!A0", "days": "-3", "when": 44414.0}, surplus=("@SUM(1)",))
    content = refused_csv(Table(["no", "days", "when"], [row]), [(row, "+why")])
    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert lines == [
        ["no", "days", "when", "reason"],
        ["'=cmd|' /C calc'!A0", "-3", "44414", "'+why", "'@SUM(1)"],
    ]
    assert as_text(lines[1][0]) == "=cmd|' /C calc'!A0"


def test_a_column_name_is_no_formula_either() -> None:
    row = Row(2, {"=1+1": "x"})
    assert refused_csv(Table(["=1+1"], [row]), [(row, "why")]).decode("utf-8-sig").startswith("'=1+1,reason")


@pytest.mark.parametrize(
    "cell",
    [
        "2021-08-06", "2021/8/6", "2021.8.6", "2021年8月6日", "２０２１年８月６日", " 2021 年 8 月 6 日 ", "20210806",
        "2021-08-06 00:00:00", "2021-08-06T08:30:00", 44414.0, 44414, "44414", date(2021, 8, 6), datetime(2021, 8, 6, 9),
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(cell: object) -> None:
    assert as_day(cell) == date(2021, 8, 6)


@pytest.mark.parametrize("cell", ["2021-02-30", "2021-13-01", "昨天", "8月6日", "0", "2021"])
def test_what_is_no_day_is_refused(cell: str) -> None:
    with pytest.raises(Invalid):
        as_day(cell)


@pytest.mark.parametrize(
    "cell", ["411102001001", "４１１１０２００１００１", " 4111 0200 1001 ", 411102001001.0, "411102001001.0"]
)
def test_a_code_is_read_however_it_is_written(cell: object) -> None:
    assert as_code(cell) == "411102001001"


@pytest.mark.parametrize("cell", ["4.11102E+11", "4.11102e11", "4E+11"])
def test_a_shortened_code_is_refused(cell: str) -> None:
    with pytest.raises(Invalid) as refusal:
        as_code(cell)
    assert refusal.value.code == "code_scientific"


@pytest.mark.parametrize(("cell", "count"), [("15", 15), ("１５天", 15), ("15个工作日", 15), (15.0, 15), ("", None)])
def test_days_are_counted(cell: object, count: int | None) -> None:
    assert as_count(cell) == count


@pytest.mark.parametrize("cell", ["-3", "0", "3.5", "很快", "99999", "251"])
def test_an_impossible_number_of_days_is_refused(cell: str) -> None:
    with pytest.raises(Invalid):
        as_count(cell)
