"""What findings are about is read anew by the richer vocabulary: the derived rows go, and the next sweep writes them.

Some databases had the two new columns from an early version of 0009: they are added where they are missing.
"""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

ADDED = ("size", "aspect")


def forget(apps: Any, editor: Any) -> None:
    apps.get_model("casework", "CaseTraits").objects.all().delete()
    apps.get_model("casework", "ClockMark").objects.filter(name__startswith="traits to ").delete()


def complete(apps: Any, editor: Any) -> None:
    traits = apps.get_model("casework", "CaseTraits")
    for field in map(traits._meta.get_field, ADDED):
        # Asked each time: SQLite makes the whole table anew, with all that the model has.
        with editor.connection.cursor() as cursor:
            columns = editor.connection.introspection.get_table_description(cursor, traits._meta.db_table)
        if field.column not in {column.name for column in columns}:
            editor.add_field(traits, field)


class Migration(migrations.Migration):
    dependencies = [("casework", "0011_days")]

    operations = [
        # Before the state knows columns that the table may not have yet.
        migrations.RunPython(forget, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddField("casetraits", "size", models.CharField(blank=True, max_length=16)),
                migrations.AddField(
                    "casetraits",
                    "aspect",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.aspect",
                    ),
                ),
            ]
        ),
        migrations.RunPython(complete, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="casetraits", name="traits_thing"),
        migrations.RemoveIndex(model_name="casetraits", name="traits_also"),
        migrations.AddIndex(
            model_name="casetraits", index=models.Index(fields=["village", "aspect"], name="traits_aspect")
        ),
    ]
