"""`make check`: what can be said of the code without running it. All checks run; the last lines name the bad ones.

Translations need GNU gettext; where it is missing that check is named as not run, and in CI (CI=true) it fails.
"""

import os
import subprocess
import sys

NOT_RUN = 2
CHECKS = {
    "style": ["-m", "ruff", "check", "."],
    "layout": ["-m", "ruff", "format", "--check", "."],
    "floors": ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
    "types": ["-m", "mypy"],
    "migrations": ["manage.py", "makemigrations", "--check", "--dry-run"],
    "translations": ["-m", "config.translations", "check"],
    "relapses": ["-m", "config.relapses"],
}
# What these find out is worth a line even where all is well: their last.
TELLING = ("relapses",)


def main() -> int:
    # Neither the types' plugin nor the migrations' check has any business with somebody's data.
    environment = {**os.environ, "DATABASE_URL": "sqlite://:memory:", "DEPLOYMENT": "demo"}
    verdicts = {}
    for name, command in CHECKS.items():
        done = subprocess.run(
            [sys.executable, *command], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        verdicts[name] = verdict(name, done.returncode)
        lines = done.stdout.decode(errors="replace").splitlines()
        told = f", {lines[-1]}" if name in TELLING and lines and not done.returncode else ""
        print(f"{name}: {verdicts[name]}{told}", flush=True)
        if done.returncode:
            sys.stdout.buffer.write(done.stdout)
            sys.stdout.flush()
    return conclude(verdicts, in_ci=os.environ.get("CI") == "true")


def verdict(name: str, code: int) -> str:
    if name == "translations" and code == NOT_RUN:
        return "NOT RUN"
    return "FAILED" if code else "passed"


def conclude(verdicts: dict[str, str], *, in_ci: bool) -> int:
    """Name what did not pass. CI has everything, so what could not run there has failed."""
    print()
    for bad in ("FAILED", "NOT RUN"):
        names = [name for name, found in verdicts.items() if found == bad]
        if names:
            print(f"{bad}: {', '.join(names)}")
    if set(verdicts.values()) == {"passed"}:
        print("All checks passed.")
    return 1 if "FAILED" in verdicts.values() or (in_ci and "NOT RUN" in verdicts.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
