"""What a start refuses, each with one clear sentence and exit code 2."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import bootstrap
from config.production import deployment_from, refuse_demo_logins, refuse_unsafe_settings
from config.run import CannotStart, port_from
from config.supervisor import Supervisor
from tests.factories import PersonFactory

ROOT = Path(__file__).resolve().parent.parent.parent


def started(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "config.run", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": "", "REDIS_URL": "", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_an_old_python_is_named() -> None:
    with pytest.raises(bootstrap.CannotStart, match=r"Python 3\.11 or later is needed, and this is Python 3\.9"):
        bootstrap.refuse_old_python((3, 9, 1))
    bootstrap.refuse_old_python((3, 11, 0))


def test_a_missing_venv_module_is_named() -> None:
    with pytest.raises(bootstrap.CannotStart, match=r"ensurepip.*python3-venv"):
        bootstrap.refuse_missing_modules(lambda name: None if name == "ensurepip" else object())
    bootstrap.refuse_missing_modules(lambda name: object())


@pytest.mark.parametrize("port", ["http", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(CannotStart, match="PORT must be a number"):
        port_from(port)


def test_no_port_is_8000() -> None:
    assert port_from("") == 8000


def test_a_busy_port_is_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = started(PORT=port, DATA_DIR=str(tmp_path))
    assert done.returncode == 2
    assert done.stderr.strip() == (
        f"Port {port} is in use by another program: stop that one, or choose another port with PORT=."
    )


def test_an_unwritable_data_folder_is_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    done = started("--prepare", DATA_DIR=str(tmp_path / "file" / "data"))
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "cannot be written to" in done.stderr and "DATA_DIR=" in done.stderr


def test_a_silent_database_is_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    done = started("--prepare", DATA_DIR=str(tmp_path), DATABASE_URL="postgres://nobody@127.0.0.1:1/nothing")
    assert done.returncode == 2
    assert done.stderr.strip().splitlines()[-1].startswith("The database does not answer: ")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"debug": True}, "DEBUG"),
        ({"secret_key": "not-a-secret"}, "SECRET_KEY"),
        ({"secret_key": "short"}, "SECRET_KEY"),
        ({"secret_key": "a" * 40}, "SECRET_KEY"),
        ({"other_keys": {"SEAL_KEY": "abab" * 10}}, "SEAL_KEY"),
        ({"other_keys": {"SEAL_KEY": "short"}}, "SEAL_KEY"),
    ],
)
def test_production_refuses_what_is_unsafe(changes: dict[str, object], words: str) -> None:
    safe: dict[str, object] = {
        "production": True,
        "debug": False,
        "secret_key": "kz4xq81m" * 5,
        "default_secret_key": "not-a-secret",
    }
    refuse_unsafe_settings(**safe)
    with pytest.raises(ImproperlyConfigured, match=words):
        refuse_unsafe_settings(**{**safe, **changes})
    refuse_unsafe_settings(**{**safe, **changes, "production": False})


@pytest.mark.parametrize("words", ["prod", "Prodution", "live", "staging", "true", "1", "演示"])
def test_a_deployment_that_is_none_is_refused(words: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DEPLOYMENT must be one of demo, production"):
        deployment_from(words)


@pytest.mark.parametrize(
    ("words", "deployment"),
    [
        ("", "demo"),
        ("demo", "demo"),
        ("production", "production"),
        ("Production", "production"),
        (" PRODUCTION ", "production"),
    ],
)
def test_a_deployment_is_known_in_whatever_case(words: str, deployment: str) -> None:
    assert deployment_from(words) == deployment


def test_production_refuses_the_logins_of_the_demo(db: None) -> None:
    refuse_demo_logins(production=True)
    PersonFactory(is_demo=True, is_active=False)
    refuse_demo_logins(production=False)
    with pytest.raises(ImproperlyConfigured, match="demo's logins"):
        refuse_demo_logins(production=True)


def test_when_one_part_dies_the_others_are_stopped() -> None:
    sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
    die = [sys.executable, "-c", "import sys; sys.exit(3)"]
    supervisor = Supervisor({"web server": sleep, "worker": die}, environment=dict(os.environ))
    supervisor.start()
    assert supervisor.watch() == 1
    assert all(child.poll() is not None for child in supervisor.children.values())


def test_asked_to_stop_it_stops_everything() -> None:
    sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
    supervisor = Supervisor({"web server": sleep, "beat": sleep}, environment=dict(os.environ))
    supervisor.start()
    supervisor.ask_to_stop()
    assert supervisor.watch() == 0
    assert all(child.poll() is not None for child in supervisor.children.values())
