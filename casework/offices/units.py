"""Units come in from the code list: the tree, its names, and who is responsible for what."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.models import Person, Unit, UnitName
from casework.models.history import record_many, stamped
from casework.models.unit import UnitLevel
from casework.offices.open_cases import OpenCasesBelow, refused_moves
from casework.tables.cells import as_code, as_plain, as_text
from casework.tables.columns import UNITS, cells_of, columns_of
from casework.tables.outcome import Outcome
from casework.tables.parsing import Row, Table
from casework.working_time.deadlines import local_day

BATCH = 5000
# As the national code list names the levels, and the Chinese words for them.
LEVELS = {
    "province": UnitLevel.PROVINCE,
    "省": UnitLevel.PROVINCE,
    "city": UnitLevel.CITY,
    "市": UnitLevel.CITY,
    "area": UnitLevel.COUNTY,
    "county": UnitLevel.COUNTY,
    "县区": UnitLevel.COUNTY,
    "street": UnitLevel.TOWN,
    "town": UnitLevel.TOWN,
    "乡镇": UnitLevel.TOWN,
    "village": UnitLevel.VILLAGE,
    "村": UnitLevel.VILLAGE,
}
ORDER = (UnitLevel.PROVINCE, UnitLevel.CITY, UnitLevel.COUNTY, UnitLevel.TOWN, UnitLevel.VILLAGE)
CODE = re.compile(r"^[0-9A-Za-z]{1,20}$")
NO_WORDS = ("no", "false", "0", "否", "无")


class _Wanted:
    """A row that was understood: where it wants to stand."""

    __slots__ = ("code", "has_committee", "level", "name", "parent_code", "row")

    def __init__(self, row: Row, cells: dict[str, object]) -> None:
        self.row = row
        self.code, self.parent_code = as_code(cells["code"]), as_code(cells.get("parent_code"))
        self.name = as_text(cells["name"])
        level = LEVELS.get(as_plain(cells["level"]).lower())
        if not CODE.match(self.code):
            raise Invalid("code_missing", _("The code is missing or not a code."))
        if not self.name or len(self.name) > 100:
            raise Invalid("name_missing", _("The name is missing or longer than 100 characters."))
        if level is None:
            raise Invalid("level_unknown", _("The level must be province, city, area, street or village."))
        self.level = level
        said = as_plain(cells.get("has_committee")).lower()
        # The code list doesn't say it; an office corrects it village by village.
        self.has_committee = level == UnitLevel.VILLAGE and said not in NO_WORDS


def import_units(table: Table, *, by: Person | None, at: datetime, moves_cases: bool = False) -> Outcome:
    """Bring the tree up to a code list. Repeatable; a unit that the file no longer names stays as it is.

    A unit with open cases below it hangs under another parent only when whoever imports says that the cases go along
    (`moves_cases`): until then its row is refused with their numbers, and nothing of it changes.
    """
    columns, unknown = columns_of(table, UNITS, needed=("code", "name", "parent_code", "level"))
    outcome = Outcome(notes=[f"column not read: {name}" for name in unknown])
    wanted = _understood(table, columns, outcome)
    known = {unit.code: unit for unit in Unit.objects.all().iterator(chunk_size=BATCH)}
    has_committees = "has_committee" in columns
    with transaction.atomic(), stamped(step="import_units", by=by, at=at):
        for level in ORDER:
            of_level = [each for each in wanted.values() if each.level == level]
            if not moves_cases:
                of_level = _without_open_cases(of_level, known, outcome)
            _import_level(level, of_level, known, outcome, by=by, at=at, has_committees=has_committees)
    return outcome


def _understood(table: Table, columns: dict[str, str], outcome: Outcome) -> dict[str, _Wanted]:
    wanted: dict[str, _Wanted] = {}
    for row in table.rows:
        try:
            row.require_whole()
            each = _Wanted(row, cells_of(row.cells, columns))
            if each.code in wanted:
                raise Invalid("code_twice", _("This code stands in the file twice; the first row counts."))
        except Invalid as refusal:
            outcome.refuse(row, refusal)
        else:
            wanted[each.code] = each
    return wanted


def _import_level(
    level: UnitLevel,
    wanted: list[_Wanted],
    known: dict[str, Unit],
    outcome: Outcome,
    *,
    by: Person | None,
    at: datetime,
    has_committees: bool,
) -> None:
    last, on = _last_steps(level), local_day(at)
    moved = _moves(wanted, known)
    cases = OpenCasesBelow([unit for unit, _parent in moved], on=on) if moved else None
    added: list[Unit] = []
    changed: list[Unit] = []
    for each in wanted:
        parent = known.get(each.parent_code)
        reason = _misfit(each, parent, known.get(each.code))
        if reason is not None:
            outcome.refuse(each.row, reason)
            continue
        unit = known.get(each.code)
        if unit is None:
            unit = Unit(code=each.code, name=each.name, level=level, parent=parent, has_committee=each.has_committee)
            unit.path = _next_path(parent, last)
            added.append(unit)
            known[each.code] = unit
        elif _differs(unit, each, parent, has_committees):
            changed.append(_apply(unit, each, parent, last, known, on=on, has_committees=has_committees))
        else:
            outcome.unchanged += 1
    for batch in _batches(added):
        Unit.objects.bulk_create(batch)
        record_many(batch, change="+")
    for batch in _batches(changed):
        Unit.objects.bulk_update(batch, ["name", "parent", "path", "has_committee"])
        record_many(batch, change="~")
    if cases is not None:
        count = cases.follow(by=by, at=at)
        if count:
            outcome.notes.append(str(_("%(count)d open cases went along with their units.") % {"count": count}))
    outcome.added += len(added)
    outcome.changed += len(changed)


def _without_open_cases(wanted: list[_Wanted], known: dict[str, Unit], outcome: Outcome) -> list[_Wanted]:
    """The rows that can be taken without asking; those that would move open cases are refused, and name them."""
    refusals = refused_moves(_moves(wanted, known))
    kept = []
    for each in wanted:
        unit = known.get(each.code)
        if unit is not None and unit.pk in refusals:
            outcome.refuse(each.row, refusals[unit.pk])
        else:
            kept.append(each)
    return kept


def _moves(wanted: list[_Wanted], known: dict[str, Unit]) -> list[tuple[Unit, Unit]]:
    """The units that the rows hang under another parent."""
    found = []
    for each in wanted:
        unit, parent = known.get(each.code), known.get(each.parent_code)
        if unit is None or parent is None or _misfit(each, parent, unit) is not None:
            continue
        if unit.parent_id != parent.pk:
            found.append((unit, parent))
    return found


def _misfit(each: _Wanted, parent: Unit | None, unit: Unit | None) -> object:
    """Why a row can't stand where it wants to, or None."""
    if each.parent_code and parent is None:
        return _("No unit has the parent code %(code)s.") % {"code": each.parent_code}
    if unit is not None and unit.level != each.level:
        return _("This code is known as a unit of another level.")
    if parent is not None and not parent.is_active and (unit is None or unit.parent_id != parent.pk):
        return _("%(name)s is no longer in use.") % {"name": parent.name}
    place = ORDER.index(each.level)
    fits = parent is None if place == 0 else parent is not None and parent.level == ORDER[place - 1]
    if each.level == UnitLevel.CITY and parent is None:
        fits = True  # a city without a province above it is a root
    return None if fits else _("The level does not fit the parent unit.")


def _differs(unit: Unit, each: _Wanted, parent: Unit | None, has_committees: bool) -> bool:
    moved = unit.parent_id != (parent.pk if parent else None)
    return moved or unit.name != each.name or (has_committees and unit.has_committee != each.has_committee)


def _apply(
    unit: Unit,
    each: _Wanted,
    parent: Unit | None,
    last: dict[int | None, int],
    known: dict[str, Unit],
    *,
    on: date,
    has_committees: bool,
) -> Unit:
    if unit.name != each.name:
        rename(unit, each.name, on=on)
    if has_committees:
        unit.has_committee = each.has_committee
    if unit.parent_id != (parent.pk if parent else None):
        _move(unit, parent, last, known)
    return unit


def _move(unit: Unit, parent: Unit | None, last: dict[int | None, int], known: dict[str, Unit]) -> None:
    """Hang a unit under another parent, with everything below it. The caller saves the unit itself."""
    before, unit.parent = unit.path, parent
    unit.path = _next_path(parent, last)
    below = list(Unit.objects.filter(path__gt=before, path__lt=Unit.path_after(before)))
    for each in below:
        each.path = unit.path + each.path[len(before) :]
        if each.code in known:
            known[each.code].path = each.path  # rows further down in the file build on it
    Unit.objects.bulk_update(below, ["path"], batch_size=500)
    record_many(below, change="~")


def rename(unit: Unit, name: str, *, on: date) -> None:
    """Give a unit another name from a day on; the old one is kept with its last day. The caller saves the unit."""
    current = unit.names.filter(valid_until=None).first()
    last_day = date.fromordinal(on.toordinal() - 1)
    if current is None:
        UnitName.objects.create(unit=unit, name=unit.name, valid_until=last_day)
    else:
        current.valid_until = max(last_day, current.valid_from or last_day)
        current.save()
    UnitName.objects.create(unit=unit, name=name, valid_from=on)
    unit.name = name


def _last_steps(level: UnitLevel) -> dict[int | None, int]:
    """The last number that was given to a child, by parent, for all parents of this level; 0 for one without. One
    query: asked parent by parent, the whole country takes hours.
    """
    above = Q(parent=None)
    if level != ORDER[0]:
        above |= Q(parent__level=ORDER[ORDER.index(level) - 1])
    children = Unit.objects.filter(above).order_by().values("parent").annotate(last=Max("path"))
    return defaultdict(int, {row["parent"]: int(row["last"][-Unit.PATH_STEP :]) for row in children})


def _next_path(parent: Unit | None, last: dict[int | None, int]) -> str:
    key = parent.pk if parent else None
    last[key] += 1
    return (parent.path if parent else "") + str(last[key]).zfill(Unit.PATH_STEP)


def add_unit(*, parent: Unit | None, **values: object) -> Unit:
    """One unit more at the end of its parent's children."""
    above = parent.path if parent else ""
    below = Unit.objects.filter(parent.subtree()) if parent else Unit.objects.all()
    # The last of the whole subtree lies under the last child: one step into the index on the path.
    highest = below.order_by("-path").values_list("path", flat=True)[0:1]
    step = next((path[len(above) :][: Unit.PATH_STEP] for path in highest), "") or "0"
    unit = Unit(parent=parent, **values)
    unit.path = _next_path(parent, {parent.pk if parent else None: int(step)})
    unit.save()
    return unit


def _batches(units: list[Unit]) -> Iterator[list[Unit]]:
    for start in range(0, len(units), BATCH):
        yield units[start : start + BATCH]
