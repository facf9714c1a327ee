"""What an office still has to classify, grouped by the words that came in, each group with what it is likely about."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from casework.lifecycle.category_words import Matcher, plain
from casework.models import Case, CatalogueItem, Person, Source
from casework.relapse.traits import catalogue_by_code
from casework.rights import Action
from casework.roles import where
from casework.stages import BEFORE_ASSIGNMENT
from recognition import mentions
from recognition.learned import likeliest_items

# Of each group so many findings are read for its proposal.
READ = 8
# So likely is an item proposed by itself; a less likely one beside two others, and none below the last.
SURE, LIKELY = 0.6, 0.12
MOST_PROPOSED = 3


@dataclass(frozen=True)
class GroupKey:
    """What the findings of a group have in common: their words, or, where they came without, what they read like."""

    words: str = ""
    meant: int | None = None


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
    mine = Case.objects.filter(where(person, Action.CLASSIFY, on), stage__in=BEFORE_ASSIGNMENT, item=None)
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


def key_of(words: str, meant: int | None) -> GroupKey:
    return GroupKey(words=plain(words)) if plain(words) else GroupKey(meant=meant)


def cases_of(group: Group, person: Person, on: date) -> QuerySet[Case]:
    """The findings of a group, the oldest first."""
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
