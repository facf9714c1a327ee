"""Makes .venv from a lock file with the system's Python and nothing else: `python3 config/bootstrap.py [--dev]`.

An older Python has to read this file in order to say that it is too old, so nothing in it is newer than Python 3.6.
"""

import hashlib
import importlib.util
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
LOCK = "requirements.lock"
DEVELOPMENT_LOCK = "requirements-dev.lock"
OLDEST_PYTHON = (3, 11)


class CannotStart(Exception):
    """A reason in one sentence, for a person who has never seen this project."""


def main(arguments):
    try:
        refuse_old_python(sys.version_info)
        refuse_missing_modules(importlib.util.find_spec)
        install(DEVELOPMENT_LOCK if "--dev" in arguments else LOCK)
    except CannotStart as reason:
        print(reason, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"The virtual environment cannot be made in {ENVIRONMENT}: {error.strerror}.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


def refuse_old_python(version):
    if tuple(version[:2]) < OLDEST_PYTHON:
        raise CannotStart(
            f"Python 3.11 or later is needed, and this is Python {version[0]}.{version[1]}: install a newer one, "
            "or name it with SYSTEM_PYTHON=/path/to/python3 behind the make command."
        )


def refuse_missing_modules(find_module):
    # Debian and Ubuntu ship venv without ensurepip, and it fails half way through.
    missing = [name for name in ("venv", "ensurepip") if find_module(name) is None]
    if missing:
        raise CannotStart(
            f"This Python lacks the module {' and '.join(missing)}: install it "
            "(on Debian and Ubuntu: apt-get install python3-venv) and try again."
        )


def install(lock_name):
    """Install the lock file's packages, unless this very lock was installed here before."""
    lock = (ROOT / lock_name).read_bytes()
    python = ENVIRONMENT / "bin" / "python"
    usable = can_run(python, "import sys; sys.exit(sys.version_info < (3, 11))")
    if usable and is_installed(lock_name, lock):
        return
    if not usable:
        print("Making the virtual environment in .venv", flush=True)
        run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], "The virtual environment could not be made")
    elif not can_run(python, "import pip"):
        run([str(python), "-m", "ensurepip"], "pip could not be put into the virtual environment")
    print(f"Installing the packages of {lock_name} (half a minute, once)", flush=True)
    forget_stamps()
    pip_install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    run(
        [*pip_install, "--require-hashes", "--no-deps", "-r", str(ROOT / lock_name)],
        "The packages could not be installed: pip's reason stands above",
    )
    write_stamp(lock_name)
    if lock_name == DEVELOPMENT_LOCK:  # it holds all of the other one
        write_stamp(LOCK)


def can_run(python, code):
    if not python.exists():
        return False
    return subprocess.call([str(python), "-c", code], stderr=subprocess.DEVNULL) == 0


def run(command, complaint):
    if subprocess.call(command) != 0:
        raise CannotStart(complaint + ".")


def is_installed(lock_name, lock):
    stamp = stamp_of(lock_name)
    return stamp.exists() and stamp.read_text() == hashlib.sha256(lock).hexdigest()


def write_stamp(lock_name):
    stamp_of(lock_name).write_text(hashlib.sha256((ROOT / lock_name).read_bytes()).hexdigest())


def forget_stamps():
    for lock_name in (LOCK, DEVELOPMENT_LOCK):
        if stamp_of(lock_name).exists():
            stamp_of(lock_name).unlink()


def stamp_of(lock_name):
    return ENVIRONMENT / ("installed-" + lock_name)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
