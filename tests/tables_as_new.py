"""Emptying the tables behind a test with real transactions, quickly, and in spite of the append-only triggers.

Django's flush truncates every table and makes permissions and content types anew, and our default data would follow by
their verbs: three seconds a test. Here the rows of a new database are kept beside it and put back by one statement a table.
"""

import time

from django.apps import apps
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from casework.database import retention
from oversight.retention import OVERSIGHT

KEPT = "as_new_{}"
LONGEST_ANSWER = 20.0  # seconds
_kept: list[str] = []


def keep() -> None:
    """Copy what a new database holds."""
    with connection.cursor() as cursor:
        for table in _holding_rows():
            cursor.execute(f"DROP TABLE IF EXISTS {KEPT.format(table)}")
            cursor.execute(f"CREATE TABLE {KEPT.format(table)} AS SELECT * FROM {table}")
            _kept.append(table)


def put_back() -> None:
    """Make every table hold what a new database does, by the same keys."""
    _wait_for_others()
    with connection.schema_editor() as editor:
        retention.remove(apps, editor)
        retention.remove(apps, editor, OVERSIGHT)
    # Foreign keys are looked at when the transaction ends: the order doesn't matter.
    with transaction.atomic(), connection.cursor() as cursor:
        for table in _holding_rows():
            cursor.execute(f"DELETE FROM {table}")
        for table in _kept:
            cursor.execute(f"INSERT INTO {table} SELECT * FROM {KEPT.format(table)}")
    with connection.schema_editor() as editor:
        retention.install(apps, editor)
        retention.install(apps, editor, OVERSIGHT)


def _wait_for_others() -> None:
    """On SQLite the server of the browser's tests has the same connection: what a page asked for may still be answered."""
    ends = time.monotonic() + LONGEST_ANSWER
    while connection.in_atomic_block and time.monotonic() < ends:
        time.sleep(0.05)


def _holding_rows() -> list[str]:
    tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False))
    tables.discard(MigrationRecorder.Migration._meta.db_table)
    asked = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in sorted(tables))
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [table for (table,) in cursor.fetchall()]
