"""A row of a findings file, understood: normalised, matched with the catalogue, or refused with its reason."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.models import Alias, CatalogueItem, Source, Unit
from casework.models.category import Severity
from casework.models.unit import UnitLevel
from casework.tables.cells import as_code, as_count, as_day, as_plain, as_text

# What the columns of a case hold; the description and the required action are kept at any length.
MOST_CHARACTERS = {"finding_no": 60, "category": 200, "severity": 60, "source": 100, "object": 100}


@dataclass(frozen=True)
class ImportedFinding:
    """What a row says. `item` and `severity` are None where its words matched nothing: to be classified."""

    village: Unit
    finding_no: str
    found_on: date
    fact_on: date | None
    description: str
    item: CatalogueItem | None
    category_words: str
    severity: int | None
    severity_words: str
    required_action: str
    days: int | None
    source: str
    source_words: str
    object_name: str
    closed_on: date | None

    @property
    def is_unclassified(self) -> bool:
        return self.item is None or self.severity is None


class Matcher:
    """Words of a file → items, severities and sources; by their names in both languages or by an alias."""

    def __init__(self) -> None:
        self.items: dict[str, CatalogueItem] = {}
        self.severities: dict[str, int] = {str(level.value): level.value for level in Severity}
        self.aspects: set[str] = set()
        self.sources: dict[str, str] = {source.value: source.value for source in Source}
        for item in CatalogueItem.objects.filter(is_active=True).select_related("aspect"):
            self.aspects |= {plain(item.aspect.name), plain(item.aspect.name_en)} - {""}
            for words in (item.code, item.name, item.name_en, f"{item.aspect.name}{item.name}"):
                self.items.setdefault(plain(words), item)
        for language in ("zh-hans", "en"):
            with translation.override(language):
                self.severities |= {plain(str(level.label)): level.value for level in Severity}
                self.sources |= {plain(str(source.label)): source.value for source in Source}
        for alias in Alias.objects.select_related("item__aspect"):
            if alias.item is not None and alias.item.is_active:
                self.items[plain(alias.words)] = alias.item
            elif alias.severity is not None:
                self.severities[plain(alias.words)] = alias.severity
        self.items.pop("", None)

    def item(self, words: str) -> CatalogueItem | None:
        """By the whole of the words, or by what follows the name of an aspect in front: 村务公开 / 明白墙闲置."""
        wanted = plain(words)
        found = self.items.get(wanted)
        for aspect in self.aspects:
            if found is None and wanted.startswith(aspect):
                found = self.items.get(wanted.removeprefix(aspect))
        return found

    def severity(self, words: str) -> int | None:
        return self.severities.get(plain(words))

    def source(self, words: str) -> str | None:
        return self.sources.get(plain(words))


def plain(words: str) -> str:
    """Words without spaces, signs between them, width and case: 村务公开 / 明白墙闲置 is 村务公开明白墙闲置."""
    kept = unicodedata.normalize("NFKC", words).lower()
    return "".join(letter for letter in kept if letter.isalnum())


def understand(
    cells: Mapping[str, Any], *, units: Mapping[str, Unit], scope: set[int] | None, matcher: Matcher, on: date
) -> ImportedFinding:
    """Refuses with Invalid what can't be a case. `scope` holds the keys of the villages that the importer may report
    for; None is every village.
    """
    village = _village(cells.get("village_code"), units, scope)
    description = as_text(cells.get("description"))
    if not description:
        raise Invalid("description_missing", _("The description is empty."))
    found_on, closed_on, fact_on = (as_day(cells.get(name)) for name in ("found_on", "closed_on", "fact_on"))
    if found_on is None:
        raise Invalid("found_on_missing", _("The day of finding is missing."))
    _require_possible(found_on, closed_on, on)
    if fact_on is not None and fact_on > found_on:
        raise Invalid("fact_after_finding", _("The problem can't have occurred after it was found."))
    words = {name: _short(cells.get(name), column=name, most=most) for name, most in MOST_CHARACTERS.items()}
    category_words, severity_words, source_words = words["category"], words["severity"], words["source"]
    source = matcher.source(source_words) if source_words else Source.SPOT_CHECK
    item = matcher.item(category_words)
    severity = matcher.severity(severity_words) if severity_words else (item.severity if item else None)
    return ImportedFinding(
        village=village,
        finding_no=words["finding_no"],
        found_on=found_on,
        fact_on=fact_on,
        description=description,
        item=item,
        category_words=category_words,
        severity=severity,
        severity_words=severity_words,
        required_action=as_text(cells.get("required_action")),
        days=as_count(cells.get("due_days")),
        source=source or Source.OTHER,
        source_words=source_words,
        object_name=words["object"],
        closed_on=closed_on,
    )


def _short(cell: Any, *, column: str, most: int) -> str:
    """The words of a cell on one line. Too many are refused, never cut off."""
    words = " ".join(as_text(cell).split())
    if len(words) > most:
        raise Invalid(
            "too_long",
            _("The column %(column)s takes %(most)d characters, and here it has %(count)d. Shorten it.")
            % {"column": column, "most": most, "count": len(words)},
        )
    return words


def _village(cell: Any, units: Mapping[str, Unit], scope: set[int] | None) -> Unit:
    code = as_code(cell)
    unit = units.get(code)
    if not code:
        raise Invalid("village_missing", _("The village code is missing."))
    if unit is None:
        raise Invalid("village_unknown", _("No unit has the code %(code)s.") % {"code": code})
    if not unit.is_active:
        raise Invalid("village_unused", _("%(name)s is no longer in use.") % {"name": unit.name})
    if unit.level != UnitLevel.VILLAGE:
        raise Invalid("not_a_village", _("%(code)s is %(name)s, and no village.") % {"code": code, "name": unit.name})
    if scope is not None and unit.pk not in scope:
        raise Invalid("not_your_village", _("Your posts do not cover this village."))
    return unit


def _require_possible(found_on: date, closed_on: date | None, on: date) -> None:
    if found_on > on:
        raise Invalid("found_in_future", _("The day of finding lies in the future."))
    if found_on.year < 2000:
        raise Invalid("found_long_ago", _("The day of finding lies before the year 2000. Check it."))
    if closed_on is not None and closed_on > on:
        raise Invalid("closed_in_future", _("The day of the strike-off lies in the future."))
    if closed_on is not None and closed_on < found_on:
        raise Invalid("closed_before_found", _("The strike-off lies before the day of finding."))


def code_in(cells: Mapping[str, Any]) -> str:
    """The village code of a row as far as it can be read: for fetching all units of a batch at once."""
    try:
        return as_code(cells.get("village_code"))
    except Invalid:
        return as_plain(cells.get("village_code"))
