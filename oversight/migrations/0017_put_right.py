"""Histories of practices, adoptions, updates of walls, visits of helper units and stations: what they say is put right."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from oversight.migrations import _frozen_0003 as database
from oversight.migrations._frozen_squashed import CreateModels


# Written once until now; from now on kept, with their histories.
PUT_RIGHT = (
    "oversight_helpervisit",
    "oversight_practice",
    "oversight_practiceadoption",
    "oversight_wallupdate",
)


def keep(apps, editor):
    """Only the triggers that refuse an update go; those that refuse to delete stay."""
    for table in (*PUT_RIGHT, "oversight_station"):
        on = f' ON "{table}"' if editor.connection.vendor == "postgresql" else ""
        editor.execute(f'DROP TRIGGER IF EXISTS "{table}_no_update"{on}')
    database._refuse(editor, "oversight_station", 'UPDATE OF "by_id", "at"', "oversight_station_no_update")
    database.append_only(
        editor,
        "oversight_historicalhelpervisit",
        "oversight_historicalpractice",
        "oversight_historicalpracticeadoption",
        "oversight_historicalstation",
        "oversight_historicalwallupdate",
    )


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0042_clues'),
        ('oversight', '0016_visits_of_phones'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name='HistoricalHelperVisit',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('history_step', models.CharField(blank=True, default='', max_length=40)),
                    ('history_seal', models.CharField(blank=True, default='', max_length=64)),
                    ('history_seal_key', models.CharField(blank=True, max_length=8, null=True)),
                    ('day', models.DateField(verbose_name='day')),
                    ('people', models.CharField(max_length=200, verbose_name='who was there')),
                    ('words', models.TextField(verbose_name='what was done')),
                    ('files', models.JSONField(default=list)),
                    ('at', models.DateTimeField()),
                    ('history_change_reason', models.TextField(blank=True, default='')),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('pairing', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='casework.pairing')),
                ],
                options={
                    'verbose_name': 'historical visit of a helper unit',
                    'verbose_name_plural': 'historical visits of helper units',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.CreateModel(
                name='HistoricalPractice',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('history_step', models.CharField(blank=True, default='', max_length=40)),
                    ('history_seal', models.CharField(blank=True, default='', max_length=64)),
                    ('history_seal_key', models.CharField(blank=True, max_length=8, null=True)),
                    ('title', models.CharField(max_length=80, verbose_name='title')),
                    ('words', models.TextField(verbose_name='description')),
                    ('day', models.DateField(verbose_name='since')),
                    ('files', models.JSONField(default=list)),
                    ('at', models.DateTimeField()),
                    ('history_change_reason', models.TextField(blank=True, default='')),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('unit', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='casework.unit', verbose_name='where it began')),
                ],
                options={
                    'verbose_name': 'historical good practice',
                    'verbose_name_plural': 'historical good practices',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.CreateModel(
                name='HistoricalPracticeAdoption',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('history_step', models.CharField(blank=True, default='', max_length=40)),
                    ('history_seal', models.CharField(blank=True, default='', max_length=64)),
                    ('history_seal_key', models.CharField(blank=True, max_length=8, null=True)),
                    ('day', models.DateField(verbose_name='day')),
                    ('words', models.TextField(verbose_name='what shows it')),
                    ('files', models.JSONField(default=list)),
                    ('at', models.DateTimeField()),
                    ('history_change_reason', models.TextField(blank=True, default='')),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('county', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='casework.unit', verbose_name='county')),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('practice', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='oversight.practice')),
                ],
                options={
                    'verbose_name': 'historical adoption of a practice',
                    'verbose_name_plural': 'historical adoptions of practices',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.CreateModel(
                name='HistoricalStation',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('history_step', models.CharField(blank=True, default='', max_length=40)),
                    ('history_seal', models.CharField(blank=True, default='', max_length=64)),
                    ('history_seal_key', models.CharField(blank=True, max_length=8, null=True)),
                    ('name', models.CharField(max_length=60, verbose_name='name')),
                    ('opened_on', models.DateField(verbose_name='opened on')),
                    ('closed_on', models.DateField(blank=True, null=True, verbose_name='closed on')),
                    ('at', models.DateTimeField()),
                    ('history_change_reason', models.TextField(blank=True, default='')),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('unit', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='casework.unit', verbose_name='unit')),
                ],
                options={
                    'verbose_name': 'historical supervision station',
                    'verbose_name_plural': 'historical supervision stations',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.CreateModel(
                name='HistoricalWallUpdate',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('history_step', models.CharField(blank=True, default='', max_length=40)),
                    ('history_seal', models.CharField(blank=True, default='', max_length=64)),
                    ('history_seal_key', models.CharField(blank=True, max_length=8, null=True)),
                    ('day', models.DateField(verbose_name='day')),
                    ('words', models.CharField(blank=True, max_length=200, verbose_name='what was put up')),
                    ('files', models.JSONField(default=list)),
                    ('from_paper', models.BooleanField(default=False)),
                    ('at', models.DateTimeField()),
                    ('history_change_reason', models.TextField(blank=True, default='')),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('wall', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='oversight.wall')),
                ],
                options={
                    'verbose_name': 'historical update of a wall',
                    'verbose_name_plural': 'historical updates of walls',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
