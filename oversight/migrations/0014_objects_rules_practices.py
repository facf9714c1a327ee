"""Clarity walls with their updates, clauses of basis documents by version, good practices and who took them over."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from oversight.migrations import _frozen_0003 as database


def keep(apps, editor):
    """The database refuses to change or remove what an auditor would ask for."""
    database.append_only(
        editor,
        "oversight_wallupdate",
        "oversight_ruleversion",
        "oversight_ruleclause",
        "oversight_practice",
        "oversight_practiceadoption",
        "oversight_historicalwall",
    )
    database.kept(editor, "oversight_wall")


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0002_squashed_0037_phones'),
        ('oversight', '0001_squashed_0013_figures_and_scorecards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalWall',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_step', models.CharField(blank=True, default='', max_length=40)),
                ('history_seal', models.CharField(blank=True, default='', max_length=64)),
                ('history_seal_key', models.CharField(blank=True, max_length=8, null=True)),
                ('group', models.CharField(blank=True, max_length=40, verbose_name='village group')),
                ('place', models.CharField(max_length=120, verbose_name='place')),
                ('has_roof', models.BooleanField(verbose_name='roofed')),
                ('state', models.CharField(choices=[('in_use', 'in use'), ('damaged', 'damaged'), ('idle', 'idle'), ('removed', 'taken down')], default='in_use', max_length=8, verbose_name='state')),
                ('files', models.JSONField(default=list)),
                ('at', models.DateTimeField()),
                ('history_change_reason', models.TextField(blank=True, default='')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('object', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='casework.caseobject')),
                ('village', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='casework.unit', verbose_name='village')),
            ],
            options={
                'verbose_name': 'historical clarity wall',
                'verbose_name_plural': 'historical clarity walls',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Practice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=80, verbose_name='title')),
                ('words', models.TextField(verbose_name='description')),
                ('day', models.DateField(verbose_name='since')),
                ('files', models.JSONField(default=list)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit', verbose_name='where it began')),
            ],
            options={
                'verbose_name': 'good practice',
                'verbose_name_plural': 'good practices',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='RuleVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('begins_on', models.DateField(verbose_name='begins on')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='what changed')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='oversight.basedocument')),
            ],
            options={
                'verbose_name': 'version of a document',
                'verbose_name_plural': 'versions of documents',
                'ordering': ['-begins_on'],
            },
        ),
        migrations.CreateModel(
            name='RuleClause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20)),
                ('label', models.CharField(max_length=20, verbose_name='number')),
                ('words', models.TextField(verbose_name='words')),
                ('order', models.PositiveSmallIntegerField()),
                ('version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='clauses', to='oversight.ruleversion')),
            ],
            options={
                'verbose_name': 'clause',
                'verbose_name_plural': 'clauses',
                'ordering': ['version', 'order'],
            },
        ),
        migrations.CreateModel(
            name='Wall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group', models.CharField(blank=True, max_length=40, verbose_name='village group')),
                ('place', models.CharField(max_length=120, verbose_name='place')),
                ('has_roof', models.BooleanField(verbose_name='roofed')),
                ('state', models.CharField(choices=[('in_use', 'in use'), ('damaged', 'damaged'), ('idle', 'idle'), ('removed', 'taken down')], default='in_use', max_length=8, verbose_name='state')),
                ('files', models.JSONField(default=list)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('object', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='wall', to='casework.caseobject')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='walls', to='casework.unit', verbose_name='village')),
            ],
            options={
                'verbose_name': 'clarity wall',
                'verbose_name_plural': 'clarity walls',
                'ordering': ['village__path', 'id'],
            },
        ),
        migrations.CreateModel(
            name='WallUpdate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('words', models.CharField(blank=True, max_length=200, verbose_name='what was put up')),
                ('files', models.JSONField(default=list)),
                ('from_paper', models.BooleanField(default=False)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('wall', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='updates', to='oversight.wall')),
            ],
            options={
                'verbose_name': 'update of a wall',
                'verbose_name_plural': 'updates of walls',
                'ordering': ['-day', '-id'],
            },
        ),
        migrations.CreateModel(
            name='PracticeAdoption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('words', models.TextField(verbose_name='what shows it')),
                ('files', models.JSONField(default=list)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit', verbose_name='county')),
                ('practice', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='adoptions', to='oversight.practice')),
            ],
            options={
                'verbose_name': 'adoption of a practice',
                'verbose_name_plural': 'adoptions of practices',
                'ordering': ['day', 'id'],
                'constraints': [models.UniqueConstraint(fields=('practice', 'county'), name='a_county_adopts_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='ruleversion',
            constraint=models.UniqueConstraint(fields=('document', 'begins_on'), name='one_version_begins_on_a_day'),
        ),
        migrations.AddConstraint(
            model_name='ruleclause',
            constraint=models.UniqueConstraint(fields=('version', 'number'), name='clause_number_once_a_version'),
        ),
        migrations.AddIndex(
            model_name='wallupdate',
            index=models.Index(fields=['wall', 'day'], name='updates_of_wall'),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
