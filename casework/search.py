"""Finding a case by its number, its village or the words of its description, Chinese included.

PostgreSQL has no dictionary for Chinese, and its trigrams depend on the database's locale and miss words of two
characters. So each case keeps its pairs of characters as plain tokens in an indexed tsvector: a search is the phrase
of its pairs, and the text itself confirms it. SQLite, the newcomer's home, looks through the text.
"""

import re
from typing import Any

from django.db.models import Q
from django.db.models.expressions import RawSQL

from casework.models import Unit
from casework.models.unit import UnitLevel

NUMBER = re.compile(r"^[A-Za-z0-9]{1,20}-\d{4}-\d{1,9}$")
MOST_WORDS = 5

# array_to_tsvector takes its tokens as they are: no parser, no dictionary, no locale. The text is taken apart once:
# substr() counts from the beginning for each pair, and a text of 10,000 characters took five seconds.
PAIRS = """
CREATE OR REPLACE FUNCTION casework_pairs(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_to_tsvector(ARRAY(
        SELECT DISTINCT pair FROM (
            SELECT letter || lead(letter) OVER (ORDER BY place) AS pair
            FROM unnest(string_to_array(lower(words), NULL)) WITH ORDINALITY AS letters (letter, place)
        ) AS pairs WHERE pair IS NOT NULL
    ))
$$
"""
TEXT = "description || ' ' || required_action || ' ' || place"
INDEX = f"CREATE INDEX IF NOT EXISTS casework_case_pairs ON casework_case USING gin (casework_pairs({TEXT}))"


def install(apps: Any, editor: Any) -> None:
    """Create the function and its index; SQLite needs neither."""
    if editor.connection.vendor == "postgresql":
        editor.execute(PAIRS, params=None)
        editor.execute(INDEX, params=None)


def remove(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP INDEX IF EXISTS casework_case_pairs")
        editor.execute("DROP FUNCTION IF EXISTS casework_pairs(text)")


def search_condition(words: str, *, vendor: str) -> Q:
    """Cases of this number or finding number, or in which every word stands in the texts or is the village's name."""
    words = words.strip()
    if NUMBER.match(words):
        # Both ride the index; without regard to case none would.
        return Q(number__in={words, words.upper()}) | Q(number__startswith=words.upper())
    condition = Q()
    for word in words.split()[:MOST_WORDS]:
        in_texts = Q(description__icontains=word) | Q(required_action__icontains=word) | Q(place__icontains=word)
        if vendor == "postgresql" and len(word) > 1:
            in_texts &= Q(
                pk__in=RawSQL(
                    f"SELECT id FROM casework_case WHERE casework_pairs({TEXT}) @@ %s::tsquery", [_pairs(word)]
                )
            )
        in_village = Q(village__in=Unit.objects.filter(level=UnitLevel.VILLAGE, name__contains=word).values("pk"))
        condition &= in_texts | in_village | Q(finding_no=word)
    return condition


def _pairs(word: str) -> str:
    """The tsquery that asks for every pair of characters of a word."""
    word = word.lower()
    quoted = {"'" + word[n : n + 2].replace("\\", "\\\\").replace("'", "''") + "'" for n in range(len(word) - 1)}
    return " & ".join(sorted(quoted))
