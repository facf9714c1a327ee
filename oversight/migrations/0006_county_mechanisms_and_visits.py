"""What a county's own mechanism did, and visits to the field."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from oversight.migrations import _frozen_0003 as database


def keep(apps, editor):
    """Written once; a later entry corrects."""
    database.append_only(
        editor,
        "oversight_meeting",
        "oversight_fieldvisit",
        "oversight_visitedplace",
        "oversight_visitfinding",
    )


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0027_office_roles'),
        ('oversight', '0004_unit_reports'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FieldVisit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('guidance', 'Field visit'), ('tour', 'Observation tour')], max_length=8, verbose_name='kind')),
                ('day', models.DateField(verbose_name='day')),
                ('people', models.TextField(verbose_name='who went')),
                ('seen', models.TextField(verbose_name='what was seen')),
                ('good_practice', models.TextField(blank=True, verbose_name='good practice')),
                ('files', models.JSONField(default=list)),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('is_withdrawn', models.BooleanField(default=False)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='oversight.fieldvisit')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='field_visits', to='casework.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'visit to the field',
                'verbose_name_plural': 'visits to the field',
                'ordering': ['-day', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('consultation', 'Consultation'), ('summary', 'Summary'), ('inspection', 'Inspection'), ('bulletin', 'Bulletin')], max_length=12, verbose_name='kind')),
                ('held_on', models.DateField(verbose_name='day')),
                ('document_number', models.CharField(blank=True, max_length=60, verbose_name='document number')),
                ('minutes', models.TextField(blank=True, verbose_name='minutes')),
                ('present', models.TextField(blank=True, verbose_name='who was there')),
                ('files', models.JSONField(default=list)),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('is_withdrawn', models.BooleanField(default=False)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='oversight.meeting')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='casework.unit', verbose_name='county')),
            ],
            options={
                'verbose_name': "entry of a county's mechanism",
                'verbose_name_plural': "entries of a county's mechanism",
                'ordering': ['-held_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='VisitedPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit')),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='places', to='oversight.fieldvisit')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='VisitFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.case')),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='oversight.fieldvisit')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddIndex(
            model_name='fieldvisit',
            index=models.Index(fields=['unit', 'day'], name='visits_of_unit'),
        ),
        migrations.AddConstraint(
            model_name='fieldvisit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_withdrawn', False), ('replaces', None)), models.Q(('replaces__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='corrected_visit_has_its_reason'),
        ),
        migrations.AddIndex(
            model_name='meeting',
            index=models.Index(fields=['unit', 'held_on'], name='meetings_of_county'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_withdrawn', False), ('replaces', None)), models.Q(('replaces__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='corrected_entry_has_its_reason'),
        ),
        migrations.AddConstraint(
            model_name='visitedplace',
            constraint=models.UniqueConstraint(fields=('visit', 'unit'), name='place_stands_once_a_visit'),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
