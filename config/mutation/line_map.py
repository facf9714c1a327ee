"""Which tests execute a line: learned by a run of the suite under coverage, kept in `.mutants/` until files change."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from coverage import Coverage, CoverageData

from config.mutation import LEARN_INTO, LEARNED, PLUGIN, ROOT, WRITTEN, digests, files
from config.testing import NOT_PASSED_ON

# What is slow, or tries machines and not lines.
LEFT_OUT = ("tests/browser", "tests/faults", "tests/benchmarks", "tests/config", "tests/test_migrations.py")
DEPTH = 3  # a constant made of a constant made of the changed one


class LineMap:
    """The tests of a line, the quick ones first."""

    def __init__(self, folder: Path = LEARNED) -> None:
        self.folder = folder
        self._lines: dict[str, dict[int, list[str]]] = {}
        self._read_again()

    def bring_up_to_date(self) -> None:
        """Take what the suite has learned by the way; then learn everything after a change of the code, and only the
        changed files where all of them are tests.
        """
        if WRITTEN.exists():
            self.take(WRITTEN)
            shutil.rmtree(WRITTEN)
        now, before = digests(), self._read("digests.json")
        changed = sorted(name for name in now.keys() | before.keys() if now.get(name) != before.get(name))
        if not changed:
            return
        if before and all(re.fullmatch(r"tests/.*/test_\w+\.py", name) for name in changed):
            self._learn([name for name in changed if name in now and not name.startswith(LEFT_OUT)], forget=changed)
        else:
            self._learn(["tests"], forget=None)

    def _learn(self, tests: list[str], *, forget: list[str] | None) -> None:
        with tempfile.TemporaryDirectory(prefix="rectification-") as folder:
            environment = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
            # The tracer of Python 3.12 and later can't tell one test from the next.
            environment |= {"DATA_DIR": f"{folder}/data", LEARN_INTO: folder, "COVERAGE_CORE": "ctrace"}
            Path(folder, "data").mkdir()
            Path(folder, "digests.json").write_text(json.dumps(digests()))
            ignored = [f"--ignore={name}" for name in LEFT_OUT]
            command = ["-m", "pytest", "-p", PLUGIN, "-p", "no:cacheprovider", "-n", "2", *ignored]
            if tests:
                subprocess.run([sys.executable, *command, *tests], cwd=ROOT, env=environment)
            self.take(Path(folder), forget=forget)

    def take(self, written: Path, *, forget: list[str] | None = None) -> None:
        """Keep what the plugin wrote: beside what is known, without the files named in `forget`, or instead of it."""
        self.folder.mkdir(exist_ok=True)
        lines = Coverage(data_file=str(self.folder / "lines"), config_file=False)
        if forget is not None:
            lines.load()
        if list(written.glob("lines.*")):
            lines.combine([str(written)])
        lines.save()
        known = {} if forget is None else self.seconds
        seconds = {name: took for name, took in known.items() if name.split("::")[0] not in (forget or ())}
        for part in written.glob("tests.*.json"):
            seconds |= json.loads(part.read_text())
        seconds = {name: took for name, took in seconds.items() if not name.startswith(LEFT_OUT)}
        (self.folder / "tests.json").write_text(json.dumps(seconds))
        shutil.copyfile(written / "digests.json", self.folder / "digests.json")
        self._read_again()

    def tests_of(self, module: str, lines: range, names: frozenset[str]) -> list[str]:
        """The tests that execute one of `lines`; where these run at import, the tests that execute a line which uses
        one of `names`; where there is none, the tests that execute anything of the module, or that name it: what runs
        in a child process is not seen.
        """
        if names:
            tests = self._users(names, DEPTH)
        else:
            tests = {test for line in lines for test in self._of(module).get(line, ())}
        tests = tests or {test for found in self._of(module).values() for test in found}
        tests = tests or self._users(frozenset({Path(module).stem}), 0)
        return sorted(tests, key=lambda test: self.seconds[test])

    def _users(self, names: frozenset[str], depth: int) -> set[str]:
        word = re.compile(rf"\b({'|'.join(names)})\b")
        tests, made_of_it = set[str](), set[str]()
        for module, text in self._texts.items():
            for number, line in enumerate(text.splitlines(), 1):
                if not word.search(line):
                    continue
                tests.update(self._of(module).get(number, ()))
                if made := re.match(r"([A-Z]\w*)\b[^=]*= ", line):
                    made_of_it.add(made[1])
        further = frozenset(made_of_it - names)
        return tests | self._users(further, depth - 1) if further and depth else tests

    def _of(self, module: str) -> dict[int, list[str]]:
        if module not in self._lines:
            found = self._data.contexts_by_lineno(str(ROOT / module))
            self._lines[module] = {
                line: [test for test in tests if test in self.seconds] for line, tests in found.items()
            }
        return self._lines[module]

    def _read(self, name: str) -> dict[str, Any]:
        file = self.folder / name
        return json.loads(file.read_text()) if file.exists() else {}

    def _read_again(self) -> None:
        self._lines.clear()
        self.seconds: dict[str, float] = self._read("tests.json")
        self._data = CoverageData(str(self.folder / "lines"))
        if (self.folder / "lines").exists():
            self._data.read()
        self._texts = {name: (ROOT / name).read_text() for name in files()}
