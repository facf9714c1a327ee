"""A case of the cast that was walked to its stage once, and is copied for each later test of the process: a third of the
suite's time went into walking there by the same steps.
"""

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from casework.models import Case
from tests.cast import rows_by_table

WRITES = ("INSERT", "UPDATE", "DELETE")


class Since:
    """Whether a statement wrote anything since the test's cast stands there."""

    is_cast_as_new = False

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(WRITES):
            self.is_cast_as_new = False
        return execute(sql, params, many, context)


since = Since()


@contextmanager
def cast_as_new() -> Iterator[None]:
    """From here on nothing has been written but the cast."""
    with connection.execute_wrapper(since):
        since.is_cast_as_new = True
        yield
    since.is_cast_as_new = False


@dataclass(frozen=True)
class Copied:
    """What walking a case wrote: rows that came, rows that changed, by table; files by their name; the case itself."""

    new: dict[str, list[tuple[object, ...]]]
    changed: dict[str, list[tuple[object, ...]]]
    columns: dict[str, list[str]]
    files: dict[str, bytes]
    case: bytes


_copies: dict[tuple[object, ...], Copied] = {}


def copied_case(walk: Callable[[], Case], *key: object) -> Case:
    """The case to which `walk` leads, which this key names; walked where anything else was written before."""
    if not since.is_cast_as_new:
        return walk()
    key = (*key, timezone.now())
    if key not in _copies:
        case, _copies[key] = _walked(walk)
        return case
    copy = _copies[key]
    with transaction.atomic(), connection.cursor() as cursor:  # one table's rows refer to another one's
        for table, rows in copy.changed.items():
            places = ", ".join(f"{column} = %s" for column in copy.columns[table][1:])
            for pk, *values in rows:
                cursor.execute(f"UPDATE {table} SET {places} WHERE {copy.columns[table][0]} = %s", [*values, pk])
        for table, rows in copy.new.items():
            places = ", ".join([f"({', '.join(['%s'] * len(rows[0]))})"] * len(rows))
            cursor.execute(f"INSERT INTO {table} VALUES {places}", [value for row in rows for value in row])
    for name, content in copy.files.items():
        path = Path(settings.MEDIA_ROOT, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return pickle.loads(copy.case)


def _walked(walk: Callable[[], Case]) -> tuple[Case, Copied]:
    before = rows_by_table()
    case = walk()
    after = rows_by_table()
    new, changed, columns = {}, {}, {}
    for table, rows in after.items():
        if rows == before[table]:
            continue
        columns[table] = _columns_of(table)
        known = {row[0]: row for row in before[table]}
        new[table] = [row for row in rows if row[0] not in known]
        changed[table] = [row for row in rows if row[0] in known and known[row[0]] != row]
    root = Path(settings.MEDIA_ROOT)
    files = {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    copy = Copied(
        {table: rows for table, rows in new.items() if rows},
        {table: rows for table, rows in changed.items() if rows},
        columns,
        files,
        pickle.dumps(case),
    )
    return case, copy


def _columns_of(table: str) -> list[str]:
    with connection.cursor() as cursor:
        return [column.name for column in connection.introspection.get_table_description(cursor, table)]
