"""What an item of the catalogue would find by its words, before it is saved: on the findings of the last weeks.

Nothing is written. An administrator sees numbers of the whole area, and the findings themselves only as far as another
post shows them to the same person.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import BooleanField, Count, Q, QuerySet, When
from django.db.models import Case as Choice
from django.db.models import Value as Said

from casework.lifecycle.category_words import Matcher, TriedItem
from casework.models import Case, CatalogueItem, Person
from casework.offices.posts import area_of
from casework.queries import visible
from casework.rights.office_table import OfficeAction
from casework.stages import Stage

DAYS = 90
# The newest of them, so that the largest city's answer comes while its reader waits.
MOST_READ = 20_000
MOST_SPELLINGS = 500
SHOWN = 20


@dataclass(frozen=True)
class Present:
    """So many of the findings have this item at present, or none; `is_guessed` where it was read from their words."""

    item: CatalogueItem | None
    is_guessed: bool
    count: int


@dataclass(frozen=True)
class Trial:
    """`count` findings would come under the item by their words, `stays` of them are there; `moves` says where the others
    are. `lost` were found by words that would find it no longer. `shared` are its names that stand for another item too.
    """

    count: int
    stays: int
    moves: list[Present]
    lost: int
    shared: list[tuple[str, CatalogueItem]]
    findings: list[Case]
    more: int
    days: int = DAYS


def try_item(tried: TriedItem, person: Person, on: date) -> Trial:
    """A fixed number of queries, however many findings there are and whatever names the item has."""
    before, after, item = Matcher(), Matcher(tried=tried), tried.item
    newest = _newest(person, on)
    counted: Counter[tuple[int | None, bool]] = Counter()
    caught: dict[str, list[str]] = {}
    lost = 0
    # By the words and the city: each pair is read once, whatever has become of its findings.
    rows = (
        Case.objects.filter(pk__in=newest)
        .order_by()
        .values_list("category_words", "city__path", "item", "is_item_guessed")
    )
    for words, city, now, is_guessed, count in rows.annotate(count=Count("pk")):
        if after.item(words, city or "") == item:
            counted[now, is_guessed] += count
            caught.setdefault(city or "", []).append(words)
        elif now is not None and now == item.pk and before.item(words, city or "") == item:
            lost += count
    stays = counted.pop((item.pk, False), 0) if item.pk else 0
    findings, seen = _findings(caught, newest, item, person, on)
    names = CatalogueItem.objects.in_bulk({pk for pk, _is_guessed in counted if pk is not None})
    return Trial(
        count=stays + counted.total(),
        stays=stays,
        moves=[Present(names.get(pk or 0), is_guessed, count) for (pk, is_guessed), count in counted.most_common()],
        lost=lost,
        shared=_shared(tried, before, after),
        findings=findings,
        more=max(seen - len(findings), 0),
    )


def _newest(person: Person, on: date) -> QuerySet[Case, Any]:
    """What came in by words in this person's area, without what a discipline office alone may see."""
    area = area_of(person, OfficeAction.ADMINISTER, on=on)
    found = Case.objects.filter(area.within("village__"), found_on__gte=on - timedelta(days=DAYS))
    found = found.exclude(category_words="").exclude(stage=Stage.REFERRED)
    return found.order_by("-found_on", "-pk").values("pk")[:MOST_READ]


def _findings(
    caught: dict[str, list[str]], newest: QuerySet[Case, Any], item: CatalogueItem, person: Person, on: date
) -> tuple[list[Case], int]:
    """The first of those that this person may see, what would come from elsewhere before what is there; and how many."""
    wanted = Q(pk__in=())
    for city, spellings in caught.items():
        here = Q(city__path=city) if city else Q(city=None)
        wanted |= here & Q(category_words__in=sorted(set(spellings))[:MOST_SPELLINGS])
    if not caught:
        return [], 0
    found = visible(person, on).filter(wanted, pk__in=newest)
    is_there = Choice(
        When(item=item.pk, is_item_guessed=False, then=Said(True)), default=Said(False), output_field=BooleanField()
    )
    rows = found.select_related("village", "town", "item").order_by(is_there, "-found_on", "-pk")[:SHOWN]
    shown = list(rows)
    return shown, len(shown) if len(shown) < SHOWN else found.order_by().values("pk").distinct().count()


def _shared(tried: TriedItem, before: Matcher, after: Matcher) -> list[tuple[str, CatalogueItem]]:
    """The names that another item is found by today, or would be found by before this one."""
    shared: dict[tuple[str, int], tuple[str, CatalogueItem]] = {}
    for words in tried.names():
        for place in after.places():
            for matcher in (before, after):
                other = matcher.item(words, place)
                if other is not None and other != tried.item:
                    shared[words, other.pk] = words, other
    return list(shared.values())
