"""What member units hand in: drafts, versions with their sections and figures, decisions, exceptions, reminders, and the
paragraphs by which reports are compared.
"""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from oversight.migrations import _frozen_0003 as database


def keep(apps, editor):
    """The database refuses to change or remove what was handed in and what was decided on it."""
    database.append_only(
        editor,
        "oversight_reportversion",
        "oversight_reportsection",
        "oversight_reportfigure",
        "oversight_ownfigure",
        "oversight_reportdecision",
        "oversight_closeexception",
        "oversight_reportreminder",
        "oversight_reportparagraph",
        "oversight_historicalunitreport",
    )
    database.kept(editor, "oversight_unitreport")


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0027_office_roles'),
        ('oversight', '0003_members_and_periods'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='UnitReport',
            fields=[
                ('expected', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='report', serialize=False, to='oversight.expectedreport')),
                ('state', models.CharField(choices=[('submitted', 'handed in'), ('returned', 'returned'), ('accepted', 'accepted')], default='submitted', max_length=10)),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('is_on_time', models.BooleanField()),
                ('is_empty', models.BooleanField()),
                ('is_copied', models.BooleanField()),
                ('is_left_out', models.BooleanField()),
            ],
            options={
                'verbose_name': 'report of a member unit',
                'verbose_name_plural': 'reports of member units',
            },
        ),
        migrations.CreateModel(
            name='HistoricalUnitReport',
            fields=[
                ('history_step', models.CharField(blank=True, default='', max_length=40)),
                ('history_seal', models.CharField(blank=True, default='', max_length=64)),
                ('history_seal_key', models.CharField(blank=True, max_length=8, null=True)),
                ('state', models.CharField(choices=[('submitted', 'handed in'), ('returned', 'returned'), ('accepted', 'accepted')], default='submitted', max_length=10)),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('is_on_time', models.BooleanField()),
                ('is_empty', models.BooleanField()),
                ('is_copied', models.BooleanField()),
                ('is_left_out', models.BooleanField()),
                ('history_change_reason', models.TextField(blank=True, default='')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('expected', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='oversight.expectedreport')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical report of a member unit',
                'verbose_name_plural': 'historical reports of member units',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='ReportDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1)),
                ('content', models.JSONField(default=dict)),
                ('stated_on', models.DateField(blank=True, null=True)),
                ('imported_at', models.DateTimeField(blank=True, null=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('expected', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='draft', to='oversight.expectedreport')),
            ],
        ),
        migrations.CreateModel(
            name='ReportReminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('expected', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reminder', to='oversight.expectedreport')),
            ],
        ),
        migrations.CreateModel(
            name='ReportVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('key', models.UUIDField(unique=True)),
                ('at', models.DateTimeField()),
                ('stated_on', models.DateField(blank=True, null=True)),
                ('imported_at', models.DateTimeField(blank=True, null=True)),
                ('is_on_time', models.BooleanField()),
                ('is_empty', models.BooleanField()),
                ('findings', models.JSONField(default=list)),
                ('files', models.JSONField(default=list)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('report', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='oversight.unitreport')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='ReportParagraph',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('section', models.CharField(choices=[('work', 'Work done'), ('problems', 'Problems'), ('next_steps', 'Next steps'), ('good_practice', 'Good practice'), ('publicity', 'Publicity')], max_length=14)),
                ('position', models.PositiveSmallIntegerField()),
                ('words', models.TextField()),
                ('period', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oversight.period')),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paragraphs', to='oversight.reportversion')),
                ('report', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oversight.unitreport')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='CloseException',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until', models.DateTimeField(verbose_name='open until')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('expected', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exceptions', to='oversight.expectedreport')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('until__gt', models.F('at'))), name='exception_ends_later'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='exception_has_its_reason')],
            },
        ),
        migrations.CreateModel(
            name='ParagraphPrint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.IntegerField()),
                ('unit', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='casework.unit')),
                ('paragraph', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='prints', to='oversight.reportparagraph')),
            ],
            options={
                'indexes': [models.Index(fields=['number', 'unit', 'paragraph'], name='paragraphs_by_print')],
            },
        ),
        migrations.CreateModel(
            name='ReportSection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('work', 'Work done'), ('problems', 'Problems'), ('next_steps', 'Next steps'), ('good_practice', 'Good practice'), ('publicity', 'Publicity')], max_length=14)),
                ('order', models.PositiveSmallIntegerField()),
                ('words', models.TextField(blank=True)),
                ('blank_reason', models.CharField(blank=True, max_length=200)),
                ('version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='sections', to='oversight.reportversion')),
            ],
            options={
                'ordering': ['order'],
                'constraints': [models.UniqueConstraint(fields=('version', 'kind'), name='one_section_a_kind'), models.CheckConstraint(condition=models.Q(models.Q(models.Q(('words', ''), _negated=True), ('blank_reason', '')), models.Q(('words', ''), models.Q(('blank_reason', ''), _negated=True)), _connector='OR'), name='blank_section_has_its_reason')],
            },
        ),
        migrations.CreateModel(
            name='ReportFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(choices=[('meetings', 'Meetings on village supervision'), ('villages_visited', 'Villages visited for guidance'), ('people_trained', 'People trained'), ('documents', 'Documents issued'), ('newspaper', 'Publicity: newspapers'), ('broadcast', 'Publicity: radio and television'), ('website', 'Publicity: websites'), ('wechat', 'Publicity: WeChat and other accounts'), ('screens', 'Publicity: screens, posters, loudspeakers')], max_length=20)),
                ('order', models.PositiveSmallIntegerField()),
                ('answer', models.CharField(choices=[('number', 'a number'), ('zero', 'none'), ('not_applicable', 'does not apply'), ('blank', 'left blank')], max_length=14)),
                ('value', models.PositiveIntegerField(null=True)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='figures', to='oversight.reportversion')),
            ],
            options={
                'ordering': ['order'],
                'constraints': [models.UniqueConstraint(fields=('version', 'name'), name='one_figure_a_name'), models.CheckConstraint(condition=models.Q(models.Q(('answer', 'number'), ('value__gt', 0)), models.Q(('answer', 'zero'), ('value', 0)), models.Q(('answer', 'not_applicable'), ('value', None)), models.Q(('answer', 'blank'), ('value', None), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='number_zero_and_not_applicable_differ')],
            },
        ),
        migrations.CreateModel(
            name='ReportDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('returned', 'returned'), ('accepted', 'accepted')], max_length=8)),
                ('words', models.TextField(blank=True, verbose_name='reasons')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='oversight.reportversion')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('version', 'kind'), name='version_is_decided_once_a_kind'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'returned'), _negated=True), models.Q(('words', ''), _negated=True), _connector='OR'), name='returned_report_has_its_reasons')],
            },
        ),
        migrations.CreateModel(
            name='OwnFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(choices=[('findings', 'Problems found in the period'), ('closures', 'Struck off in the period'), ('relapses', 'Relapses found'), ('open', 'Open on the last day'), ('overdue', 'Overdue on the last day')], max_length=10)),
                ('order', models.PositiveSmallIntegerField()),
                ('value', models.PositiveIntegerField()),
                ('cases', models.JSONField(default=list)),
                ('version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='own_figures', to='oversight.reportversion')),
            ],
            options={
                'ordering': ['order'],
                'constraints': [models.UniqueConstraint(fields=('version', 'name'), name='one_own_figure_a_name')],
            },
        ),
        migrations.AddConstraint(
            model_name='reportversion',
            constraint=models.UniqueConstraint(fields=('report', 'number'), name='report_version_number_is_unique'),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop, elidable=False),
    ]
