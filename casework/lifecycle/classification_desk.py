"""What an office still has to classify, grouped by the words that came in, each group with what it is likely about; and
what an import has filed by its words alone, grouped by the item, until somebody has looked at it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from casework.lifecycle.category_words import Matcher, plain
from casework.models import Case, CatalogueItem, Person, Source
from casework.relapse.traits import catalogue_by_code
from casework.rights.roles import where
from casework.rights.table import Action
from casework.stages import BEFORE_ASSIGNMENT
from recognition import mentions
from recognition.learned import SURE, likeliest_items

# Of each group so many findings are read for its proposal.
READ = 8
# An item that is not sure is proposed beside two others, and none that is less likely than this: of findings in unseen
# words that are not sure, the right one is among the proposed for eight in ten.
LIKELY = 0.05
MOST_PROPOSED = 3


@dataclass(frozen=True)
class GroupKey:
    """What the findings of a group have in common: their words, or, where they came without, what they read like; or the
    item that was taken for them.
    """

    words: str = ""
    meant: int | None = None
    guessed: int | None = None


@dataclass
class Group:
    """`spellings` are the words as they came in, the most frequent first; `is_known` says that they have got a meaning
    since. `proposals` are the likeliest items; `is_sure` that the first of them stands alone.
    """

    key: GroupKey
    count: int
    spellings: list[str]
    samples: list[Case] = field(default_factory=list)
    proposals: list[CatalogueItem] = field(default_factory=list)
    is_sure: bool = False
    is_known: bool = False

    @property
    def words(self) -> str:
        return self.spellings[0]


def to_classify(person: Person, on: date) -> QuerySet[Case]:
    """What this person may give its category today: of an office's cases those that no item was found for. The own
    self-check is left to a colleague (roles.own_hands).
    """
    return _classifiable(person, on).filter(item=None)


def guessed(person: Person, on: date) -> QuerySet[Case]:
    """What this person may look at today of that whose item was read from the words."""
    return _classifiable(person, on).filter(is_item_guessed=True)


def _classifiable(person: Person, on: date) -> QuerySet[Case]:
    mine = Case.objects.filter(where(person, Action.CLASSIFY, on), stage__in=BEFORE_ASSIGNMENT)
    return mine.exclude(source=Source.SELF_CHECK, reported_by=person)


def groups_of(person: Person, on: date) -> list[Group]:
    """The groups by their size, without their samples and proposals: one query."""
    rows = to_classify(person, on).order_by().values_list("category_words", "traits__item").annotate(count=Count("pk"))
    counted: dict[GroupKey, Counter[str]] = {}
    for words, meant, count in rows:
        key = key_of(words, meant)
        counted.setdefault(key, Counter())[words] += count
    groups = [
        Group(key, sum(spelled.values()), [words for words, _count in spelled.most_common()])
        for key, spelled in counted.items()
    ]
    return sorted(groups, key=lambda group: (-group.count, group.key.words, group.key.meant or 0))


def guessed_groups(person: Person, on: date) -> list[Group]:
    """What was filed by its words alone, a group for each item, the largest first: one query."""
    rows = guessed(person, on).order_by().values_list("item").annotate(count=Count("pk"))
    groups = [Group(GroupKey(guessed=item), count, [""]) for item, count in rows]
    return sorted(groups, key=lambda group: (-group.count, group.key.guessed or 0))


def key_of(words: str, meant: int | None) -> GroupKey:
    return GroupKey(words=plain(words)) if plain(words) else GroupKey(meant=meant)


def cases_of(group: Group, person: Person, on: date) -> QuerySet[Case]:
    """The findings of a group, the oldest first."""
    if group.key.guessed is not None:
        return guessed(person, on).filter(item=group.key.guessed).order_by("pk")
    return to_classify(person, on).filter(_condition(group)).order_by("pk")


def _condition(group: Group) -> Q:
    if group.key.words:
        return Q(category_words__in=group.spellings)
    return Q(category_words__in=group.spellings, traits__item=group.key.meant)


def add_proposals(groups: Sequence[Group], person: Person, on: date, *, matcher: Matcher, place: str) -> None:
    """Read the newest findings of each group, and say what it is likely about: two queries for all of them."""
    by_key = {group.key: group for group in groups}
    for case in _newest(groups, person, on):
        group = by_key.get(key_of(case.category_words, getattr(case, "meant", None)))
        if group is not None and len(group.samples) < READ:
            group.samples.append(case)
    items = catalogue_by_code()
    for group in groups:
        known = matcher.item(group.words, place)
        if known is not None:
            group.proposals, group.is_sure, group.is_known = [known], True, True
        else:
            group.proposals, group.is_sure = proposed(group.samples, items.values())


def add_guessed(groups: Sequence[Group], person: Person, on: date) -> None:
    """The newest findings of each group, and the item that was taken for them: two queries, and none for no groups."""
    if not groups:
        return
    by_item = {group.key.guessed: group for group in groups}
    newest = Window(RowNumber(), partition_by=[F("item")], order_by=F("pk").desc())
    found = guessed(person, on).filter(item__in=by_item).annotate(place_in_group=newest)
    for case in found.filter(place_in_group__lte=READ).select_related("village", "town").order_by("-pk"):
        by_item[case.item_id].samples.append(case)
    for pk, item in CatalogueItem.objects.in_bulk([pk for pk in by_item if pk is not None]).items():
        by_item[pk].proposals, by_item[pk].is_sure = [item], True


def _newest(groups: Iterable[Group], person: Person, on: date) -> QuerySet[Case]:
    asked = Q(pk__in=())
    for group in groups:
        asked |= _condition(group)
    newest = Window(RowNumber(), partition_by=[F("category_words"), F("traits__item")], order_by=F("pk").desc())
    found = to_classify(person, on).filter(asked).annotate(meant=F("traits__item"), place_in_group=newest)
    return found.filter(place_in_group__lte=READ).select_related("village", "town").order_by("-pk")


def proposed(samples: Sequence[Case], items: Iterable[CatalogueItem]) -> tuple[list[CatalogueItem], bool]:
    """The item that these findings are surely about, alone; else the likeliest three, or none."""
    said = [mentions.plain(case.description) for case in samples]
    called = [mentions.plain(case.category_words) for case in samples]
    likely = likeliest_items(said, called)
    ordered = sorted(
        ((likely.get(item.code, 0.0), item) for item in items if item.is_active),
        key=lambda one: (-one[0], one[1].pk),
    )
    if ordered and ordered[0][0] >= SURE:
        return [ordered[0][1]], True
    return [item for share, item in ordered[:MOST_PROPOSED] if share >= LIKELY], False
