"""Standings and closing times by the month, and scorecards: schemes, appraisals, published scores, appeals."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


from oversight.migrations import _frozen_0003 as database


def keep(apps, editor):
    """The database refuses to change or remove what an auditor would ask for."""
    database.append_only(
        editor,
        "oversight_scoreitem",
        "oversight_appraisal",
        "oversight_scoresheet",
        "oversight_scoreline",
        "oversight_lostpoint",
        "oversight_scoreappeal",
        "oversight_appealdecision",
        "oversight_historicalscorescheme",
    )
    database.kept(editor, "oversight_scorescheme")
    database.done(editor, "oversight_scorescheme", "OLD.published_at IS NOT NULL")


def count_anew(apps, editor):
    """Every day is counted anew by the next sweep, since a tally has one more column."""
    apps.get_model("casework", "ClockMark").objects.filter(name="tallies").update(reached=0)


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0036_village_secretary'),
        ('oversight', '0012_training_duty_decisions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='tally',
            name='again',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.CreateModel(
            name='ClosingTime',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('city', models.BigIntegerField(default=0)),
                ('county', models.BigIntegerField(default=0)),
                ('town', models.BigIntegerField(default=0)),
                ('days', models.PositiveIntegerField()),
                ('count', models.PositiveIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('month', 'town', 'county', 'city', 'days'), name='one_closing_time_a_month_and_town')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalScoreScheme',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_step', models.CharField(blank=True, default='', max_length=40)),
                ('history_seal', models.CharField(blank=True, default='', max_length=64)),
                ('history_seal_key', models.CharField(blank=True, max_length=8, null=True)),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('version', models.PositiveSmallIntegerField(verbose_name='version')),
                ('grading', models.CharField(choices=[('grades', 'Grades'), ('stars', 'Stars')], default='grades', max_length=6, verbose_name='said as')),
                ('draft', models.JSONField(default=list)),
                ('at', models.DateTimeField()),
                ('published_at', models.DateTimeField(null=True)),
                ('history_change_reason', models.TextField(blank=True, default='')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('county', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='casework.unit')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('published_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical score scheme',
                'verbose_name_plural': 'historical score schemes',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='MonthStanding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('city', models.BigIntegerField(default=0)),
                ('county', models.BigIntegerField(default=0)),
                ('town', models.BigIntegerField(default=0)),
                ('village', models.BigIntegerField()),
                ('unassigned', models.PositiveIntegerField(default=0)),
                ('on_time', models.PositiveIntegerField(default=0)),
                ('blue', models.PositiveIntegerField(default=0)),
                ('yellow', models.PositiveIntegerField(default=0)),
                ('red', models.PositiveIntegerField(default=0)),
                ('overdue', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('month', 'village', 'town', 'county', 'city'), name='one_standing_a_month_and_village')],
            },
        ),
        migrations.CreateModel(
            name='ScoreItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=100, verbose_name='item')),
                ('kind', models.CharField(choices=[('computed', 'Computed from records'), ('appraised', 'Appraised by a person')], max_length=9)),
                ('code', models.CharField(blank=True, max_length=20)),
                ('weight', models.DecimalField(decimal_places=1, max_digits=5, verbose_name='points')),
                ('per_fault', models.DecimalField(decimal_places=1, max_digits=5, null=True, verbose_name='points a fault')),
                ('mark', models.CharField(choices=[('result', 'Result'), ('trace', 'Trace')], max_length=6)),
                ('is_veto', models.BooleanField(default=False)),
                ('appraiser', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['order'],
            },
        ),
        migrations.CreateModel(
            name='ScoreLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('points', models.DecimalField(decimal_places=1, max_digits=5, null=True)),
                ('whole', models.PositiveIntegerField(null=True)),
                ('faults', models.PositiveIntegerField(default=0)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oversight.scoreitem')),
            ],
            options={
                'ordering': ['item__order'],
            },
        ),
        migrations.CreateModel(
            name='ScoreAppeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(verbose_name='reason')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('line', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='appeal', to='oversight.scoreline')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='LostPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12)),
                ('row', models.BigIntegerField()),
                ('words', models.CharField(max_length=200)),
                ('is_half', models.BooleanField(default=False)),
                ('cost', models.DecimalField(decimal_places=3, max_digits=7)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lost', to='oversight.scoreline')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='ScoreScheme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('version', models.PositiveSmallIntegerField(verbose_name='version')),
                ('grading', models.CharField(choices=[('grades', 'Grades'), ('stars', 'Stars')], default='grades', max_length=6, verbose_name='said as')),
                ('draft', models.JSONField(default=list)),
                ('at', models.DateTimeField()),
                ('published_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='score_schemes', to='casework.unit')),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'score scheme',
                'verbose_name_plural': 'score schemes',
                'ordering': ['county', '-version'],
            },
        ),
        migrations.AddField(
            model_name='scoreitem',
            name='scheme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='oversight.scorescheme'),
        ),
        migrations.CreateModel(
            name='ScoreSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit_name', models.CharField(max_length=100)),
                ('first_day', models.DateField(verbose_name='first day')),
                ('last_day', models.DateField(verbose_name='last day')),
                ('holder_since', models.DateField(null=True)),
                ('points', models.DecimalField(decimal_places=1, max_digits=5)),
                ('weight', models.DecimalField(decimal_places=1, max_digits=5)),
                ('total', models.DecimalField(decimal_places=1, max_digits=5, null=True, verbose_name='total')),
                ('is_vetoed', models.BooleanField(default=False)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='oversight.scorescheme')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='score_sheets', to='casework.unit')),
            ],
            options={
                'ordering': ['-last_day', 'unit'],
            },
        ),
        migrations.AddField(
            model_name='scoreline',
            name='sheet',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='oversight.scoresheet'),
        ),
        migrations.CreateModel(
            name='AppealDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('points_back', models.DecimalField(decimal_places=1, max_digits=5, verbose_name='points given back')),
                ('words', models.TextField(verbose_name='reason')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('appeal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='oversight.scoreappeal')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('points_back__gte', 0)), name='points_are_given_back')],
            },
        ),
        migrations.CreateModel(
            name='Appraisal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_day', models.DateField(verbose_name='first day')),
                ('last_day', models.DateField(verbose_name='last day')),
                ('points', models.DecimalField(decimal_places=1, max_digits=5, verbose_name='points')),
                ('words', models.TextField(blank=True, verbose_name='reason')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appraisals', to='oversight.scoreitem')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('points__gte', 0)), name='appraisal_is_not_negative')],
            },
        ),
        migrations.AddConstraint(
            model_name='scorescheme',
            constraint=models.UniqueConstraint(fields=('county', 'version'), name='score_scheme_version_once'),
        ),
        migrations.AddConstraint(
            model_name='scoreitem',
            constraint=models.CheckConstraint(condition=models.Q(('weight__gt', 0)), name='score_item_has_weight'),
        ),
        migrations.AddConstraint(
            model_name='scoreitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('appraiser', None), ('kind', 'computed'), models.Q(('code', ''), _negated=True)), models.Q(('appraiser__isnull', False), ('code', ''), ('kind', 'appraised')), _connector='OR'), name='score_item_is_computed_or_appraised'),
        ),
        migrations.AddIndex(
            model_name='scoresheet',
            index=models.Index(fields=['scheme', 'last_day'], name='scores_of_a_period'),
        ),
        migrations.AddConstraint(
            model_name='scoresheet',
            constraint=models.UniqueConstraint(fields=('unit', 'first_day', 'last_day'), name='one_score_of_a_unit_and_period'),
        ),
        migrations.AddConstraint(
            model_name='scoresheet',
            constraint=models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='score_period_ends_after_it_began'),
        ),
        migrations.AddConstraint(
            model_name='scoreline',
            constraint=models.UniqueConstraint(fields=('sheet', 'item'), name='one_line_of_an_item'),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
        migrations.RunPython(count_anew, migrations.RunPython.noop),
    ]
