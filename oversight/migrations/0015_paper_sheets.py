"""Sheets of paper that were photographed or scanned for a village."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from oversight.migrations import _frozen_0003 as database


def keep(apps, editor):
    """The database refuses to change or remove what an auditor would ask for."""
    columns = ("village_id", "name", "media_type", "size", "sha256", "stored_as", "codes", "by_id", "at")
    database.frozen(editor, "oversight_papersheet", *columns)
    database.done(editor, "oversight_papersheet", "OLD.decided_at IS NOT NULL")


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0002_squashed_0037_phones'),
        ('oversight', '0014_objects_rules_practices'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PaperSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=255, verbose_name='file name')),
                ('media_type', models.CharField(choices=[('image/jpeg', 'JPEG'), ('image/png', 'PNG'), ('image/webp', 'WebP'), ('image/heic', 'HEIC'), ('application/pdf', 'PDF'), ('application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'DOCX'), ('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'XLSX')], max_length=100)),
                ('size', models.PositiveBigIntegerField(verbose_name='size in bytes')),
                ('sha256', models.CharField(max_length=64)),
                ('stored_as', models.CharField(max_length=120)),
                ('codes', models.JSONField(default=list, verbose_name='codes read on it')),
                ('at', models.DateTimeField()),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('decided_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('evidence', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.evidence', verbose_name='evidence')),
                ('village', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit', verbose_name='village')),
            ],
            options={
                'verbose_name': 'sheet of paper',
                'verbose_name_plural': 'sheets of paper',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['village', 'decided_at'], name='sheets_of_village')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('decided_at', None)), fields=('village', 'sha256'), name='a_sheet_waits_once'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('evidence', None), ('reason', '')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('evidence__isnull', False), ('reason', '')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('evidence', None), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='a_sheet_is_evidence_or_set_aside')],
            },
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
