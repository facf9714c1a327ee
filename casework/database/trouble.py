"""What a database's OperationalError means: somebody else holds the row, or something is broken, and what."""

import logging
import sqlite3
from typing import Any

from django.db import IntegrityError, OperationalError
from django.utils.translation import gettext_lazy as _

from casework.errors import Busy, Refusal, Unavailable

log = logging.getLogger(__name__)

# SQLSTATE of PostgreSQL, and the primary result code of SQLite.
LOCKED = {"55P03", "40P01", "40001", sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
FULL = {"53100", sqlite3.SQLITE_FULL}
TOO_LONG = {"57014", sqlite3.SQLITE_INTERRUPT}
AWAY = {"08000", "08001", "08003", "08004", "08006", "57P01", "57P02", "57P03", "53300", sqlite3.SQLITE_CANTOPEN}
# What a driver without a code says.
IN_WORDS = {"locked": sqlite3.SQLITE_BUSY, "is full": sqlite3.SQLITE_FULL, "connection": "08006"}


def refusal_of(error: OperationalError) -> Refusal | None:
    """The refusal that tells of this error, logged unless somebody was only faster; None when nothing is known of it."""
    code = _code_of(error)
    if code in LOCKED:
        return Busy("busy", _("The case is being changed at this moment. Send it again in a few seconds."))
    log.error("The database could not do it (%s): %s", code, error, exc_info=error)
    if code in FULL:
        return Unavailable(
            "disk_full",
            _("The server's disk is full. Nothing was saved: tell your office, and send it again when there is room."),
        )
    if code in TOO_LONG:
        return Unavailable("too_long", _("This took too long and was stopped. Nothing was changed: send it again."))
    if code in AWAY:
        return Unavailable(
            "no_database", _("The database does not answer. Nothing was changed: try again in a minute.")
        )
    return None


def _code_of(error: OperationalError) -> Any:
    cause = error.__cause__
    code = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorcode", None)
    if isinstance(code, int):
        return code & 0xFF  # the primary code of an extended one
    return code or next((known for words, known in IN_WORDS.items() if words in str(error).lower()), None)


def breaks(error: IntegrityError, *, table: str, column: str) -> bool:
    """Whether this error is about the unique column of this table, by the name that the database gives it."""
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is not None:
        name = diagnosis.constraint_name or ""
        return bool(
            diagnosis.table_name == table and (name == f"{table}_pkey" or name.startswith(f"{table}_{column}_"))
        )
    return str(error) == f"UNIQUE constraint failed: {table}.{column}"
