"""The import page: what was understood, what became of each row, and sentences in the reader's language."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from casework.models import Case, FindingImport
from flows.finding_import import confirm_import, run_import
from tests.casework.books import book
from tests.cast import Cast
from tests.walk import reported
from tests.web.test_queries import SignedIn

NAMES = ["编号", "村代码", "发现日期", "问题类别", "严重程度", "问题描述", "天气"]


@pytest.fixture
def office(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.county_supervisor)


def previewed(office: Client, *sheets: list[list[Any]], **options: Any) -> tuple[FindingImport, str]:
    """The page of a file that was uploaded and read."""
    upload = SimpleUploadedFile("台账.xlsx", book(*sheets, **options))
    answer = office.post("/imports", {"file": upload})
    assert answer.status_code == 302, answer.content.decode()
    run = FindingImport.objects.latest("id")
    run_import(run.pk)
    run.refresh_from_db()
    return run, office.get(answer.url).content.decode()


def rows(cast: Cast) -> list[list[Any]]:
    return [
        [("台账", 0, 6)],
        NAMES,
        ["1", cast.willow.code, 46054, "公开不及时", "一般", "墙空着", "晴"],
        ["2", cast.willow.code, "2026-2-1", "说不清", "一般", "没有记录", "晴"],
        ["3", cast.willow.code, "2月1日", "公开不及时", "一般", "年份没有写", "晴"],
        ["合计", "3条"],
    ]


def test_the_page_says_what_was_read_and_how_it_was_understood(cast: Cast, office: Client) -> None:
    run, page = previewed(office, rows(cast), [["说明"]], names=["九月", "说明"])
    assert "九月" in page
    assert page.count("2026年2月1日") == 2
    assert "46054" in page
    assert "天气" in page
    assert ">3</td>" in page  # the row as Excel shows it
    assert "2月1日" in page
    assert run.passed_over == [6]


def test_other_sheets_that_hold_findings_are_named(cast: Cast, office: Client) -> None:
    _run, page = previewed(office, rows(cast), rows(cast), names=["九月", "十月"])
    assert "十月" in page


def test_after_the_import_each_row_says_what_happened_and_leads_to_its_case(cast: Cast, office: Client) -> None:
    dry, page = previewed(office, rows(cast))
    assert "/cases/QH-" not in page
    run = confirm_import(dry_run=dry, by=cast.county_supervisor, at=timezone.now())
    run_import(run.pk)
    page = office.get(f"/imports/{run.pk}").content.decode()
    for case in Case.objects.all():
        assert f'href="/cases/{case.number}"' in page
    _again, page = previewed(office, rows(cast))
    assert page.count('href="/cases/QH-') == 2


def test_a_refusal_is_read_in_the_language_of_the_page(cast: Cast, office: Client) -> None:
    run, page = previewed(office, rows(cast))
    reasons = run.preview[2]["reasons"]
    assert set(reasons) == {"zh-hans", "en"}
    assert reasons["zh-hans"] in page.replace("&quot;", '"')
    office.post("/language", {"language": "en"})
    page = office.get(f"/imports/{run.pk}").content.decode()
    assert "has no year" in page


def test_the_refused_file_has_a_chinese_reason_and_reads_back_in(cast: Cast, office: Client) -> None:
    run, _page = previewed(office, rows(cast))
    content = b"".join(office.get(f"/imports/{run.pk}/refused").streaming_content)
    (row,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    assert row["原因"]
    assert list(row) == [*NAMES, "原因"]
    mended = content.decode("utf-8-sig").replace("2月1日", "2026-02-01", 1)
    answer = office.post("/imports", {"file": SimpleUploadedFile("again.csv", mended.encode())})
    run = FindingImport.objects.latest("id")
    run_import(run.pk)
    run.refresh_from_db()
    assert (answer.status_code, run.added, run.unknown_columns) == (302, 1, ["天气"])


@pytest.mark.parametrize(("language", "named"), [("zh-hans", "问题描述"), ("en", "description")])
def test_a_missing_column_is_named_in_the_readers_language(office: Client, language: str, named: str) -> None:
    office.post("/language", {"language": language})
    answer = office.post("/imports", {"file": SimpleUploadedFile("a.csv", "台账\n村代码,发现日期\n1,2\n".encode())})
    assert answer.status_code == 422
    assert named in answer.content.decode()


def test_whoever_waits_for_a_worker_that_is_gone_is_told(cast: Cast, office: Client, clock: Any) -> None:
    upload = SimpleUploadedFile("台账.xlsx", book(rows(cast)))
    url = office.post("/imports", {"file": upload}).url
    assert "管理员" not in office.get(f"{url}/progress").json()["words"]
    clock.shift(timedelta(minutes=5))
    said = office.get(f"{url}/progress").json()["words"]
    assert "后台" in said and "不会丢失" in said
    assert "10:00" in office.get(url).content.decode()


def test_an_older_imports_page_still_opens(cast: Cast, office: Client) -> None:
    line = {"row": 2, "village": "上柳村", "found_on": "46269", "category": "", "severity": "", "description": "墙",
            "result": "added", "words": "可以导入"}  # fmt: skip
    run = FindingImport.objects.create(
        name="旧.csv", state="done", is_dry_run=True, by=cast.county_supervisor, at=timezone.now(), preview=[line]
    )
    page = office.get(f"/imports/{run.pk}").content.decode()
    assert "46269" in page
    assert "可以导入" in page


def test_a_case_that_was_not_imported_is_not_said_to_be(cast: Cast, office: Client) -> None:
    case = reported(cast, by=cast.county_supervisor)
    assert "导入" not in office.get(f"/cases/{case.number}").content.decode().split("<main")[1]
