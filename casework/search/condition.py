"""Words as a condition over cases, bounded however many cases there are.

What many cases say is found by reading a list in its order until the page is full; what few say, by the index, whose
keys then narrow the list. Which of both it is, the newest cases tell: no estimate of the database is trusted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from casework.models import Case, CaseObject, Measure, Unit
from casework.models.unit import UnitLevel
from casework.search.running_numbers import cases_numbered, read_numbers
from casework.search.tokens import CASE_TEXT, is_indexed, keys_of, standing_in

MOST_WORDS = 5
SAMPLE = 3000  # so many of the newest cases are looked at
FREQUENT = 12  # of the sample: then a page fills before some ten thousand rows are read
MOST_KEYS = 2000
MOST_UNITS = 200  # a word that stands in more names than this names no place
TEXTS = ("description", "required_action", "place")


@dataclass(frozen=True)
class Meaning:
    """One word: the texts that hold it, and the villages and towns of such a name."""

    word: str
    units: tuple[int, ...] = ()

    @property
    def place(self) -> Q:
        return Q(village__in=self.units) | Q(town__in=self.units) if self.units else Q(pk__in=())

    @property
    def in_texts(self) -> Q:
        condition = Q(finding_no=self.word)
        for text in TEXTS:
            condition |= holds(text, self.word)
        return condition


def holds(field: str, word: str) -> Q:
    """Whether the word stands in the field. Only what has a case is compared without it: that is much slower."""
    return Q(**{f"{field}__{'contains' if word.lower() == word.upper() else 'icontains'}": word})


def words_of(words: str) -> list[str]:
    return words.split()[:MOST_WORDS]


def search_condition(words: str) -> Q:
    """The cases that these words mean: by a number (`running_numbers.py`); else, or besides where it is digits alone, every
    word stands in a case's texts, its measures, its object, or in the name of its village or town.
    """
    numbers = read_numbers(words)
    if numbers.case:
        return cases_numbered(numbers)
    meanings = [Meaning(word, _units_called(word)) for word in words_of(words)]
    return cases_numbered(numbers) | _saying(meanings) if meanings else Q()


def _saying(meanings: list[Meaning]) -> Q:
    by_reading = Q()
    for meaning in meanings:
        by_reading &= meaning.in_texts | meaning.place
    if not is_indexed():
        everywhere = Q()
        for meaning in meanings:
            everywhere &= meaning.in_texts | meaning.place | _beside(meaning.word)
        return everywhere
    if _is_frequent(by_reading):
        return by_reading
    keys = _keys(meanings)
    return by_reading if keys is None else Q(pk__in=keys)


def _units_called(word: str) -> tuple[int, ...]:
    if len(word) < 2:
        return ()
    if is_indexed():
        condition, values = standing_in("name", word)
        statement = f"SELECT id FROM casework_unit WHERE level IN ('village', 'town') AND {condition}"
        found = keys_of(statement, values, MOST_UNITS + 1)
    else:
        units = Unit.objects.filter(holds("name", word), level__in=(UnitLevel.VILLAGE, UnitLevel.TOWN))
        found = list(units.values_list("pk", flat=True)[: MOST_UNITS + 1])
    return tuple(found) if len(found) <= MOST_UNITS else ()


def _beside(word: str) -> Q:
    """Cases whose measures or object say it."""
    measures = Measure.objects.filter(holds("what", word)).values("plan__case")
    objects = CaseObject.objects.filter(holds("name", word)).values("pk")
    return Q(pk__in=measures) | Q(object__in=objects)


def _is_frequent(condition: Q) -> bool:
    newest = Case.objects.order_by("-pk").values("pk")[:SAMPLE]
    return Case.objects.filter(condition, pk__in=newest)[:FREQUENT].count() == FREQUENT


def _keys(meanings: list[Meaning]) -> list[int] | None:
    """The cases that the indexes find for all of these words, or nothing where they are too many to be named."""
    conditions, values = [], []
    for meaning in meanings:
        either = ["finding_no = %s"]
        values.append(meaning.word)
        for condition, its_values in _ways(meaning):
            either.append(f"({condition})")
            values += its_values
        conditions.append(f"({' OR '.join(either)})")
    keys = keys_of(f"SELECT id FROM casework_case WHERE {' AND '.join(conditions)}", values, MOST_KEYS + 1)
    return keys if len(keys) <= MOST_KEYS else None


def _ways(meaning: Meaning) -> Iterator[tuple[str, list[Any]]]:
    """How an index finds the cases of one word: by their texts, measures, object, village and town."""
    yield standing_in(CASE_TEXT, meaning.word)
    measure, values = standing_in("what", meaning.word)
    plans = f"SELECT case_id FROM casework_plan JOIN casework_measure ON plan_id = casework_plan.id WHERE {measure}"
    if cases := keys_of(plans, values, MOST_KEYS):
        yield "id = ANY(%s)", [cases]
    name, values = standing_in("name", meaning.word)
    if objects := keys_of(f"SELECT id FROM casework_caseobject WHERE {name}", values, MOST_KEYS):
        yield "object_id = ANY(%s)", [objects]
    if meaning.units:
        yield "village_id = ANY(%s)", [list(meaning.units)]
        yield "town_id = ANY(%s)", [list(meaning.units)]
