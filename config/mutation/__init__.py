"""Small changes to the code that the tests should notice: `config/mutants.py` is the way in."""

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("recognition", "casework", "flows", "notifications", "oversight", "web", "config", "tests")
# What was learned of lines and tests; and where a run of the suite leaves what it learned by the way.
LEARNED = ROOT / ".mutants"
WRITTEN = LEARNED / "written"
PLUGIN = "config.mutation.plugin"
LEARN_INTO, SQLITE_FILE = "MUTANTS_LEARN_INTO", "MUTANTS_SQLITE_FILE"


def files() -> list[str]:
    """Every module of ours, by its path from the root."""
    return sorted(str(file.relative_to(ROOT)) for name in PACKAGES for file in (ROOT / name).rglob("*.py"))


def digests() -> dict[str, str]:
    """By which it is seen whether what was learned still holds."""
    counted = (name for name in files() if not name.startswith("config/mut"))
    return {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in counted}
