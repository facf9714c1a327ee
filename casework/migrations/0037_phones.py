"""What phones send that were without a network: entries, their files, and how much each phone still holds."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


ENTRY, FILE = "casework_phoneentry", "casework_phonefile"
UNCHANGED = ', '.join(f'"{column}"' for column in ("entry_id", "order", "name", "size", "sha256"))
RULES = (
    (ENTRY, "UPDATE", "update"),
    (ENTRY, "DELETE", "delete"),
    (FILE, f"UPDATE OF {UNCHANGED}", "update"),
    (FILE, "DELETE", "delete"),
)


def make_kept(apps, editor):
    """The database refuses to change an entry or what a file is, and to remove either (casework/retention.py)."""
    is_postgres = editor.connection.vendor == "postgresql"
    for table, event, ending in RULES:
        name = f"{table}_no_{ending}"
        if is_postgres:
            editor.execute(
                f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" FOR EACH ROW EXECUTE FUNCTION casework_refuse()'
            )
            if event == "DELETE":
                editor.execute(
                    f'CREATE TRIGGER "{name}_all" BEFORE TRUNCATE ON "{table}" '
                    "FOR EACH STATEMENT EXECUTE FUNCTION casework_refuse()"
                )
        else:
            editor.execute(
                f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" '
                f"BEGIN SELECT RAISE(ABORT, '{table} is kept for the audit'); END"
            )


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0036_village_secretary'),
    ]

    operations = [
        migrations.CreateModel(
            name='PhoneEntry',
            fields=[
                ('key', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('content', models.CharField(max_length=64)),
                ('manifest', models.JSONField()),
                ('clock_off', models.IntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='phone_entries', to='casework.case')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='PhoneFile',
            fields=[
                ('key', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('order', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=255)),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('received', models.PositiveIntegerField(default=0)),
                ('state', models.CharField(choices=[('arriving', 'Arriving'), ('kept', 'Kept'), ('refused', 'Refused')], default='arriving', max_length=10)),
                ('code', models.CharField(blank=True, max_length=40)),
                ('sentence', models.TextField(blank=True)),
                ('expires_at', models.DateTimeField()),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='casework.phoneentry')),
                ('evidence', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.evidence')),
            ],
            options={
                'ordering': ['order'],
                'indexes': [models.Index(condition=models.Q(('received__gt', 0), ('state', 'arriving')), fields=['expires_at'], name='phone_files_arriving')],
                'constraints': [models.UniqueConstraint(fields=('entry', 'order'), name='one_phone_file_per_place')],
            },
        ),
        migrations.CreateModel(
            name='PhoneQueue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('phone', models.UUIDField()),
                ('unsent', models.PositiveIntegerField()),
                ('refused', models.PositiveIntegerField(default=0)),
                ('unsent_since', models.DateTimeField(null=True)),
                ('told_at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='phone_queues', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('unsent__gt', 0)), fields=['unsent_since'], name='phone_queues_unsent')],
                'constraints': [models.UniqueConstraint(fields=('phone', 'person'), name='one_queue_per_phone_and_person')],
            },
        ),
        migrations.RunPython(make_kept, migrations.RunPython.noop),
    ]
