"""Our own ledger reads back in: here it changes nothing, in an empty city it makes the cases."""

import csv
import io
from collections.abc import Sequence
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from python_calamine import CalamineWorkbook

from casework.jobs.ledger import write_ledger
from casework.jobs.ledger_rows import ledger_rows
from casework.lifecycle.exit import withdraw_case
from casework.lifecycle.guess_marks import mark_of_guess, words_of_guess
from casework.models import Case, CatalogueItem, FindingImport
from casework.stages import Stage
from flows import steps
from flows.finding_import import run_import, start_import
from tests.cast import Cast
from tests.flows.findings import imported as brought_in
from tests.flows.findings import line
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


IDLE = {"category": "明白墙空着没有用", "description": "村委会西侧明白墙长期空着，没有任何公开内容", "severity": ""}
TAKEN = "村务公开/公开栏闲置"


def guesses(cast: Cast) -> list[Case]:
    """One that is open, one whose category came without words, one of the past."""
    without, past = {**IDLE, "finding_no": "F-2"}, {**IDLE, "finding_no": "F-3", "closed_on": "2026-03-01"}
    brought_in(line(cast, **IDLE), line(cast, **without), line(cast, **past), by=cast.county_supervisor)
    Case.objects.filter(finding_no="F-2").update(category_words="")
    cases = list(Case.objects.order_by("pk"))
    assert [case.is_item_guessed for case in cases] == [True] * 3
    return cases


def test_a_guessed_category_is_marked_in_the_remarks_with_the_words_it_was_read_from(cast: Cast) -> None:
    guesses(cast)
    header, *rows = CalamineWorkbook.from_filelike(io.BytesIO(ledger_of())).get_sheet_by_index(0).to_python()
    said = [(row[header.index("问题类别")], row[header.index("备注")]) for row in rows]
    assert said == [
        (TAKEN, f"类别由系统识别，待核对：{TAKEN}（原词：明白墙空着没有用）"),
        (TAKEN, f"类别由系统识别，待核对：{TAKEN}"),
        (TAKEN, f"历史导入；类别由系统识别，待核对：{TAKEN}（原词：明白墙空着没有用）"),
    ]


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_mark_reads_back_in_as_what_it_was(cast: Cast, form: str) -> None:
    cases = guesses(cast)
    before = list(Case.objects.values().order_by("id"))
    content = ledger_of() if form == "xlsx" else as_csv(ledger_of())
    run = imported(cast, content, f"台账.{form}")
    assert (run.added, run.unchanged, run.refused) == (0, 3, 0)
    assert list(Case.objects.values().order_by("id")) == before
    there = as_of_another_city(cases)
    run = imported(cast, there if form == "xlsx" else as_csv(there), f"台账.{form}")
    assert (run.added, run.items_guessed, run.unclassified) == (3, 3, 0)
    made = Case.objects.order_by("id")[3:]
    for one, other in zip(made, cases, strict=True):
        assert (one.item, one.is_item_guessed, one.severity) == (other.item, True, other.severity)
        assert one.category_words == other.category_words


def test_another_category_in_the_column_goes_before_a_mark_that_was_left_there(cast: Cast) -> None:
    """An office corrects its file and does not think of the remarks: here that is news, elsewhere it is the category."""
    case = guesses(cast)[0]
    other = CatalogueItem.objects.exclude(pk=case.item_id).order_by("pk")[0]
    remarks = mark_of_guess(TAKEN, IDLE["category"])
    head = "编号,村代码,发现日期,问题类别,问题描述,备注\n"
    row = f"{cast.willow.code},{case.found_on},{other.name},{case.description},{remarks}\n"
    run = imported(cast, f"{head}{case.number},{row}".encode(), "台账.csv")
    assert (run.added, run.unchanged, run.refused) == (0, 0, 1)
    imported(cast, f"{head}ZZ-2026-9,{row}".encode(), "台账.csv")
    made = Case.objects.latest("pk")
    assert (made.item, made.is_item_guessed, made.category_words) == (other, False, other.name)


def test_a_mark_of_an_item_that_is_not_in_use_leaves_the_words_to_the_desk(cast: Cast) -> None:
    remarks = mark_of_guess("别的方面/别的问题", "说不清")
    text = f"村代码,发现日期,问题类别,问题描述,备注\n{cast.willow.code},2026-02-01,别的方面/别的问题,情况见附件,{remarks}\n"
    imported(cast, text.encode(), "台账.csv")
    made = Case.objects.get()
    assert (made.item, made.is_item_guessed, made.category_words) == (None, False, "说不清")


@pytest.mark.parametrize(
    ("remarks", "words"),
    [
        ("", None),
        ("类别由系统识别", None),
        (f"类别由系统识别，待核对：{TAKEN}", ""),
        (f"类别由系统识别，待核对：{TAKEN}2（原词：甲）", None),
        (f"类别由系统识别，待核对：{TAKEN}（原词：甲（乙））", "甲（乙）"),
        (f"类别由系统识别，待核对：{TAKEN}（原词：甲）见附件", None),
    ],
)
def test_a_mark_that_was_written_over_says_nothing(remarks: str, words: str | None) -> None:
    assert words_of_guess(remarks, TAKEN) == words


def test_words_in_a_mark_are_no_longer_than_words_in_the_column(cast: Cast) -> None:
    remarks = mark_of_guess(TAKEN, "长" * 201)
    text = f"村代码,发现日期,问题类别,问题描述,备注\n{cast.willow.code},2026-02-01,{TAKEN},墙空着,{remarks}\n"
    run = imported(cast, text.encode(), "台账.csv")
    assert (run.added, run.refused) == (0, 1)
