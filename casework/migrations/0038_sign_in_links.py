"""Links and one-time codes by which a village's committee signs in."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from casework.migrations._frozen_squashed import CreateModels

LINK, CODE = "casework_signinlink", "casework_signincode"
UNCHANGED = {
    LINK: ("village_id", "person_id", "seed", "handle_sha256", "by_id", "at", "ends_at"),
    CODE: ("person_id", "village_id", "link_id", "seed", "given_by_id", "at", "ends_at"),
}
WITHDRAWN = "OLD.withdrawn_at IS NOT NULL"


def make_kept(apps, editor):
    """The database refuses to change what a link or a code is, and to remove either (casework/retention.py)."""
    is_postgres = editor.connection.vendor == "postgresql"
    for table, columns in UNCHANGED.items():
        named = ", ".join(f'"{column}"' for column in columns)
        for event, ending in ((f"UPDATE OF {named}", "update"), ("DELETE", "delete")):
            name = f"{table}_no_{ending}"
            if is_postgres:
                editor.execute(
                    f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" FOR EACH ROW EXECUTE FUNCTION casework_refuse()'
                )
            else:
                editor.execute(
                    f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" '
                    f"BEGIN SELECT RAISE(ABORT, '{table} is kept for the audit'); END"
                )
        if is_postgres:
            editor.execute(
                f'CREATE TRIGGER "{table}_no_delete_all" BEFORE TRUNCATE ON "{table}" '
                "FOR EACH STATEMENT EXECUTE FUNCTION casework_refuse()"
            )
    name = f"{LINK}_done_no_update"
    if is_postgres:
        editor.execute(
            f'CREATE TRIGGER "{name}" BEFORE UPDATE ON "{LINK}" FOR EACH ROW WHEN ({WITHDRAWN}) '
            "EXECUTE FUNCTION casework_refuse()"
        )
    else:
        editor.execute(
            f'CREATE TRIGGER "{name}" BEFORE UPDATE ON "{LINK}" WHEN {WITHDRAWN} '
            f"BEGIN SELECT RAISE(ABORT, '{LINK} is kept for the audit'); END"
        )


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0002_squashed_0037_phones'),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name='SignInLink',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('seed', models.CharField(max_length=32)),
                    ('handle_sha256', models.CharField(max_length=64, unique=True)),
                    ('at', models.DateTimeField()),
                    ('ends_at', models.DateTimeField()),
                    ('withdrawn_at', models.DateTimeField(null=True)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sign_in_links', to=settings.AUTH_USER_MODEL)),
                    ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sign_in_links', to='casework.unit')),
                    ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
            ),
            migrations.CreateModel(
                name='SignInCode',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('seed', models.CharField(max_length=32)),
                    ('at', models.DateTimeField()),
                    ('ends_at', models.DateTimeField()),
                    ('tries', models.PositiveSmallIntegerField(default=0)),
                    ('used_at', models.DateTimeField(null=True)),
                    ('lasts_until', models.DateTimeField(null=True)),
                    ('given_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='sign_in_codes', to=settings.AUTH_USER_MODEL)),
                    ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sign_in_codes', to='casework.unit')),
                    ('link', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='codes', to='casework.signinlink')),
                ],
                options={
                    'indexes': [models.Index(fields=['person', 'at'], name='sign_in_codes_of')],
                },
            ),
        ),
        migrations.RunPython(make_kept, migrations.RunPython.noop),
    ]
