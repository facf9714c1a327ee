"""Words as a condition over cases, bounded however many cases there are.

What many cases say is found by reading a list in its order until the page is full; what few say, by the index, whose
keys then narrow the list. Which of both it is, the newest cases tell: no estimate of the database is trusted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from casework.models import Case, CaseObject, Measure, Unit
from casework.models.unit import UnitLevel
from casework.search.running_numbers import cases_numbered, read_numbers
from casework.search.tokens import CASE_TEXT, is_indexed, keys_of, reading, standing_in

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
    """The cases that these words mean: by a number (`running_numbers.py`), where one ends so; else every word stands in
    a case's texts, its measures, its object, or in the name of its village or town.
    """
    numbers = read_numbers(words)
    numbered = cases_numbered(numbers)
    if numbers.case or (numbers.case_end and Case.objects.filter(numbered).exists()):
        return numbered | Q(finding_no=words.strip())
    meanings = [Meaning(word, _units_called(word)) for word in words_of(words)]
    return numbered | _saying(meanings) if meanings else Q()


def _saying(meanings: list[Meaning]) -> Q:
    by_reading = Q()
    for meaning in meanings:
        by_reading &= meaning.in_texts | meaning.place
    if not is_indexed():
        everywhere = Q()
        for meaning in meanings:
            everywhere &= meaning.in_texts | meaning.place | _beside(meaning.word)
        return everywhere
    are_frequent = _frequent(meanings)
    if are_frequent[-1]:
        return by_reading
    keys = _keys(meanings, are_frequent[:-1])
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


def _frequent(meanings: list[Meaning]) -> list[bool]:
    """Whether the newest cases often say each of these words, and at last whether they often say all of them."""
    conditions = [meaning.in_texts | meaning.place for meaning in meanings]
    together = Q()
    for condition in conditions:
        together &= condition
    counts = {f"word_{n}": Count("pk", filter=one) for n, one in enumerate([*conditions, together])}
    newest = Case.objects.order_by("-pk").values("pk")[:SAMPLE]
    counted = Case.objects.filter(pk__in=newest).aggregate(**counts)
    return [counted[name] >= FREQUENT for name in counts]


def _keys(meanings: list[Meaning], are_frequent: list[bool]) -> list[int] | None:
    """The cases that the indexes find for all of these words, or nothing where they are too many to be named. A frequent
    word beside a rare one is only read: its index would name a fifth of all cases.
    """
    conditions, values = [], []
    for meaning, is_frequent in zip(meanings, are_frequent, strict=True):
        ways = _read(meaning) if is_frequent and not all(are_frequent) else _ways(meaning)
        either = ["finding_no = %s"]
        values.append(meaning.word)
        for condition, its_values in ways:
            either.append(f"({condition})")
            values += its_values
        conditions.append(f"({' OR '.join(either)})")
    keys = keys_of(f"SELECT id FROM casework_case WHERE {' AND '.join(conditions)}", values, MOST_KEYS + 1)
    return keys if len(keys) <= MOST_KEYS else None


def _read(meaning: Meaning) -> Iterator[tuple[str, list[Any]]]:
    yield reading(CASE_TEXT, meaning.word)
    yield from _in_places(meaning)


def _ways(meaning: Meaning) -> Iterator[tuple[str, list[Any]]]:
    """How an index finds the cases of one word: by their texts, measures, object, village and town."""
    yield standing_in(CASE_TEXT, meaning.word)
    if cases := _cases_measured(meaning.word):
        yield "id = ANY(%s)", [cases]
    name, values = standing_in("name", meaning.word)
    if objects := keys_of(f"SELECT id FROM casework_caseobject WHERE {name}", values, MOST_KEYS):
        yield "object_id = ANY(%s)", [objects]
    yield from _in_places(meaning)


def _cases_measured(word: str) -> list[int]:
    """The cases whose measures say it: the newest ones where many do."""
    newest = "(SELECT plan_id, what FROM casework_measure ORDER BY id DESC LIMIT %s) AS newest"
    case_of = "SELECT case_id FROM {} JOIN casework_plan ON casework_plan.id = plan_id WHERE {}"
    condition, values = reading("what", word)
    cases = keys_of(case_of.format(newest, condition), [SAMPLE, *values], MOST_KEYS)
    if len(cases) >= FREQUENT:
        return cases
    condition, values = standing_in("what", word)
    return keys_of(case_of.format("casework_measure", condition), values, MOST_KEYS)


def _in_places(meaning: Meaning) -> Iterator[tuple[str, list[Any]]]:
    if meaning.units:
        yield "village_id = ANY(%s)", [list(meaning.units)]
        yield "town_id = ANY(%s)", [list(meaning.units)]
