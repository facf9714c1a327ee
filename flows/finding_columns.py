"""Columns of a findings file that nobody knows: a person says once what they hold, and the office's next file is read so."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.clocks.waking import wake
from casework.errors import Conflict, Invalid
from casework.models import ColumnName, FindingImport, Person
from casework.models.job import JobState
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from casework.tables.cells import as_text
from casework.tables.columns import (
    FINDING_COLUMNS,
    FINDINGS,
    REASONS,
    Wanted,
    column_key,
    listed,
    match_columns,
    name_of,
    require_columns,
    with_names,
)
from casework.tables.parsing import Table
from casework.tables.reading import look_at_heads
from casework.working_time.deadlines import local_day

SHOWN = 4  # cells of each column that are shown
LONGEST = 60


@dataclass(frozen=True)
class OpenColumn:
    """A column of a file that isn't known by its name, with its first cells, and what it was said to hold."""

    place: int
    name: str
    cells: list[str]
    column: str


def office_of(person: Person, at: datetime) -> int | None:
    """The unit whose names these are: that of the post by which this person imports."""
    return next((held.unit_id for held in posts_for(person, OfficeAction.IMPORT, local_day(at))), None)


def names_of_office(by: Person | None, at: datetime) -> dict[str, str]:
    """What this office has said of its own columns so far: the file's name → ours."""
    office = office_of(by, at) if by is not None else None
    return dict(ColumnName.objects.filter(office=office).values_list("name", "column")) if office else {}


def said_by_office(table: Table, columns: Mapping[str, str]) -> dict[str, str]:
    """Of a table's columns (ours → the file's name) those that are known only by what the office has said."""
    plain = match_columns(table.columns, FINDINGS).places
    return {name: ours for ours, name in columns.items() if ours not in plain or table.columns[plain[ours]] != name}


def wanted_of(run: FindingImport) -> Wanted:
    """The columns that this run is read for, by the names that hold for it."""
    return with_names(FINDING_COLUMNS, run.column_names)


def open_columns(run: FindingImport) -> tuple[list[OpenColumn], list[str]]:
    """The columns of a run's file that a person may say something of, and those of ours that the others don't hold.

    The file is looked at in a process of its own.
    """
    _require_file(run)
    with run.file.open("rb") as file:
        table = look_at_heads(file, wanted_of(run), rows=SHOWN)
    return _open_columns(table, run.column_names)


def _open_columns(table: Table, names: Mapping[str, str]) -> tuple[list[OpenColumn], list[str]]:
    said = {column_key(name): column for name, column in names.items()}
    matched = match_columns(table.columns, FINDINGS)
    known = {table.columns[place]: ours for ours, place in matched.places.items()}
    found = []
    for place, name in enumerate(table.columns):
        if (name in known and column_key(name) not in said) or column_key(name) in REASONS:
            continue
        cells = [as_text(row.cells.get(name))[:LONGEST] for row in table.rows]
        found.append(OpenColumn(place, name, [cell for cell in cells if cell], said.get(column_key(name), "")))
    taken = {ours for name, ours in known.items() if column_key(name) not in said}
    return found, [ours for ours in FINDINGS if ours not in taken]


@transaction.atomic
def choose_columns(*, run: FindingImport, chosen: Mapping[int, str], by: Person, at: datetime) -> FindingImport:
    """Say which of our columns these hold, by their places in the file ("" for none); keep it for the office's next file,
    and read this one anew. Refused where two are said to hold the same, or where a needed one is still missing.
    """
    run = unconfirmed(run)
    columns, free = open_columns(run)
    said = {one.name: chosen.get(one.place, "") for one in columns}
    names = {name: ours for name, ours in said.items() if ours in free}
    twice = [ours for ours, count in Counter(names.values()).items() if count > 1]
    if twice:
        raise Invalid(
            "column_chosen_twice",
            _("Two columns can't hold the same: %(columns)s. Choose one of each.")
            % {"columns": listed([name_of(ours, FINDINGS) for ours in twice])},
        )
    wanted = with_names(FINDING_COLUMNS, names)
    with run.file.open("rb") as file:
        table = look_at_heads(file, wanted, rows=1)
    require_columns(match_columns(table.columns, wanted.known), table.columns, wanted, row=table.header_row)
    _keep(said, names, by=by, at=at)
    run.column_names = names
    run.unknown_columns = [name for name in said if name not in names]
    return read_again(run, at=at)


def _keep(said: Mapping[str, str], names: Mapping[str, str], *, by: Person, at: datetime) -> None:
    office = office_of(by, at)
    if office is None:
        return
    keys = {column_key(name)[:100]: name for name in said}
    ColumnName.objects.filter(office=office, key__in=[key for key, name in keys.items() if name not in names]).delete()
    ColumnName.objects.bulk_create(
        [
            ColumnName(office_id=office, key=key, name=name[:200], column=names[name], by=by, at=at)
            for key, name in keys.items()
            if name in names
        ],
        update_conflicts=True,
        unique_fields=["office", "key"],
        update_fields=["name", "column", "by", "at"],
    )


def unconfirmed(run: FindingImport) -> FindingImport:
    """The run, locked, as it is now. Refused once it was confirmed: its cases are there."""
    locked = FindingImport.objects.select_for_update().get(pk=run.pk)
    if not locked.is_dry_run or FindingImport.objects.filter(confirmed_from=locked).exists():
        raise Conflict(
            "imported_already", _("This file is imported already. Choose it again to read it in another way.")
        )
    if locked.state not in (JobState.DONE, JobState.FAILED):
        raise Conflict("still_read", _("This file is being read at this moment. Wait until its preview is there."))
    _require_file(locked)
    return locked


def _require_file(run: FindingImport) -> None:
    if not run.file:
        raise Conflict("preview_too_old", _("This preview is too old: its file was removed. Choose the file again."))


BLANK: dict[str, Any] = {
    "state": JobState.WAITING,
    "trouble": "",
    "heartbeat_at": None,
    "finished_at": None,
    "refused_file": "",
    **dict.fromkeys(
        ("rows_read", "added", "unchanged", "refused", "unclassified", "items_guessed", "likely_duplicates"), 0
    ),
}


def read_again(run: FindingImport, *, at: datetime) -> FindingImport:
    """Read a preview anew from its first row, with what was said since. Its address stays."""
    for name, value in BLANK.items():
        setattr(run, name, value)
    run.at, run.preview, run.refused_rows = at, [], []
    run.save()
    transaction.on_commit(lambda: wake("flows.tasks.run_finding_import", run.pk))
    return run
