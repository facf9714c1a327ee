"""Who answers for which territory: member units, functional zones, departments."""

from contextlib import suppress
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.models import Person, Responsibility, Unit
from casework.models.history import stamped
from casework.models.unit import UnitLevel
from casework.offices.units import add_unit
from casework.tables.cells import as_code, as_text
from casework.tables.columns import RESPONSIBILITIES, cells_of, columns_of
from casework.tables.outcome import Outcome
from casework.tables.parsing import Table

LEAD = ("lead", "牵头")
ZONE = ("functional zone", "功能区")
DISCIPLINE = "纪委"


def import_responsibilities(
    table: Table, *, by: Person | None, at: datetime, valid_from: date, city: Unit | None = None
) -> Outcome:
    """Read the member units. Without a division code it is a department of the city. A county of its own code is only
    found; a territory smaller than the statistical county gets a dated responsibility. Repeatable. `city` is that of the
    file's codes, unless it is given.
    """
    columns, unknown = columns_of(table, RESPONSIBILITIES, needed=("name", "division_prefixes"))
    outcome = Outcome(notes=[f"column not read: {name}" for name in unknown])
    with transaction.atomic(), stamped(step="import_responsibilities", by=by, at=at):
        city = city or city_of(table, columns)
        for row in table.rows:
            cells = cells_of(row.cells, columns)
            try:
                row.require_whole()
                with transaction.atomic():
                    result = _import_member(cells, city, valid_from=valid_from)
            except Invalid as refusal:
                outcome.refuse(row, refusal)
            else:
                setattr(outcome, result, getattr(outcome, result) + 1)
    return outcome


def city_of(table: Table, columns: dict[str, str]) -> Unit:
    """The city above the first division code that is known. Refuses a file that knows none."""
    for row in table.rows:
        codes: list[str] = []
        with suppress(Invalid):  # its own row says so later
            codes = codes_in(cells_of(row.cells, columns).get("division_prefixes"))
        for code in codes:
            unit = Unit.objects.filter(code=code).first()
            if unit is not None:
                return Unit.objects.get(path__in=unit.ancestor_paths(), level=UnitLevel.CITY)
    raise Invalid("no_city", _("No division code of this file is known. Import the units first."))


def codes_in(cell: object) -> list[str]:
    """The division codes of a cell, apart by commas, semicolons or spaces."""
    return [as_code(code) for code in as_text(cell).replace(";", ",").replace(" ", ",").split(",") if code]


def _import_member(cells: dict[str, object], city: Unit, *, valid_from: date) -> str:
    """added, changed or unchanged."""
    name, group = as_text(cells["name"]), as_text(cells.get("group"))
    codes = codes_in(cells["division_prefixes"])
    if not name:
        raise Invalid("name_missing", _("The name is missing."))
    if group in LEAD:
        return "unchanged"  # the city's own office: it is the city
    if not codes:
        return _department(name, city, number=as_text(cells.get("order")))
    territories = []
    for code in codes:
        unit = Unit.objects.filter(code=code).first()
        if unit is None:
            raise Invalid("territory_unknown", _("No unit has the code %(code)s.") % {"code": code})
        territories.append(unit)
    if len(territories) == 1 and territories[0].level == UnitLevel.COUNTY:
        return _county(territories[0], is_zone=group in ZONE)
    return _zone(name, city, territories, note=as_text(cells.get("note")), valid_from=valid_from)


def _department(name: str, city: Unit, *, number: str) -> str:
    if Unit.objects.filter(parent=city, level=UnitLevel.DEPARTMENT, name=name).exists():
        return "unchanged"
    add_unit(
        parent=city,
        code=_free_code(city, "D", number),
        name=name,
        level=UnitLevel.DEPARTMENT,
        is_discipline_office=DISCIPLINE in name,
    )
    return "added"


def _county(county: Unit, *, is_zone: bool) -> str:
    if county.is_functional_zone == is_zone:
        return "unchanged"
    county.is_functional_zone = is_zone
    county.save()
    return "changed"


def _zone(name: str, city: Unit, territories: list[Unit], *, note: str, valid_from: date) -> str:
    zone = Unit.objects.filter(parent=city, level=UnitLevel.COUNTY, name=name).first()
    result = "unchanged"
    if zone is None:
        result = "added"
        zone = add_unit(
            parent=city,
            code=_free_code(city, "Z", territories[0].code[-3:]),
            name=name,
            level=UnitLevel.COUNTY,
            is_functional_zone=True,
        )
    for territory in territories:
        if make_responsible(zone, territory, note=note, valid_from=valid_from) and result == "unchanged":
            result = "changed"
    return result


def make_responsible(responsible: Unit, territory: Unit, *, note: str, valid_from: date) -> bool:
    """Make a unit responsible from a day on; whoever was before it ends the day before. False when it was already."""
    now = territory.responsibilities.filter(valid_until=None).first()
    if now is not None and now.responsible_id == responsible.pk:
        return False
    if now is not None:
        now.valid_until = valid_from - timedelta(days=1)
        now.save()
    Responsibility.objects.create(territory=territory, responsible=responsible, valid_from=valid_from, note=note[:300])
    return True


def _free_code(city: Unit, letter: str, number: str) -> str:
    """The code list has no code for departments and for zones that it doesn't know: the city's, a letter, a number."""
    wanted = f"{city.code}{letter}{number or 0:0>2}"
    taken = set(Unit.objects.filter(code__startswith=f"{city.code}{letter}").values_list("code", flat=True))
    suffix = 1
    code = wanted
    while code in taken:
        suffix += 1
        code = f"{wanted}N{suffix}"
    return code
