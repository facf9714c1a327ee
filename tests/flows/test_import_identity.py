"""When a row is the case that is there: by number and year, and only where it says nothing new."""

import csv
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from casework.lifecycle.known_findings import YEAR
from casework.lifecycle.reporting import classify_case
from casework.models import Case, CatalogueItem, FindingImport, RelapseCandidate
from casework.stages import Stage
from flows import steps
from flows.finding_import import run_import, start_import
from tests.casework.books import book
from tests.cast import Cast
from tests.walk import assigned, reported

COLUMNS = [
    "编号",
    "村代码",
    "发现日期",
    "问题类别",
    "严重程度",
    "问题描述",
    "问题对象",
    "整改天数",
    "问题来源",
    "销号日期",
]


def row(cast: Cast, **cells: str) -> dict[str, str]:
    return {
        "编号": "3", "村代码": cast.willow.code, "发现日期": "2025-05-12", "问题类别": "公开不及时", "严重程度": "一般",
        "问题描述": "财务收支未按季度公开", **cells,
    }  # fmt: skip


def imported(cast: Cast, *rows: dict[str, str]) -> FindingImport:
    out = StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    upload = SimpleUploadedFile("台账.csv", out.getvalue().encode())
    run = start_import(upload=upload, by=cast.county_supervisor, at=timezone.now(), is_dry_run=False)
    run_import(run.pk)
    run.refresh_from_db()
    return run


def counts(run: FindingImport) -> tuple[int, int, int]:
    return run.added, run.unchanged, run.refused


def reasons(run: FindingImport) -> list[str]:
    with run.refused_file.open("rb") as file:
        return [row["原因"] for row in csv.DictReader(StringIO(file.read().decode("utf-8-sig")))]


def test_a_number_that_begins_anew_is_another_finding_and_weighed_as_a_relapse(cast: Cast) -> None:
    of_2025 = [row(cast, 销号日期="2025-07-30")]
    of_2026 = [
        row(cast, 发现日期="2026-02-08"),
        row(cast, 编号="4", 发现日期="2026-02-08", 问题描述="村民代表会议没有记录"),
    ]
    assert counts(imported(cast, *of_2025)) == (1, 0, 0)
    assert counts(imported(cast, *of_2026)) == (2, 0, 0)
    first, second, _third = Case.objects.order_by("id")
    assert (first.stage, second.stage) == (Stage.CLOSED, Stage.ASSIGNMENT)
    assert (first.finding_no, second.finding_no) == ("3", "3")
    assert RelapseCandidate.objects.filter(case=second, earlier=first).exists()
    assert counts(imported(cast, *of_2025)) == (0, 1, 0)
    assert counts(imported(cast, *of_2026)) == (0, 2, 0)
    assert Case.objects.count() == 3


@pytest.mark.parametrize(
    ("cells", "named"),
    [
        ({"发现日期": "2025-05-13"}, "发现日期"),
        ({"严重程度": "严重"}, "严重程度"),
        ({"问题描述": "财务收支未公开"}, "问题描述"),
        ({"问题类别": "无会议记录"}, "问题类别"),
        ({"问题对象": "二号墙"}, "问题对象"),
        ({"整改天数": "9"}, "整改天数"),
        ({"问题来源": "信访"}, "问题来源"),
        ({"发现日期": "2025-12-31", "问题描述": "别的事", "销号日期": "2026-01-31"}, "发现日期、销号日期、问题描述"),
    ],
)
def test_a_row_that_says_something_new_under_a_known_number_is_refused_and_says_what(
    cast: Cast, cells: dict[str, str], named: str
) -> None:
    imported(cast, row(cast))
    again = imported(cast, row(cast, **cells))
    assert counts(again) == (0, 0, 1)
    assert Case.objects.get().number in reasons(again)[0]
    assert named in reasons(again)[0]
    same_file = imported(cast, row(cast, 编号="5"), row(cast, 编号="5", **cells))
    assert counts(same_file) == (1, 0, 1)
    assert named in reasons(same_file)[0]


def test_what_the_row_leaves_empty_or_writes_otherwise_says_nothing_new(cast: Cast) -> None:
    imported(cast, row(cast, 问题对象="一号墙", 整改天数="7", 销号日期="2025-07-30"))
    again = row(
        cast,
        发现日期="2025年5月12日",
        问题描述=" 财务收支未按季度公开\x0b",
        严重程度="一 般",
        问题类别="村务公开/公开不及时",
    )
    assert counts(imported(cast, again)) == (0, 1, 0)


def test_what_the_office_has_done_since_does_not_make_the_same_file_new(cast: Cast) -> None:
    file = [row(cast, 问题类别="说不清", 严重程度="", 整改天数="7")]
    imported(cast, *file)
    case = Case.objects.get()
    item = CatalogueItem.objects.get(code="openness-idle")
    case = steps.take(
        classify_case,
        case=case,
        by=cast.county_supervisor,
        item=item,
        severity=3,
        object_name="二号墙",
        at=timezone.now(),
    )
    assigned(cast, case)
    assert counts(imported(cast, *file)) == (0, 1, 0)


def test_a_strike_off_is_not_imported_over_an_open_case(cast: Cast) -> None:
    imported(cast, row(cast))
    again = imported(cast, row(cast, 销号日期="2025-07-30"))
    assert counts(again) == (0, 0, 1)
    assert Case.objects.get().stage == Stage.ASSIGNMENT


def test_equal_numbers_of_two_villages_are_two_cases(cast: Cast) -> None:
    rows = [row(cast), row(cast, 村代码=cast.poplar.code), row(cast, 村代码=cast.elm.code)]
    assert counts(imported(cast, *rows)) == (3, 0, 0)
    assert counts(imported(cast, *rows)) == (0, 3, 0)


def test_a_number_that_names_its_year_is_one_in_every_year(cast: Cast) -> None:
    imported(cast, row(cast, 编号="2025-3"))
    again = imported(cast, row(cast, 编号="2025-3", 发现日期="2026-01-04"))
    assert counts(again) == (0, 0, 1)
    assert counts(imported(cast, row(cast, 编号="2026-3", 发现日期="2026-01-04"))) == (1, 0, 0)


@pytest.mark.parametrize(
    ("number", "year"),
    [("2025-3", "2025"), ("K-3", None), ("〔2026〕12号", "2026"), ("20250003", None), ("12025", None)],
)
def test_the_year_of_a_number(number: str, year: str | None) -> None:
    found = YEAR.search(number)
    assert (found[0] if found else None) == year


def test_without_a_number_the_same_words_with_something_else_are_refused(cast: Cast) -> None:
    imported(cast, row(cast, 编号=""))
    assert counts(imported(cast, row(cast, 编号=""))) == (0, 1, 0)
    assert counts(imported(cast, row(cast, 编号="", 严重程度="严重"))) == (0, 0, 1)
    assert counts(imported(cast, row(cast, 编号="", 发现日期="2025-05-13"))) == (1, 0, 0)


def test_our_own_number_is_the_case_and_no_case_of_another_village(cast: Cast) -> None:
    case = reported(cast)
    same = row(
        cast, 编号=case.number, 发现日期=case.found_on.isoformat(), 问题描述=case.description, 问题类别="", 严重程度=""
    )
    run = imported(cast, same, {**same, "村代码": cast.poplar.code})
    assert counts(run) == (0, 1, 1)
    assert case.number in reasons(run)[0]
    assert Case.objects.count() == 1


def test_a_number_that_became_a_day_is_refused(cast: Cast) -> None:
    content = book(
        [["编号", "村代码", "发现日期", "问题描述"], [date(2025, 3, 1), cast.willow.code, "2025-05-12", "墙空着"]]
    )
    run = start_import(
        upload=SimpleUploadedFile("a.xlsx", content), by=cast.county_supervisor, at=timezone.now(), is_dry_run=False
    )
    run_import(run.pk)
    run.refresh_from_db()
    assert counts(run) == (0, 0, 1)


def test_known_rows_cost_no_query_each(cast: Cast, django_assert_max_num_queries: Any) -> None:
    rows = [row(cast, 编号=str(n), 问题描述=f"第{n}件") for n in range(60)]
    imported(cast, *rows)
    changed = [{**each, "严重程度": "严重"} for each in rows]
    with django_assert_max_num_queries(60):
        assert counts(imported(cast, *changed)) == (0, 0, 60)
