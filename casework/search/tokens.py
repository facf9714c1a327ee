"""What PostgreSQL indexes of a text, so that words of any language are found from one character up.

PostgreSQL has no dictionary for Chinese, and its trigrams depend on the database's locale and miss words of two
characters. So each text keeps its characters, singly and in pairs, as plain tokens of a tsvector in an
index: a search asks for all tokens of its words, and the text itself confirms it. The indexes are the migrations'
(`casework/migrations/_frozen_0023/search.py`). SQLite, the newcomer's home, looks through the texts.
"""

from typing import Any

from django.db import connection

# The texts as they are indexed; a condition must name them in the same words.
CASE_TEXT = "description || ' ' || required_action || ' ' || place"


def is_indexed() -> bool:
    return connection.vendor == "postgresql"


def standing_in(text: str, word: str) -> tuple[str, list[Any]]:
    """The condition that this word stands in an indexed text, as SQL with its values."""
    query = " & ".join(sorted({_quoted(token) for token in _tokens(word.lower())}))
    condition, values = reading(text, word)
    return f"casework_tokens({text}) @@ %s::tsquery AND {condition}", [query, *values]


def reading(text: str, word: str) -> tuple[str, list[Any]]:
    """The same, answered by reading the text."""
    return f"{text} ILIKE %s", [f"%{_as_it_is(word)}%"]


def keys_of(statement: str, values: list[Any], most: int) -> list[int]:
    """At most so many keys of those that a statement finds."""
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} LIMIT {most}", values)
        return [key for (key,) in cursor.fetchall()]


def _tokens(word: str) -> list[str]:
    return [word[n : n + 2] for n in range(len(word) - 1)] or [word]


def _quoted(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def _as_it_is(word: str) -> str:
    """A word in which no character means another one to LIKE."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
