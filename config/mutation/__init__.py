"""Small changes to the code that the tests should notice: `config/mutants.py` is the way in."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("recognition", "casework", "flows", "notifications", "oversight", "web", "config", "tests")
# What was learned of lines and tests; and where a run of the suite leaves what it learned by the way.
LEARNED = ROOT / ".mutants"
WRITTEN = LEARNED / "written"
PLUGIN = "config.mutation.plugin"
LEARN_INTO, SQLITE_FILE = "MUTANTS_LEARN_INTO", "MUTANTS_SQLITE_FILE"
