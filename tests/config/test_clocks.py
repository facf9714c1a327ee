"""What nobody needs any more is removed once a day; the file broker survives the loss of its folders."""

import os
import shutil
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from kombu import Connection
from kombu.transport import TRANSPORT_ALIASES

from casework.models import Case, CaseEvent, FindingImport, LedgerExport
from casework.models.job import JobState
from config import pruning
from config.celery import app
from config.clocks import CLOCKS, schedule
from config.pruning import prune
from flows.models import SubmittedForm
from notifications.announcing import announce
from notifications.models import Delivery, Message, State
from oversight.suggestions.records import Suggestion, SuggestionAnswer
from tests.cast import Cast
from tests.walk import NOW, reported


def test_sessions_that_ran_out_go_and_others_stay(cast: Cast) -> None:
    for name, days in (("old", -1), ("young", 1)):
        Session.objects.create(session_key=name, session_data="", expire_date=NOW + timedelta(days=days))
    prune(at=NOW)
    assert set(Session.objects.values_list("session_key", flat=True)) == {"young"}


def test_it_happens_once_a_day(cast: Cast) -> None:
    prune(at=NOW)
    Session.objects.create(session_key="old", session_data="", expire_date=NOW - timedelta(days=1))
    assert prune(at=NOW + timedelta(hours=1)) == 0
    assert prune(at=NOW + timedelta(days=1)) == 1


def test_a_sweep_ahead_of_its_time_signs_nobody_out(cast: Cast) -> None:
    Session.objects.create(session_key="mine", session_data="", expire_date=NOW + timedelta(days=1))
    assert prune(at=NOW + timedelta(days=300)) == 0


def test_forms_and_sign_ins_go_after_their_time(cast: Cast) -> None:
    case = reported(cast)
    for days in (59, 61):
        SubmittedForm.objects.create(key=uuid.uuid4(), case=case, step="x", content="", at=NOW - timedelta(days=days))
    for days in (29, 31):
        attempt = AccessAttempt.objects.create(username=str(days), failures_since_start=1, get_data="", post_data="")
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=NOW - timedelta(days=days))
    prune(at=NOW)
    assert SubmittedForm.objects.filter(step="x").count() == 1
    assert AccessAttempt.objects.get().username == "29"


@pytest.mark.parametrize(("state", "days"), [(State.SENT, 180), (State.CANCELLED, 180), (State.PARKED, 365)])
def test_deliveries_go_when_they_are_over_and_messages_and_events_stay(cast: Cast, state: State, days: int) -> None:
    case = reported(cast)
    announce(at=NOW)
    message = Message.objects.get()
    kept = Delivery.objects.create(message=message, channel="a", state=state, due_at=NOW - timedelta(days=days))
    Delivery.objects.create(message=message, channel="b", state=state, due_at=NOW - timedelta(days=days + 1))
    waits = Delivery.objects.create(message=message, channel="c", due_at=NOW - timedelta(days=900))
    prune(at=NOW)
    assert set(Delivery.objects.all()) == {kept, waits}
    assert Case.objects.get() == case
    assert CaseEvent.objects.exists() and Message.objects.exists()


def test_the_file_of_an_old_import_goes_unless_a_younger_run_shares_it(cast: Cast) -> None:
    def run(days: int, name: str = "", **values: object) -> FindingImport:
        row = FindingImport.objects.create(
            name="x", sha256="", state=JobState.DONE, at=NOW - timedelta(days=days), file=name, **values
        )
        if not name:
            row.file.save(f"{row.pk}", ContentFile(b"x"))
        return row

    old, shared, young = run(181), run(181), run(179)
    run(1, shared.file.name, confirmed_from=shared)
    path = Path(old.file.path)
    prune(at=NOW)
    assert not path.exists()
    assert not FindingImport.objects.get(pk=old.pk).file
    assert Path(FindingImport.objects.get(pk=shared.pk).file.path).exists()
    assert FindingImport.objects.get(pk=young.pk).file


@pytest.mark.parametrize(
    ("said", "answered", "is_kept"), [(180, None, True), (181, None, False), (40, 30, True), (40, 31, False)]
)
def test_a_contact_goes_after_its_time_and_the_words_stay(
    said: int, answered: int | None, is_kept: bool, cast: Cast
) -> None:
    one = Suggestion.objects.create(
        city=cast.city, kind="complaint", words="字太小。", contact="13800000000", at=NOW - timedelta(days=said)
    )
    if answered:
        at = NOW - timedelta(days=answered)
        SuggestionAnswer.objects.create(suggestion=one, words="已放大。", by=cast.city_supervisor, at=at)
    prune(at=NOW)
    one.refresh_from_db()
    assert (one.words, bool(one.contact)) == ("字太小。", is_kept)


def test_the_file_of_an_old_ledger_goes(cast: Cast) -> None:
    ledger = LedgerExport.objects.create(by=cast.county_supervisor, state=JobState.DONE, at=NOW - timedelta(days=31))
    ledger.file.save("x.xlsx", ContentFile(b"x"))
    path = Path(ledger.file.path)
    prune(at=NOW)
    assert not path.exists()
    assert not LedgerExport.objects.get().file


def test_an_upload_that_was_cut_off_goes_after_a_day(cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    for name, hours in (("old", 25), ("young", 23)):
        path = tmp_path / name
        path.touch()
        moment = (NOW - timedelta(hours=hours)).timestamp()
        os.utime(path, (moment, moment))
    prune(at=NOW)
    assert [path.name for path in tmp_path.iterdir()] == ["young"]


def test_one_kind_that_can_not_be_removed_leaves_the_others(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_before: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(pruning, "_remove_import_files", fails)
    Session.objects.create(session_key="old", session_data="", expire_date=NOW - timedelta(days=1))
    assert prune(at=NOW) == 1


def test_what_beat_asks_for_are_tasks() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in schedule().values()} <= set(app.tasks)
    assert [clock.name for clock in CLOCKS][-1] == "pruning"


def test_the_file_broker_makes_its_folders_again(tmp_path: Path) -> None:
    assert TRANSPORT_ALIASES["filesystem"] == "config.broker:Transport"
    folders = {
        "data_folder_in": str(tmp_path / "broker" / "queue"),
        "data_folder_out": str(tmp_path / "broker" / "queue"),
        "control_folder": str(tmp_path / "broker" / "control"),
    }
    with Connection("filesystem://", transport_options=folders) as connection:
        queue = connection.SimpleQueue("celery")
        queue.put("one")
        assert queue.get(timeout=1).payload == "one"
        shutil.rmtree(tmp_path / "broker")
        with pytest.raises(queue.Empty):
            queue.get(timeout=0.1)
        queue.put("two")
        assert queue.get(timeout=1).payload == "two"


def test_half_a_message_ends_no_worker(tmp_path: Path) -> None:
    """kombu writes a message where it is read: a worker that met half of one ended, and the web server with it."""
    folder = tmp_path / "queue"
    folders = {name: str(folder) for name in ("data_folder_in", "data_folder_out")}
    with Connection(
        "filesystem://", transport_options={**folders, "control_folder": str(tmp_path / "c")}
    ) as connection:
        queue = connection.SimpleQueue("celery")
        (folder / "0_half.celery.msg").write_text("")
        with pytest.raises(queue.Empty):
            queue.get(timeout=0.1)
        queue.put("whole")
        assert [path.suffix for path in folder.iterdir()] == [".msg"]
        assert queue.get(timeout=1).payload == "whole"
