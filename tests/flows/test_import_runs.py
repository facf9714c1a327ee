"""The run of an import: who may start it, and what becomes of it when a worker dies or a row cannot be taken."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework.errors import Invalid, NotAllowed
from casework.jobs.machine import SILENCE_ALLOWED
from casework.models import Case, FindingImport, RestingRow
from casework.models.job import JobState
from casework.models.resting_row import ClockName
from flows import finding_reader, starting
from flows.finding_import import run_import, start_import, unfinished
from flows.tasks import finish_imports
from tests.cast import Cast
from tests.flows.findings import HEADER, counts, imported, line, reasons, upload
from tests.walk import NOW


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


def test_a_batch_asks_a_fixed_number_of_questions(cast: Cast) -> None:
    lines = [line(cast, finding_no=f"F-{n}", description=f"第{n}件", object=f"物{n}") for n in range(100)]
    run = start_import(upload=upload(*lines), by=cast.county_supervisor, at=timezone.now(), is_dry_run=False)
    with CaptureQueriesContext(connection) as captured:
        run_import(run.pk)
    # A batch works in savepoints of its own, so that a row that can't be written stops no other: they ask nothing.
    asked = [query["sql"] for query in captured.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(asked) <= 75, "\n".join(words[:110] for words in asked)
    assert Case.objects.count() == 100


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
