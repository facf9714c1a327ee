"""Eligibility lists, nominees with their checks, elections with their steps and daily reports."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from oversight.migrations import _frozen_0003 as database


def keep(apps, editor):
    """The database refuses to change or remove what an auditor would ask for."""
    database.append_only(
        editor,
        "oversight_eligibilitylist",
        "oversight_eligibilityitem",
        "oversight_departmentopinion",
        "oversight_eligibilityanswer",
        "oversight_eligibilitydecision",
        "oversight_electednominee",
        "oversight_election",
        "oversight_electionreport",
        "oversight_historicalelectionstep",
    )
    database.kept(editor, "oversight_electionstep")
    database.frozen(
        editor,
        "oversight_nominee",
        "election_id",
        "village_id",
        "list_id",
        "name",
        "birth_year",
        "education",
        "is_party_member",
        "terms_before",
        "by_id",
        "at",
    )
    database.done(editor, "oversight_nominee", "OLD.withdrawn_at IS NOT NULL")


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0002_squashed_0037_phones'),
        ('oversight', '0016_public_page'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DepartmentOpinion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('department', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit')),
            ],
            options={
                'verbose_name': 'opinion of a department',
                'verbose_name_plural': 'opinions of departments',
            },
        ),
        migrations.CreateModel(
            name='Election',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('begins_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit', verbose_name='county or city')),
            ],
            options={
                'verbose_name': 'election',
                'verbose_name_plural': 'elections',
                'ordering': ['-begins_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='ElectionStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=60, verbose_name='step')),
                ('due_on', models.DateField(null=True, verbose_name='to be done by')),
                ('election', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='oversight.election')),
            ],
            options={
                'verbose_name': 'step of an election',
                'verbose_name_plural': 'steps of an election',
                'ordering': ['order'],
            },
        ),
        migrations.CreateModel(
            name='ElectionReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('step_name', models.CharField(max_length=60)),
                ('is_done', models.BooleanField(default=False, verbose_name='step is done')),
                ('happened', models.TextField(verbose_name='what happened')),
                ('trouble', models.TextField(blank=True, verbose_name='trouble')),
                ('from_paper', models.BooleanField(default=False)),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('is_withdrawn', models.BooleanField(default=False)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('election', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='oversight.election')),
                ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='oversight.electionreport')),
                ('village', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit')),
                ('step', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oversight.electionstep', verbose_name='step')),
            ],
            options={
                'verbose_name': 'daily report of an election',
                'verbose_name_plural': 'daily reports of an election',
                'ordering': ['-day', '-id'],
            },
        ),
        migrations.CreateModel(
            name='EligibilityItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('cannot', 'Cannot stand'), ('should_not', 'Should not stand')], max_length=10, verbose_name='kind')),
                ('order', models.PositiveSmallIntegerField()),
                ('words', models.CharField(max_length=200, verbose_name='item')),
                ('department_name', models.CharField(max_length=100)),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit', verbose_name='department')),
            ],
            options={
                'verbose_name': 'item of an eligibility list',
                'verbose_name_plural': 'items of eligibility lists',
                'ordering': ['kind', 'order'],
            },
        ),
        migrations.CreateModel(
            name='EligibilityAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('applies', models.BooleanField(verbose_name='applies')),
                ('words', models.TextField(blank=True, verbose_name='what is known')),
                ('opinion', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='oversight.departmentopinion')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oversight.eligibilityitem')),
            ],
            options={
                'verbose_name': 'answer to an item',
                'verbose_name_plural': 'answers to items',
            },
        ),
        migrations.CreateModel(
            name='EligibilityList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('basis', models.CharField(blank=True, max_length=120, verbose_name='basis')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit', verbose_name='city')),
            ],
            options={
                'verbose_name': 'eligibility list',
                'verbose_name_plural': 'eligibility lists',
                'ordering': ['-valid_from', '-id'],
            },
        ),
        migrations.AddField(
            model_name='eligibilityitem',
            name='list',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='oversight.eligibilitylist'),
        ),
        migrations.CreateModel(
            name='HistoricalElectionStep',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_step', models.CharField(blank=True, default='', max_length=40)),
                ('history_seal', models.CharField(blank=True, default='', max_length=64)),
                ('history_seal_key', models.CharField(blank=True, max_length=8, null=True)),
                ('order', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=60, verbose_name='step')),
                ('due_on', models.DateField(null=True, verbose_name='to be done by')),
                ('history_change_reason', models.TextField(blank=True, default='')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('election', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='oversight.election')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical step of an election',
                'verbose_name_plural': 'historical steps of an election',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Nominee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('birth_year', models.PositiveSmallIntegerField(null=True, verbose_name='year of birth')),
                ('education', models.CharField(blank=True, choices=[('primary', 'Primary school'), ('middle', 'Middle school'), ('high', 'High school'), ('college', 'College'), ('university', 'University')], max_length=10, verbose_name='education')),
                ('is_party_member', models.BooleanField(null=True, verbose_name='Party member')),
                ('terms_before', models.PositiveSmallIntegerField(null=True, verbose_name='terms served before')),
                ('at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_reason', models.TextField(blank=True, verbose_name='reason')),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('election', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='nominees', to='oversight.election')),
                ('list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='nominees', to='oversight.eligibilitylist')),
                ('village', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit')),
                ('withdrawn_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'nominee',
                'verbose_name_plural': 'nominees',
                'ordering': ['village', 'id'],
            },
        ),
        migrations.CreateModel(
            name='EligibilityDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_eligible', models.BooleanField(verbose_name='may stand')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('nominee', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='oversight.nominee')),
            ],
            options={
                'verbose_name': 'decision on a nominee',
                'verbose_name_plural': 'decisions on nominees',
            },
        ),
        migrations.CreateModel(
            name='ElectedNominee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('elected_on', models.DateField(verbose_name='elected on')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('nominee', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='elected', to='oversight.nominee')),
            ],
            options={
                'verbose_name': 'elected nominee',
                'verbose_name_plural': 'elected nominees',
            },
        ),
        migrations.AddField(
            model_name='departmentopinion',
            name='nominee',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='oversight.nominee'),
        ),
        migrations.AddConstraint(
            model_name='election',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('begins_on'))), name='election_ends_after_it_began'),
        ),
        migrations.AddConstraint(
            model_name='electionstep',
            constraint=models.UniqueConstraint(fields=('election', 'order'), name='election_step_has_its_place'),
        ),
        migrations.AddIndex(
            model_name='electionreport',
            index=models.Index(fields=['village', 'election', 'day'], name='election_reports_of_village'),
        ),
        migrations.AddIndex(
            model_name='electionreport',
            index=models.Index(fields=['election', 'day'], name='election_reports_of_day'),
        ),
        migrations.AddConstraint(
            model_name='electionreport',
            constraint=models.UniqueConstraint(condition=models.Q(('replaces', None)), fields=('election', 'village', 'day'), name='one_election_report_a_day'),
        ),
        migrations.AddConstraint(
            model_name='electionreport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_withdrawn', False), ('replaces', None)), models.Q(('replaces__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='corrected_election_report_has_its_reason'),
        ),
        migrations.AddConstraint(
            model_name='eligibilityanswer',
            constraint=models.UniqueConstraint(fields=('opinion', 'item'), name='one_eligibility_answer_an_item'),
        ),
        migrations.AddConstraint(
            model_name='eligibilityanswer',
            constraint=models.CheckConstraint(condition=models.Q(('applies', False), models.Q(('words', ''), _negated=True), _connector='OR'), name='what_applies_is_told'),
        ),
        migrations.AddConstraint(
            model_name='eligibilityitem',
            constraint=models.UniqueConstraint(fields=('list', 'kind', 'order'), name='eligibility_item_has_its_place'),
        ),
        migrations.AddIndex(
            model_name='nominee',
            index=models.Index(fields=['election', 'village'], name='nominees_of_election'),
        ),
        migrations.AddConstraint(
            model_name='nominee',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('election', 'village', 'name'), name='nominee_once_a_village'),
        ),
        migrations.AddConstraint(
            model_name='nominee',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_at', None), models.Q(('withdrawn_reason', ''), _negated=True), _connector='OR'), name='withdrawn_nominee_has_its_reason'),
        ),
        migrations.AddConstraint(
            model_name='eligibilitydecision',
            constraint=models.CheckConstraint(condition=models.Q(('is_eligible', True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='refused_nominee_has_its_reason'),
        ),
        migrations.AddConstraint(
            model_name='departmentopinion',
            constraint=models.UniqueConstraint(fields=('nominee', 'department'), name='one_opinion_a_department'),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
