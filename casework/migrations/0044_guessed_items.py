"""Items that an import read from the words are marked, until a person has looked at them."""

from django.db import migrations, models

TABLES = ("casework_case", "casework_historicalcase")
TO_CHECK = models.Q(is_item_guessed=True, stage__in=("screening", "assignment"))


def add_mark(apps, editor):
    # By hand: Django would remake these tables on SQLite, and their triggers would be gone.
    for table in TABLES:
        editor.execute(f"ALTER TABLE {table} ADD COLUMN is_item_guessed bool DEFAULT false NOT NULL")
        if editor.connection.vendor == "postgresql":
            editor.execute(f"ALTER TABLE {table} ALTER COLUMN is_item_guessed DROP DEFAULT")


def remove_mark(apps, editor):
    for table in TABLES:
        editor.execute(f"ALTER TABLE {table} DROP COLUMN is_item_guessed")


def mark_of(model):
    field = models.BooleanField(default=False, verbose_name="category read from the words")
    return migrations.AddField(model, "is_item_guessed", field)


class Migration(migrations.Migration):
    dependencies = [("casework", "0043_photo_turns")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add_mark, remove_mark)],
            state_operations=[mark_of("case"), mark_of("historicalcase")],
        ),
        migrations.AddIndex(
            "case", models.Index(fields=["county", "item"], condition=TO_CHECK, name="guessed_in_county")
        ),
        migrations.AddIndex("case", models.Index(fields=["city", "item"], condition=TO_CHECK, name="guessed_in_city")),
        migrations.AddField("findingimport", "items_guessed", models.PositiveIntegerField(default=0)),
    ]
