"""The ledger: 34 columns in their order, text that stays text, the reader's scope, a fixed number of queries."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from casework.jobs import ledger
from casework.jobs.ledger import ask_export, unfinished_exports, write_export, write_ledger
from casework.jobs.ledger_rows import COLUMNS, ledger_rows
from casework.lists.filters import CaseFilters
from casework.models import Case, Person
from casework.models.job import JobState
from casework.queries import visible
from casework.stages import Stage
from casework.tasks import finish_ledgers
from tests.cast import Cast
from tests.walk import TODAY, assigned, case_at, planned, reported, screened

# practice.md, the ledger: 34 columns, in this order.
IN_ORDER = [
    "序号",
    "编号",
    "县区",
    "乡镇",
    "村",
    "发现日期",
    "问题来源",
    "检查人",
    "问题类别",
    "问题对象",
    "问题描述",
    "依据条款",
    "严重程度",
    "整改类型",
    "整改措施",
    "预防措施",
    "责任单位",
    "责任领导",
    "责任人",
    "整改时限",
    "延期次数",
    "进展",
    "佐证材料",
    "核查人",
    "核查日期",
    "核查意见",
    "是否销号",
    "销号日期",
    "回头看日期",
    "回头看结果",
    "是否反弹",
    "原案编号",
    "预警灯",
    "备注",
]


def sheet_of(content: bytes) -> list[dict[str, Any]]:
    header, *rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    return [dict(zip(header, row, strict=True)) for row in rows]


def written(person: Person, **filters: str) -> bytes:
    chosen = CaseFilters.from_query({"state": "all", **filters})
    file = io.BytesIO()
    write_ledger(chosen.apply(visible(person, TODAY), person, TODAY), file)
    return file.getvalue()


def test_the_columns_are_those_of_the_office_in_their_order(cast: Cast) -> None:
    assert [name for name, _width in COLUMNS] == IN_ORDER
    assert len(IN_ORDER) == 34
    reported(cast)
    assert list(sheet_of(written(cast.county_supervisor))[0]) == IN_ORDER


def test_a_closed_case_tells_its_whole_way(cast: Cast) -> None:
    case = case_at(Stage.CLOSED, cast)
    (row,) = sheet_of(written(cast.county_supervisor))
    assert (row["序号"], row["编号"], row["村"]) == (1, case.number, cast.willow.name)
    assert (row["是否销号"], row["销号日期"]) == ("是", TODAY)
    assert "加装雨棚" in row["整改措施"]
    assert "每月5日" in row["预防措施"]
    assert row["责任单位"] == cast.willow.name
    assert row["责任人"] == "柳大山、李小琴"
    assert row["核查人"] == str(cast.county_supervisor)
    assert row["核查日期"] == TODAY
    assert row["延期次数"] == 0
    assert row["佐证材料"]
    assert row["预警灯"] == ""


def test_the_approval_of_a_plan_is_no_verification(cast: Cast) -> None:
    case_at(Stage.RECTIFICATION, cast, severity=3)
    (row,) = sheet_of(written(cast.county_supervisor))
    assert (row["核查人"], row["核查意见"], row["是否销号"]) == ("", "", "否")


@pytest.mark.parametrize(
    "words", ['=HYPERLINK("http://x","y")', "@SUM(1+1)*cmd|' /C calc'!A0", "+1", "-1", "https://x"]
)
def test_what_looks_like_a_formula_stays_text(cast: Cast, words: str) -> None:
    reported(cast, description=words, place=words)
    content = written(cast.county_supervisor)
    assert sheet_of(content)[0]["问题描述"] == words

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet


def test_nothing_outside_the_readers_scope_is_in_it(cast: Cast) -> None:
    reported(cast)
    reported(cast, village=cast.reed, by=cast.city_supervisor)
    assert {row["村"] for row in sheet_of(written(cast.county_supervisor))} == {cast.willow.name}
    assert {row["村"] for row in sheet_of(written(cast.outsider_county))} == {cast.reed.name}
    assert len(sheet_of(written(cast.city_supervisor))) == 2


def test_the_filters_of_the_list_hold_for_the_file(cast: Cast) -> None:
    reported(cast)
    planned(cast, assigned(cast, screened(cast, reported(cast, village=cast.willow))))
    (row,) = sheet_of(written(cast.county_supervisor, stage=Stage.SCREENING))
    assert row["进展"] == sheet_of(written(cast.county_supervisor))[0]["进展"]


def test_no_query_for_a_single_row(cast: Cast, django_assert_num_queries: Any) -> None:
    for _ in range(3):
        case_at(Stage.CLOSED, cast)
    few = Case.objects.filter(pk=Case.objects.first().pk)
    # The cases, what stands beside them in five tables, and the empty page behind the last.
    with django_assert_num_queries(7):
        assert len(list(ledger_rows(few))) == 1
    with django_assert_num_queries(7):
        assert len(list(ledger_rows(Case.objects.all()))) == 3


def test_the_batches_meet_without_a_gap(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casework.jobs.ledger_rows.BATCH", 2)
    numbers = [reported(cast).number for _ in range(5)]
    assert [row["编号"] for row in sheet_of(written(cast.county_supervisor))] == numbers


def test_a_long_ledger_is_written_in_the_background_for_its_reader(
    cast: Cast, clock: Any, django_capture_on_commit_callbacks: Any, woken: list[Any]
) -> None:
    reported(cast)
    reported(cast, village=cast.reed, by=cast.city_supervisor)
    filters = CaseFilters.from_query({"state": "all"})
    with django_capture_on_commit_callbacks(execute=True):
        export = ask_export(filters=filters, by=cast.county_supervisor, at=timezone.now())
    assert woken == [("casework.tasks.write_ledger_export", [export.pk])]
    clock.shift(timedelta(minutes=1))
    assert unfinished_exports(timezone.now()) == [export.pk]
    finish_ledgers()
    export.refresh_from_db()
    assert (export.state, export.rows_written) == (JobState.DONE, 1)
    with export.file.open("rb") as file:
        assert [row["村"] for row in sheet_of(file.read())] == [cast.willow.name]
    write_export(export.pk)
    assert unfinished_exports(timezone.now()) == []


def test_an_export_that_breaks_is_parked_with_a_sentence(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    export = ask_export(filters=CaseFilters(), by=cast.county_supervisor, at=timezone.now())

    def breaks(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(ledger, "write_ledger", breaks)
    with pytest.raises(ZeroDivisionError):
        write_export(export.pk)
    export.refresh_from_db()
    assert export.state == JobState.FAILED
    assert export.trouble
    assert unfinished_exports(timezone.now() + timedelta(days=1)) == []


@pytest.mark.parametrize(
    "query", [{"state": "open", "words": "墙"}, {"state": "open", "stage": "closed"}, {"words": "墙"}, {}]
)
def test_an_export_keeps_the_filters_it_was_asked_with(query: dict[str, str]) -> None:
    filters = CaseFilters.from_query(query)
    assert CaseFilters.from_query(filters.as_query()) == filters
