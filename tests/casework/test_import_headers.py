"""The column names are found where offices put them, and what is no row is none."""

from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import translation

from casework.errors import Invalid
from casework.tables.columns import FINDING_COLUMNS, FINDINGS, cells_of, columns_of
from casework.tables.days import as_day
from casework.tables.outcome import refused_csv
from casework.tables.parsing import Table, read_table
from casework.tables.reading import look_at, read_rows
from tests.casework.books import NAMES, ROW, book


def read(content: bytes) -> Table:
    return read_table(content, FINDING_COLUMNS)


def ours(table: Table) -> list[dict[str, Any]]:
    columns, _unknown = columns_of(table, FINDINGS, needed=FINDING_COLUMNS.needed)
    return [cells_of(row.cells, columns) for row in table.rows]


def csv_of(*lines: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join(lines).encode(encoding)


HEAD, LINE = ",".join(NAMES), ",".join(ROW)

SHAPES = {
    "title, unit line, sum (case 06)": (
        book([[("某区村务监督问题整改台账", 0, 5)], ["填报单位：某区办公室"], NAMES, ROW, ["合计", "1条"]]), 4, [5],
    ),
    "title and blank rows": (book([[], [("台账", 0, 5)], [], NAMES, [], ROW]), 6, []),
    "numbers of the columns": (book([NAMES, [1, 2, 3, 4, 5, 6], ROW]), 3, [2]),
    "names once more at a page's end": (book([NAMES, ROW, NAMES]), 2, [3]),
    "signatures at the foot": (book([NAMES, ROW, ["填表人：某某", None, "审核人：某某"], ["注：本表一式两份"]]), 2, [3, 4]),
    "sum with spaces": (book([NAMES, ROW, ["合  计", None, None, None, None, 1], [None, "总计：1件"]]), 2, [3, 4]),
    "empty columns at the left": (book([[None, None, *NAMES], [None, None, *ROW]]), 2, []),
    "CSV with a title": (csv_of("某区台账,,,,,", "填报日期：2026年9月30日,,,,,", HEAD, LINE, "合计,1,,,,"), 4, [5]),
    "CSV with semicolons under a title": (csv_of("台账", HEAD.replace(",", ";"), LINE.replace(",", ";")), 3, []),
    "Excel's hint at the separator": (csv_of("sep=;", HEAD.replace(",", ";"), LINE.replace(",", ";")), 3, []),
    "tabs, commas in the text": (csv_of(HEAD.replace(",", "\t"), LINE.replace(",", "\t") + ",还有,很多,逗号,在内,的字,多于,列数"), 2, []),
    "UTF-16": (csv_of(HEAD.replace(",", "\t"), LINE.replace(",", "\t"), encoding="utf-16"), 2, []),
    "GB18030": (csv_of(HEAD, LINE, encoding="gb18030"), 2, []),
    "two marks of byte order": (b"\xef\xbb\xbf\xef\xbb\xbf" + csv_of(HEAD, LINE), 2, []),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_one_finding_is_read_with_the_row_number_of_excel(shape: str) -> None:
    content, row, passed_over = SHAPES[shape]
    table = read(content)
    assert [each.number for each in table.rows] == [row]
    assert table.passed_over == passed_over
    (cells,) = ours(table)
    assert (cells["finding_no"], cells["village_code"], cells["found_on"]) == ("K-6", "990102001001", "2026-09-01")
    assert cells["description"].startswith("第三季度收支未公开")


@pytest.mark.parametrize(
    "name",
    ["问 题 描 述", "问题\n描述", "问题描述：", "＊问题描述", "*问题描述*", "问题描述（必填）", "问题描述(200字以内)", "【问题描述】",
     "\ufeff问题描述", "问题\u200b描述", "问题　描述", "DESCRIPTION", "Description ", "描述不是问题描述"],
)  # fmt: skip
def test_a_column_name_is_known_however_it_is_decorated(name: str) -> None:
    content = book([[*NAMES[:5], name], ROW])
    if name == "描述不是问题描述":
        with pytest.raises(Invalid):
            read(content)
    else:
        assert ours(read(content))[0]["description"] == ROW[5]


def test_a_name_with_its_unit_stays_what_it_is() -> None:
    table = read(book([[*NAMES, "整改时限（工作日）", "整改时限"], [*ROW, 7, "2026-09-30"]]))
    columns, unknown = columns_of(table, FINDINGS, needed=FINDING_COLUMNS.needed)
    assert (columns["due_days"], unknown) == ("整改时限（工作日）", ["整改时限"])


def test_a_header_of_two_lines_is_read_as_one() -> None:
    group = [("编号", 1, 0), ("村（社区）", 0, 2), None, None, ("问题", 0, 1), None, ("发现", 0, 1)]
    names = [None, "县区", "乡镇", "村", "类别", "描述", "日期", "地点"]
    table = read(
        book([group, names, ["1", "青禾区", "柳河镇", "上柳村", "公开不及时", "墙空着", "2026-09-01", "村口"]])
    )
    (cells,) = ours(table)
    assert table.header_row == 2
    assert (cells["village"], cells["town"], cells["category"]) == ("上柳村", "柳河镇", "公开不及时")
    assert (cells["description"], cells["found_on"]) == ("墙空着", "2026-09-01")


def test_a_row_that_says_the_name_of_a_column_is_no_header() -> None:
    table = read(book([[*NAMES, "说明"], [*ROW, "整改要求"], ROW]))
    assert [row.number for row in table.rows] == [2, 3]


def test_a_row_with_everything_is_a_row_whatever_it_begins_with() -> None:
    rows = [["合计", *ROW[1:]], ["注：1", *ROW[1:]], ["K-1", *ROW[1:5], "合计数不对"]]
    table = read(book([NAMES, *rows]))
    assert (len(table.rows), table.passed_over) == (3, [])


def test_merged_cells_are_said_of_each_of_their_rows() -> None:
    names = ["编号", "乡镇", "村", "发现日期", "问题描述"]
    rows = [
        ["1", ("柳河镇", 2, 0), ("上柳村", 1, 0), ("2026-09-01", 2, 0), "甲"],
        ["2", None, None, None, "乙"],
        ["3", None, "杨树村", None, "丙"],
        ["4", "榆林镇", None, "2026-09-02", "丁"],
    ]
    cells = ours(read(book([names, *rows])))
    assert [each["village"] for each in cells] == ["上柳村", "上柳村", "杨树村", ""]
    assert [each["town"] for each in cells] == ["柳河镇"] * 3 + ["榆林镇"]
    assert [each["found_on"] for each in cells] == ["2026-09-01"] * 3 + ["2026-09-02"]


def test_a_doubled_column_of_ours_is_refused_and_another_is_kept_apart() -> None:
    with pytest.raises(Invalid) as refusal:
        read(book([[*NAMES, "发现日期"], [*ROW, "2026-09-02"]]))
    assert refusal.value.code == "column_twice"
    table = read(book([[*NAMES, "备注", "备注", "检查日期"], [*ROW, "甲", "乙", "2020-01-01"]]))
    assert table.columns[-3:] == ["备注", "备注 (2)", "检查日期"]
    assert (table.rows[0].cells["备注"], table.rows[0].cells["备注 (2)"]) == ("甲", "乙")
    assert ours(table)[0]["found_on"] == "2026-09-01"


@pytest.mark.parametrize(("language", "named"), [("zh-hans", "发现日期"), ("en", "found_on")])
def test_a_missing_column_is_named_in_the_readers_language_with_the_row_that_was_read(
    language: str, named: str
) -> None:
    with translation.override(language), pytest.raises(Invalid) as refusal:
        read(book([["台账"], [*NAMES[:2], "天气", *NAMES[3:]], ROW]))
    assert refusal.value.code == "columns_missing"
    assert named in str(refusal.value)
    assert "2" in str(refusal.value)
    assert "天气" in str(refusal.value)
    assert "台账" not in str(refusal.value)


def test_the_sheet_that_holds_the_columns_is_read_and_named() -> None:
    notes, good, other = [["填表说明"], ["每行一个问题"]], [NAMES, ROW], [NAMES, ROW, ROW]
    table = read(book(notes, good, other, names=["说明", "九月", "十月"]))
    assert (table.sheet, table.other_sheets, len(table.rows)) == ("九月", ["十月"], 1)


def test_a_hidden_sheet_is_never_read_silently() -> None:
    table = read(book([NAMES, ROW, ROW], [NAMES, ROW], names=["旧", "新"], hidden=["旧"]))
    assert (table.sheet, table.other_sheets, len(table.rows)) == ("新", [], 1)
    with pytest.raises(Invalid) as refusal:
        read(book([NAMES, ROW], [["封面"]], names=["旧", "新"], hidden=["旧"]))
    assert refusal.value.code == "sheet_hidden"
    assert "旧" in str(refusal.value)


@pytest.mark.parametrize("epoch", [False, True])
@pytest.mark.parametrize("cell", ["number", "text", "day"])
def test_a_bare_number_is_a_day_by_the_workbooks_own_counting(epoch: bool, cell: str) -> None:
    serial = 44807 if epoch else 46269
    written: Any = {"number": serial, "text": str(serial), "day": datetime(2026, 9, 4)}[cell]
    content = book([NAMES, [*ROW[:2], written, *ROW[3:]]], date_1904=epoch, strings_to_numbers=False)
    with read_rows(ContentFile(content), FINDING_COLUMNS) as (table, rows):
        (row,) = rows
        assert as_day(row.cells["发现日期"]) == date(2026, 9, 4)
        assert table.columns == NAMES


def test_what_comes_through_the_child_is_what_stands_in_the_file() -> None:
    content = book([["台账"], NAMES, [*ROW[:5], "墙\n空着 \ud83d"[:4]], [*ROW[:5], 12.5], ["合计"]])
    here = read(content)
    with read_rows(ContentFile(content), FINDING_COLUMNS) as (table, rows):
        assert list(rows) == here.rows
        assert (table.header_row, table.passed_over, table.sheet) == (2, [5], "Sheet1")
    assert look_at(ContentFile(content), FINDING_COLUMNS).count == 2


def test_a_file_of_refused_rows_reads_back_in() -> None:
    table = read(book([[*NAMES, "备注", "备注"], [*ROW, "甲", "乙"]]))
    again = read(refused_csv(table, [(table.rows[0], "村不对")]))
    assert ours(again) == ours(table)
    _columns, unknown = columns_of(again, FINDINGS, needed=FINDING_COLUMNS.needed)
    assert unknown == ["备注", "备注 (2)"]


def test_a_csv_field_may_hold_line_breaks_and_rows_keep_their_numbers() -> None:
    content = csv_of(HEAD, ",".join(ROW[:5]) + ',"一\n二"', "", LINE)
    assert [row.number for row in read(content).rows] == [2, 4]
