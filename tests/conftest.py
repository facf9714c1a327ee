"""What every test stands on: the right database, a frozen day, the cast."""

import gc
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import hypothesis
import pytest
import pytest_django
import time_machine
from django.db import connection
from django.test import TransactionTestCase

from casework.caching import rules
from casework.defaults import calendar as working_days
from casework.defaults import ladder as default_ladder
from casework.ladder import rungs
from casework.lifecycle import assignment
from casework.models import EscalationPolicy, EscalationStep
from casework.relapse import traits
from casework.working_time import calendar
from casework.working_time.workdays import Workdays
from config.translations import compile_catalogues
from notifications import announcing
from tests import tables_as_new
from tests.cast import Cast, copied_cast
from tests.copied_case import cast_as_new
from tests.walk import NOW

# How long an example takes says what else the machine is doing.
hypothesis.settings.register_profile("suite", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("suite")


def pytest_configure() -> None:
    """A fresh clone holds the translations' source alone."""
    compile_catalogues()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    from django.conf import settings

    is_postgres = "postgresql" in settings.DATABASES["default"]["ENGINE"]
    for item in items:
        if item.get_closest_marker("postgres") and not is_postgres:
            item.add_marker(pytest.mark.skip(reason="PostgreSQL only"))
        if item.get_closest_marker("browser") or not asks_a_database(item):
            item.add_marker(pytest.mark.once)
    # What takes minutes goes first: at the end nothing would run beside it.
    items.sort(key=lambda item: LONGEST.isdisjoint(item.path.parts))


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: the garbage collector need not look at it again after every few tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, *gc.get_threshold()[1:])


LONGEST = {"faults", "test_election.py", "test_fuzzing.py", "test_histories.py"}

DATABASES = {"db", "transactional_db", "is_postgres"}


def asks_a_database(item: pytest.Item) -> bool:
    return item.get_closest_marker("django_db") is not None or not DATABASES.isdisjoint(
        getattr(item, "fixturenames", ())
    )


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        tables_as_new.keep()
    flush = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda self: tables_as_new.put_back()
    yield
    TransactionTestCase._fixture_teardown = flush


ANNOUNCED = Workdays({day: worked for year in working_days.YEARS for day, worked, _name in working_days.days_of(year)})
SHIPPED = rungs.Policies(
    [EscalationPolicy(pk=1, version=1, valid_from=default_ladder.FIRST_DAY)],
    [
        EscalationStep(
            policy_id=1,
            code=code,
            kind=kind,
            moment=moment,
            light=light,
            severities=default_ladder.ALL_SEVERITIES,
            kinds=default_ladder.ALL_KINDS,
            to=to,
            copies=copies,
            has_document=has_document,
            words=words,
        )
        for code, kind, moment, light, to, copies, has_document, words in default_ladder.STEPS
    ],
)


@pytest.fixture(autouse=True)
def _rules_as_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The calendar is there without a query, so that counting queries counts the same each time; a verb that changes
    the rules forgets what is remembered, and the next question reads them.
    """
    monkeypatch.setattr(rules, "TRUSTED_SECONDS", float("inf"))
    calendar.cached_rules.set(ANNOUNCED)
    rungs.cached_rules.set(SHIPPED)
    traits.cached_catalogue.forget()


@pytest.fixture(autouse=True)
def _own_files(settings: object, tmp_path: Path) -> None:
    """Files and the broker of a test go into its own folder; passwords are hashed quickly."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.DATA_DIR = tmp_path
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "uploads")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        "default": {"BACKEND": "casework.proofs.whole_files.WholeFileStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.AXES_ENABLED = False


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[object]]]:
    """Nudges are kept instead of sent: what must happen stands in the database."""
    from celery import current_app

    sent: list[tuple[str, list[object]]] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args=None, **_: sent.append((name, list(args or []))))
    return sent


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What may be undone is told at once, and reminded of at once; tests/notifications/test_undone.py waits."""
    monkeypatch.setattr(announcing, "UNDO_FOR", timedelta(0))
    monkeypatch.setattr(assignment, "UNDO_FOR", timedelta(0))


@pytest.fixture
def woken(_no_broker: list[tuple[str, list[object]]]) -> list[tuple[str, list[object]]]:
    return _no_broker


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A working Monday in China that stands still until a test moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def now(clock: time_machine.Traveller) -> datetime:
    return NOW


@pytest.fixture
def cast(db: None, clock: time_machine.Traveller) -> Iterator[Cast]:
    cast = copied_cast()
    with cast_as_new():
        yield cast


@pytest.fixture
def is_postgres() -> bool:
    return connection.vendor == "postgresql"
