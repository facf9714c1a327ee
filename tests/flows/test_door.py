"""What the one door says when the database can't: somebody was faster, or something is broken, and what."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, connection, connections, transaction
from django.test import Client

from casework.database.trouble import refusal_of
from casework.errors import Busy, Unavailable
from casework.models import Case, Person
from flows import steps
from flows.submitted import Form
from tests.cast import Cast, make_cast
from tests.walk import NOW, finding


def raised(error: Exception) -> OperationalError:
    """As Django hands a driver's error on."""
    try:
        raise OperationalError(str(error)) from error
    except OperationalError as found:
        return found


def sqlite(code: int) -> Exception:
    error = sqlite3.OperationalError("x")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (psycopg.errors.LockNotAvailable(), "busy"),
        (psycopg.errors.DeadlockDetected(), "busy"),
        (sqlite(sqlite3.SQLITE_BUSY), "busy"),
        (sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT), "busy"),
        (sqlite(sqlite3.SQLITE_LOCKED), "busy"),
        (sqlite3.OperationalError("database is locked"), "busy"),
        (psycopg.errors.DiskFull(), "disk_full"),
        (sqlite(sqlite3.SQLITE_FULL), "disk_full"),
        (sqlite3.OperationalError("database or disk is full"), "disk_full"),
        (psycopg.errors.QueryCanceled(), "too_long"),
        (psycopg.errors.AdminShutdown(), "no_database"),
        (psycopg.errors.ConnectionFailure(), "no_database"),
        (psycopg.OperationalError("server closed the connection unexpectedly"), "no_database"),
        (psycopg.OperationalError('connection to server at "127.0.0.1", port 5432 failed'), "no_database"),
    ],
    ids=repr,
)
def test_an_error_is_told_as_what_it_is(error: Exception, code: str, caplog: pytest.LogCaptureFixture) -> None:
    refusal = refusal_of(raised(error))
    assert refusal is not None
    assert (refusal.code, refusal.status) == (code, 503)
    assert isinstance(refusal, Busy if code == "busy" else Unavailable)
    assert bool(caplog.records) == (code != "busy")


@pytest.mark.parametrize(
    "error", [psycopg.errors.OutOfMemory(), sqlite(sqlite3.SQLITE_IOERR), Exception("no such table")]
)
def test_what_nobody_knows_is_no_refusal(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    assert refusal_of(raised(error)) is None
    assert caplog.records


def test_a_disk_that_is_full_at_the_commit_is_said_and_nothing_is_kept(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave = transaction.Atomic.__exit__
    depth: list[int] = []

    def full(self: Any, kind: Any, error: Any, trace: Any) -> Any:
        if kind is None and not depth and not connection.savepoint_ids[1:]:
            depth.append(1)
            with pytest.raises(ZeroDivisionError):
                try:
                    raise ZeroDivisionError
                except ZeroDivisionError as given:
                    leave(self, ZeroDivisionError, given, None)
                    raise
            raise raised(sqlite(sqlite3.SQLITE_FULL))
        return leave(self, kind, error, trace)

    monkeypatch.setattr(transaction.Atomic, "__exit__", full)
    with pytest.raises(Unavailable):
        steps.report(finding=finding(cast.willow), by=cast.inspector, at=NOW)
    monkeypatch.undo()
    assert not Case.objects.exists()


@pytest.mark.parametrize("code", ["disk_full", "no_database"])
def test_the_page_for_what_is_broken_asks_the_database_nothing(
    code: str, cast: Cast, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    def fails(*args: Any, **kwargs: Any) -> None:
        error = psycopg.errors.DiskFull() if code == "disk_full" else psycopg.OperationalError("connection lost")
        raise raised(error)

    client = Client()
    client.force_login(cast.inspector)
    monkeypatch.setattr("web.pages.home.home", fails)
    monkeypatch.setattr("web.pages.people.Term.objects.filter", fails)
    with django_assert_max_num_queries(4):
        answer = client.get("/me")
    assert answer.status_code == 503
    assert b"<h1>" in answer.content


def test_a_constraint_is_known_by_its_name(db: None, cast: Cast) -> None:
    """A text that holds the word is not the constraint."""
    with pytest.raises(IntegrityError), steps.door():
        raise IntegrityError("UNIQUE constraint failed: casework_case.number (about flows_handedin)")
    form = Form(uuid4())
    case = steps.report(finding=finding(cast.willow), by=cast.inspector, at=NOW, form=form)
    with pytest.raises(Busy) as refusal, steps.door():
        steps.remember(form, case, step="x", content="x", at=NOW)
    assert refusal.value.code == "twice"


def test_a_double_click_that_waited_for_the_first_one_gives_what_that_one_made(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    form, look, asked = steps.Form(uuid4()), steps.already_submitted, []

    def unseen_at_first(*args: Any, **kwargs: Any) -> Case | None:
        asked.append(args)
        return look(*args, **kwargs) if len(asked) > 1 else None

    first = steps.report(finding=finding(cast.willow), by=cast.inspector, at=NOW, form=form)
    monkeypatch.setattr(steps, "already_submitted", unseen_at_first)
    assert steps.report(finding=finding(cast.willow), by=cast.inspector, at=NOW, form=form) == first
    assert Case.objects.count() == 1


@pytest.mark.parametrize("code", ["busy", "twice"])
def test_a_report_that_nobody_has_taken_before_is_said_to_be_busy(
    code: str, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: Any, **kwargs: Any) -> None:
        raise Busy(code, "busy")

    monkeypatch.setattr(steps, "start_processes", fails)
    with pytest.raises(Busy) as refusal:
        steps.report(finding=finding(cast.willow), by=cast.inspector, at=NOW, form=steps.Form(uuid4()))
    assert refusal.value.code == code
    assert not Case.objects.exists()


def test_the_door_takes_the_verbs_of_each_step_and_those_beside_the_path() -> None:
    by_stage: dict[str, set[str]] = {}
    for verb, stages in steps.STEPS.items():
        for stage in stages:
            by_stage.setdefault(stage, set()).add(verb.__name__)
    assert by_stage == {
        "screening": {"screen_case"},
        "assignment": {"assign_case"},
        "planning": {"submit_plan"},
        "plan_approval": {"review_case"},
        "rectification": {"submit_rectification"},
        "first_review": {"review_case"},
        "second_review": {"review_case"},
        "city_review": {"review_case"},
        "strike_off": {"close_case", "decline_strike_off"},
    }
    beside = "classify reassign transfer pause resume withdraw refer"
    others = (
        "add_evidence take_back_evidence name_signers ask_extension decide_extension sign_letter answer_letter"
        " judge_letter record_interview decline_referral give_verdict name_earlier appeal_verdict remind_turn undo_step"
    )
    names = {f"{word}_case" for word in beside.split()} | set(others.split())
    assert {verb.__name__ for verb in steps.INTERVENTIONS} == names


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_form_sent_fifty_times_at_once_leads_fifty_times_to_the_one_case() -> None:
    cast = make_cast()
    form, by = Form(uuid4()), cast.inspector.pk

    def send(_n: int) -> int:
        try:
            return steps.report(finding=finding(cast.willow), by=Person.objects.get(pk=by), at=NOW, form=form).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(12) as pool:
        cases = set(pool.map(send, range(50)))
    assert cases == {Case.objects.get().pk}
