"""`make test`: what fails in a browser beside a full machine is run a second time, alone, and named."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from config import testing

BROWSER = "tests/browser/test_phone.py::test_it"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[testing.Pass, list[list[str]]]]:
    """A pass in which these tests fail, and the codes that pytest ends with, one after the other."""

    def runs(failed: list[str], *codes: int) -> tuple[testing.Pass, list[list[str]]]:
        commands: list[list[str]] = []

        def run_python(command: list[str], environment: dict[str, str], *, data_dir: Path) -> int:
            commands.append(command)
            cache = next(
                (Path(one.removeprefix("cache_dir=")) for one in command if one.startswith("cache_dir=")), None
            )
            if cache is not None:
                kept = cache / "v" / "cache" / "lastfailed"
                kept.parent.mkdir(parents=True)
                kept.write_text(json.dumps(dict.fromkeys(failed, True)))
            return codes[len(commands) - 1]

        monkeypatch.setattr(testing, "run_python", run_python)
        return testing.run_suite("a pass", {}, []), commands

    return runs


def test_a_browser_s_test_is_run_again_alone_and_named(
    run: Callable[..., tuple[testing.Pass, list[list[str]]]], capsys: pytest.CaptureFixture[str]
) -> None:
    done, commands = run([BROWSER], 1, 0)
    assert (done.code, done.tried_again) == (0, [BROWSER])
    assert commands[1] == ["-m", "pytest", "-p", "no:xdist", BROWSER]
    testing.conclude([done], [], in_ci=True)
    assert BROWSER in capsys.readouterr().out


@pytest.mark.parametrize(
    ("failed", "codes"),
    [
        ([BROWSER], (1, 1)),
        (["tests/casework/test_roles.py::test_it"], (1,)),
        ([BROWSER, "tests/casework/test_roles.py::test_it"], (1,)),
        ([f"{BROWSER}_{n}" for n in range(testing.MOST_TRIED_AGAIN + 1)], (1,)),
        (["tests/browser/test_phone.py"], (1,)),
        ([], (2,)),
    ],
)
def test_what_fails_twice_or_elsewhere_or_often_has_failed(
    failed: list[str], codes: tuple[int, ...], run: Callable[..., tuple[testing.Pass, list[list[str]]]]
) -> None:
    done, commands = run(failed, *codes)
    assert done.code == codes[-1]
    assert len(commands) == len(codes)
    assert testing.conclude([done], [], in_ci=False) == 1


@pytest.mark.parametrize(
    ("missing", "asked", "passes"),
    [
        ([], ["-x"], [("PostgreSQL", ["-x"]), ("embedded", ["-m", "not once", "-x"])]),
        ([], ["--both"], [("PostgreSQL", []), ("embedded", [])]),
        (["Redis"], ["-x"], [("embedded", ["-x"])]),
    ],
)
def test_what_no_database_has_a_part_in_is_run_once(
    missing: list[str], asked: list[str], passes: list[tuple[str, list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[tuple[str, list[str]]] = []

    def run_suite(name: str, environment: dict[str, str], arguments: list[str]) -> testing.Pass:
        ran.append((name.split()[0], arguments))
        return testing.Pass(name)

    monkeypatch.setattr(testing, "run_suite", run_suite)
    monkeypatch.setattr(testing, "missing_servers", lambda: iter(missing))
    monkeypatch.setenv("CI", "false")
    assert testing.main(asked) == 0
    assert ran == passes
