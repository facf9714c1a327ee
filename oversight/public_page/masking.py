"""Personal data in words for the public page: what is masked, and what a released text may not hold."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Length

from casework.models import Person, Unit
from oversight.public_page.records import MaskedWord

# What stands in the place of a name or a word, and of a number; its length tells nothing.
SOMEBODY, SOME_NUMBER = "某某", "＊＊＊＊"
# Seven digits in a row are a phone, an account or an identity card; nine with spaces or dashes between are as well,
# unless they are days (2026-03-02). An amount is written in 万元.
DAY = re.compile(r"(?<!\d)(?:19|20)\d\d[-./年](?:0?[1-9]|1[0-2])[-./月](?:0?[1-9]|[12]\d|3[01])(?!\d)日?")
NUMBER = re.compile(r"\d{7,}[Xx]?|\+?\d(?:[ \-—()]{0,2}\d){8,}[Xx]?")

# Signs between digits as a Chinese keyboard writes them; each becomes one sign, so that places stay.
WIDE = "－（）\u3000"


@dataclass(frozen=True)
class Masked:
    """The text with what was found masked; `found` are the words and numbers themselves."""

    text: str
    found: tuple[str, ...]


def mask_numbers(text: str) -> Masked:
    """Numbers of phones, identity cards and accounts; full-width digits as well."""
    plain = "".join(unicodedata.normalize("NFKC", sign) if sign.isdecimal() or sign in WIDE else sign for sign in text)
    days = [found.span() for found in DAY.finditer(plain)]
    found: list[str] = []
    pieces, at = list[str](), 0
    for match in NUMBER.finditer(_without(plain, days)):
        found.append(text[match.start() : match.end()])
        pieces += [text[at : match.start()], SOME_NUMBER]
        at = match.end()
    return Masked("".join([*pieces, text[at:]]), tuple(found))


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for first, last in spans:
        text = text[:first] + "年" * (last - first) + text[last:]
    return text


def mask(text: str, *, city: Unit) -> Masked:
    """Numbers, names of people in the system and the words of the city's list. Two queries."""
    numbers = mask_numbers(text)
    masked, found = numbers.text, list(numbers.found)
    for words in sorted({*names_in(masked), *_listed_in(masked, city)}, key=len, reverse=True):
        if words in masked:
            masked = masked.replace(words, SOMEBODY)
            found.append(words)
    return Masked(masked, tuple(found))


def names_in(text: str) -> list[str]:
    """The names of people in the system that stand in a text; a name of one sign is none."""
    people = Person.objects.annotate(said=Value(text, TextField()), signs=Length("name"))
    return list(
        people.filter(signs__gte=2, said__contains=F("name")).order_by().values_list("name", flat=True).distinct()
    )


def _listed_in(text: str, city: Unit) -> list[str]:
    listed = MaskedWord.objects.annotate(said=Value(text, TextField()))
    return list(
        listed.filter(Q(city=city, ended_at=None), said__contains=F("words")).order_by().values_list("words", flat=True)
    )
