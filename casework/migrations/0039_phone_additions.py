"""What was added on phones to cases that they had taken along."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from casework.migrations._frozen_squashed import CreateModels

TABLE = "casework_phoneaddition"
UNCHANGED = ", ".join(f'"{column}"' for column in ("entry_id", "words", "seen_version", "seen_event"))
RULES = (("DELETE", "delete"), (f"UPDATE OF {UNCHANGED}", "update"))
DONE = "OLD.decided_at IS NOT NULL"


def make_kept(apps, editor):
    """The database refuses to remove an addition, to change what it says, and anything once it is decided."""
    refusing = f"BEGIN SELECT RAISE(ABORT, '{TABLE} is kept for the audit'); END"
    is_postgres = editor.connection.vendor == "postgresql"
    if is_postgres:
        refusing = "EXECUTE FUNCTION casework_refuse()"
    row = "FOR EACH ROW" if is_postgres else ""
    for event, ending in RULES:
        editor.execute(f'CREATE TRIGGER "{TABLE}_no_{ending}" BEFORE {event} ON "{TABLE}" {row} {refusing}')
    done = f"({DONE})" if is_postgres else DONE
    editor.execute(f'CREATE TRIGGER "{TABLE}_done_no_update" BEFORE UPDATE ON "{TABLE}" {row} WHEN {done} {refusing}')
    if is_postgres:
        editor.execute(
            f'CREATE TRIGGER "{TABLE}_no_delete_all" BEFORE TRUNCATE ON "{TABLE}" FOR EACH STATEMENT {refusing}'
        )


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0038_sign_in_links"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="PhoneAddition",
                fields=[
                    ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name="addition", serialize=False, to="casework.phoneentry")),
                    ("words", models.TextField()),
                    ("seen_version", models.PositiveIntegerField()),
                    ("seen_event", models.PositiveBigIntegerField()),
                    ("files", models.JSONField(default=dict)),
                    ("decided_at", models.DateTimeField(null=True)),
                    ("comment", models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.comment")),
                    ("decided_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    "indexes": [models.Index(condition=models.Q(("decided_at", None)), fields=["entry"], name="phone_additions_open")],
                },
            ),
        ),
        migrations.RunPython(make_kept, migrations.RunPython.noop, elidable=False),
    ]
