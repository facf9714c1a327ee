"""Clues that other platforms send: who may, by which key, and what became of each."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from casework.migrations._frozen_squashed import CreateModels

PLATFORM, KEY, CLUE = "casework_clueplatform", "casework_cluekey", "casework_clue"


def columns(*names):
    return "UPDATE OF " + ", ".join(f'"{name}"' for name in names)


# Table, event, the ending of the trigger's name, and of which rows.
RULES = (
    (PLATFORM, columns("unit_id", "name", "by_id", "at"), "no_update", ""),
    (KEY, columns("platform_id", "key_sha256", "by_id", "at"), "no_update", ""),
    (KEY, "UPDATE", "done_no_update", "OLD.withdrawn_at IS NOT NULL"),
    (CLUE, "UPDATE", "no_update", ""),
    *((table, "DELETE", "no_delete", "") for table in (PLATFORM, KEY, CLUE)),
)


def make_kept(apps, editor):
    """A clue is append-only, a key is withdrawn once, a platform keeps its name (casework/retention.py)."""
    is_postgres = editor.connection.vendor == "postgresql"
    for table, event, ending, condition in RULES:
        begin = f'CREATE TRIGGER "{table}_{ending}" BEFORE {event} ON "{table}"'
        if is_postgres:
            when = f" WHEN ({condition})" if condition else ""
            editor.execute(f"{begin} FOR EACH ROW{when} EXECUTE FUNCTION casework_refuse()")
        else:
            when = f" WHEN {condition}" if condition else ""
            editor.execute(f"{begin}{when} BEGIN SELECT RAISE(ABORT, '{table} is kept for the audit'); END")
        if is_postgres and event == "DELETE":
            editor.execute(
                f'CREATE TRIGGER "{table}_no_delete_all" BEFORE TRUNCATE ON "{table}" '
                "FOR EACH STATEMENT EXECUTE FUNCTION casework_refuse()"
            )


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('casework', '0041_pairings'),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name='CluePlatform',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=60, verbose_name='name of the platform')),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit', verbose_name='office')),
                ],
                options={
                    'verbose_name': 'platform that sends clues',
                    'verbose_name_plural': 'platforms that send clues',
                    'ordering': ['unit__path', 'name'],
                    'constraints': [models.UniqueConstraint(fields=('unit', 'name'), name='one_platform_of_name_an_office')],
                },
            ),
            migrations.CreateModel(
                name='ClueKey',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key_sha256', models.CharField(max_length=64, unique=True)),
                    ('at', models.DateTimeField()),
                    ('withdrawn_at', models.DateTimeField(null=True)),
                    ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('withdrawn_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('platform', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='keys', to='casework.clueplatform')),
                ],
                options={
                    'ordering': ['-id'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('platform',), name='one_living_key_a_platform')],
                },
            ),
            migrations.CreateModel(
                name='Clue',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('sender_id', models.CharField(max_length=100)),
                    ('content', models.CharField(max_length=64)),
                    ('said', models.JSONField()),
                    ('at', models.DateTimeField()),
                    ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='clue', to='casework.case')),
                    ('platform', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='clues', to='casework.clueplatform')),
                ],
                options={
                    'ordering': ['-id'],
                    'constraints': [models.UniqueConstraint(fields=('platform', 'sender_id'), name='one_clue_a_senders_id')],
                },
            ),
        ),
        migrations.RunPython(make_kept, migrations.RunPython.noop),
    ]
