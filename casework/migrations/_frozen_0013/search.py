"""The pairs of characters of each case's texts, indexed on PostgreSQL; SQLite looks through the texts."""

from typing import Any

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
INDEX = """
CREATE INDEX casework_case_pairs ON casework_case
USING gin (casework_pairs(description || ' ' || required_action || ' ' || place))
"""


def install(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(PAIRS, params=None)
        editor.execute(INDEX, params=None)


def remove(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP INDEX casework_case_pairs")
        editor.execute("DROP FUNCTION casework_pairs(text)")
