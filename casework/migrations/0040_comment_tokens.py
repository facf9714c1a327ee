"""The characters of comments, singly and in pairs, indexed on PostgreSQL as those of cases are (0023)."""

from typing import Any

from django.db import migrations

INDEXES = {
    "casework_comment_tokens": "casework_comment USING gin (casework_tokens(words))",
    "casework_commentrevision_tokens": "casework_commentrevision USING gin (casework_tokens(words))",
}


def install(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        for name, columns in INDEXES.items():
            editor.execute(f"CREATE INDEX {name} ON {columns}", params=None)


def remove(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        for name in INDEXES:
            editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):
    dependencies = [("casework", "0039_phone_additions")]

    operations = [migrations.RunPython(install, remove)]
