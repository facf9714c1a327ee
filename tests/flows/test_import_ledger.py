"""Our own ledger reads back in: here it changes nothing, in an empty city it makes the cases."""

import csv
import io
from collections.abc import Sequence
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from python_calamine import CalamineWorkbook

from casework.jobs.ledger import ledger_rows, write_ledger
from casework.lifecycle.exit import withdraw_case
from casework.models import Case, CatalogueItem, FindingImport
from casework.stages import Stage
from flows import steps
from flows.finding_import import run_import, start_import
from tests.cast import Cast
from tests.walk import NOW, case_at, reported


def ledger_of() -> bytes:
    file = io.BytesIO()
    write_ledger(Case.objects.all(), file)
    return file.getvalue()


def as_csv(content: bytes) -> bytes:
    """As Excel saves it."""
    out = io.StringIO()
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def imported(cast: Cast, content: bytes, name: str) -> FindingImport:
    upload = SimpleUploadedFile(name, content)
    run = start_import(upload=upload, by=cast.county_supervisor, at=timezone.now(), is_dry_run=False)
    run_import(run.pk)
    run.refresh_from_db()
    return run


def some_cases(cast: Cast) -> list[Case]:
    item = CatalogueItem.objects.get(code="openness-idle")
    return [
        reported(cast, item=item, object_name="一号墙", description="墙空着\r\n群众不知道"),
        reported(cast, village=cast.poplar, description="没有归类的一件"),
        case_at(Stage.RECTIFICATION, cast),
        case_at(Stage.CLOSED, cast),
    ]


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_ledger_read_back_where_it_was_written_changes_nothing(cast: Cast, form: str) -> None:
    cases = some_cases(cast)
    before = list(Case.objects.values().order_by("id"))
    content = ledger_of() if form == "xlsx" else as_csv(ledger_of())
    run = imported(cast, content, f"台账.{form}")
    assert (run.added, run.unchanged, run.refused) == (0, len(cases), 0)
    assert list(Case.objects.values().order_by("id")) == before


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_ledger_makes_the_cases_of_an_empty_city(cast: Cast, form: str) -> None:
    """Numbers and villages as they were there; ended cases come as history, all others are to be assigned."""
    content = as_of_another_city(some_cases(cast))
    content = content if form == "xlsx" else as_csv(content)
    there = Case.objects.count()
    run = imported(cast, content, f"台账.{form}")
    assert (run.added, run.unchanged, run.refused) == (4, 0, 0)
    made = Case.objects.order_by("id")[there:]
    assert [case.finding_no for case in made] == [f"ZZ-2026-{n:06d}" for n in range(1, 5)]
    assert [case.village for case in made] == [cast.willow, cast.poplar, cast.willow, cast.willow]
    assert [case.is_imported_history for case in made] == [False, False, False, True]
    assert made[0].object.name == "一号墙"
    assert made[0].inspector_name == str(cast.inspector)
    assert made[3].closed_on == Case.objects.filter(stage=Stage.CLOSED, is_imported_history=False).get().closed_on
    again = imported(cast, content, f"台账.{form}")
    assert (again.added, again.unchanged, again.refused) == (0, 4, 0)


def as_of_another_city(cases: Sequence[Case]) -> bytes:
    """The same ledger with numbers that are not known here."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(ledger_of())).get_sheet_by_index(0).to_python()
    from tests.casework.books import book

    for number, row in enumerate(rows[1:], start=1):
        row[1] = f"ZZ-2026-{number:06d}"
    return book([[cell if cell != "" else None for cell in row] for row in rows])


def test_what_ended_without_a_strike_off_is_refused_with_its_reason(cast: Cast) -> None:
    case = reported(cast)
    steps.take(withdraw_case, case=case, by=cast.county_supervisor, reason="重复登记", at=NOW)
    run = imported(cast, as_of_another_city([case]), "台账.xlsx")
    assert (run.added, run.refused) == (0, 1)
    assert "已撤回" in run.preview[0]["reasons"]["zh-hans"] or "撤" in run.preview[0]["reasons"]["zh-hans"]


@pytest.mark.parametrize(("is_closed", "closed_on"), [("是", ""), ("否", "2026-02-20")])
def test_a_ledger_that_contradicts_itself_on_the_end_is_refused(cast: Cast, is_closed: str, closed_on: str) -> None:
    text = f"村代码,发现日期,问题描述,是否销号,销号日期\n{cast.willow.code},2026-02-01,墙空着,{is_closed},{closed_on}\n"
    run = imported(cast, text.encode(), "台账.csv")
    assert (run.added, run.refused) == (0, 1)


def test_the_ledger_names_the_inspector_of_the_file(cast: Cast) -> None:
    text = f"村代码,发现日期,问题描述,检查人\n{cast.willow.code},2026-02-01,墙空着,张三\n"
    imported(cast, text.encode(), "台账.csv")
    (row,) = ledger_rows(Case.objects.all())
    assert "张三" in row
    assert date(2026, 2, 1) in row
