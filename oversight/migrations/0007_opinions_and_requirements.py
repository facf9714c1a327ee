"""Rectification opinions, their cases, and requirements that go down with their receipts."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from oversight.migrations import _frozen_0003 as database


def keep(apps, editor):
    """Written once, or kept as it was issued."""
    database.append_only(
        editor, "oversight_opinioncase", "oversight_requirementreceipt", "oversight_requirementmove"
    )
    database.frozen(
        editor, "oversight_opinion", "mechanism_id", "words", "requirement", "deadline", "reaches", "by_id", "at"
    )
    database.done(editor, "oversight_opinion", "OLD.bulletin_key IS NOT NULL")
    database.frozen(editor, "oversight_requirement", "opinion_id", "unit_id", "parent_id", "note", "by_id", "at")


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0028_office_event'),
        ('oversight', '0006_county_mechanisms_and_visits'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Opinion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('bulletin_key', models.BigIntegerField(db_index=True, null=True)),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('words', models.TextField(verbose_name='opinion')),
                ('requirement', models.TextField(verbose_name='requirement')),
                ('deadline', models.DateField(verbose_name='deadline')),
                ('reaches', models.CharField(choices=[('county', 'County'), ('town', 'Town'), ('village', 'Village')], max_length=12, verbose_name='goes down to')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mechanism', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='oversight.mechanism')),
            ],
            options={
                'verbose_name': 'rectification opinion',
                'verbose_name_plural': 'rectification opinions',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='OpinionCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.case')),
                ('opinion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='oversight.opinion')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Requirement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('at', models.DateTimeField()),
                ('remind_at', models.DateTimeField(blank=True, null=True)),
                ('reminded_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opinion', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='requirements', to='oversight.opinion')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='passed_to', to='oversight.requirement')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requirements', to='casework.unit')),
            ],
            options={
                'verbose_name': 'requirement',
                'verbose_name_plural': 'requirements',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='RequirementMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('requirement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='move', to='oversight.requirement')),
                ('to', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='taken_over', to='oversight.requirement')),
            ],
        ),
        migrations.CreateModel(
            name='RequirementReceipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='signed by')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('requirement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='receipt', to='oversight.requirement')),
            ],
        ),
        migrations.AddConstraint(
            model_name='opinion',
            constraint=models.UniqueConstraint(condition=models.Q(('bulletin_key__isnull', False)), fields=('bulletin_key', 'number'), name='opinion_stands_once_in_a_bulletin'),
        ),
        migrations.AddConstraint(
            model_name='opinioncase',
            constraint=models.UniqueConstraint(fields=('opinion', 'case'), name='case_stands_once_in_an_opinion'),
        ),
        migrations.AddIndex(
            model_name='requirement',
            index=models.Index(condition=models.Q(('remind_at__isnull', False)), fields=['remind_at'], name='requirement_waits'),
        ),
        migrations.AddConstraint(
            model_name='requirement',
            constraint=models.UniqueConstraint(fields=('opinion', 'unit'), name='requirement_goes_to_a_unit_once'),
        ),
        migrations.AddConstraint(
            model_name='requirementmove',
            constraint=models.CheckConstraint(condition=models.Q(('to', models.F('requirement')), _negated=True), name='requirement_moves_to_another_one'),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
