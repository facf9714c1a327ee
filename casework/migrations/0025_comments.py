"""Comments on cases, their later wordings, answered questions, and who follows a case."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


TABLES = ("casework_comment", "casework_commentrevision", "casework_questionresolution")


def make_append_only(apps, editor):
    """The database refuses to change or remove a row, as for every other record that an auditor would ask for."""
    is_postgres = editor.connection.vendor == "postgresql"
    for table in TABLES:
        for event, ending in (("UPDATE", "update"), ("DELETE", "delete")):
            if is_postgres:
                editor.execute(
                    f'CREATE TRIGGER "{table}_no_{ending}" BEFORE {event} ON "{table}" '
                    "FOR EACH ROW EXECUTE FUNCTION casework_refuse()"
                )
            else:
                editor.execute(
                    f'CREATE TRIGGER "{table}_no_{ending}" BEFORE {event} ON "{table}" '
                    f"BEGIN SELECT RAISE(ABORT, '{table} is kept for the audit'); END"
                )
        if is_postgres:
            editor.execute(
                f'CREATE TRIGGER "{table}_no_delete_all" BEFORE TRUNCATE ON "{table}" '
                "FOR EACH STATEMENT EXECUTE FUNCTION casework_refuse()"
            )


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0024_lists'),
    ]

    operations = [
        migrations.AlterField(
            model_name='caseevent',
            name='kind',
            field=models.CharField(choices=[('reported', 'reported the problem'), ('imported', 'imported the finding'), ('classified', 'classified the case'), ('accepted', 'accepted the report'), ('refused', 'refused the report'), ('duplicate', 'marked it as a duplicate'), ('assigned', 'assigned the case'), ('reassigned', 'reassigned the case'), ('transferred', 'transferred the case'), ('moved', 'The case went along with its unit'), ('planned', 'submitted the plan of measures'), ('plan_approved', 'approved the plan'), ('plan_returned', 'returned the plan'), ('submitted', 'submitted the rectification'), ('passed', 'passed the review'), ('returned', 'returned the case'), ('closed', 'struck off the case'), ('extension_asked', 'asked for an extension'), ('extension_granted', 'granted the extension'), ('extension_refused', 'refused the extension'), ('paused', 'paused the clock'), ('resumed', 'let the clock run again'), ('withdrawn', 'withdrew the case'), ('referred', 'referred the case'), ('evidence_added', 'added evidence'), ('evidence_taken_back', 'took a file back'), ('interviewed', 'held an interview'), ('referral_declined', 'decided against a referral'), ('letter_signed', 'signed for the letter'), ('letter_answered', 'answered the letter'), ('letter_judged', 'judged the answer to the letter'), ('reminded', 'Reminder sent'), ('notice_issued', 'Supervision notice issued'), ('letter_issued', 'Supervision letter issued'), ('interview_due', 'Interview due'), ('referral_proposed', 'Referral proposed'), ('stalled', 'No entry for a long time'), ('letter_unsigned', 'Letter not signed for'), ('vacant', 'Nobody holds the post whose turn it is'), ('verdict_given', 'decided whether it is a relapse'), ('came_back', 'decided that the strike-off did not hold'), ('watched_again', 'decided that the strike-off holds'), ('verdict_appealed', 'appealed against the verdict'), ('look_back_drawn', 'Look-back opened, inspector drawn'), ('look_back_near', 'Look-back due soon'), ('look_back_late', 'Look-back overdue'), ('look_back_overdue', 'Look-back long overdue'), ('look_back_vacant', 'Nobody can be drawn for the look-back'), ('look_back_done', 'looked back'), ('look_back_passed', 'gave the look-back back to the draw'), ('deadline_moved', 'Deadline moved with the calendar'), ('commented', 'wrote a comment'), ('asked', 'asked a question'), ('question_resolved', 'marked a question as answered'), ('comment_edited', 'changed a comment')], max_length=20),
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='comment', serialize=False, to='casework.caseevent')),
                ('kind', models.CharField(choices=[('comment', 'Comment'), ('question', 'Question'), ('missing', 'What is missing?')], default='comment', max_length=10)),
                ('key', models.UUIDField(unique=True)),
                ('by_role', models.CharField(blank=True, choices=[('inspector', 'Inspector'), ('committee_member', 'Committee member'), ('committee_head', 'Committee head'), ('town_reviewer', 'Town reviewer'), ('county_supervisor', 'County supervisor'), ('city_supervisor', 'City supervisor'), ('department_member', 'Department member'), ('volunteer', 'Supervision station volunteer'), ('administrator', 'Administrator')], max_length=20)),
                ('at', models.DateTimeField()),
                ('words', models.TextField(blank=True, verbose_name='comment')),
                ('mentions', models.JSONField(default=list)),
                ('files', models.JSONField(default=list)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by_unit', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit')),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='casework.case')),
                ('measure', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.measure')),
                ('quotes', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.comment')),
            ],
        ),
        migrations.CreateModel(
            name='CommentRevision',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='revision', serialize=False, to='casework.caseevent')),
                ('number', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField()),
                ('words', models.TextField(blank=True)),
                ('mentions', models.JSONField(default=list)),
                ('comment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='casework.comment')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='Following',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_on', models.BooleanField(default=True)),
                ('at', models.DateTimeField()),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='followings', to='casework.case')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='QuestionResolution',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='resolution', serialize=False, to='casework.caseevent')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('comment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='resolution', to='casework.comment')),
            ],
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['case', '-event'], name='comments_of_case'),
        ),
        migrations.AddConstraint(
            model_name='commentrevision',
            constraint=models.UniqueConstraint(fields=('comment', 'number'), name='revision_number_is_unique'),
        ),
        migrations.AddIndex(
            model_name='following',
            index=models.Index(condition=models.Q(('is_on', True)), fields=['case'], name='followers_of_case'),
        ),
        migrations.AddConstraint(
            model_name='following',
            constraint=models.UniqueConstraint(fields=('case', 'person'), name='one_following_a_person_and_case'),
        ),
        migrations.RunPython(make_append_only, migrations.RunPython.noop),
    ]
