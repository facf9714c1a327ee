"""What an import brings in may have been there before: its cases are looked for behind it, and nobody waits for that."""

from datetime import date
from typing import Any

import pytest

from casework.models import Case, CaseTraits, RelapseCandidate
from casework.models.job import JobState
from casework.models.relapse import FoundBy
from casework.relapse.candidates import look_for_unmatched
from flows import finding_import
from flows.finding_import import run_import, start_import
from tests.cast import Cast
from tests.flows.findings import imported, line, upload
from tests.walk import NOW

WORDS = "西侧明白墙被杂物遮挡，第三季度财务公开看不见"
STRUCK_OFF = "2025-11-20"


def history(cast: Cast, **cells: str) -> str:
    return line(cast, finding_no="H-1", found_on="2025-11-03", closed_on=STRUCK_OFF, **{"description": WORDS, **cells})


def waiting() -> list[int]:
    return list(CaseTraits.objects.filter(matched_at=None).values_list("case", flat=True))


def test_what_was_struck_off_before_is_named_once_the_cases_stand(cast: Cast) -> None:
    imported(history(cast), by=cast.county_supervisor)
    earlier = Case.objects.get()
    run = imported(line(cast, description=WORDS), by=cast.county_supervisor)
    candidate = RelapseCandidate.objects.get()
    assert (candidate.earlier, candidate.case.found_in, candidate.found) == (earlier, run, FoundBy.IMPORT)
    assert waiting() == []


def test_history_that_arrives_later_has_what_came_after_it_looked_at_anew(cast: Cast) -> None:
    imported(
        line(cast, finding_no="F-1", description=WORDS, found_on="2026-02-27"),
        line(cast, finding_no="F-2", description=WORDS, found_on="2025-11-10"),
        line(cast, finding_no="F-3", description=WORDS, found_on="2026-02-27", village_code=cast.elm.code),
        by=cast.county_supervisor,
    )
    after, _before, _elsewhere = Case.objects.order_by("pk")
    assert not RelapseCandidate.objects.exists()
    imported(history(cast), by=cast.county_supervisor)
    assert waiting() == [after.pk]
    look_for_unmatched(at=NOW)
    assert list(RelapseCandidate.objects.values_list("case", "earlier__closed_on")) == [(after.pk, date(2025, 11, 20))]


def test_open_findings_have_nothing_looked_at_anew(cast: Cast) -> None:
    imported(line(cast, finding_no="F-1", description=WORDS), by=cast.county_supervisor)
    imported(line(cast, finding_no="F-2", description=WORDS), by=cast.county_supervisor)
    assert waiting() == []


def test_older_cases_that_were_never_read_are_left_to_the_sweep(cast: Cast) -> None:
    imported(line(cast, finding_no="F-1"), by=cast.county_supervisor)
    old = Case.objects.get()
    CaseTraits.objects.all().delete()
    imported(line(cast, finding_no="F-2", village_code=cast.elm.code), by=cast.county_supervisor)
    assert not CaseTraits.objects.filter(case=old).exists()
    look_for_unmatched(at=NOW)
    assert CaseTraits.objects.filter(case=old).exists()


def test_where_the_looking_fails_the_import_is_done_and_the_sweep_looks(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    run = start_import(upload=upload(line(cast)), by=cast.county_supervisor, at=NOW, is_dry_run=False)
    with monkeypatch.context() as broken, pytest.raises(ZeroDivisionError):
        broken.setattr(finding_import, "match_import", breaks)
        run_import(run.pk)
    run.refresh_from_db()
    assert (run.state, run.added) == (JobState.DONE, 1)
    look_for_unmatched(at=NOW)
    assert CaseTraits.objects.filter(case=Case.objects.get(), matched_at=NOW).exists()


def test_a_preview_looks_for_nothing(cast: Cast) -> None:
    imported(line(cast), by=cast.county_supervisor, is_dry_run=True)
    assert not CaseTraits.objects.exists()
