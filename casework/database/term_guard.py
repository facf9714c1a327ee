"""No term ends or goes that would leave an open case of its unit to nobody: the database refuses it, whoever asks.

The verb that ends a term refuses first and names the cases (offices/next_holders.py).
"""

from typing import Any

OPEN = (
    "'screening', 'assignment', 'planning', 'plan_approval', 'rectification', "
    "'first_review', 'second_review', 'city_review', 'strike_off'"
)
RECTIFYING = "'committee_member', 'committee_head', 'department_member'"
# Whether the end of the term OLD leaves an open case of its unit to nobody: no other term there lasts beyond it, and no
# office is its caretaker.
LEAVES_CASES = """
    EXISTS (
        SELECT 1 FROM casework_post own
        JOIN casework_post p ON p.unit_id = own.unit_id
        JOIN casework_assignment a ON a.post_id = p.id AND a.ended_at IS NULL
        JOIN casework_case c ON c.id = a.case_id AND c.stage IN ({open})
        WHERE own.id = OLD.post_id AND own.role IN ({rectifying})
    ) AND NOT EXISTS (
        SELECT 1 FROM casework_post own
        JOIN casework_post p ON p.unit_id = own.unit_id AND p.role IN ({rectifying})
        JOIN casework_term t ON t.post_id = p.id AND t.id <> OLD.id AND (t.valid_until IS NULL OR {lasts})
        JOIN casework_person h ON h.id = t.person_id AND h.is_active
        WHERE own.id = OLD.post_id
    ) AND NOT EXISTS (
        SELECT 1 FROM casework_post own
        JOIN casework_caretaker k ON k.unit_id = own.unit_id AND k.valid_until IS NULL
        WHERE own.id = OLD.post_id
    )
"""
SHORTER = "NEW.valid_until IS NOT NULL AND (OLD.valid_until IS NULL OR NEW.valid_until < OLD.valid_until)"
LASTS = {
    "UPDATE": "t.valid_until > NEW.valid_until",
    "DELETE": "OLD.valid_from IS NOT NULL AND t.valid_until >= OLD.valid_from",
}
SAID = "an open case would have no next holder"


def install(editor: Any) -> None:
    """Create the triggers anew."""
    remove(editor)
    for event, lasts in LASTS.items():
        name = f"casework_term_{event.lower()}_leaves_nobody"
        leaves = LEAVES_CASES.format(open=OPEN, rectifying=RECTIFYING, lasts=f"({lasts})")
        of, when = ("UPDATE OF valid_until", SHORTER) if event == "UPDATE" else ("DELETE", "")
        if editor.connection.vendor == "postgresql":
            editor.execute(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {leaves} THEN RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
                "RETURN NULL; END $$",
                params=None,
            )
            editor.execute(
                f'CREATE TRIGGER "{name}" AFTER {of} ON "casework_term" FOR EACH ROW '
                f"{f'WHEN ({when}) ' if when else ''}EXECUTE FUNCTION {name}()"
            )
        else:
            condition = f"({when}) AND {leaves}" if when else leaves
            editor.execute(
                f'CREATE TRIGGER "{name}" AFTER {of} ON "casework_term" FOR EACH ROW WHEN {condition} '
                f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
            )


def remove(editor: Any) -> None:
    for event in LASTS:
        on = ' ON "casework_term"' if editor.connection.vendor == "postgresql" else ""
        editor.execute(f'DROP TRIGGER IF EXISTS "casework_term_{event.lower()}_leaves_nobody"{on}')
