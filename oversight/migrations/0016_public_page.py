"""The public page of a city, what villagers say there, and complaints and suggestions about the system."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from oversight.migrations import _frozen_0003 as database


def keep(apps, editor):
    """The database refuses to change or remove what an auditor would ask for."""
    database.append_only(
        editor,
        "oversight_publicpageswitch",
        "oversight_release",
        "oversight_releasedphoto",
        "oversight_villagerstatement",
        "oversight_statementverdict",
        "oversight_suggestionanswer",
    )
    database.frozen(editor, "oversight_maskedword", "city_id", "words", "by_id", "at")
    database.done(editor, "oversight_maskedword", "OLD.ended_at IS NOT NULL")
    database.frozen(editor, "oversight_suggestion", "city_id", "kind", "words", "by_id", "at")


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0002_squashed_0037_phones'),
        ('oversight', '0015_paper_sheets'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PublicUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64, unique=True)),
                ('count', models.PositiveIntegerField(default=0)),
                ('ends_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='PublicPageSwitch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_on', models.BooleanField(verbose_name='on')),
                ('reason', models.TextField(verbose_name='reason')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit', verbose_name='city')),
            ],
            options={
                'verbose_name': 'switch of the public page',
                'verbose_name_plural': 'switches of the public page',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('is_withdrawn', models.BooleanField(default=False)),
                ('problem', models.TextField(blank=True, verbose_name='problem')),
                ('measure', models.TextField(blank=True, verbose_name='measure')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='casework.case')),
            ],
            options={
                'verbose_name': 'release for the public page',
                'verbose_name_plural': 'releases for the public page',
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='ReleasedPhoto',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('evidence', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.evidence')),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='photos', to='oversight.release')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Suggestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('complaint', 'Complaint'), ('suggestion', 'Suggestion')], max_length=10, verbose_name='kind')),
                ('words', models.TextField(verbose_name='words')),
                ('contact', models.CharField(blank=True, max_length=100, verbose_name='contact')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit', verbose_name='city')),
            ],
            options={
                'verbose_name': 'suggestion',
                'verbose_name_plural': 'suggestions',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='SuggestionAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(verbose_name='answer')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('suggestion', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='answer', to='oversight.suggestion')),
            ],
            options={
                'verbose_name': 'answer to a suggestion',
                'verbose_name_plural': 'answers to suggestions',
            },
        ),
        migrations.CreateModel(
            name='VillagerStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(blank=True, verbose_name='what is not put right')),
                ('files', models.JSONField(default=list)),
                ('at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='villager_statements', to='casework.case')),
            ],
            options={
                'verbose_name': 'statement of a villager',
                'verbose_name_plural': 'statements of villagers',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='StatementVerdict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_accepted', models.BooleanField()),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('look_back', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.lookback')),
                ('statement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='verdict', to='oversight.villagerstatement')),
            ],
            options={
                'verbose_name': 'verdict on a statement',
                'verbose_name_plural': 'verdicts on statements',
            },
        ),
        migrations.CreateModel(
            name='MaskedWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(max_length=60, verbose_name='words')),
                ('at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit', verbose_name='city')),
                ('ended_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'masked word',
                'verbose_name_plural': 'masked words',
                'ordering': ['words'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('city', 'words'), name='masked_word_stands_once'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='masked_word_ended_by_somebody')],
            },
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.UniqueConstraint(fields=('case', 'number'), name='release_number_is_unique'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_withdrawn', False), models.Q(('problem', ''), _negated=True)), models.Q(('is_withdrawn', True), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='release_has_words_or_its_reason'),
        ),
        migrations.AddConstraint(
            model_name='releasedphoto',
            constraint=models.UniqueConstraint(fields=('release', 'evidence'), name='photo_stands_once_a_release'),
        ),
        migrations.AddConstraint(
            model_name='statementverdict',
            constraint=models.CheckConstraint(condition=models.Q(('is_accepted', True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='dismissed_statement_has_its_reason'),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
