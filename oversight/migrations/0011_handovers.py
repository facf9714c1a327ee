"""Handover packs of ended terms, what stands in them, and who signed."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from oversight.migrations import _frozen_0003 as database


def keep(apps, editor):
    """The database refuses to change or remove what an auditor would ask for."""
    database.append_only(
        editor, "oversight_handoverline", "oversight_handoversignature", "oversight_historicalhandoveritem"
    )
    database.kept(editor, "oversight_handoveritem")
    database.done(editor, "oversight_handoveritem", "OLD.frozen_at IS NOT NULL")
    database.frozen(
        editor,
        "oversight_handoverpack",
        "term_id",
        "unit_id",
        "unit_name",
        "role",
        "outgoing_id",
        "outgoing_name",
        "began_on",
        "ended_on",
        "made_at",
        "sign_by",
    )


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0035_next_holders'),
        ('oversight', '0010_visits'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HandoverPack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit_name', models.CharField(max_length=100)),
                ('role', models.CharField(choices=[('inspector', 'Inspector'), ('committee_member', 'Committee member'), ('committee_head', 'Committee head'), ('town_reviewer', 'Town reviewer'), ('county_supervisor', 'County supervisor'), ('city_supervisor', 'City supervisor'), ('department_member', 'Department member'), ('volunteer', 'Supervision station volunteer'), ('administrator', 'Administrator'), ('lead_office', 'Lead office'), ('member_reporter', 'Reporter of a member unit'), ('village_secretary', 'Village Party secretary')], max_length=20, verbose_name='role')),
                ('outgoing_name', models.CharField(max_length=60)),
                ('began_on', models.DateField(null=True, verbose_name='from')),
                ('ended_on', models.DateField(verbose_name='last day')),
                ('made_at', models.DateTimeField()),
                ('sign_by', models.DateField(verbose_name='to be signed by')),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('climb_at', models.DateTimeField(blank=True, null=True)),
                ('climbed', models.PositiveSmallIntegerField(default=0)),
                ('county', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit', verbose_name='county')),
                ('outgoing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='outgoing holder')),
                ('receiving', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers_received', to='casework.post')),
                ('term', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='handover', to='casework.term')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='casework.unit', verbose_name='unit')),
                ('witness_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers_witnessed', to='casework.unit', verbose_name='witness')),
            ],
            options={
                'verbose_name': 'handover',
                'verbose_name_plural': 'handovers',
                'ordering': ['-ended_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='HandoverLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('case', 'Open cases'), ('extension', 'Extensions asked for'), ('watched', 'Cases in their consolidation period'), ('letter', 'Letters that nobody has signed for'), ('requirement', 'Requirements not settled')], max_length=12)),
                ('order', models.PositiveIntegerField()),
                ('number', models.CharField(blank=True, max_length=60, verbose_name='number')),
                ('words', models.CharField(max_length=200, verbose_name='what it is about')),
                ('stage', models.CharField(blank=True, choices=[('screening', 'Screening'), ('assignment', 'Assignment'), ('planning', 'Plan of measures'), ('plan_approval', 'Approval of the plan'), ('rectification', 'Rectification'), ('first_review', 'First review'), ('second_review', 'Second review'), ('city_review', 'City review'), ('strike_off', 'Strike-off'), ('closed', 'Struck off'), ('refused', 'Refused'), ('duplicate', 'Duplicate'), ('withdrawn', 'Withdrawn'), ('referred', 'Referred')], max_length=20, verbose_name='stage')),
                ('light', models.CharField(blank=True, choices=[('none', 'On time'), ('blue', 'Due soon'), ('yellow', 'Needs a push'), ('red', 'Overdue')], max_length=6, verbose_name='light')),
                ('due_on', models.DateField(null=True, verbose_name='deadline')),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.case')),
                ('pack', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='oversight.handoverpack')),
            ],
            options={
                'ordering': ['order'],
            },
        ),
        migrations.CreateModel(
            name='HandoverItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(choices=[('seal', 'Seal'), ('ledger', 'Ledgers and files'), ('contract', 'Contracts'), ('debt', 'Debts and claims'), ('object', 'Clarity walls and other objects'), ('other', 'Other matters')], max_length=8, verbose_name='kind')),
                ('words', models.CharField(max_length=200, verbose_name='what')),
                ('is_handed_over', models.BooleanField(default=False, verbose_name='handed over')),
                ('remark', models.CharField(blank=True, max_length=200, verbose_name='remark')),
                ('frozen_at', models.DateTimeField(null=True)),
                ('pack', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='oversight.handoverpack')),
            ],
            options={
                'ordering': ['order'],
            },
        ),
        migrations.CreateModel(
            name='HandoverSignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('outgoing', 'Outgoing holder'), ('incoming', 'Incoming holder'), ('witness', 'Witness')], max_length=8)),
                ('outcome', models.CharField(choices=[('signed', 'signed'), ('refused', 'refused to sign'), ('absent', 'absent')], max_length=8)),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('words', models.CharField(blank=True, max_length=300, verbose_name='remark or reason')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pack', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='oversight.handoverpack')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalHandoverItem',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_step', models.CharField(blank=True, default='', max_length=40)),
                ('history_seal', models.CharField(blank=True, default='', max_length=64)),
                ('history_seal_key', models.CharField(blank=True, max_length=8, null=True)),
                ('order', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(choices=[('seal', 'Seal'), ('ledger', 'Ledgers and files'), ('contract', 'Contracts'), ('debt', 'Debts and claims'), ('object', 'Clarity walls and other objects'), ('other', 'Other matters')], max_length=8, verbose_name='kind')),
                ('words', models.CharField(max_length=200, verbose_name='what')),
                ('is_handed_over', models.BooleanField(default=False, verbose_name='handed over')),
                ('remark', models.CharField(blank=True, max_length=200, verbose_name='remark')),
                ('frozen_at', models.DateTimeField(null=True)),
                ('history_change_reason', models.TextField(blank=True, default='')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pack', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='oversight.handoverpack')),
            ],
            options={
                'verbose_name': 'historical handover item',
                'verbose_name_plural': 'historical handover items',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddIndex(
            model_name='handoverpack',
            index=models.Index(condition=models.Q(('climb_at__isnull', False)), fields=['climb_at'], name='unsigned_handovers'),
        ),
        migrations.AddIndex(
            model_name='handoverpack',
            index=models.Index(fields=['witness_unit', 'ended_on'], name='handovers_of_town'),
        ),
        migrations.AddIndex(
            model_name='handoverpack',
            index=models.Index(fields=['county', 'ended_on'], name='handovers_of_county'),
        ),
        migrations.AddIndex(
            model_name='handoverpack',
            index=models.Index(condition=models.Q(('settled_at', None)), fields=['receiving'], name='handovers_to_receive'),
        ),
        migrations.AddIndex(
            model_name='handoverpack',
            index=models.Index(condition=models.Q(('settled_at', None)), fields=['outgoing'], name='handovers_to_give'),
        ),
        migrations.AddConstraint(
            model_name='handoverline',
            constraint=models.UniqueConstraint(fields=('pack', 'order'), name='handover_line_has_its_place'),
        ),
        migrations.AddConstraint(
            model_name='handoveritem',
            constraint=models.UniqueConstraint(fields=('pack', 'order'), name='handover_item_has_its_place'),
        ),
        migrations.AddConstraint(
            model_name='handoversignature',
            constraint=models.UniqueConstraint(fields=('pack', 'side'), name='each_side_of_a_handover_once'),
        ),
        migrations.AddConstraint(
            model_name='handoversignature',
            constraint=models.UniqueConstraint(condition=models.Q(('outcome', 'signed')), fields=('pack', 'person'), name='one_place_each_in_a_handover'),
        ),
        migrations.AddConstraint(
            model_name='handoversignature',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'signed'), _negated=True), ('person', models.F('by')), _connector='OR'), name='each_signs_for_themselves'),
        ),
        migrations.AddConstraint(
            model_name='handoversignature',
            constraint=models.CheckConstraint(condition=models.Q(('outcome', 'signed'), models.Q(('words', ''), _negated=True), _connector='OR'), name='no_refusal_without_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='handoversignature',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('side', 'witness'), _negated=True), ('outcome', 'signed'), _connector='OR'), name='a_witness_signs_or_another_one_does'),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
