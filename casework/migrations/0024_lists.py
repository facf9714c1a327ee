import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

OPEN = (
    "screening", "assignment", "planning", "plan_approval", "rectification", "first_review", "second_review",
    "city_review", "strike_off",
)
NARROWED_BY = ("stage", "severity", "source", "item")


def open_by(name, *fields):
    return migrations.AddIndex(
        "case", models.Index(fields=[*fields], condition=models.Q(stage__in=OPEN), name=name)
    )


def newest_by(name, unit):
    return migrations.AddIndex("case", models.Index(fields=[unit, "-id", *NARROWED_BY, "watch"], name=name))


class Migration(migrations.Migration):
    dependencies = [("casework", "0023_search_tokens")]

    operations = [
        # Each wider index stands before the one that it replaces goes.
        open_by("open_in_county_narrowed", "county", "due_on", "id", *NARROWED_BY, "light"),
        open_by("open_in_city_narrowed", "city", "due_on", "id", *NARROWED_BY, "light"),
        open_by("open_in_city_by_stage", "city", "stage", "due_on", "id"),
        newest_by("newest_in_county_narrowed", "county"),
        newest_by("newest_in_city_narrowed", "city"),
        migrations.RemoveIndex("case", "open_in_county"),
        migrations.RemoveIndex("case", "open_in_city"),
        migrations.RemoveIndex("case", "newest_in_county"),
        migrations.RemoveIndex("case", "newest_in_city"),
        migrations.AlterModelOptions("savedlist", {"ordering": ["name", "id"]}),
        migrations.AddField(
            "savedlist",
            "office",
            models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="casework.unit",
            ),
        ),
        migrations.CreateModel(
            "ListSettings",
            [
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("columns", models.JSONField(default=list)),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="list_settings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "start",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+",
                        to="casework.savedlist",
                    ),
                ),
            ],
        ),
    ]
