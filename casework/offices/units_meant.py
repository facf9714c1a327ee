"""The unit that a row means: by its code; else the village, the town or the county that it names, the smallest of them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.models import Unit
from casework.models.unit import UnitLevel
from casework.offices.villages import COUNTY_KINDS, TOWN_KINDS, Villages, same_name
from casework.rights.roles import any_of
from casework.tables.cells import as_code, as_plain

LEVELS = (UnitLevel.TOWN, UnitLevel.COUNTY)


class UnitsMeant:
    """The units of a batch of rows, fetched at once: as many queries for a thousand rows as for one."""

    def __init__(self, rows: Sequence[Mapping[str, Any]], *, on: date) -> None:
        codes = {_code(cells) for cells in rows} - {""}
        self.by_code = {unit.code: unit for unit in Unit.objects.filter(code__in=codes)}
        named = [cells for cells in rows if not _code(cells)]
        self.villages = Villages([cells for cells in named if _said(cells, "village")], scope=None, on=on)
        # By the beginning of the name, which the index on level and name finds: whether it fits is seen row by row.
        heads = {_said(cells, name)[:2] for cells in named for name in ("town", "county")} - {""}
        begins = any_of(Q(name__startswith=head) for head in heads)
        offices = Unit.objects.filter(begins, level__in=LEVELS, is_active=True)
        self.offices = list(offices.select_related("parent").order_by("path"))

    def keys(self) -> set[int]:
        """The keys of all units that these rows could mean."""
        called = [unit for units in self.villages.by_name.values() for unit in units]
        return {unit.pk for unit in (*self.by_code.values(), *called, *self.offices)}

    def of(self, cells: Mapping[str, Any]) -> Unit:
        """The unit of a row. Refuses with Invalid what names none, or more than one."""
        code = as_code(cells.get("unit_code"))
        if code:
            unit = self.by_code.get(code)
            if unit is None:
                raise Invalid("unit_unknown", _("No unit has the code %(code)s.") % {"code": code})
            if not unit.is_active:
                raise Invalid("unit_unused", _("%(name)s is no longer in use.") % {"name": unit.name})
            return unit
        if _said(cells, "village"):
            return self.villages.of(cells)
        town, county = _said(cells, "town"), _said(cells, "county")
        if not town and not county:
            raise Invalid("unit_missing", _("The unit is missing: give its code, or the village with its town."))
        return self._office(town, county)

    def _office(self, town: str, county: str) -> Unit:
        if town:
            fitting = [
                unit
                for unit in self.offices
                if unit.level == UnitLevel.TOWN
                and same_name(town, unit.name, TOWN_KINDS)
                and (not county or (unit.parent is not None and same_name(county, unit.parent.name, COUNTY_KINDS)))
            ]
        else:
            counties = [unit for unit in self.offices if unit.level == UnitLevel.COUNTY]
            fitting = [unit for unit in counties if same_name(county, unit.name, COUNTY_KINDS)]
        if len(fitting) == 1:
            return fitting[0]
        name = f"{county}{town}"
        if not fitting:
            raise Invalid("unit_unknown", _("No town and no county is called %(name)s.") % {"name": name})
        raise Invalid(
            "unit_ambiguous",
            _("More than one unit is called %(name)s. Give the county as well, or the code.") % {"name": name},
        )


def _said(cells: Mapping[str, Any], name: str) -> str:
    return as_plain(cells.get(name))[:60]


def _code(cells: Mapping[str, Any]) -> str:
    """The code of a row as far as it can be read."""
    try:
        return as_code(cells.get("unit_code"))
    except Invalid:
        return as_plain(cells.get("unit_code"))
