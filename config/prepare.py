"""All that has to be there before the first request: `python -m config.prepare`, safe to run at each start.

Tables, the cache's table, the translations, the static files and, on a first start that is not an office's, the demo.
"""

import hashlib
import os
import sys
import tempfile
from pathlib import Path

import django
import redis
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError, connections, transaction

from config import translations
from config.production import refuse_demo_logins

# Viewflow's pages stay unmounted, so nobody asks for their two megabytes; and one of their files names a missing one.
UNWANTED_STATIC_FILES = ["viewflow"]


class CannotStart(Exception):
    """A reason in one sentence, for a person who has never seen this project."""


def main() -> int:
    try:
        read_settings()
        prepare()
    except CannotStart as reason:
        print(reason, file=sys.stderr)
        return 2
    return 0


def read_settings() -> None:
    """Read the environment, and refuse what can be refused before any file is written."""
    # `make run DATA_DIR=` means the default folder, not the current one.
    for name in ("DATA_DIR", "DATABASE_URL", "REDIS_URL"):
        if not os.environ.get(name, "unset").strip():
            del os.environ[name]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        refuse_unwritable(settings.DATA_DIR)
    except ImproperlyConfigured as reason:
        raise CannotStart(str(reason)) from reason


def refuse_unwritable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise CannotStart(
            f"The data folder {folder} cannot be written to ({error.strerror}): name another one with DATA_DIR=."
        ) from error


def prepare() -> None:
    """Bring the data folder and the database up to this version's state. Raises CannotStart."""
    # The file transport of Celery expects its folders.
    for folder in ("broker/queue", "broker/control", "files"):
        (settings.DATA_DIR / folder).mkdir(parents=True, exist_ok=True)
    translations.compile_catalogues()
    django.setup()
    refuse_silent_servers()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    collect_static_files()
    try:
        refuse_demo_logins(production=settings.PRODUCTION)
    except ImproperlyConfigured as reason:
        raise CannotStart(str(reason)) from reason
    if not settings.PRODUCTION:
        load_demo_once()
    connections.close_all()


def refuse_silent_servers() -> None:
    try:
        connections["default"].ensure_connection()
    except DatabaseError as error:
        raise CannotStart(f"The database does not answer: {first_line(error)}") from error
    try:
        if settings.REDIS_URL:
            redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=5).ping()
    except (redis.RedisError, ValueError) as error:
        raise CannotStart(f"Redis does not answer at REDIS_URL: {first_line(error)}") from error


def first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


def load_demo_once() -> None:
    """Load the demo city into a database without units; all of it or, when somebody loses patience, nothing."""
    from casework.models import Unit

    if Unit.objects.exists():
        return
    print("Loading the demo city (once)", flush=True)
    with transaction.atomic():
        call_command("seed_demo", verbosity=0)
        call_command("seed_desk", verbosity=0)


def collect_static_files() -> None:
    """Collect, hash and compress the static files, unless they are those of the last start: it takes seconds."""
    seen = settings.STATIC_ROOT / ".collected"
    now = fingerprint_of_static_files()
    if seen.exists() and seen.read_text() == now:
        return
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=UNWANTED_STATIC_FILES)
    seen.write_text(now)


def fingerprint_of_static_files() -> str:
    from django.contrib.staticfiles.finders import get_finders

    found = [
        f"{storage.path(path)} {os.stat(storage.path(path)).st_mtime_ns}"
        for finder in get_finders()
        for path, storage in finder.list(ignore_patterns=UNWANTED_STATIC_FILES)
    ]
    return hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
