"""Findings come in by the file: each good row a case with its process, each bad row back with its reason."""

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from casework.models import Alias, Case, CaseEvent, CaseObject, CatalogueItem
from casework.models.job import JobState
from casework.stages import Stage
from flows.finding_import import confirm_import, run_import
from flows.models import CaseTask
from tests.cast import Cast
from tests.flows.findings import counts, imported, line, reasons
from tests.walk import assigned, reported


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
