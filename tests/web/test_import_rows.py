"""Refused rows of a file are corrected on its page, checked again, and taken; nothing typed is lost."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from casework.models import Case, FindingImport
from flows.finding_import import confirm_import, run_import
from flows.finding_preview import LONGEST_TO_MEND, MOST_TO_MEND
from tests.casework.books import book
from tests.cast import Cast
from tests.walk import NOW
from tests.web.test_queries import SignedIn

NAMES = ["编号", "村代码", "发现日期", "问题类别", "问题描述"]


@pytest.fixture
def office(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.county_supervisor)


def read(run: FindingImport) -> FindingImport:
    run_import(run.pk)
    run.refresh_from_db()
    return run


def previewed(office: Client, *rows: list[Any], names: list[str] = NAMES) -> FindingImport:
    answer = office.post("/imports", {"file": SimpleUploadedFile("台账.xlsx", book([names, *rows]))})
    assert answer.status_code == 302, answer.content.decode()
    return read(FindingImport.objects.latest("id"))


def rows(cast: Cast) -> list[list[Any]]:
    return [
        ["1", cast.willow.code, "2026-02-27", "公开栏闲置", "墙空着"],
        ["2", "无此村", "2026-02-27", "公开栏闲置", "账没有公开"],
        ["3", cast.willow.code, "2月1日", "公开栏闲置", ""],
    ]


def page_of(office: Client, run: FindingImport) -> str:
    return office.get(f"/imports/{run.pk}").content.decode()


def test_each_refused_row_shows_its_reason_and_its_cells(cast: Cast, office: Client) -> None:
    run = previewed(office, *rows(cast))
    page = page_of(office, run)
    assert (run.added, run.refused) == (1, 2)
    assert 'name="row-3-village_code" value="无此村"' in page and 'name="row-4-found_on" value="2月1日"' in page
    assert 'name="row-3-town" value=""' in page  # a village can be named instead of its code
    assert 'name="row-2-found_on"' not in page
    for row in run.refused_rows:
        assert row["reasons"]["zh-hans"] in page.replace("&quot;", '"')


def test_corrected_rows_are_checked_again_and_taken(cast: Cast, office: Client) -> None:
    run = previewed(office, *rows(cast))
    answer = office.post(
        f"/imports/{run.pk}/rows",
        {"row-3-village_code": "", "row-3-village": "上柳村", "row-3-town": "柳河镇", "row-3-description": "账没有公开",
         "row-4-found_on": "2026-02-01", "row-4-description": "没有例会记录"},
    )  # fmt: skip
    assert answer.status_code == 302 and answer["Location"] == f"/imports/{run.pk}"
    run = read(run)
    assert (run.added, run.refused, run.refused_rows) == (3, 0, [])
    read(confirm_import(dry_run=run, by=cast.county_supervisor, at=NOW))
    assert {case.description for case in Case.objects.all()} == {"墙空着", "账没有公开", "没有例会记录"}


def test_what_is_refused_once_more_keeps_what_was_typed_and_says_why(cast: Cast, office: Client) -> None:
    run = previewed(office, *rows(cast))
    office.post(f"/imports/{run.pk}/rows", {"row-4-found_on": "2026-13-45", "row-4-description": "没有例会记录"})
    run = read(run)
    assert (run.added, run.refused) == (1, 2)
    for _reload in range(2):
        page = page_of(office, run)
        assert 'name="row-4-found_on" value="2026-13-45"' in page and "没有例会记录</textarea>" in page
    office.post(f"/imports/{run.pk}/rows", {"row-4-found_on": "2026-02-01"})
    assert read(run).added == 2


def test_without_a_change_nothing_is_read_again(cast: Cast, office: Client) -> None:
    run = previewed(office, *rows(cast))
    odd = {
        "row-3-village_code": "无此村",
        "row-2-description": "anderes",
        "row-99-found_on": "x",
        "row-4-state": "done",
    }
    answer = office.post(f"/imports/{run.pk}/rows", odd, follow=True)
    assert "还没有改动" in answer.content.decode()
    run.refresh_from_db()
    assert (run.state, run.corrections) == ("done", {})


def test_after_the_import_corrected_rows_come_as_a_new_preview_in_which_the_rest_is_known(
    cast: Cast, office: Client
) -> None:
    dry = previewed(office, *rows(cast))
    run = read(confirm_import(dry_run=dry, by=cast.county_supervisor, at=NOW))
    assert (run.added, run.refused) == (1, 2)
    assert 'name="row-4-found_on"' in page_of(office, run)
    answer = office.post(f"/imports/{run.pk}/rows", {"row-4-found_on": "2026-02-01", "row-4-description": "没有记录"})
    again = read(FindingImport.objects.latest("id"))
    assert answer["Location"] == f"/imports/{again.pk}" and again.is_dry_run
    assert (again.added, again.unchanged, again.refused) == (1, 1, 1)
    read(confirm_import(dry_run=again, by=cast.county_supervisor, at=NOW))
    assert Case.objects.count() == 2


def test_cells_that_were_pushed_aside_are_put_right_by_hand(cast: Cast, office: Client) -> None:
    text = f"编号,村代码,发现日期,问题描述\n1,{cast.willow.code},2026-02-27,墙空着,没人管\n"
    office.post("/imports", {"file": SimpleUploadedFile("台账.csv", text.encode("gb18030"))})
    run = read(FindingImport.objects.latest("id"))
    assert run.refused == 1
    office.post(f"/imports/{run.pk}/rows", {"row-2-description": "墙空着,没人管"})
    assert read(run).added == 1


def test_of_very_many_refused_rows_the_first_are_offered(cast: Cast, office: Client) -> None:
    many = [[str(n), "无此村", "2026-02-27", "", f"第{n}处"] for n in range(MOST_TO_MEND + 5)]
    run = previewed(office, *many)
    assert (len(run.refused_rows), run.refused) == (MOST_TO_MEND, MOST_TO_MEND + 5)
    assert f"共 {MOST_TO_MEND + 5} 行，先列出 {MOST_TO_MEND} 行" in page_of(office, run)


def test_a_very_long_cell_stays_as_it_is(cast: Cast, office: Client) -> None:
    long = "长" * (LONGEST_TO_MEND + 1)
    run = previewed(office, ["1", "无此村", "2026-02-27", "", long])
    page = page_of(office, run)
    assert "很长的单元格" in page and long not in page
    office.post(f"/imports/{run.pk}/rows", {"row-2-village_code": cast.willow.code, "row-2-description": "kurz"})
    run = read(run)
    assert run.added == 1
    read(confirm_import(dry_run=run, by=cast.county_supervisor, at=NOW))
    assert Case.objects.get().description == long


def test_while_it_is_read_or_when_it_is_anothers_nothing_is_corrected(
    cast: Cast, office: Client, signed_in: SignedIn
) -> None:
    run = previewed(office, *rows(cast))
    said = {"row-4-found_on": "2026-02-01"}
    assert signed_in(cast.city_supervisor).post(f"/imports/{run.pk}/rows", said).status_code == 404
    assert office.post(f"/imports/{run.pk}/rows", said).status_code == 302
    assert office.post(f"/imports/{run.pk}/rows", said).status_code in (302, 409)
    assert "row-4-found_on" not in page_of(office, run)  # it is being read
