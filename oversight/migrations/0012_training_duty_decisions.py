"""Training sessions, duty rules and minutes of villages, and decisions in six steps."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from oversight.migrations import _frozen_0003 as database


def keep(apps, editor):
    """The database refuses to change or remove what an auditor would ask for."""
    database.append_only(
        editor,
        "oversight_publicitymaterial",
        "oversight_dutyrule",
        "oversight_roster",
        "oversight_dutyturn",
        "oversight_minutes",
        "oversight_minutesattendance",
        "oversight_gapverdict",
        "oversight_decision",
        "oversight_decisionstep",
        "oversight_historicaltrainingsession",
    )
    database.kept(editor, "oversight_trainingsession")
    database.done(editor, "oversight_trainingsession", "OLD.called_off_at IS NOT NULL")
    database.frozen(
        editor, "oversight_attendance", "session_id", "person_id", "unit_id", "how", "by_id", "at"
    )
    database.done(editor, "oversight_attendance", "OLD.taken_back_at IS NOT NULL")


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0036_village_secretary'),
        ('oversight', '0011_handovers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('matter', models.CharField(max_length=120, verbose_name='matter')),
                ('words', models.TextField(blank=True, verbose_name='what it is about')),
                ('from_paper', models.BooleanField(default=False)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('village', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit')),
            ],
            options={
                'verbose_name': 'decision',
                'verbose_name_plural': 'decisions',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='DutyRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('duty_every', models.CharField(choices=[('week', 'one a week'), ('month', 'one a month'), ('never', 'none')], max_length=5, verbose_name='duty days')),
                ('meets_monthly', models.BooleanField(verbose_name='a meeting a month')),
                ('no_absences', models.BooleanField(verbose_name='no absence at major matters')),
                ('basis', models.CharField(blank=True, max_length=120, verbose_name='basis')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit', verbose_name='county')),
            ],
            options={
                'verbose_name': 'duty rule',
                'verbose_name_plural': 'duty rules',
                'ordering': ['county', '-valid_from', '-id'],
            },
        ),
        migrations.CreateModel(
            name='GapVerdict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('no_duty', 'No duty day'), ('no_meeting', 'No minutes of a meeting'), ('absent', 'Absent at a major matter'), ('step_missing', 'A step is missing'), ('step_early', 'Steps out of order'), ('no_quorum', 'Too few were present'), ('no_majority', 'Not enough in favour')], max_length=12, verbose_name='kind')),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('about', models.CharField(blank=True, max_length=40)),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.case')),
                ('person', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('village', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit')),
            ],
            options={
                'verbose_name': 'verdict on a gap',
                'verbose_name_plural': 'verdicts on gaps',
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalTrainingSession',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_step', models.CharField(blank=True, default='', max_length=40)),
                ('history_seal', models.CharField(blank=True, default='', max_length=64)),
                ('history_seal_key', models.CharField(blank=True, max_length=8, null=True)),
                ('topic', models.CharField(max_length=120, verbose_name='topic')),
                ('programme', models.TextField(blank=True, verbose_name='programme')),
                ('roles', models.JSONField(default=list)),
                ('hours', models.FloatField(verbose_name='hours')),
                ('place', models.CharField(max_length=120, verbose_name='place')),
                ('day', models.DateField(verbose_name='day')),
                ('begins_at', models.DateTimeField(verbose_name='begins')),
                ('ends_at', models.DateTimeField(verbose_name='ends')),
                ('files', models.JSONField(default=list)),
                ('code', models.CharField(db_index=True, max_length=8, verbose_name='code on the wall')),
                ('at', models.DateTimeField()),
                ('called_off_at', models.DateTimeField(null=True)),
                ('called_off_reason', models.TextField(blank=True, verbose_name='why it is called off')),
                ('history_change_reason', models.TextField(blank=True, default='')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('called_off_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='casework.unit', verbose_name='held by')),
            ],
            options={
                'verbose_name': 'historical training session',
                'verbose_name_plural': 'historical training sessions',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Minutes',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('duty', 'Duty day'), ('meeting', 'Committee meeting'), ('major_matter', 'Major matter')], max_length=12, verbose_name='kind')),
                ('held_on', models.DateField(verbose_name='day')),
                ('subject', models.CharField(blank=True, max_length=120, verbose_name='subject')),
                ('words', models.TextField(blank=True, verbose_name='what was dealt with')),
                ('files', models.JSONField(default=list)),
                ('from_paper', models.BooleanField(default=False)),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('is_withdrawn', models.BooleanField(default=False)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='oversight.minutes')),
                ('village', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit')),
            ],
            options={
                'verbose_name': 'minutes',
                'verbose_name_plural': 'minutes',
                'ordering': ['-held_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='DecisionStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.PositiveSmallIntegerField(choices=[(1, 'Proposal of the party branch'), (2, 'Consultation of the two committees'), (3, 'Meeting of the party members'), (4, 'Vote of the villagers or their representatives'), (5, 'Decision published'), (6, 'Result published')], verbose_name='step')),
                ('held_on', models.DateField(verbose_name='day')),
                ('form', models.CharField(blank=True, choices=[('representatives', "Villagers' representatives"), ('households', 'Representatives of the households'), ('villagers', 'All villagers of age')], max_length=15, verbose_name='who votes')),
                ('due', models.PositiveIntegerField(null=True, verbose_name='entitled')),
                ('present', models.PositiveIntegerField(null=True, verbose_name='present')),
                ('in_favour', models.PositiveIntegerField(null=True, verbose_name='in favour')),
                ('place', models.CharField(blank=True, max_length=120, verbose_name='where it was published')),
                ('words', models.TextField(blank=True, verbose_name='what was said')),
                ('files', models.JSONField(default=list)),
                ('from_paper', models.BooleanField(default=False)),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('is_withdrawn', models.BooleanField(default=False)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='oversight.decision')),
                ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='oversight.decisionstep')),
                ('minutes', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oversight.minutes')),
            ],
            options={
                'verbose_name': 'step of a decision',
                'verbose_name_plural': 'steps of a decision',
                'ordering': ['kind', 'id'],
            },
        ),
        migrations.CreateModel(
            name='MinutesAttendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('was_present', models.BooleanField()),
                ('minutes', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='oversight.minutes')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='PublicityMaterial',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('words', models.TextField(blank=True, verbose_name='what and for whom')),
                ('day', models.DateField(verbose_name='day')),
                ('copies', models.PositiveIntegerField(null=True, verbose_name='copies')),
                ('files', models.JSONField(default=list)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'publicity material',
                'verbose_name_plural': 'publicity materials',
                'ordering': ['-day', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Roster',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(verbose_name='month')),
                ('from_paper', models.BooleanField(default=False)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('village', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit')),
            ],
            options={
                'verbose_name': 'roster',
                'verbose_name_plural': 'rosters',
                'ordering': ['-month', '-id'],
            },
        ),
        migrations.CreateModel(
            name='DutyTurn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('roster', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='turns', to='oversight.roster')),
            ],
            options={
                'ordering': ['day', 'id'],
            },
        ),
        migrations.CreateModel(
            name='TrainingSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.CharField(max_length=120, verbose_name='topic')),
                ('programme', models.TextField(blank=True, verbose_name='programme')),
                ('roles', models.JSONField(default=list)),
                ('hours', models.FloatField(verbose_name='hours')),
                ('place', models.CharField(max_length=120, verbose_name='place')),
                ('day', models.DateField(verbose_name='day')),
                ('begins_at', models.DateTimeField(verbose_name='begins')),
                ('ends_at', models.DateTimeField(verbose_name='ends')),
                ('files', models.JSONField(default=list)),
                ('code', models.CharField(max_length=8, unique=True, verbose_name='code on the wall')),
                ('at', models.DateTimeField()),
                ('called_off_at', models.DateTimeField(null=True)),
                ('called_off_reason', models.TextField(blank=True, verbose_name='why it is called off')),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('called_off_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit', verbose_name='held by')),
            ],
            options={
                'verbose_name': 'training session',
                'verbose_name_plural': 'training sessions',
                'ordering': ['-day', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('how', models.CharField(choices=[('list', 'ticked on the list'), ('import', 'imported'), ('code', 'by the code on the wall')], max_length=6, verbose_name='how')),
                ('at', models.DateTimeField()),
                ('taken_back_at', models.DateTimeField(null=True)),
                ('taken_back_reason', models.TextField(blank=True)),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='trainings', to=settings.AUTH_USER_MODEL)),
                ('taken_back_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='oversight.trainingsession')),
            ],
            options={
                'verbose_name': 'attendance',
                'verbose_name_plural': 'attendances',
                'ordering': ['id'],
            },
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['village', 'id'], name='decisions_of_village'),
        ),
        migrations.AddConstraint(
            model_name='gapverdict',
            constraint=models.UniqueConstraint(fields=('village', 'kind', 'first_day', 'about'), name='one_verdict_a_gap'),
        ),
        migrations.AddConstraint(
            model_name='gapverdict',
            constraint=models.CheckConstraint(condition=models.Q(('case__isnull', False), models.Q(('reason', ''), _negated=True), _connector='OR'), name='gap_is_a_case_or_has_its_reason'),
        ),
        migrations.AddIndex(
            model_name='minutes',
            index=models.Index(fields=['village', 'held_on'], name='minutes_of_village'),
        ),
        migrations.AddIndex(
            model_name='minutes',
            index=models.Index(fields=['kind', 'held_on', 'village'], name='minutes_by_day'),
        ),
        migrations.AddIndex(
            model_name='minutes',
            index=models.Index(fields=['at'], name='minutes_entered'),
        ),
        migrations.AddConstraint(
            model_name='minutes',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_withdrawn', False), ('replaces', None)), models.Q(('replaces__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='corrected_minutes_have_their_reason'),
        ),
        migrations.AddIndex(
            model_name='decisionstep',
            index=models.Index(fields=['at'], name='steps_entered'),
        ),
        migrations.AddIndex(
            model_name='decisionstep',
            index=models.Index(fields=['held_on'], name='steps_by_day'),
        ),
        migrations.AddConstraint(
            model_name='decisionstep',
            constraint=models.UniqueConstraint(condition=models.Q(('replaces', None)), fields=('decision', 'kind'), name='one_first_entry_a_step'),
        ),
        migrations.AddConstraint(
            model_name='decisionstep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_withdrawn', False), ('replaces', None)), models.Q(('replaces__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='corrected_step_has_its_reason'),
        ),
        migrations.AddConstraint(
            model_name='decisionstep',
            constraint=models.CheckConstraint(condition=models.Q(('due', None), ('present', None), ('present__lte', models.F('due')), _connector='OR'), name='no_more_present_than_due'),
        ),
        migrations.AddConstraint(
            model_name='decisionstep',
            constraint=models.CheckConstraint(condition=models.Q(('present', None), ('in_favour', None), ('in_favour__lte', models.F('present')), _connector='OR'), name='no_more_in_favour_than_present'),
        ),
        migrations.AddConstraint(
            model_name='minutesattendance',
            constraint=models.UniqueConstraint(fields=('minutes', 'person'), name='one_answer_a_person'),
        ),
        migrations.AddIndex(
            model_name='roster',
            index=models.Index(fields=['village', 'month'], name='rosters_of_village'),
        ),
        migrations.AddConstraint(
            model_name='dutyturn',
            constraint=models.UniqueConstraint(fields=('roster', 'day'), name='one_turn_a_day'),
        ),
        migrations.AddIndex(
            model_name='trainingsession',
            index=models.Index(fields=['day'], name='training_by_day'),
        ),
        migrations.AddConstraint(
            model_name='trainingsession',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('begins_at'))), name='training_ends_after_it_began'),
        ),
        migrations.AddConstraint(
            model_name='trainingsession',
            constraint=models.CheckConstraint(condition=models.Q(('hours__gt', 0)), name='training_has_hours'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.UniqueConstraint(condition=models.Q(('taken_back_at', None)), fields=('session', 'person'), name='somebody_is_there_once'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('taken_back_at', None), ('taken_back_by', None)), models.Q(('taken_back_at__isnull', False), ('taken_back_by__isnull', False), models.Q(('taken_back_reason', ''), _negated=True)), _connector='OR'), name='attendance_taken_back_with_its_reason'),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
