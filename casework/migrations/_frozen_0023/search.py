"""The tokens of what is searched, and the ends of running numbers, indexed on PostgreSQL."""

from typing import Any

# array_to_tsvector takes its tokens as they are: no parser, no dictionary, no locale. The text is taken apart once:
# substr() counts from the beginning for each pair, and a text of 10,000 characters took five seconds.
TOKENS = """
CREATE OR REPLACE FUNCTION casework_tokens(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    WITH letters AS (
        SELECT letter, letter || lead(letter) OVER (ORDER BY place) AS pair
        FROM unnest(string_to_array(lower(words), NULL)) WITH ORDINALITY AS letters (letter, place)
    )
    SELECT array_to_tsvector(ARRAY(
        SELECT pair FROM letters WHERE pair IS NOT NULL UNION SELECT letter FROM letters
    ))
$$
"""
INDEXES = {
    "casework_case_tokens": (
        "casework_case USING gin (casework_tokens(description || ' ' || required_action || ' ' || place))"
    ),
    "casework_measure_tokens": "casework_measure USING gin (casework_tokens(what))",
    "casework_object_tokens": "casework_caseobject USING gin (casework_tokens(name))",
    "casework_unit_tokens": "casework_unit USING gin (casework_tokens(name))",
    # 93 for QW-2026-000093, 67号 for QW销〔2026〕67号.
    "casework_case_number_end": "casework_case (reverse(number) text_pattern_ops)",
    "casework_closure_number_end": "casework_closure (reverse(number) text_pattern_ops)",
    "casework_letter_number_end": "casework_letter (reverse(number) text_pattern_ops)",
}
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
PAIRS_INDEX = """
CREATE INDEX casework_case_pairs ON casework_case
USING gin (casework_pairs(description || ' ' || required_action || ' ' || place))
"""


def install(apps: Any, editor: Any) -> None:
    if editor.connection.vendor != "postgresql":
        return
    editor.execute("DROP INDEX casework_case_pairs")
    editor.execute("DROP FUNCTION casework_pairs(text)")
    editor.execute(TOKENS, params=None)
    for name, columns in INDEXES.items():
        editor.execute(f"CREATE INDEX {name} ON {columns}", params=None)


def remove(apps: Any, editor: Any) -> None:
    if editor.connection.vendor != "postgresql":
        return
    for name in INDEXES:
        editor.execute(f"DROP INDEX {name}")
    editor.execute("DROP FUNCTION casework_tokens(text)")
    editor.execute(PAIRS, params=None)
    editor.execute(PAIRS_INDEX, params=None)
