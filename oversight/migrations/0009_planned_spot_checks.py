"""Plans of spot checks, and draws in two steps: the list frozen under its hash, then the seed."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from oversight.migrations import _frozen_0003 as database


def keep(apps, editor):
    """The database refuses to change or remove what an auditor would ask for."""
    database.append_only(
        editor,
        "oversight_planneddraw",
        "oversight_drawseed",
        "oversight_drawnvillage",
        "oversight_excusedvillage",
        "oversight_historicalspotcheckplan",
    )
    database.kept(editor, "oversight_spotcheckplan")
    database.done(editor, "oversight_spotcheckplan", "OLD.frozen_at IS NOT NULL")


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0033_import_choices'),
        ('oversight', '0008_bulletins_and_documents'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalSpotCheckPlan',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_step', models.CharField(blank=True, default='', max_length=40)),
                ('history_seal', models.CharField(blank=True, default='', max_length=64)),
                ('history_seal_key', models.CharField(blank=True, max_length=8, null=True)),
                ('purpose', models.TextField(verbose_name='purpose')),
                ('first_day', models.DateField(verbose_name='first day')),
                ('last_day', models.DateField(verbose_name='last day')),
                ('lot', models.PositiveSmallIntegerField(verbose_name='villages by lot')),
                ('yearly', models.PositiveSmallIntegerField(verbose_name='villages that were not checked for a year')),
                ('key_share', models.PositiveSmallIntegerField(default=100, verbose_name='share of the key villages')),
                ('key_reason', models.CharField(blank=True, max_length=500, verbose_name='reason for fewer key villages')),
                ('inspectors', models.JSONField(default=list)),
                ('checklist_version', models.PositiveIntegerField(blank=True, null=True, verbose_name='version of the checklist')),
                ('is_announced', models.BooleanField(default=False, verbose_name='announced')),
                ('unplanned_reason', models.CharField(blank=True, max_length=500, verbose_name='reason outside the yearly plan')),
                ('is_in_yearly_plan', models.BooleanField(default=True, verbose_name='in the yearly plan')),
                ('frozen_at', models.DateTimeField(null=True)),
                ('at', models.DateTimeField()),
                ('history_change_reason', models.TextField(blank=True, default='')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('area', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='casework.unit', verbose_name='area')),
                ('basis', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='oversight.basedocument', verbose_name='basis document')),
                ('by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical plan of a spot check',
                'verbose_name_plural': 'historical plans of spot checks',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='PlannedDraw',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('beacon', models.CharField(blank=True, max_length=60, verbose_name='beacon')),
                ('beacon_round', models.CharField(blank=True, max_length=60, verbose_name='round')),
                ('beacon_at', models.DateTimeField(null=True)),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('at', models.DateTimeField()),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('county', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit')),
                ('earlier', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='repeated_by', to='oversight.planneddraw')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='DrawSeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.CharField(max_length=1200)),
                ('dice', models.JSONField(default=list)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('draw', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='seed', to='oversight.planneddraw')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='DrawnVillage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.PositiveSmallIntegerField()),
                ('rule', models.CharField(max_length=4)),
                ('ticket', models.CharField(max_length=64)),
                ('ticket_number', models.PositiveSmallIntegerField()),
                ('inspector_ticket', models.CharField(blank=True, max_length=64)),
                ('due_by', models.DateField()),
                ('at', models.DateTimeField()),
                ('inspector', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='oversight.drawnvillage')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit')),
                ('draw', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='villages', to='oversight.planneddraw')),
            ],
            options={
                'ordering': ['draw', 'rank'],
            },
        ),
        migrations.CreateModel(
            name='SpotCheckPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.TextField(verbose_name='purpose')),
                ('first_day', models.DateField(verbose_name='first day')),
                ('last_day', models.DateField(verbose_name='last day')),
                ('lot', models.PositiveSmallIntegerField(verbose_name='villages by lot')),
                ('yearly', models.PositiveSmallIntegerField(verbose_name='villages that were not checked for a year')),
                ('key_share', models.PositiveSmallIntegerField(default=100, verbose_name='share of the key villages')),
                ('key_reason', models.CharField(blank=True, max_length=500, verbose_name='reason for fewer key villages')),
                ('inspectors', models.JSONField(default=list)),
                ('checklist_version', models.PositiveIntegerField(blank=True, null=True, verbose_name='version of the checklist')),
                ('is_announced', models.BooleanField(default=False, verbose_name='announced')),
                ('unplanned_reason', models.CharField(blank=True, max_length=500, verbose_name='reason outside the yearly plan')),
                ('is_in_yearly_plan', models.BooleanField(default=True, verbose_name='in the yearly plan')),
                ('frozen_at', models.DateTimeField(null=True)),
                ('at', models.DateTimeField()),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit', verbose_name='area')),
                ('basis', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oversight.basedocument', verbose_name='basis document')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'plan of a spot check',
                'verbose_name_plural': 'plans of spot checks',
                'ordering': ['-id'],
            },
        ),
        migrations.AddField(
            model_name='planneddraw',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='draws', to='oversight.spotcheckplan'),
        ),
        migrations.CreateModel(
            name='ExcusedVillage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField(verbose_name='reason')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('drawn', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='excuse', to='oversight.drawnvillage')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='excused_village_has_its_reason')],
            },
        ),
        migrations.AddIndex(
            model_name='drawnvillage',
            index=models.Index(fields=['inspector', 'due_by'], name='villages_drawn_for_inspector'),
        ),
        migrations.AddIndex(
            model_name='drawnvillage',
            index=models.Index(fields=['village', 'at'], name='village_was_drawn'),
        ),
        migrations.AddConstraint(
            model_name='drawnvillage',
            constraint=models.UniqueConstraint(fields=('draw', 'rank'), name='one_village_of_a_rank'),
        ),
        migrations.AddConstraint(
            model_name='drawnvillage',
            constraint=models.UniqueConstraint(fields=('draw', 'village'), name='village_is_drawn_once_a_draw'),
        ),
        migrations.AddConstraint(
            model_name='spotcheckplan',
            constraint=models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='plan_ends_after_it_began'),
        ),
        migrations.AddConstraint(
            model_name='spotcheckplan',
            constraint=models.CheckConstraint(condition=models.Q(('key_share', 100), models.Q(('key_share__lt', 100), models.Q(('key_reason', ''), _negated=True)), _connector='OR'), name='fewer_key_villages_have_their_reason'),
        ),
        migrations.AddConstraint(
            model_name='spotcheckplan',
            constraint=models.CheckConstraint(condition=models.Q(('is_in_yearly_plan', True), models.Q(('unplanned_reason', ''), _negated=True), _connector='OR'), name='unplanned_check_has_its_reason'),
        ),
        migrations.AddIndex(
            model_name='planneddraw',
            index=models.Index(fields=['area', 'at'], name='draws_of_area'),
        ),
        migrations.AddIndex(
            model_name='planneddraw',
            index=models.Index(fields=['county', 'at'], name='draws_of_county'),
        ),
        migrations.AddConstraint(
            model_name='planneddraw',
            constraint=models.CheckConstraint(condition=models.Q(('earlier', None), models.Q(('reason', ''), _negated=True), _connector='OR'), name='repeated_planned_draw_has_its_reason'),
        ),
        migrations.AddConstraint(
            model_name='planneddraw',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('beacon', ''), ('beacon_at', None), ('beacon_round', '')), models.Q(models.Q(('beacon', ''), _negated=True), models.Q(('beacon_round', ''), _negated=True), ('beacon_at__gt', models.F('at'))), _connector='OR'), name='beacon_is_named_before_its_round'),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
