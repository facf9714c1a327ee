"""What the migrations of this app from 0003 on share: triggers by which the database refuses to change or remove what is
kept for the audit. The function that they call on PostgreSQL stands since casework 0002.
"""


def append_only(editor, *tables):
    """Refuse every UPDATE and DELETE."""
    for table in tables:
        _refuse(editor, table, "UPDATE", f"{table}_no_update")
    kept(editor, *tables)


def kept(editor, *tables):
    """Refuse every DELETE."""
    for table in tables:
        _refuse(editor, table, "DELETE", f"{table}_no_delete")
        if editor.connection.vendor == "postgresql":
            editor.execute(
                f'CREATE TRIGGER "{table}_no_delete_all" BEFORE TRUNCATE ON "{table}" '
                "FOR EACH STATEMENT EXECUTE FUNCTION casework_refuse()"
            )


def frozen(editor, table, *columns):
    """Refuse to change these columns, and every DELETE."""
    named = ", ".join(f'"{column}"' for column in columns)
    _refuse(editor, table, f"UPDATE OF {named}", f"{table}_no_update")
    kept(editor, table)


def done(editor, table, condition):
    """Refuse to change a row of which this holds (an expression over OLD)."""
    name = f"{table}_done_no_update"
    if editor.connection.vendor == "postgresql":
        editor.execute(
            f'CREATE TRIGGER "{name}" BEFORE UPDATE ON "{table}" FOR EACH ROW WHEN ({condition}) '
            "EXECUTE FUNCTION casework_refuse()"
        )
    else:
        editor.execute(
            f'CREATE TRIGGER "{name}" BEFORE UPDATE ON "{table}" WHEN {condition} '
            f"BEGIN SELECT RAISE(ABORT, '{table} is kept for the audit'); END"
        )


def _refuse(editor, table, event, name):
    if editor.connection.vendor == "postgresql":
        editor.execute(
            f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" FOR EACH ROW EXECUTE FUNCTION casework_refuse()'
        )
    else:
        editor.execute(
            f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" '
            f"BEGIN SELECT RAISE(ABORT, '{table} is kept for the audit'); END"
        )
