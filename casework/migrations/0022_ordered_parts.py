from django.conf import settings
from django.db import migrations, models
import django.db.models.deletion

OPEN = (
    "screening", "assignment", "planning", "plan_approval", "rectification", "first_review", "second_review",
    "city_review", "strike_off",
)
# The plain index of each of these begins a new one, and goes.
REPLACED = ("responsible_id", "support_id", "reported_by_id")


def drop_plain_indexes(apps, editor):
    """By hand: Django would remake the table on SQLite."""
    with editor.connection.cursor() as cursor:
        found = editor.connection.introspection.get_constraints(cursor, "casework_case")
    for name, index in found.items():
        if index["index"] and not index["unique"] and index["columns"] in [[column] for column in REPLACED]:
            editor.execute(f'DROP INDEX "{name}"')


def create_plain_indexes(apps, editor):
    for column in REPLACED:
        editor.execute(f'CREATE INDEX "casework_case_{column}_plain" ON "casework_case" ("{column}")')


def unit(words):
    return models.ForeignKey(
        "casework.unit", blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT,
        related_name="+", verbose_name=words,
    )


class Migration(migrations.Migration):
    dependencies = [("casework", "0021_calendar_source")]

    operations = [
        migrations.AddIndex(
            "case",
            models.Index(fields=["responsible", "due_on", "id"], condition=models.Q(stage__in=OPEN), name="open_for_responsible"),
        ),
        migrations.AddIndex(
            "case",
            models.Index(fields=["support", "due_on", "id"], condition=models.Q(stage__in=OPEN), name="open_for_support"),
        ),
        migrations.AddIndex(
            "case",
            models.Index(fields=["reported_by", "due_on", "id"], condition=models.Q(stage__in=OPEN), name="open_reported_by"),
        ),
        migrations.AddIndex("case", models.Index(fields=["responsible", "-id"], name="newest_for_responsible")),
        migrations.AddIndex(
            "case",
            models.Index(fields=["support", "-id"], condition=models.Q(support__isnull=False), name="newest_for_support"),
        ),
        migrations.AddIndex("case", models.Index(fields=["reported_by", "-id"], name="newest_reported_by")),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["waits_at", "-returned_at", "-id"],
                condition=models.Q(stage__in=("planning", "rectification"), returned_at__isnull=False),
                name="returned_to_unit",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(drop_plain_indexes, create_plain_indexes)],
            state_operations=[
                migrations.AlterField("case", "responsible", unit("responsible unit")),
                migrations.AlterField("case", "support", unit("supporting department")),
                migrations.AlterField(
                    "case",
                    "reported_by",
                    models.ForeignKey(
                        db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
    ]
