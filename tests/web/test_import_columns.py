"""Columns that nobody knows by their names: said once on a page, and known in the office's next file."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from casework.models import Case, ColumnName, FindingImport
from flows.finding_import import confirm_import, run_import
from tests.casework.books import book
from tests.cast import Cast
from tests.walk import NOW
from tests.web.test_queries import SignedIn

HEADS = ["序", "哪个村的代码", "查到的那天", "情况", "天气"]
ANSWER = {"column-1": "village_code", "column-2": "found_on", "column-3": "description"}


@pytest.fixture
def office(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.county_supervisor)


def sheet(cast: Cast, heads: Sequence[str] = HEADS) -> list[list[Any]]:
    return [["2026年2月问题台账"], list(heads), ["1", cast.willow.code, "2026-02-27", "墙空着", "晴"]]


def sent(office: Client, content: bytes, name: str = "台账.xlsx") -> HttpResponse:
    return office.post("/imports", {"file": SimpleUploadedFile(name, content)})  # type: ignore[return-value]


def read(run: FindingImport) -> FindingImport:
    run_import(run.pk)
    run.refresh_from_db()
    return run


@pytest.mark.parametrize("kind", ["xlsx", "csv in GBK"])
def test_the_page_shows_each_unknown_column_with_its_first_cells(kind: str, cast: Cast, office: Client) -> None:
    rows = sheet(cast)
    content = book(rows) if kind == "xlsx" else "\r\n".join(",".join(row) for row in rows).encode("gb18030")
    answer = sent(office, content, f"台账.{kind[:4].strip()}")
    assert answer.status_code == 422
    page = answer.content.decode()
    for words in ("哪个村的代码", cast.willow.code, "查到的那天", "墙空着", "问题描述", "发现日期"):
        assert words in page, words
    run = FindingImport.objects.get()
    assert not Case.objects.exists() and run.is_dry_run
    assert "指明各列的内容" in office.get(f"/imports/{run.pk}").content.decode()
    assert office.get(f"/imports/{run.pk}/columns").status_code == 200


def test_said_once_the_file_is_read_and_the_next_one_by_itself(cast: Cast, office: Client, signed_in: SignedIn) -> None:
    sent(office, book(sheet(cast)))
    run = FindingImport.objects.get()
    answer = office.post(f"/imports/{run.pk}/columns", ANSWER)
    assert answer.status_code == 302 and answer["Location"] == f"/imports/{run.pk}"
    run = read(run)
    assert (run.state, run.added, run.refused, run.unknown_columns) == ("done", 1, 0, ["序", "天气"])
    page = office.get(f"/imports/{run.pk}").content.decode()
    assert "哪个村的代码 = 村代码" in page
    read(confirm_import(dry_run=run, by=cast.county_supervisor, at=NOW))
    assert Case.objects.get().description == "墙空着"
    again = [["序", "★ 哪个村的代码 ", "查到的那天：", "情况"], ["2", cast.willow.code, "2026-02-26", "账没有公开"]]
    assert sent(office, book(again)).status_code == 302
    assert read(FindingImport.objects.latest("id")).added == 1
    # Another office says it for itself.
    assert sent(signed_in(cast.outsider_county), book(sheet(cast))).status_code == 422


def test_a_column_that_was_left_out_can_be_said_from_the_preview_and_taken_back(cast: Cast, office: Client) -> None:
    heads = ["编号", "村代码", "发现日期", "问题描述", "归哪类"]
    rows = [heads, ["1", cast.willow.code, "2026-02-27", "墙空着", "公开栏闲置"]]
    assert sent(office, book(rows)).status_code == 302
    run = read(FindingImport.objects.get())
    assert run.unclassified == 1 and run.unknown_columns == ["归哪类"]
    assert f"/imports/{run.pk}/columns" in office.get(f"/imports/{run.pk}").content.decode()
    office.post(f"/imports/{run.pk}/columns", {"column-4": "category"})
    run = read(run)
    assert (run.unclassified, run.added, run.unknown_columns) == (0, 1, [])
    office.post(f"/imports/{run.pk}/columns", {"column-4": ""})
    assert read(run).unknown_columns == ["归哪类"] and not ColumnName.objects.exists()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({**ANSWER, "column-4": "description"}, "两列不能对应同一项：问题描述"),
        ({"column-1": "village_code", "column-3": "description"}, "发现日期"),
        ({**ANSWER, "column-2": "nonsense", "column-x": "y", "column-99999999": "category"}, "发现日期"),
    ],
)
def test_what_can_not_be_read_so_is_said_and_the_choices_stay(
    said: dict[str, str], words: str, cast: Cast, office: Client
) -> None:
    sent(office, book(sheet(cast)))
    run = FindingImport.objects.get()
    answer = office.post(f"/imports/{run.pk}/columns", said)
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page.split("<main")[1]
    assert '<option value="village_code" selected>' in page
    assert not ColumnName.objects.exists()


def test_what_is_imported_already_is_not_read_in_another_way(cast: Cast, office: Client) -> None:
    sent(office, book(sheet(cast)))
    run = FindingImport.objects.get()
    office.post(f"/imports/{run.pk}/columns", ANSWER)
    assert office.post(f"/imports/{run.pk}/columns", ANSWER).status_code == 409  # it is still to be read
    run = read(run)
    confirm_import(dry_run=run, by=cast.county_supervisor, at=NOW)
    assert office.post(f"/imports/{run.pk}/columns", ANSWER).status_code == 409


def test_the_columns_of_another_persons_file_are_not_said(cast: Cast, office: Client, signed_in: SignedIn) -> None:
    sent(office, book(sheet(cast)))
    run = FindingImport.objects.get()
    assert signed_in(cast.city_supervisor).post(f"/imports/{run.pk}/columns", ANSWER).status_code == 404


def test_a_file_without_rows_or_with_one_name_twice_is_refused_as_before(cast: Cast, office: Client) -> None:
    for rows in ([HEADS], [["村代码", "村代码"], ["1", "2"]]):
        assert sent(office, book(rows)).status_code == 422
    assert not FindingImport.objects.exists()


def test_merged_heads_and_titles_above_are_understood_as_before(cast: Cast, office: Client) -> None:
    rows: list[list[Any]] = [
        [("2026年台账", 0, 4)],
        [("序", 1, 0), ("哪个村的代码", 1, 0), ("发现", 0, 1), None, ("情况", 1, 0)],
        [None, None, "日期", "地点", None],
        ["1", cast.willow.code, "2026-02-27", "村口", "墙空着"],
    ]
    sent(office, book(rows))
    run = FindingImport.objects.get()
    page = office.get(f"/imports/{run.pk}/columns").content.decode()
    assert "哪个村的代码" in page and "情况" in page


def test_of_a_file_that_was_removed_nothing_can_be_said_any_more(cast: Cast, office: Client) -> None:
    sent(office, book(sheet(cast)))
    run = FindingImport.objects.get()
    FindingImport.objects.update(file="")
    for answer in (office.get(f"/imports/{run.pk}/columns"), office.post(f"/imports/{run.pk}/columns", ANSWER)):
        assert answer.status_code == 409 and "请重新选择文件" in answer.content.decode()
