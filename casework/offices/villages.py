"""The village that a row means: by its code, or by its name with the town, where only one village fits."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.models import Unit
from casework.models.unit import UnitLevel
from casework.rights.territories import Line, lines_above
from casework.tables.cells import as_code, as_plain

COMMITTEES = ("村民委员会", "居民委员会", "村委会", "居委会")
KINDS = ("行政村", "社区", "村")
TOWN_KINDS = re.compile(r"(街道办事处|办事处|街道|民族乡|乡|镇)$")
COUNTY_KINDS = re.compile(r"(县|区|市)$")
# 青禾区柳河镇上柳村 in one cell.
IN_ONE = re.compile(r"(?:(.{2,12}?[县区市]))?(.{1,12}?(?:街道办事处|街道|镇|乡))[-/·]?(.+)")
LISTED = 5


class Villages:
    """The villages of a batch of rows, fetched at once: five queries, however many rows."""

    def __init__(self, rows: Sequence[Mapping[str, Any]], *, scope: set[int] | None, on: date) -> None:
        """`scope` holds the keys of the villages that the importer may report for; None is every village."""
        self.scope = scope
        self.by_code = {unit.code: unit for unit in Unit.objects.filter(code__in={_code(cells) for cells in rows})}
        self.by_name: dict[str, list[Unit]] = {}
        self.lines: dict[int, Line] = {}
        self._fetch({base for cells in rows if not _code(cells) for base in _bases(cells)}, on=on)

    def _fetch(self, bases: set[str], *, on: date) -> None:
        if not bases:
            return
        names = {base + kind + committee for base in bases for kind in ("", *KINDS) for committee in ("", *COMMITTEES)}
        units = list(
            Unit.objects.filter(Q(name__in=names) | Q(names__name__in=names), level=UnitLevel.VILLAGE, is_active=True)
            .distinct()
            .prefetch_related("names")
            .order_by("path")
        )
        for unit in units:
            for name in {unit.name, *(former.name for former in unit.names.all())}:
                self.by_name.setdefault(_base(name), []).append(unit)
        self.lines = lines_above(units, on=on)
        self.counties = {unit.path: unit.name for unit in _counties_of(units)}

    def of(self, cells: Mapping[str, Any]) -> Unit:
        """The village of a row. Refuses with Invalid what names none, or more than one."""
        code = as_code(cells.get("village_code"))
        unit = self._by_code(code) if code else self._by_name(cells)
        if self.scope is not None and unit.pk not in self.scope:
            raise Invalid("not_your_village", _("Your posts do not cover this village."))
        return unit

    def _by_code(self, code: str) -> Unit:
        unit = self.by_code.get(code)
        if unit is None:
            raise Invalid("village_unknown", _("No unit has the code %(code)s.") % {"code": code})
        if not unit.is_active:
            raise Invalid("village_unused", _("%(name)s is no longer in use.") % {"name": unit.name})
        if unit.level != UnitLevel.VILLAGE:
            raise Invalid(
                "not_a_village", _("%(code)s is %(name)s, and no village.") % {"code": code, "name": unit.name}
            )
        return unit

    def _by_name(self, cells: Mapping[str, Any]) -> Unit:
        county, town, name = _named(cells)
        if not name:
            raise Invalid("village_missing", _("The village is missing: give its code, or its name and town."))
        called = self.by_name.get(_base(name), [])
        if not called:
            raise Invalid("village_unknown", _("No village is called %(name)s.") % {"name": name})
        # Names repeat between towns, so a name alone names nobody, not even where it stands only once today.
        fitting = [unit for unit in called if town and self._lies_in(unit, town, county)]
        exact = [unit for unit in fitting if as_plain(unit.name) == name]
        if len(exact or fitting) == 1:
            return (exact or fitting)[0]
        raise Invalid(
            "village_ambiguous",
            _(
                "“%(name)s” does not say which village is meant. There is: %(villages)s. Give the town as it is written here, or the code."
            )
            % {"name": f"{county}{town}{name}", "villages": self._listed(fitting or called)},
        )

    def _lies_in(self, unit: Unit, town: str, county: str) -> bool:
        line = self.lines[unit.pk]
        if line.town is None or not same_name(town, line.town.name, TOWN_KINDS):
            return False
        counties = [line.county.name] if line.county else []
        counties += [self.counties[path] for path in unit.ancestor_paths() if path in self.counties]
        return not county or any(same_name(county, each, COUNTY_KINDS) for each in counties)

    def _listed(self, units: Iterable[Unit]) -> str:
        # Villages of others are theirs: a row that means one of them is told so once its town is given.
        own = [unit for unit in dict.fromkeys(units) if self.scope is None or unit.pk in self.scope]
        if not own:
            raise Invalid("not_your_village", _("Your posts do not cover this village."))
        named = []
        for unit in own[:LISTED]:
            line = self.lines[unit.pk]
            above = "，".join(each.name for each in (line.county, line.town) if each)
            named.append(f"{unit.name}（{above}）")
        return "、".join(named) + (" …" if len(own) > LISTED else "")


def _code(cells: Mapping[str, Any]) -> str:
    """The village code of a row as far as it can be read."""
    try:
        return as_code(cells.get("village_code"))
    except Invalid:
        return as_plain(cells.get("village_code"))


def _named(cells: Mapping[str, Any]) -> tuple[str, str, str]:
    """County, town and village as a row names them."""
    county, town, name = (as_plain(cells.get(column))[:60] for column in ("county", "town", "village"))
    if not town and (parts := IN_ONE.fullmatch(name)):
        return parts[1] or county, parts[2], parts[3]
    return county, town, name


def _bases(cells: Mapping[str, Any]) -> set[str]:
    return {_base(name) for name in (_named(cells)[2],) if name}


def _base(name: str) -> str:
    """上柳村村民委员会, 上柳村 and 上柳 have one base; which of them is meant, the whole name says."""
    plain = as_plain(name)
    for endings in (COMMITTEES, KINDS):
        ending = next((each for each in endings if plain.endswith(each) and len(plain) > len(each)), "")
        plain = plain.removesuffix(ending)
    return plain


def same_name(said: str, name: str, kinds: re.Pattern[str]) -> bool:
    """柳河 may stand for 柳河镇, but 柳河乡 may not."""
    name = as_plain(name)
    return said == name or (not kinds.search(said) and said == kinds.sub("", name))


def _counties_of(units: Sequence[Unit]) -> Iterable[Unit]:
    """The counties in whose territory they lie by the code list; a functional zone may answer for them."""
    paths = {path for unit in units for path in unit.ancestor_paths()}
    return Unit.objects.filter(path__in=paths, level=UnitLevel.COUNTY)
