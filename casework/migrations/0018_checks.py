"""A done check stays as it was, one wider check runs at a time, and a draw of the same villages says why it was repeated."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

DONE = (
    ("casework_lookback", "OLD.state IN ('done', 'dropped')"),
    ("casework_extension", "OLD.decided_at IS NOT NULL"),
)
RUNNING = (
    "SELECT 1 FROM casework_widercheck WHERE county_id = NEW.county_id AND item_id = NEW.item_id AND until >= {day}"
)
# Whose columns this migration changes: SQLite makes the table anew, without its triggers.
DRAW = "casework_spotcheckdraw"


def refuse(apps: Any, editor: Any) -> None:
    statements = on_postgresql() if editor.connection.vendor == "postgresql" else on_sqlite()
    for statement in statements:
        editor.execute(statement, params=None)


def on_postgresql() -> list[str]:
    running = RUNNING.format(day="(NEW.at AT TIME ZONE 'Asia/Shanghai')::date")
    statements = []
    for table, condition in DONE:
        statements += [
            f'DROP TRIGGER IF EXISTS "{table}_done_no_update" ON "{table}"',
            f'CREATE TRIGGER "{table}_done_no_update" BEFORE UPDATE ON "{table}" FOR EACH ROW WHEN ({condition}) '
            "EXECUTE FUNCTION casework_refuse()",
        ]
    return [
        *statements,
        "CREATE OR REPLACE FUNCTION casework_one_wider_check() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        # Two at once see each other: the second waits, and its next statement reads what the first has committed.
        "PERFORM pg_advisory_xact_lock(hashint8(NEW.county_id), hashint8(NEW.item_id)); "
        f"IF EXISTS ({running}) THEN RAISE EXCEPTION 'a wider check is running already' "
        "USING ERRCODE = 'exclusion_violation'; END IF; RETURN NEW; END $$",
        'DROP TRIGGER IF EXISTS "one_wider_check" ON "casework_widercheck"',
        'CREATE TRIGGER "one_wider_check" BEFORE INSERT ON "casework_widercheck" '
        "FOR EACH ROW EXECUTE FUNCTION casework_one_wider_check()",
    ]


def on_sqlite() -> list[str]:
    running = RUNNING.format(day="date(NEW.at, '+8 hours')")
    statements = []
    for table, condition in DONE:
        statements += [
            f'DROP TRIGGER IF EXISTS "{table}_done_no_update"',
            f'CREATE TRIGGER "{table}_done_no_update" BEFORE UPDATE ON "{table}" WHEN {condition} '
            f"BEGIN SELECT RAISE(ABORT, '{table} is kept for the audit'); END",
        ]
    for event in ("UPDATE", "DELETE"):
        name = f"{DRAW}_no_{event.lower()}"
        statements += [
            f'DROP TRIGGER IF EXISTS "{name}"',
            f'CREATE TRIGGER "{name}" BEFORE {event} ON "{DRAW}" '
            f"BEGIN SELECT RAISE(ABORT, '{DRAW} is kept for the audit'); END",
        ]
    return [
        *statements,
        'DROP TRIGGER IF EXISTS "one_wider_check"',
        f'CREATE TRIGGER "one_wider_check" BEFORE INSERT ON "casework_widercheck" WHEN EXISTS ({running}) '
        "BEGIN SELECT RAISE(ABORT, 'a wider check is running already'); END",
    ]


class Migration(migrations.Migration):
    dependencies = [("casework", "0017_seal_key")]

    operations = [
        migrations.AddField("spotcheckdraw", "reason", models.TextField(blank=True, verbose_name="reason")),
        migrations.AddField(
            "spotcheckdraw",
            "earlier",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="repeated_by",
                to="casework.spotcheckdraw",
            ),
        ),
        migrations.AddConstraint(
            "spotcheckdraw",
            models.CheckConstraint(
                condition=models.Q(("earlier", None), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="repeated_draw_has_its_reason",
            ),
        ),
        migrations.RunPython(refuse, migrations.RunPython.noop),
    ]
