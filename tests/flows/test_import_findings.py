"""Findings come in by the file: each good row a case with its process, each bad row back with its reason."""

import csv
import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from casework.errors import Invalid, NotAllowed
from casework.jobs.machine import SILENCE_ALLOWED
from casework.models import Alias, Case, CaseEvent, CaseObject, CatalogueItem, FindingImport, Person, RestingRow
from casework.models.job import JobState
from casework.models.resting_row import ClockName
from casework.stages import Stage
from flows import finding_reader, starting
from flows.finding_import import confirm_import, run_import, start_import, unfinished
from flows.models import CaseTask
from flows.tasks import finish_imports
from tests.cast import Cast
from tests.walk import NOW, assigned, reported

HEADER = (
    "finding_no,village_code,found_on,category,severity,description,required_action,due_days,source,object,closed_on\n"
)


def line(cast: Cast, **cells: str) -> str:
    words = {
        "finding_no": "F-1",
        "village_code": cast.willow.code,
        "found_on": "2026-02-27",
        "category": "明白墙闲置",
        "severity": "较重",
        "description": "西侧明白墙空着",
        **cells,
    }
    out = StringIO()
    csv.DictWriter(out, HEADER.strip().split(",")).writerow(words)
    return out.getvalue()


def upload(*lines: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("问题清单.csv", (HEADER + "".join(lines)).encode())


def imported(*lines: str, by: Person | None, is_dry_run: bool = False) -> FindingImport:
    run = start_import(upload=upload(*lines), by=by, at=timezone.now(), is_dry_run=is_dry_run)
    run_import(run.pk)
    run.refresh_from_db()
    return run


def counts(run: FindingImport) -> tuple[int, int, int]:
    return run.added, run.unchanged, run.refused


def reasons(run: FindingImport) -> list[str]:
    with run.refused_file.open("rb") as file:
        return [row["reason"] for row in csv.DictReader(StringIO(file.read().decode("utf-8-sig")))]


def test_a_row_becomes_a_case_with_number_history_event_and_an_open_step(cast: Cast) -> None:
    run = imported(line(cast, due_days="7", source="暗访", object="一号墙"), by=cast.county_supervisor)
    assert (run.state, counts(run)) == (JobState.DONE, (1, 0, 0))
    case = Case.objects.get()
    assert (case.number, case.finding_no, case.stage) == ("QH-2026-000001", "F-1", Stage.ASSIGNMENT)
    assert (case.village, case.town, case.county, case.city) == (cast.willow, cast.town, cast.county, cast.city)
    assert (case.item.code, case.severity, case.days) == ("openness-idle", 2, 7)
    assert (case.source, case.object.name, case.waits_at) == ("unannounced_visit", "一号墙", cast.county)
    assert (case.found_in, case.reported_by, case.found_on) == (run, cast.county_supervisor, date(2026, 2, 27))
    history = case.history.get()
    assert (history.history_step, history.history_user) == ("import_findings", cast.county_supervisor)
    assert CaseEvent.objects.get(case=case).stage_after == Stage.ASSIGNMENT
    assert CaseTask.objects.get(process=case.process, finished=None).flow_task.name == Stage.ASSIGNMENT


def test_an_imported_case_goes_on_through_the_one_door(cast: Cast) -> None:
    imported(line(cast), by=cast.county_supervisor)
    case = assigned(cast, Case.objects.get())
    assert case.stage == Stage.PLANNING


def test_the_same_file_again_adds_nothing(cast: Cast) -> None:
    lines = [line(cast), line(cast, finding_no="", description="没有编号的一件")]
    assert counts(imported(*lines, by=cast.county_supervisor)) == (2, 0, 0)
    assert counts(imported(*lines, by=cast.county_supervisor)) == (0, 2, 0)
    assert Case.objects.count() == 2


def test_a_number_with_other_words_comes_back_instead_of_being_lost(cast: Cast) -> None:
    run = imported(line(cast), line(cast, description="另一件事"), by=cast.county_supervisor)
    assert counts(run) == (1, 0, 1)
    run = imported(line(cast, description="又一件事"), by=cast.county_supervisor)
    assert counts(run) == (0, 0, 1)
    assert Case.objects.get().number in reasons(run)[0]


def test_two_objects_with_the_same_words_and_no_number_are_two_cases(cast: Cast) -> None:
    lines = [line(cast, finding_no="", object=name) for name in ("一号墙", "二号墙")]
    assert counts(imported(*lines, by=cast.county_supervisor)) == (2, 0, 0)
    assert CaseObject.objects.count() == 2


@pytest.mark.parametrize(
    "cells",
    [
        {"village_code": "999999999999"},
        {"village_code": "4.11102E+11"},
        {"village_code": ""},
        {"village_code": "{town}"},
        {"village_code": "{reed}"},  # another county's
        {"description": "  "},
        {"found_on": "2026-02-30"},
        {"found_on": ""},
        {"found_on": "2026-03-03"},  # tomorrow
        {"due_days": "-3"},
        {"due_days": "99999"},
        {"closed_on": "2026-02-26"},  # before it was found
        {"closed_on": "2026-03-03"},
        {"category": "长" * 201},
        {"object": "长" * 101},
    ],
)
def test_a_row_that_cannot_be_a_case_is_refused_alone(cast: Cast, cells: dict[str, str]) -> None:
    cells = {name: words.format(town=cast.town.code, reed=cast.reed.code) for name, words in cells.items()}
    bad = line(cast, **{"finding_no": "F-2", **cells})
    run = imported(line(cast), bad, line(cast, finding_no="F-3"), by=cast.county_supervisor)
    assert counts(run) == (2, 0, 1)
    assert len(reasons(run)) == 1
    assert reasons(run)[0]
    assert set(Case.objects.values_list("finding_no", flat=True)) == {"F-1", "F-3"}


def test_a_village_without_a_town_is_refused_alone(cast: Cast) -> None:
    cast.poplar.parent = cast.county
    cast.poplar.path = cast.county.path + "9999999"
    cast.poplar.save()
    run = imported(line(cast), line(cast, finding_no="F-2", village_code=cast.poplar.code), by=cast.county_supervisor)
    assert counts(run) == (1, 0, 1)


def test_words_that_match_nothing_are_kept_to_be_classified(cast: Cast) -> None:
    run = imported(line(cast, category="说不清", severity="很坏", source="领导批示"), by=cast.county_supervisor)
    case = Case.objects.get()
    assert run.unclassified == 1
    assert (case.item, case.category_words, case.severity, case.severity_words) == (None, "说不清", None, "很坏")
    assert (case.source, case.source_words) == ("other", "领导批示")


def test_an_alias_that_the_office_adds_is_found(cast: Cast) -> None:
    Alias.objects.create(words="墙空着", item=CatalogueItem.objects.get(code="openness-idle"))
    imported(line(cast, category=" 墙 空着 ", severity="特别严重"), by=cast.county_supervisor)
    case = Case.objects.get()
    assert (case.item.code, case.severity) == ("openness-idle", 4)


def test_a_likely_duplicate_of_an_open_case_waits_for_screening(cast: Cast) -> None:
    earlier = reported(cast, item=CatalogueItem.objects.get(code="openness-idle"))
    run = imported(line(cast), line(cast, finding_no="F-2", category="白条入账"), by=cast.county_supervisor)
    assert (run.added, run.likely_duplicates) == (2, 1)
    case = Case.objects.get(finding_no="F-1")
    assert (case.stage, case.likely_duplicate_of) == (Stage.SCREENING, earlier)
    assert CaseTask.objects.get(process=case.process, finished=None).flow_task.name == Stage.SCREENING


def test_history_arrives_closed(cast: Cast) -> None:
    imported(line(cast, closed_on="2026-03-01"), by=cast.county_supervisor)
    case = Case.objects.get()
    assert (case.stage, case.closed_on, case.is_imported_history) == (Stage.CLOSED, date(2026, 3, 1), True)
    assert (case.process, case.waits_at) == (None, None)


def test_a_long_text_is_kept_whole(cast: Cast) -> None:
    words = "墙面脱落。" * 20_000
    imported(line(cast, description=words), by=cast.county_supervisor)
    assert Case.objects.get().description == words


def test_a_dry_run_shows_and_writes_nothing_until_it_is_confirmed_once(cast: Cast) -> None:
    dry = imported(line(cast), line(cast, village_code="1"), by=cast.county_supervisor, is_dry_run=True)
    assert (counts(dry), Case.objects.count()) == ((1, 0, 1), 0)
    assert [each["result"] for each in dry.preview] == ["added", "refused"]
    run = confirm_import(dry_run=dry, by=cast.county_supervisor, at=timezone.now())
    assert confirm_import(dry_run=dry, by=cast.county_supervisor, at=timezone.now()) == run
    run_import(run.pk)
    run.refresh_from_db()
    assert (counts(run), Case.objects.count()) == ((1, 0, 1), 1)


def test_only_an_office_imports(cast: Cast) -> None:
    for person in (cast.inspector, cast.town_reviewer, cast.willow_head, cast.volunteer, cast.administrator):
        with pytest.raises(NotAllowed):
            start_import(upload=upload(line(cast)), by=person, at=timezone.now(), is_dry_run=True)
    assert not FindingImport.objects.exists()


def test_a_post_that_ended_meanwhile_imports_nothing(cast: Cast) -> None:
    run = start_import(upload=upload(line(cast)), by=cast.county_supervisor, at=timezone.now(), is_dry_run=False)
    cast.county_supervisor.terms.update(valid_until=NOW.date() - timedelta(days=1))
    run_import(run.pk)
    run.refresh_from_db()
    assert (run.state, Case.objects.count()) == (JobState.FAILED, 0)
    assert run.trouble


@pytest.mark.parametrize("content", [b"", b"finding_no,village_code\n1,2\n", HEADER.encode(), b"\x89PNG\r\n\x1a\n\x00"])
def test_a_file_that_is_no_findings_file_is_refused_at_once(cast: Cast, content: bytes) -> None:
    with pytest.raises(Invalid):
        start_import(
            upload=SimpleUploadedFile("x.csv", content), by=cast.county_supervisor, at=timezone.now(), is_dry_run=True
        )
    assert not FindingImport.objects.exists()


def test_an_import_goes_on_where_a_dead_worker_left_it(cast: Cast, monkeypatch: pytest.MonkeyPatch, clock: Any) -> None:
    monkeypatch.setattr(finding_reader, "BATCH", 2)
    lines = [line(cast, finding_no=f"F-{n}", description="" if n in (2, 5) else f"第{n}件") for n in range(1, 7)]
    run = start_import(upload=upload(*lines), by=cast.county_supervisor, at=timezone.now(), is_dry_run=False)
    batches = iter([starting.start_processes])

    def dies_in_the_second_batch(cases: Any, **words: Any) -> None:
        step = next(batches, None)
        if step is None:
            raise SystemExit
        step(cases, **words)

    monkeypatch.setattr(finding_reader, "start_processes", dies_in_the_second_batch)
    with pytest.raises(SystemExit):
        run_import(run.pk)
    run.refresh_from_db()
    assert (run.state, run.rows_read, Case.objects.count()) == (JobState.RUNNING, 2, 1)
    monkeypatch.setattr(finding_reader, "start_processes", starting.start_processes)
    run_import(run.pk)  # too early: the other worker may be alive
    assert Case.objects.count() == 1
    clock.shift(SILENCE_ALLOWED + timedelta(seconds=1))
    assert unfinished(timezone.now()) == [run.pk]
    finish_imports()
    run.refresh_from_db()
    assert (run.state, counts(run), len(reasons(run))) == (JobState.DONE, (4, 0, 2), 2)
    assert sorted(Case.objects.values_list("number", flat=True)) == [f"QH-2026-{n:06d}" for n in range(1, 5)]


def test_an_error_parks_the_import_with_a_sentence(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    run = start_import(upload=upload(line(cast)), by=cast.county_supervisor, at=timezone.now(), is_dry_run=False)

    def breaks(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(finding_reader, "start_processes", breaks)
    with pytest.raises(ZeroDivisionError):
        run_import(run.pk)
    run.refresh_from_db()
    assert (run.state, Case.objects.count()) == (JobState.FAILED, 0)
    assert run.trouble
    assert unfinished(timezone.now() + timedelta(days=1)) == []


def test_a_batch_asks_a_fixed_number_of_questions(cast: Cast, django_assert_max_num_queries: Any) -> None:
    lines = [line(cast, finding_no=f"F-{n}", description=f"第{n}件", object=f"物{n}") for n in range(100)]
    run = start_import(upload=upload(*lines), by=cast.county_supervisor, at=timezone.now(), is_dry_run=False)
    with django_assert_max_num_queries(80):
        run_import(run.pk)
    assert Case.objects.count() == 100


def test_the_command_names_unknown_columns_and_sums_up(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "findings.csv"
    header = "编号,村代码,发现日期,问题类别,严重程度,问题描述,天气\n"
    good = f"F-1,{cast.willow.code},2026年2月27日,明白墙闲置,较重,空着,晴\n"
    path.write_text(header + good + "F-2,1,2026-02-27,明白墙闲置,较重,空着,晴\n")
    out = StringIO()
    call_command("import_findings", str(path), stdout=out)
    assert "天气" in out.getvalue()
    assert out.getvalue().splitlines()[-1] == "1 added, 0 changed, 0 unchanged, 1 refused"
    refused = (tmp_path / "findings.csv.refused.csv").read_text(encoding="utf-8-sig").splitlines()
    assert refused[0] == header.strip() + ",原因"
    assert len(refused) == 2
    out = StringIO()
    call_command("import_findings", str(path), json=True, stdout=out)
    assert json.loads(out.getvalue())["unchanged"] == 1


def test_a_row_that_can_not_be_written_comes_back_with_a_reason_and_the_others_are_cases(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = finding_reader.start_processes

    def picky(cases: list[Case], **values: Any) -> None:
        if any(case.description == "毒" for case in cases):
            raise ZeroDivisionError
        start(cases, **values)

    monkeypatch.setattr(finding_reader, "start_processes", picky)
    words = ["一", "毒", "三", "四"]
    lines = [line(cast, finding_no=f"F-{n}", description=word) for n, word in enumerate(words)]
    run = imported(*lines, by=cast.county_supervisor)
    assert (run.state, counts(run)) == (JobState.DONE, (3, 0, 1))
    assert list(Case.objects.order_by("id").values_list("description", flat=True)) == ["一", "三", "四"]
    assert len(reasons(run)) == 1
    assert RestingRow.objects.get().clock == ClockName.IMPORTS


def test_a_row_that_can_not_even_be_understood_comes_back_too(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    understand = finding_reader.understand

    def picky(cells: dict[str, Any], **values: Any) -> Any:
        if cells["description"] == "毒":
            raise ZeroDivisionError
        return understand(cells, **values)

    monkeypatch.setattr(finding_reader, "understand", picky)
    lines = [line(cast, finding_no=word, description=word) for word in ("一", "毒")]
    assert counts(imported(*lines, by=cast.county_supervisor)) == (1, 0, 1)
