"""Inspectors' visits to villages: checklists in versions, answers, found cases, signatures, and what was entered."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from oversight.migrations import _frozen_0003 as database


def keep(apps, editor):
    """The database refuses to change or remove what an auditor would ask for."""
    database.append_only(
        editor,
        "oversight_checklist",
        "oversight_checklistitem",
        "oversight_foundcase",
        "oversight_headsignature",
        "oversight_visitentry",
    )
    database.kept(editor, "oversight_itemanswer")
    database.frozen(
        editor,
        "oversight_villagevisit",
        "village_id",
        "county_id",
        "office_id",
        "kind",
        "inspector_id",
        "due_by",
        "checklist_id",
        "draw_key",
        "planned_by_id",
        "planned_at",
    )
    database.done(editor, "oversight_villagevisit", "OLD.state IN ('done', 'called_off')")
    database.done(editor, "oversight_itemanswer", "OLD.frozen_at IS NOT NULL")


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0034_visits'),
        ('oversight', '0009_planned_spot_checks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Checklist',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='why it was made')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checklists', to='casework.unit', verbose_name='city')),
            ],
            options={
                'verbose_name': 'checklist',
                'verbose_name_plural': 'checklists',
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='ChecklistItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('standard', models.TextField(blank=True, verbose_name='written standard')),
                ('picture', models.JSONField(null=True)),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('checklist', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='oversight.checklist')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.catalogueitem', verbose_name='item')),
            ],
            options={
                'ordering': ['order', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ItemAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer', models.CharField(choices=[('in_order', 'in order'), ('finding', 'finding'), ('not_applicable', 'not applicable')], max_length=14)),
                ('at', models.DateTimeField()),
                ('frozen_at', models.DateTimeField(null=True)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='oversight.checklistitem')),
            ],
        ),
        migrations.CreateModel(
            name='FoundCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.case')),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='found', to='oversight.itemanswer')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='VillageVisit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('spot_check', 'Spot check'), ('unannounced', 'Unannounced visit'), ('tour', 'Observation tour'), ('petition', 'Petition'), ('self_check', 'Self-check'), ('campaign', 'Campaign')], max_length=12, verbose_name='kind')),
                ('due_by', models.DateField(verbose_name='until')),
                ('draw_key', models.CharField(blank=True, max_length=64)),
                ('planned_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('planned', 'planned'), ('arrived', 'arrived'), ('done', 'done'), ('called_off', 'called off')], default='planned', max_length=10, verbose_name='state')),
                ('arrived_at', models.DateTimeField(null=True)),
                ('latitude', models.FloatField(null=True)),
                ('longitude', models.FloatField(null=True)),
                ('is_position_odd', models.BooleanField(default=False)),
                ('done_at', models.DateTimeField(null=True)),
                ('checked', models.PositiveSmallIntegerField(null=True)),
                ('wrong', models.PositiveSmallIntegerField(null=True)),
                ('found', models.PositiveSmallIntegerField(null=True)),
                ('called_off_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('remind_at', models.DateTimeField(null=True)),
                ('reminded_at', models.DateTimeField(null=True)),
                ('called_off_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('checklist', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='oversight.checklist')),
                ('county', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit')),
                ('inspector', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='inspector')),
                ('office', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit')),
                ('planned_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('village', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='inspection_visits', to='casework.unit', verbose_name='village')),
            ],
            options={
                'verbose_name': 'visit',
                'verbose_name_plural': 'visits',
            },
        ),
        migrations.AddField(
            model_name='itemanswer',
            name='visit',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='oversight.villagevisit'),
        ),
        migrations.CreateModel(
            name='HeadSignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('signed', 'signed'), ('refused', 'refused to sign'), ('absent', 'nobody there who signs')], max_length=8)),
                ('name', models.CharField(blank=True, max_length=60, verbose_name='name')),
                ('strokes', models.JSONField(default=list)),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('at', models.DateTimeField()),
                ('visit', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='signature', to='oversight.villagevisit')),
            ],
        ),
        migrations.CreateModel(
            name='VisitEntry',
            fields=[
                ('key', models.UUIDField(primary_key=True, serialize=False)),
                ('step', models.CharField(max_length=20)),
                ('content', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('visit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='oversight.villagevisit')),
            ],
        ),
        migrations.AddConstraint(
            model_name='checklist',
            constraint=models.UniqueConstraint(fields=('city', 'number'), name='checklist_version_once_a_city'),
        ),
        migrations.AddConstraint(
            model_name='checklistitem',
            constraint=models.UniqueConstraint(fields=('checklist', 'item'), name='item_once_a_checklist'),
        ),
        migrations.AddIndex(
            model_name='villagevisit',
            index=models.Index(condition=models.Q(('state__in', ('planned', 'arrived'))), fields=['inspector', 'due_by'], name='visits_to_make'),
        ),
        migrations.AddIndex(
            model_name='villagevisit',
            index=models.Index(condition=models.Q(('state__in', ('planned', 'arrived'))), fields=['county', 'due_by'], name='visits_of_office'),
        ),
        migrations.AddIndex(
            model_name='villagevisit',
            index=models.Index(fields=['village', 'arrived_at'], name='visits_to_village'),
        ),
        migrations.AddIndex(
            model_name='villagevisit',
            index=models.Index(condition=models.Q(('state', 'done')), fields=['county', 'done_at'], name='visits_done'),
        ),
        migrations.AddIndex(
            model_name='villagevisit',
            index=models.Index(condition=models.Q(('remind_at__isnull', False)), fields=['remind_at'], name='visits_to_remind_of'),
        ),
        migrations.AddConstraint(
            model_name='villagevisit',
            constraint=models.UniqueConstraint(condition=models.Q(('draw_key', ''), _negated=True), fields=('draw_key', 'village'), name='one_visit_a_draw'),
        ),
        migrations.AddConstraint(
            model_name='villagevisit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('arrived_at__isnull', False), ('checked__gte', models.F('wrong')), ('done_at__gte', models.F('arrived_at')), ('found__isnull', False)), _connector='OR'), name='done_visit_was_made_and_counted'),
        ),
        migrations.AddConstraint(
            model_name='villagevisit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'called_off'), _negated=True), models.Q(('called_off_by__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='called_off_visit_has_its_reason'),
        ),
        migrations.AddConstraint(
            model_name='itemanswer',
            constraint=models.UniqueConstraint(fields=('visit', 'line'), name='one_answer_an_item'),
        ),
        migrations.AddConstraint(
            model_name='headsignature',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'signed'), models.Q(('name', ''), _negated=True)), models.Q(models.Q(('outcome', 'signed'), _negated=True), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='signed_with_a_name_or_not_with_a_reason'),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
