"""Member units come in as a table: the lead office, then each member with its group. The units that are missing are made
as `import_responsibilities` makes them.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from casework.errors import Invalid, Refusal
from casework.models import Person, Unit, UnitLevel
from casework.models.history import stamped
from casework.offices.responsibilities import LEAD, city_of, codes_in, import_responsibilities
from casework.offices.villages import COUNTY_KINDS, same_name
from casework.tables.cells import as_plain, as_text
from casework.tables.columns import RESPONSIBILITIES, cells_of, columns_of
from casework.tables.outcome import Outcome
from casework.tables.parsing import Row, Table
from casework.values.numbers import whole_number
from oversight.members.joining import MEMBER_LEVELS, admit
from oversight.members.records import Mechanism, MemberGroup, Membership

GROUPS = {
    "co-signing department": MemberGroup.CO_SIGNING,
    "联签部门": MemberGroup.CO_SIGNING,
    "rural-affairs department": MemberGroup.RURAL,
    "涉农部门": MemberGroup.RURAL,
    "涉农单位": MemberGroup.RURAL,
    "county or district": MemberGroup.COUNTY,
    "县区": MemberGroup.COUNTY,
    "functional zone": MemberGroup.ZONE,
    "功能区": MemberGroup.ZONE,
}
DEPARTMENTS = (MemberGroup.CO_SIGNING, MemberGroup.RURAL)
LONGEST_NAME, LONGEST_OFFICE = 100, 60


@transaction.atomic
def import_members(
    table: Table, *, by: Person | None, at: datetime, valid_from: date, city: Unit | None = None
) -> Outcome:
    """Make the units of a table members from a day on. Repeatable: who is a member stays one since the day it joined; a
    changed group or place in the order is taken over; nobody leaves because a file no longer names them.
    """
    columns, unknown = columns_of(table, RESPONSIBILITIES, needed=("name", "group"))
    outcome = Outcome(notes=[f"column not read: {name}" for name in unknown])
    city = city or city_of(table, columns)
    rows = [(row, cells_of(row.cells, columns)) for row in table.rows]
    refused = _make_units(table, rows, city, outcome, by=by, at=at, valid_from=valid_from)
    mechanism = _mechanism(rows, city, by=by, at=at)
    for row, cells in rows:
        if row.number in refused or as_text(cells.get("group")) in LEAD:
            continue
        try:
            row.require_whole()
            with transaction.atomic():
                result = _import_member(mechanism, cells, by=by, at=at, valid_from=valid_from)
        except Refusal as refusal:
            outcome.refuse(row, refusal)
        else:
            setattr(outcome, result, getattr(outcome, result) + 1)
    return outcome


def _make_units(
    table: Table,
    rows: list[tuple[Row, dict[str, Any]]],
    city: Unit,
    outcome: Outcome,
    *,
    by: Person | None,
    at: datetime,
    valid_from: date,
) -> set[int]:
    """Make departments and zones that are missing; gives the rows whose unit can't be."""
    known = {name for unit in _members_to_be(city) for name in _names_of(unit)}
    to_make = [
        row
        for row, cells in rows
        if _has_codes(cells)
        or (_group(cells) in DEPARTMENTS and as_text(cells.get("name")) not in known)
        or not as_text(cells.get("name"))
    ]
    if not to_make:
        return set()
    units = Table(table.columns, to_make, header_row=table.header_row)
    if not any(_has_codes(cells) for _row, cells in rows):
        units = _with_codes(units)
    made = import_responsibilities(units, by=by, at=at, valid_from=valid_from, city=city)
    outcome.refused += made.refused
    return {row.number for row, _reason in made.refused}


def _with_codes(table: Table) -> Table:
    """A file without the column of codes: departments need none."""
    column = "division_prefixes"
    if column in table.columns:
        return table
    rows = [Row(row.number, {**row.cells, column: ""}, row.surplus) for row in table.rows]
    return Table([*table.columns, column], rows, header_row=table.header_row)


def _mechanism(rows: list[tuple[Row, dict[str, Any]]], city: Unit, *, by: Person | None, at: datetime) -> Mechanism:
    """The city's mechanism; made where there is none, with the name that the lead office has in the file."""
    named = next((as_text(cells.get("name")) for _row, cells in rows if as_text(cells.get("group")) in LEAD), "")
    with stamped(step="import_members", by=by, at=at):
        mechanism = Mechanism.objects.filter(lead=city).first()
        if mechanism is None:
            name = _("%(city)s: coordination mechanism for village supervision") % {"city": city.name}
            mechanism = Mechanism.objects.create(
                lead=city, name=name[:LONGEST_NAME], office_name=(named or city.name)[:LONGEST_OFFICE]
            )
        elif named and mechanism.office_name != named[:LONGEST_OFFICE]:
            mechanism.office_name = named[:LONGEST_OFFICE]
            mechanism.save()
    return mechanism


def _import_member(
    mechanism: Mechanism, cells: Mapping[str, Any], *, by: Person | None, at: datetime, valid_from: date
) -> str:
    """added, changed or unchanged."""
    group = _group(cells)
    if group is None:
        known = "、".join(words for words in GROUPS if not words.isascii())
        raise Invalid("group_unknown", _("The group must be one of these: %(groups)s.") % {"groups": known})
    unit = _unit(mechanism.lead, cells, group)
    order = whole_number(as_plain(cells.get("order")), most=32_000)
    member = Membership.objects.filter(mechanism=mechanism, unit=unit, valid_until=None).first()
    if member is None:
        admit(mechanism=mechanism, unit=unit, group=group, valid_from=valid_from, by=by, at=at, order=order)
        return "added"
    if (member.group, member.order) == (group, member.order if order is None else order):
        return "unchanged"
    member.group, member.order = group, member.order if order is None else order
    with stamped(step="import_members", by=by, at=at):
        member.save()
    return "changed"


def _has_codes(cells: Mapping[str, Any]) -> bool:
    """Whether a row names codes, readable or not."""
    return bool(as_text(cells.get("division_prefixes")))


def _group(cells: Mapping[str, Any]) -> MemberGroup | None:
    return GROUPS.get(as_text(cells.get("group")).lower())


def _unit(city: Unit, cells: Mapping[str, Any], group: MemberGroup) -> Unit:
    """The unit of a row: a county by its code, anything else by its name below the city."""
    name, codes = as_text(cells.get("name")), codes_in(cells.get("division_prefixes"))
    if len(codes) == 1:
        county = Unit.objects.filter(city.subtree(), code=codes[0], level=UnitLevel.COUNTY).first()
        if county is not None:
            return county
    level = UnitLevel.DEPARTMENT if group in DEPARTMENTS else UnitLevel.COUNTY
    below = [unit for unit in _members_to_be(city) if unit.level == level]
    # 市扶贫办 is 市乡村振兴局, which was called so.
    exact = [unit for unit in below if unit.name == name] or [unit for unit in below if name in _names_of(unit)]
    fitting = exact or [unit for unit in below if same_name(name, unit.name, COUNTY_KINDS)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise Invalid("unit_ambiguous", _("More than one unit is called %(name)s. Give the code.") % {"name": name})
    raise Invalid("unit_unknown", _("No county and no department of the city is called %(name)s.") % {"name": name})


def _members_to_be(city: Unit) -> list[Unit]:
    below = Unit.objects.filter(parent=city, level__in=MEMBER_LEVELS, is_active=True)
    return list(below.prefetch_related("names").order_by("path"))


def _names_of(unit: Unit) -> set[str]:
    """Today's and earlier names."""
    return {unit.name, *(one.name for one in unit.names.all())}
