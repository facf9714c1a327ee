"""What the database itself refuses: changing or removing what an auditor would ask for.

Triggers on both databases, so that no surface can get round them: not a bulk delete, not the admin, not a shell.
PostgreSQL refuses TRUNCATE as well; SQLite has none. The tables' owner can still drop a trigger: an office runs the
application as a role that doesn't own them (docs/installation.md).
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from casework.database import term_guard

# Written once: the database refuses every UPDATE and DELETE.
APPEND_ONLY = (
    "casework_evidence",
    "casework_review",
    "casework_measureverdict",
    "casework_closure",
    "casework_plan",
    "casework_measure",
    "casework_submission",
    "casework_measurereport",
    "casework_transfer",
    "casework_casemove",
    "casework_screening",
    "casework_withdrawal",
    "casework_referral",
    "casework_escalation",
    "casework_escalationstep",
    "casework_interview",
    "casework_declinedreferral",
    "casework_letterreceipt",
    "casework_letteranswer",
    "casework_letteropinion",
    "casework_relapseverdict",
    "casework_verdictappeal",
    "casework_matchweights",
    "casework_lookbackphoto",
    "casework_reversedraw",
    "casework_flag",
    "casework_widercheck",
    "casework_spotcheckdraw",
    "casework_takenback",
    "casework_comment",
    "casework_commentrevision",
    "casework_questionresolution",
    "casework_undone",
    "casework_phoneentry",
    "casework_clue",
)
# May change through the verbs, with a history, and is never removed.
KEPT = (
    "casework_case",
    "casework_assignment",
    "casework_extension",
    "casework_pause",
    "casework_lookback",
    "casework_consolidationrule",
    "casework_caseobject",
    "casework_escalationpolicy",
    "casework_calendarday",
    "casework_alias",
    "casework_caretaker",
)
# Kept, and these columns stay as they are: of an event only the mark "everybody was told" may change, of a letter only
# the day on which it is chased.
FROZEN: dict[str, tuple[str, ...]] = {
    # Of a phone's file only how far it has come, and what became of it.
    "casework_phonefile": ("entry_id", "order", "name", "size", "sha256"),
    "casework_phoneaddition": ("entry_id", "words", "seen_version", "seen_event"),
    "casework_caseevent": (
        "case_id",
        "kind",
        "at",
        "by_id",
        "by_role",
        "by_unit_id",
        "round",
        "version",
        "stage_before",
        "stage_after",
        "words",
    ),
    # A link is withdrawn once; of a code its tries and its use may change.
    "casework_signinlink": ("village_id", "person_id", "seed", "handle_sha256", "by_id", "at", "ends_at"),
    "casework_signincode": ("person_id", "village_id", "link_id", "seed", "given_by_id", "at", "ends_at"),
    "casework_clueplatform": ("unit_id", "name", "by_id", "at"),
    # A key is withdrawn once (DONE).
    "casework_cluekey": ("platform_id", "key_sha256", "by_id", "at"),
    # A pairing ends once (DONE).
    "casework_pairing": ("helper_id", "village_id", "case_id", "valid_from", "by_id", "at"),
    "casework_officeevent": ("kind", "unit_id", "subject", "about", "at", "by_id"),
    "casework_letter": (
        "case_id",
        "escalation_id",
        "kind",
        "number",
        "issuer_id",
        "addressee_id",
        "issued_on",
        "matter",
        "basis",
        "responsible",
        "requirement",
        "deadline",
        "days_overdue",
    ),
}
# Kept, and append-only from the moment at which this holds of the row.
DONE: dict[str, str] = {
    "casework_lookback": "OLD.state IN ('done', 'dropped')",
    "casework_extension": "OLD.decided_at IS NOT NULL",
    "casework_signinlink": "OLD.withdrawn_at IS NOT NULL",
    "casework_phoneaddition": "OLD.decided_at IS NOT NULL",
    "casework_pairing": "OLD.valid_until IS NOT NULL",
    "casework_cluekey": "OLD.withdrawn_at IS NOT NULL",
}


class Keeping(NamedTuple):
    """What the tables of one app keep; the history tables of its models are append-only in any case."""

    app: str
    append_only: tuple[str, ...]
    kept: tuple[str, ...]
    frozen: Mapping[str, tuple[str, ...]]
    done: Mapping[str, str]


CASEWORK = Keeping("casework", APPEND_ONLY, KEPT, FROZEN, DONE)
# Since there are caretakers, no term ends that would leave an open case to nobody.
CARETAKERS = "casework_caretaker"
# One wider check of a county and an item at a time. The lock lets two at once see each other.
WIDER_CHECK = "casework_widercheck"
IS_RUNNING = (
    f"SELECT 1 FROM {WIDER_CHECK} WHERE county_id = NEW.county_id AND item_id = NEW.item_id AND until >= {{day}}"
)


def _there(apps: Any, keeping: Keeping) -> set[str]:
    """The tables that this state of the migrations has."""
    return {model._meta.db_table for model in apps.get_app_config(keeping.app).get_models()}


def history_tables(apps: Any, keeping: Keeping = CASEWORK) -> list[str]:
    """The tables of what rows looked like; append-only as well."""
    models = apps.get_app_config(keeping.app).get_models()
    return sorted(model._meta.db_table for model in models if hasattr(model, "history_id"))


def rules(apps: Any, keeping: Keeping = CASEWORK) -> Iterator[tuple[str, str, str]]:
    """(table, event, trigger name) of every refusal, for the tables that this state of the migrations has."""
    there, written_once = _there(apps, keeping), (*keeping.append_only, *history_tables(apps, keeping))
    for table in written_once:
        if table in there:
            yield table, "UPDATE", f"{table}_no_update"
    for table in (*written_once, *keeping.kept, *keeping.frozen):
        if table in there:
            yield table, "DELETE", f"{table}_no_delete"
    for table, columns in keeping.frozen.items():
        if table in there:
            yield table, "UPDATE OF " + ", ".join(f'"{column}"' for column in columns), f"{table}_no_update"


def conditions(apps: Any, keeping: Keeping = CASEWORK) -> Iterator[tuple[str, str, str]]:
    """(table, condition, trigger name) of what may be changed until it is done."""
    there = _there(apps, keeping)
    for table, condition in keeping.done.items():
        if table in there:
            yield table, condition, f"{table}_done_no_update"


def install(apps: Any, editor: Any, keeping: Keeping = CASEWORK) -> None:
    """Create the triggers; does nothing to those that are there."""
    there = _there(apps, keeping)
    if CARETAKERS in there:
        term_guard.install(editor)
    if editor.connection.vendor == "postgresql":
        editor.execute(
            "CREATE OR REPLACE FUNCTION casework_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION '% on % is refused: it is kept for the audit', TG_OP, TG_TABLE_NAME "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$",
            params=None,
        )
        for table, event, name in rules(apps, keeping):
            editor.execute(f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"')
            editor.execute(
                f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" FOR EACH ROW EXECUTE FUNCTION casework_refuse()'
            )
            if event == "DELETE":
                editor.execute(f'DROP TRIGGER IF EXISTS "{name}_all" ON "{table}"')
                editor.execute(
                    f'CREATE TRIGGER "{name}_all" BEFORE TRUNCATE ON "{table}" '
                    "FOR EACH STATEMENT EXECUTE FUNCTION casework_refuse()"
                )
        for table, condition, name in conditions(apps, keeping):
            editor.execute(f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"')
            editor.execute(
                f'CREATE TRIGGER "{name}" BEFORE UPDATE ON "{table}" FOR EACH ROW WHEN ({condition}) '
                "EXECUTE FUNCTION casework_refuse()"
            )
        if WIDER_CHECK in there:
            running = IS_RUNNING.format(day="(NEW.at AT TIME ZONE 'Asia/Shanghai')::date")
            editor.execute(
                "CREATE OR REPLACE FUNCTION casework_one_wider_check() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                "PERFORM pg_advisory_xact_lock(hashint8(NEW.county_id), hashint8(NEW.item_id)); "
                f"IF EXISTS ({running}) THEN RAISE EXCEPTION 'a wider check is running already' "
                "USING ERRCODE = 'exclusion_violation'; END IF; RETURN NEW; END $$",
                params=None,
            )
            editor.execute(f'DROP TRIGGER IF EXISTS "one_wider_check" ON "{WIDER_CHECK}"')
            editor.execute(
                f'CREATE TRIGGER "one_wider_check" BEFORE INSERT ON "{WIDER_CHECK}" '
                "FOR EACH ROW EXECUTE FUNCTION casework_one_wider_check()"
            )
    else:
        for table, event, name in rules(apps, keeping):
            editor.execute(f'DROP TRIGGER IF EXISTS "{name}"')
            editor.execute(
                f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" '
                f"BEGIN SELECT RAISE(ABORT, '{table} is kept for the audit'); END"
            )
        for table, condition, name in conditions(apps, keeping):
            editor.execute(f'DROP TRIGGER IF EXISTS "{name}"')
            editor.execute(
                f'CREATE TRIGGER "{name}" BEFORE UPDATE ON "{table}" WHEN {condition} '
                f"BEGIN SELECT RAISE(ABORT, '{table} is kept for the audit'); END"
            )
        if WIDER_CHECK in there:
            running = IS_RUNNING.format(day="date(NEW.at, '+8 hours')")
            editor.execute('DROP TRIGGER IF EXISTS "one_wider_check"')
            editor.execute(
                f'CREATE TRIGGER "one_wider_check" BEFORE INSERT ON "{WIDER_CHECK}" WHEN EXISTS ({running}) '
                "BEGIN SELECT RAISE(ABORT, 'a wider check is running already'); END"
            )


def remove(apps: Any, editor: Any, keeping: Keeping = CASEWORK) -> None:
    """Drop the triggers: for a migration that must rewrite these tables, and for tests that empty them."""
    if CARETAKERS in _there(apps, keeping):
        term_guard.remove(editor)
    for table, event, name in rules(apps, keeping):
        on = f' ON "{table}"' if editor.connection.vendor == "postgresql" else ""
        editor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}')
        if on and event == "DELETE":
            editor.execute(f'DROP TRIGGER IF EXISTS "{name}_all"{on}')
    for table, _condition, name in conditions(apps, keeping):
        on = f' ON "{table}"' if editor.connection.vendor == "postgresql" else ""
        editor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}')
