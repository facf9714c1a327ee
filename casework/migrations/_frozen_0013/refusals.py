"""The triggers by which the database refuses to change or remove what an auditor would ask for."""

from typing import Any

# Written once: neither UPDATE nor DELETE.
WRITTEN_ONCE = """
    closure declinedreferral escalation escalationstep evidence flag interview letteranswer letteropinion letterreceipt
    lookbackphoto matchweights measure measurereport measureverdict plan referral relapseverdict reversedraw review
    screening spotcheckdraw submission transfer verdictappeal widercheck withdrawal
    historicalalias historicalaspect historicalassignment historicalcalendarday historicalcase historicalcaseobject
    historicalcatalogueitem historicalconsolidationrule historicalextension historicallookback historicalpause
    historicalperson historicalpost historicalresponsibility historicalterm historicalunit historicalunitname
""".split()
# May change, and is never removed.
KEPT = """
    assignment calendarday case caseevent caseobject consolidationrule escalationpolicy extension letter lookback pause
""".split()
# Of the kept ones, columns that stay as they are.
UNCHANGED = {
    "caseevent": "case_id kind at by_id by_role by_unit_id round version stage_before stage_after words".split(),
    "letter": (
        "case_id escalation_id kind number issuer_id addressee_id issued_on matter basis responsible requirement deadline "
        "days_overdue"
    ).split(),
}

REFUSE = (
    "CREATE OR REPLACE FUNCTION casework_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION '% on % is refused: it is kept for the audit', TG_OP, TG_TABLE_NAME "
    "USING ERRCODE = 'integrity_constraint_violation'; END $$"
)
POSTGRESQL = 'CREATE TRIGGER "{table}_{name}" BEFORE {event} ON "{table}" FOR EACH {each} EXECUTE FUNCTION casework_refuse()'
SQLITE = (
    'CREATE TRIGGER "{table}_{name}" BEFORE {event} ON "{table}" '
    "BEGIN SELECT RAISE(ABORT, '{table} is kept for the audit'); END"
)


def install(apps: Any, editor: Any) -> None:
    refused = [(table, "no_update", "UPDATE") for table in WRITTEN_ONCE]
    refused += [
        (table, "no_update", "UPDATE OF " + ", ".join(f'"{column}"' for column in columns))
        for table, columns in UNCHANGED.items()
    ]
    refused += [(table, "no_delete", "DELETE") for table in (*WRITTEN_ONCE, *KEPT)]
    if editor.connection.vendor == "postgresql":
        script = [REFUSE]
        for table, name, event in refused:
            script.append(POSTGRESQL.format(table=f"casework_{table}", name=name, event=event, each="ROW"))
        for table in (*WRITTEN_ONCE, *KEPT):
            script.append(
                POSTGRESQL.format(table=f"casework_{table}", name="no_delete_all", event="TRUNCATE", each="STATEMENT")
            )
        editor.execute(";\n".join(script), params=None)
    else:
        for table, name, event in refused:
            editor.execute(SQLITE.format(table=f"casework_{table}", name=name, event=event), params=None)


def remove(apps: Any, editor: Any) -> None:
    """On PostgreSQL the function, and with it its triggers; SQLite drops a table's triggers with the table."""
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION IF EXISTS casework_refuse() CASCADE")
