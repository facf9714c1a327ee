"""The table that an office downloads, fills in and imports: read back by our own reader."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from casework.models import Case, CatalogueItem, FindingImport
from casework.tables.columns import FINDING_COLUMNS
from casework.tables.parsing import read_table
from flows.finding_import import run_import
from tests.casework.books import book
from tests.cast import Cast
from tests.web.test_queries import SignedIn

ADDRESS = "/imports/template.xlsx"


def downloaded(client: object, language: str = "zh-hans") -> bytes:
    answer = client.get(ADDRESS, headers={"accept-language": language})  # type: ignore[attr-defined]
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize(
    ("language", "head", "other"), [("zh-hans", "问题描述", "类别"), ("en", "description", "Categories")]
)
def test_it_holds_the_columns_the_categories_and_the_offices_own_villages(
    language: str, head: str, other: str, cast: Cast, signed_in: SignedIn
) -> None:
    cast.county_supervisor.language = language
    cast.county_supervisor.save()
    content = downloaded(signed_in(cast.county_supervisor), language)
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(content))
    first, categories, villages = (sheets.get_sheet_by_index(place).to_python() for place in range(3))
    assert head in first[0] and other in sheets.sheet_names
    assert len(categories) == CatalogueItem.objects.filter(is_active=True).count() + 1
    codes = {row[3] for row in villages[1:]}
    assert codes == {cast.willow.code, cast.poplar.code, cast.elm.code}  # and none of the other county's
    assert [row[:3] for row in villages[1:] if row[3] == cast.willow.code] == [["青禾区", "柳河镇", "上柳村"]]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_unfilled_it_holds_no_row_since_its_example_is_none(language: str, cast: Cast, signed_in: SignedIn) -> None:
    cast.county_supervisor.language = language
    cast.county_supervisor.save()
    client = signed_in(cast.county_supervisor)
    content = downloaded(client, language)
    table = read_table(content, FINDING_COLUMNS)
    assert (table.rows, table.passed_over) == ([], [2])
    answer = client.post("/imports", {"file": SimpleUploadedFile("问题.xlsx", content)})
    assert answer.status_code == 422 and not FindingImport.objects.exists()


def test_filled_in_below_the_example_its_rows_are_taken(cast: Cast, signed_in: SignedIn) -> None:
    content = downloaded(signed_in(cast.county_supervisor))
    table = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    said = {
        "村代码": cast.willow.code,
        "发现日期": "2026-02-27",
        "问题描述": "墙空着",
        "编号": "1",
        "问题类别": "公开栏闲置",
    }
    filled = book([*table, [said.get(str(name), "") for name in table[0]]])
    client = signed_in(cast.county_supervisor)
    assert client.post("/imports", {"file": SimpleUploadedFile("问题.xlsx", filled)}).status_code == 302
    run = FindingImport.objects.get()
    run_import(run.pk)
    run.refresh_from_db()
    assert (run.added, run.refused, run.unclassified, run.passed_over) == (1, 0, 0, [2])
    assert "示例" in client.get(f"/imports/{run.pk}").content.decode()
    assert not Case.objects.exists()
