"""The words by which offices call a category, a severity or a source: by their names in both languages, or by an alias."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import translation

from casework.models import Alias, CatalogueItem, Source
from casework.models.category import Severity
from casework.stages import ENDS, Stage


@dataclass(frozen=True)
class TriedItem:
    """An item as somebody has just typed it, saved or not, with its names of every city."""

    item: CatalogueItem
    aliases: Sequence[str]

    def names(self) -> list[str]:
        own = (self.item.name, self.item.name_en, self.item.code, *self.aliases)
        return list(dict.fromkeys(words for words in own if plain(words)))

    def among_items(self, rows: Iterable[CatalogueItem]) -> list[CatalogueItem]:
        """The items in use, in their order, as they would be once this one is saved."""
        others = [row for row in rows if row.pk != self.item.pk]
        mine = [self.item] if self.item.is_active else []
        return sorted([*others, *mine], key=lambda row: (row.aspect.order, row.order))

    def among_aliases(self, rows: Iterable[Alias]) -> list[Alias]:
        """What was ended, and what a city decided for this item, stays."""
        kept = [
            row for row in rows if row.item_id != self.item.pk or row.item_id is None or row.city_id or row.ended_at
        ]
        for row in kept:
            if row.item_id is not None and row.item_id == self.item.pk:
                row.item = self.item
        return [*kept, *(Alias(words=words, item=self.item) for words in self.aliases)]


class Matcher:
    """Words of a file → items, severities and sources; three queries. Where words are an alias of one city alone, the
    path of the place decides: it is found below that city and nowhere else.
    """

    def __init__(self, *, without: int = 0, tried: TriedItem | None = None) -> None:
        """`without` leaves out an alias: what its words meant if it weren't there. With `tried`: what words would mean if
        this item were saved.
        """
        items: Iterable[CatalogueItem] = CatalogueItem.objects.filter(is_active=True).select_related("aspect")
        aliases: Iterable[Alias] = (
            Alias.objects.exclude(pk=without).select_related("item__aspect", "city").order_by("id")
        )
        if tried is not None:
            items, aliases = tried.among_items(items), tried.among_aliases(aliases)
        self.items: dict[str, CatalogueItem] = {}
        self.items_by_code: dict[str, CatalogueItem] = {}
        self.items_of_city: dict[str, dict[str, CatalogueItem]] = {}
        self.severities: dict[str, int] = {str(level.value): level.value for level in Severity}
        self.aspects: set[str] = set()
        self.sources: dict[str, str] = {source.value: source.value for source in Source}
        self.ended: set[str] = set()
        for item in items:
            self.items_by_code[item.code] = item
            self.aspects |= {plain(item.aspect.name), plain(item.aspect.name_en)} - {""}
            for words in (item.code, item.name, item.name_en, f"{item.aspect.name}{item.name}"):
                self.items.setdefault(plain(words), item)
        for language in ("zh-hans", "en"):
            with translation.override(language):
                self.severities |= {plain(str(level.label)): level.value for level in Severity}
                self.sources |= {plain(str(source.label)): source.value for source in Source}
                self.ended |= {plain(str(stage.label)) for stage in ENDS if stage != Stage.CLOSED}
        self.ended_names: set[tuple[str, str, int | None]] = set()
        for alias in aliases:
            if alias.ended_at is None:
                self._add(alias)
            else:
                self.ended_names.add((alias.city.path if alias.city else "", plain(alias.words), alias.item_id))
        self.items.pop("", None)

    def _add(self, alias: Alias) -> None:
        if alias.item is not None and alias.item.is_active:
            items = self.items_of_city.setdefault(alias.city.path, {}) if alias.city else self.items
            items.setdefault(plain(alias.words), alias.item)
        elif alias.severity is not None:
            self.severities[plain(alias.words)] = alias.severity

    def item(self, words: str, place: str) -> CatalogueItem | None:
        """By the whole of the words, or by what follows the name of an aspect in front: 村务公开 / 明白墙闲置. `place` is
        the path of the village, or of its city.
        """
        wanted = plain(words)
        found = self._item(wanted, place)
        for aspect in self.aspects:
            if found is None and wanted.startswith(aspect):
                found = self._item(wanted.removeprefix(aspect), place)
        return found

    def was_ended(self, words: str, item: CatalogueItem, place: str) -> bool:
        """Whether somebody has said that these words are no name of this item any more."""
        wanted = plain(words)
        return any(place.startswith(city) and (name, pk) == (wanted, item.pk) for city, name, pk in self.ended_names)

    def places(self) -> list[str]:
        """The paths of the cities that have words of their own, and one that is none of them."""
        return ["", *self.items_of_city]

    def _item(self, wanted: str, place: str) -> CatalogueItem | None:
        if wanted in self.items or not wanted:
            return self.items.get(wanted)
        return next(
            (items[wanted] for city, items in self.items_of_city.items() if place.startswith(city) and wanted in items),
            None,
        )

    def named_in(self, text: str, place: str) -> tuple[str, CatalogueItem] | None:
        """The one item that a text names by an alias of its city, with the alias; None where it names none, or several."""
        said = plain(text)
        named = [
            (words, item)
            for city, items in self.items_of_city.items()
            if place.startswith(city)
            for words, item in items.items()
            if words in said
        ]
        return max(named, key=lambda one: len(one[0])) if len({item.pk for _words, item in named}) == 1 else None

    def severity(self, words: str) -> int | None:
        return self.severities.get(plain(words))

    def source(self, words: str) -> str | None:
        return self.sources.get(plain(words))


def plain(words: str) -> str:
    """Words without spaces, signs between them, width and case: 村务公开 / 明白墙闲置 is 村务公开明白墙闲置."""
    kept = unicodedata.normalize("NFKC", words).lower()
    return "".join(letter for letter in kept if letter.isalnum())
