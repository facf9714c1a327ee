"""Clarity walls, clauses of basis documents, good practices, scanned sheets, the public page, and who may stand."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from oversight.migrations import _frozen_0003 as database
from oversight.migrations._frozen_squashed import CreateModels


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
    columns = ("village_id", "name", "media_type", "size", "sha256", "stored_as", "codes", "by_id", "at")
    database.frozen(editor, "oversight_papersheet", *columns)
    database.done(editor, "oversight_papersheet", "OLD.decided_at IS NOT NULL")
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
        ('oversight', '0001_squashed_0013_figures_and_scorecards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
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
                    'constraints': [models.UniqueConstraint(fields=('document', 'begins_on'), name='one_version_begins_on_a_day')],
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
                    'constraints': [models.UniqueConstraint(fields=('version', 'number'), name='clause_number_once_a_version')],
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
                    'indexes': [models.Index(fields=['wall', 'day'], name='updates_of_wall')],
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
            migrations.CreateModel(
                name='PaperSheet',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=255, verbose_name='file name')),
                    ('media_type', models.CharField(choices=[('image/jpeg', 'JPEG'), ('image/png', 'PNG'), ('image/webp', 'WebP'), ('image/heic', 'HEIC'), ('application/pdf', 'PDF'), ('application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'DOCX'), ('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'XLSX')], max_length=100)),
                    ('size', models.PositiveBigIntegerField(verbose_name='size in bytes')),
                    ('sha256', models.CharField(max_length=64)),
                    ('stored_as', models.CharField(max_length=120)),
                    ('codes', models.JSONField(default=list, verbose_name='codes read on it')),
                    ('at', models.DateTimeField()),
                    ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                    ('decided_at', models.DateTimeField(null=True)),
                    ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('decided_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('evidence', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.evidence', verbose_name='evidence')),
                    ('village', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit', verbose_name='village')),
                ],
                options={
                    'verbose_name': 'sheet of paper',
                    'verbose_name_plural': 'sheets of paper',
                    'ordering': ['-id'],
                    'indexes': [models.Index(fields=['village', 'decided_at'], name='sheets_of_village')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('decided_at', None)), fields=('village', 'sha256'), name='a_sheet_waits_once'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('evidence', None), ('reason', '')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('evidence__isnull', False), ('reason', '')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('evidence', None), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='a_sheet_is_evidence_or_set_aside')],
                },
            ),
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
                    'constraints': [models.UniqueConstraint(fields=('case', 'number'), name='release_number_is_unique'), models.CheckConstraint(condition=models.Q(models.Q(('is_withdrawn', False), models.Q(('problem', ''), _negated=True)), models.Q(('is_withdrawn', True), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='release_has_words_or_its_reason')],
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
                    'constraints': [models.UniqueConstraint(fields=('release', 'evidence'), name='photo_stands_once_a_release')],
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
                    'constraints': [models.CheckConstraint(condition=models.Q(('is_accepted', True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='dismissed_statement_has_its_reason')],
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
                    'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('begins_on'))), name='election_ends_after_it_began')],
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
                    'constraints': [models.UniqueConstraint(fields=('election', 'order'), name='election_step_has_its_place')],
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
                    'indexes': [models.Index(fields=['village', 'election', 'day'], name='election_reports_of_village'), models.Index(fields=['election', 'day'], name='election_reports_of_day')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('replaces', None)), fields=('election', 'village', 'day'), name='one_election_report_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('is_withdrawn', False), ('replaces', None)), models.Q(('replaces__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='corrected_election_report_has_its_reason')],
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
            migrations.CreateModel(
                name='EligibilityItem',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('cannot', 'Cannot stand'), ('should_not', 'Should not stand')], max_length=10, verbose_name='kind')),
                    ('order', models.PositiveSmallIntegerField()),
                    ('words', models.CharField(max_length=200, verbose_name='item')),
                    ('department_name', models.CharField(max_length=100)),
                    ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit', verbose_name='department')),
                    ('list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='oversight.eligibilitylist')),
                ],
                options={
                    'verbose_name': 'item of an eligibility list',
                    'verbose_name_plural': 'items of eligibility lists',
                    'ordering': ['kind', 'order'],
                    'constraints': [models.UniqueConstraint(fields=('list', 'kind', 'order'), name='eligibility_item_has_its_place')],
                },
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
                    'indexes': [models.Index(fields=['election', 'village'], name='nominees_of_election')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('election', 'village', 'name'), name='nominee_once_a_village'), models.CheckConstraint(condition=models.Q(('withdrawn_at', None), models.Q(('withdrawn_reason', ''), _negated=True), _connector='OR'), name='withdrawn_nominee_has_its_reason')],
                },
            ),
            migrations.CreateModel(
                name='DepartmentOpinion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('department', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit')),
                    ('nominee', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='oversight.nominee')),
                ],
                options={
                    'verbose_name': 'opinion of a department',
                    'verbose_name_plural': 'opinions of departments',
                    'constraints': [models.UniqueConstraint(fields=('nominee', 'department'), name='one_opinion_a_department')],
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
                    'constraints': [models.UniqueConstraint(fields=('opinion', 'item'), name='one_eligibility_answer_an_item'), models.CheckConstraint(condition=models.Q(('applies', False), models.Q(('words', ''), _negated=True), _connector='OR'), name='what_applies_is_told')],
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
                    'constraints': [models.CheckConstraint(condition=models.Q(('is_eligible', True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='refused_nominee_has_its_reason')],
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
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
