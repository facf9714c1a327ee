"""Coordination mechanisms, their members by date, reporting periods and the reports expected in them."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from oversight.migrations import _frozen_0003 as database


def keep(apps, editor):
    """The database refuses to change or remove what an auditor would ask for."""
    database.append_only(
        editor,
        "oversight_dutysheet",
        "oversight_historicalmechanism",
        "oversight_historicalmembercontact",
        "oversight_historicalmembership",
        "oversight_historicalperiod",
        "oversight_historicalreportingscheme",
    )
    database.kept(
        editor,
        "oversight_mechanism",
        "oversight_membership",
        "oversight_membercontact",
        "oversight_reportingscheme",
        "oversight_period",
    )
    database.frozen(
        editor, "oversight_expectedreport", "period_id", "membership_id", "unit_id", "unit_name", "group", "order"
    )


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0027_office_roles'),
        ('oversight', '0001_squashed_0002_villages_by_month'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalMechanism',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_step', models.CharField(blank=True, default='', max_length=40)),
                ('history_seal', models.CharField(blank=True, default='', max_length=64)),
                ('history_seal_key', models.CharField(blank=True, max_length=8, null=True)),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('office_name', models.CharField(max_length=60, verbose_name='name of the lead office')),
                ('history_change_reason', models.TextField(blank=True, default='')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lead', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='casework.unit', verbose_name='led by')),
            ],
            options={
                'verbose_name': 'historical coordination mechanism',
                'verbose_name_plural': 'historical coordination mechanisms',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Mechanism',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('office_name', models.CharField(max_length=60, verbose_name='name of the lead office')),
                ('lead', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='mechanism', to='casework.unit', verbose_name='led by')),
            ],
            options={
                'verbose_name': 'coordination mechanism',
                'verbose_name_plural': 'coordination mechanisms',
            },
        ),
        migrations.CreateModel(
            name='HistoricalPeriod',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_step', models.CharField(blank=True, default='', max_length=40)),
                ('history_seal', models.CharField(blank=True, default='', max_length=64)),
                ('history_seal_key', models.CharField(blank=True, max_length=8, null=True)),
                ('rhythm', models.CharField(choices=[('monthly', 'Monthly'), ('bimonthly', 'Every two months'), ('daily', 'Daily, in a campaign')], max_length=10, verbose_name='rhythm')),
                ('campaign', models.CharField(blank=True, max_length=60, verbose_name='campaign')),
                ('first_day', models.DateField(verbose_name='first day')),
                ('last_day', models.DateField(verbose_name='last day')),
                ('on_time_until', models.DateTimeField(verbose_name='on time until')),
                ('closes_at', models.DateTimeField(verbose_name='closes at')),
                ('opened_at', models.DateTimeField()),
                ('history_change_reason', models.TextField(blank=True, default='')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opened_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mechanism', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='oversight.mechanism')),
            ],
            options={
                'verbose_name': 'historical period',
                'verbose_name_plural': 'historical periods',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalMembership',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_step', models.CharField(blank=True, default='', max_length=40)),
                ('history_seal', models.CharField(blank=True, default='', max_length=64)),
                ('history_seal_key', models.CharField(blank=True, max_length=8, null=True)),
                ('group', models.CharField(choices=[('co_signing', 'Co-signing department'), ('rural', 'Rural-affairs department'), ('county', 'County or district'), ('zone', 'Functional zone')], max_length=10, verbose_name='group')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('valid_from', models.DateField(verbose_name='from')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('history_change_reason', models.TextField(blank=True, default='')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='casework.unit', verbose_name='unit')),
                ('mechanism', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='oversight.mechanism')),
            ],
            options={
                'verbose_name': 'historical membership',
                'verbose_name_plural': 'historical memberships',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group', models.CharField(choices=[('co_signing', 'Co-signing department'), ('rural', 'Rural-affairs department'), ('county', 'County or district'), ('zone', 'Functional zone')], max_length=10, verbose_name='group')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('valid_from', models.DateField(verbose_name='from')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('mechanism', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='oversight.mechanism')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='casework.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'membership',
                'verbose_name_plural': 'memberships',
                'ordering': ['order', 'id'],
            },
        ),
        migrations.CreateModel(
            name='MemberContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('leader', 'Leader in charge'), ('section', 'Responsible section'), ('person', 'Contact person')], max_length=8, verbose_name='contact')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('title', models.CharField(blank=True, max_length=60, verbose_name='office held')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='phone')),
                ('valid_from', models.DateField(verbose_name='from')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='oversight.membership')),
            ],
            options={
                'verbose_name': 'contact of a member unit',
                'verbose_name_plural': 'contacts of member units',
            },
        ),
        migrations.CreateModel(
            name='HistoricalReportingScheme',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_step', models.CharField(blank=True, default='', max_length=40)),
                ('history_seal', models.CharField(blank=True, default='', max_length=64)),
                ('history_seal_key', models.CharField(blank=True, max_length=8, null=True)),
                ('rhythm', models.CharField(choices=[('monthly', 'Monthly'), ('bimonthly', 'Every two months'), ('daily', 'Daily, in a campaign')], max_length=10, verbose_name='rhythm')),
                ('campaign', models.CharField(blank=True, max_length=60, verbose_name='campaign')),
                ('valid_from', models.DateField(verbose_name='from')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('history_change_reason', models.TextField(blank=True, default='')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('membership', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='oversight.membership')),
            ],
            options={
                'verbose_name': 'historical reporting scheme',
                'verbose_name_plural': 'historical reporting schemes',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalMemberContact',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_step', models.CharField(blank=True, default='', max_length=40)),
                ('history_seal', models.CharField(blank=True, default='', max_length=64)),
                ('history_seal_key', models.CharField(blank=True, max_length=8, null=True)),
                ('kind', models.CharField(choices=[('leader', 'Leader in charge'), ('section', 'Responsible section'), ('person', 'Contact person')], max_length=8, verbose_name='contact')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('title', models.CharField(blank=True, max_length=60, verbose_name='office held')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='phone')),
                ('valid_from', models.DateField(verbose_name='from')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('history_change_reason', models.TextField(blank=True, default='')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('membership', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='oversight.membership')),
            ],
            options={
                'verbose_name': 'historical contact of a member unit',
                'verbose_name_plural': 'historical contacts of member units',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='DutySheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(verbose_name='duties')),
                ('valid_from', models.DateField(verbose_name='from')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duty_sheets', to='oversight.membership')),
            ],
            options={
                'verbose_name': 'duty sheet',
                'verbose_name_plural': 'duty sheets',
            },
        ),
        migrations.CreateModel(
            name='Period',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rhythm', models.CharField(choices=[('monthly', 'Monthly'), ('bimonthly', 'Every two months'), ('daily', 'Daily, in a campaign')], max_length=10, verbose_name='rhythm')),
                ('campaign', models.CharField(blank=True, max_length=60, verbose_name='campaign')),
                ('first_day', models.DateField(verbose_name='first day')),
                ('last_day', models.DateField(verbose_name='last day')),
                ('on_time_until', models.DateTimeField(verbose_name='on time until')),
                ('closes_at', models.DateTimeField(verbose_name='closes at')),
                ('opened_at', models.DateTimeField()),
                ('mechanism', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='periods', to='oversight.mechanism')),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'period',
                'verbose_name_plural': 'periods',
                'ordering': ['-first_day', '-id'],
            },
        ),
        migrations.CreateModel(
            name='ExpectedReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit_name', models.CharField(max_length=100)),
                ('group', models.CharField(choices=[('co_signing', 'Co-signing department'), ('rural', 'Rural-affairs department'), ('county', 'County or district'), ('zone', 'Functional zone')], max_length=10)),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='expected_reports', to='casework.unit')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='expected', to='oversight.membership')),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='expected', to='oversight.period')),
            ],
            options={
                'verbose_name': 'expected report',
                'verbose_name_plural': 'expected reports',
                'ordering': ['order', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ReportingScheme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rhythm', models.CharField(choices=[('monthly', 'Monthly'), ('bimonthly', 'Every two months'), ('daily', 'Daily, in a campaign')], max_length=10, verbose_name='rhythm')),
                ('campaign', models.CharField(blank=True, max_length=60, verbose_name='campaign')),
                ('valid_from', models.DateField(verbose_name='from')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='schemes', to='oversight.membership')),
            ],
            options={
                'verbose_name': 'reporting scheme',
                'verbose_name_plural': 'reporting schemes',
            },
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(condition=models.Q(('valid_until', None)), fields=('mechanism', 'unit'), name='one_current_membership'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='membership_ends_after_it_began'),
        ),
        migrations.AddConstraint(
            model_name='membercontact',
            constraint=models.UniqueConstraint(condition=models.Q(('valid_until', None)), fields=('membership', 'kind'), name='one_current_contact_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='membercontact',
            constraint=models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='contact_ends_after_it_began'),
        ),
        migrations.AddIndex(
            model_name='dutysheet',
            index=models.Index(fields=['membership', '-valid_from', '-id'], name='newest_duty_sheet'),
        ),
        migrations.AddConstraint(
            model_name='period',
            constraint=models.UniqueConstraint(fields=('mechanism', 'rhythm', 'campaign', 'first_day'), name='period_opens_once'),
        ),
        migrations.AddConstraint(
            model_name='period',
            constraint=models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='period_ends_after_it_began'),
        ),
        migrations.AddConstraint(
            model_name='period',
            constraint=models.CheckConstraint(condition=models.Q(('closes_at__gte', models.F('on_time_until'))), name='period_closes_after_its_limit'),
        ),
        migrations.AddConstraint(
            model_name='expectedreport',
            constraint=models.UniqueConstraint(fields=('period', 'unit'), name='one_report_a_unit_and_period'),
        ),
        migrations.AddConstraint(
            model_name='reportingscheme',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('rhythm', 'daily'), models.Q(('campaign', ''), _negated=True)), models.Q(models.Q(('rhythm', 'daily'), _negated=True), ('campaign', '')), _connector='OR'), name='daily_reports_name_their_campaign'),
        ),
        migrations.AddConstraint(
            model_name='reportingscheme',
            constraint=models.UniqueConstraint(fields=('membership', 'rhythm', 'campaign', 'valid_from'), name='scheme_begins_once_a_day'),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
