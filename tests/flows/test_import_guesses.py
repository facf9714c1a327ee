"""What no name or alias of the catalogue catches, but the words surely mean, is taken and marked until a person decides."""

from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from casework.lifecycle import sure_items
from casework.lifecycle.aliases import end_alias, remember_alias
from casework.lifecycle.reporting import classify_case
from casework.models import Alias, Case, CatalogueItem, FindingImport, Kind
from casework.models.history import is_sealed
from casework.models.job import JobState
from casework.relapse import open_twins, traits
from casework.relapse.comparison import KEYS, key_values
from casework.relapse.matching import SAID
from casework.stages import Stage
from flows import steps
from flows.finding_import import confirm_import, run_import
from tests.cast import Cast
from tests.flows.findings import counts, imported, line, reasons
from tests.walk import NOW, reported

IDLE = {"category": "明白墙空着没有用", "description": "村委会西侧明白墙长期空着，没有任何公开内容", "severity": ""}
UNSURE = {"category": "其他", "description": "情况见附件", "severity": ""}


def idle() -> CatalogueItem:
    return CatalogueItem.objects.get(code="openness-idle")


def brought_in(cast: Cast, **cells: str) -> Case:
    imported(line(cast, **{**IDLE, **cells}), by=cast.county_supervisor)
    return Case.objects.latest("pk")


def test_a_sure_one_is_filed_and_marked_with_all_that_follows_from_its_item(cast: Cast) -> None:
    run = imported(line(cast, **IDLE), by=cast.county_supervisor)
    case, item = Case.objects.get(), idle()
    assert (case.item, case.is_item_guessed, case.category_words) == (item, True, IDLE["category"])
    assert (case.severity, case.kind, case.days) == (item.severity, Kind(item.kind), item.days)
    assert case.clause == item.standard[:200] and not case.is_unclassified
    assert (run.items_guessed, run.unclassified) == (1, 0)
    row = case.history.get()
    assert row.is_item_guessed and is_sealed(row)


@pytest.mark.parametrize(
    "cells",
    [
        UNSURE,
        {"category": "", "description": "。。。", "severity": ""},
        {"category": "", "description": "xq", "severity": ""},
        {"category": "zzz", "description": "1234567", "severity": ""},
    ],
)
def test_what_is_not_sure_or_says_nothing_waits_at_the_desk(cast: Cast, cells: dict[str, str]) -> None:
    run = imported(line(cast, **cells), by=cast.county_supervisor)
    case = Case.objects.get()
    assert (case.item, case.is_item_guessed, case.severity) == (None, False, None)
    assert (run.items_guessed, run.unclassified) == (0, 1)


def test_words_that_name_an_item_are_taken_at_their_word(cast: Cast) -> None:
    other = CatalogueItem.objects.exclude(pk=idle().pk).order_by("pk")[0]
    Alias.objects.create(words=IDLE["category"], item=other)
    case = brought_in(cast)
    assert (case.item, case.is_item_guessed) == (other, False)
    named = brought_in(cast, finding_no="F-2", category="白条入账")
    assert named.item is not None and named.item.code != "openness-idle" and not named.is_item_guessed


def test_an_item_that_is_no_longer_in_use_is_not_taken(cast: Cast) -> None:
    CatalogueItem.objects.filter(code="openness-idle").update(is_active=False)
    assert brought_in(cast).item is None


def test_words_that_somebody_has_ended_as_a_name_are_not_taken_for_it_below_that_city(cast: Cast) -> None:
    alias = remember_alias(words=IDLE["category"], item=idle(), city=cast.city, by=cast.city_supervisor, at=NOW)
    assert alias is not None
    end_alias(alias=alias, by=cast.city_supervisor, at=NOW)
    assert brought_in(cast).item is None
    assert brought_in(cast, finding_no="F-2", category="墙空着没有用").is_item_guessed
    Alias.objects.filter(pk=alias.pk).update(item=CatalogueItem.objects.exclude(pk=idle().pk).order_by("pk")[0])
    assert brought_in(cast, finding_no="F-3").item == idle()


def test_a_word_for_the_severity_goes_before_the_item(cast: Cast) -> None:
    assert brought_in(cast, severity="特别严重").severity == 4
    unknown = brought_in(cast, finding_no="F-2", severity="很坏")
    assert (unknown.item, unknown.severity, unknown.is_unclassified) == (idle(), None, True)


def test_history_is_filed_and_marked_in_the_same_way(cast: Cast) -> None:
    case = brought_in(cast, closed_on="2026-03-01")
    assert (case.stage, case.closed_on) == (Stage.CLOSED, date(2026, 3, 1))
    assert (case.item, case.is_item_guessed) == (idle(), True)


def test_a_likely_duplicate_of_an_open_case_is_found_by_it(cast: Cast) -> None:
    earlier = reported(cast, item=idle())
    case = brought_in(cast)
    assert (case.stage, case.likely_duplicate_of) == (Stage.SCREENING, earlier)


def test_the_same_file_again_adds_nothing_also_when_a_person_has_filed_it_elsewhere(cast: Cast) -> None:
    case = brought_in(cast)
    other = CatalogueItem.objects.exclude(pk=idle().pk).order_by("pk")[0]
    steps.take(classify_case, case=case, item=other, severity=3, by=cast.county_supervisor, at=timezone.now())
    assert counts(imported(line(cast, **IDLE), by=cast.county_supervisor)) == (0, 1, 0)


def test_other_words_are_news_however_alike_they_are_read(cast: Cast) -> None:
    brought_in(cast)
    run = imported(line(cast, **{**IDLE, "category": "墙空着没用"}), by=cast.county_supervisor)
    assert counts(run) == (0, 0, 1) and len(reasons(run)) == 1


def test_a_preview_says_as_what_it_is_read_and_the_import_takes_it_so(cast: Cast) -> None:
    dry = imported(
        line(cast, **IDLE), line(cast, finding_no="F-2", **UNSURE), by=cast.county_supervisor, is_dry_run=True
    )
    assert (dry.items_guessed, dry.unclassified) == (1, 1)
    names = {"zh-hans": idle().name, "en": idle().name_en}
    assert [row["guessed"] for row in dry.preview] == [names, {}]
    run = confirm_import(dry_run=dry, by=cast.county_supervisor, at=timezone.now())
    run_import(run.pk)
    assert FindingImport.objects.get(pk=run.pk).items_guessed == 1
    assert Case.objects.filter(is_item_guessed=True).count() == 1


def test_a_row_whose_words_cannot_be_read_comes_in_without_an_item(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    read = sure_items.sure_items

    def broken(said: list[str], called: list[str]) -> list[str]:
        if any("毒" in words for words in said):
            raise ValueError("unreadable")
        return read(said, called)

    monkeypatch.setattr(sure_items, "sure_items", broken)
    rows = [
        line(cast, **IDLE),
        line(cast, **{**IDLE, "finding_no": "F-2", "description": IDLE["description"] + "，毒"}),
        line(cast, finding_no="F-3"),
    ]
    run = imported(*rows, by=cast.county_supervisor)
    assert (run.state, counts(run)) == (JobState.DONE, (3, 0, 0))
    assert [case.item for case in Case.objects.order_by("finding_no")] == [idle(), None, idle()]


def test_a_batch_is_read_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    read = sure_items.sure_items
    monkeypatch.setattr(sure_items, "sure_items", lambda said, called: asked.append(len(said)) or read(said, called))
    rows = [line(cast, **{**IDLE, "finding_no": f"F-{n}"}) for n in range(5)]
    imported(*rows, line(cast, finding_no="F-9"), by=cast.county_supervisor)
    assert asked == [5]


def test_what_may_be_back_is_told_by_the_words_and_not_by_the_guess(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The weights of a relapse were learned on offices' own words."""
    read: list[str] = []
    meant = traits.items_meant
    monkeypatch.setattr(traits, "items_meant", lambda said, called: read.extend(called) or meant(said, called))
    case = brought_in(cast)
    assert read == [IDLE["category"]]
    assert said_of(case) == open_twins._category(case) == IDLE["category"]
    steps.take(classify_case, case=case, item=idle(), severity=2, by=cast.county_supervisor, at=timezone.now())
    case.refresh_from_db()
    assert said_of(case) == open_twins._category(case) == read[-1] == idle().name


def said_of(case: Case) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(SAID.format(KEYS[connection.vendor]), key_values([case.pk]))
        return cursor.fetchone()[2]


def test_the_command_says_how_many(cast: Cast, tmp_path: Any) -> None:
    path = tmp_path / "findings.csv"
    head = "编号,村代码,发现日期,问题类别,问题描述\n"
    path.write_text(f"{head}F-1,{cast.willow.code},2026-02-27,{IDLE['category']},{IDLE['description']}\n")
    out = StringIO()
    call_command("import_findings", str(path), stdout=out)
    assert "1 filed by what their words surely mean" in out.getvalue()
