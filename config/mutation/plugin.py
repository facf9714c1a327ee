"""What a run of pytest does besides testing: learn which lines each test executes, or keep an SQLite database.

-p config.mutation.plugin    with LEARN_INTO=<folder>, or with SQLITE_FILE=<file>
"""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from coverage import Coverage
from hypothesis import HealthCheck, settings

from config.mutation import LEARN_INTO, PACKAGES, ROOT, SQLITE_FILE


class Learning:
    """One context of coverage for each test, its fixtures among it, and how long it took."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seconds: dict[str, float] = {}
        self.not_passed: set[str] = set()
        sources = [str(ROOT / name) for name in PACKAGES]
        self.coverage = Coverage(data_file=str(folder / "lines"), data_suffix=True, config_file=False, source=sources)
        self.coverage.start()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.coverage.switch_context(item.nodeid)
        began = time.perf_counter()
        yield
        self.seconds[item.nodeid] = round(time.perf_counter() - began, 3)
        self.coverage.switch_context("")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.passed:
            self.not_passed.add(report.nodeid)

    def pytest_unconfigure(self) -> None:
        self.coverage.stop()
        if self.seconds:  # with two workers, the process that leads them has run no test itself
            self.coverage.save()
            passed = {name: took for name, took in self.seconds.items() if name not in self.not_passed}
            (self.folder / f"tests.{os.getpid()}.json").write_text(json.dumps(passed))


# At import, before Django loads a module: what runs then is seen as well.
_learning = Learning(Path(os.environ[LEARN_INTO])) if LEARN_INTO in os.environ else None


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    if _learning:
        config.pluginmanager.register(_learning, "mutants-learning")
        # Under coverage everything is slow, and how long a value takes is not what is learned.
        settings.register_profile("learning", deadline=None, suppress_health_check=[HealthCheck.too_slow])
        settings.load_profile("learning")
    if SQLITE_FILE in os.environ:
        from django.db import connection

        connection.settings_dict["TEST"]["NAME"] = os.environ[SQLITE_FILE]
