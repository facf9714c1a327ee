"""Steps that were undone before anybody acted on them; a review and a screening may then come once more."""

import django.db.models.deletion
from django.db import migrations, models


UNDONE = "casework_undone"
# SQLite makes these anew, without their triggers.
CHANGED = ("casework_review", "casework_screening")


def make_append_only(apps, editor):
    """The database refuses to change or remove a row, as for every other record that an auditor would ask for."""
    is_postgres = editor.connection.vendor == "postgresql"
    for table in (UNDONE,) if is_postgres else (UNDONE, *CHANGED):
        for event, ending in (("UPDATE", "update"), ("DELETE", "delete")):
            if is_postgres:
                editor.execute(
                    f'CREATE TRIGGER "{table}_no_{ending}" BEFORE {event} ON "{table}" '
                    "FOR EACH ROW EXECUTE FUNCTION casework_refuse()"
                )
            else:
                editor.execute(f'DROP TRIGGER IF EXISTS "{table}_no_{ending}"')
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
        ('casework', '0029_meaning'),
    ]

    operations = [
        migrations.AlterField(
            model_name='caseevent',
            name='kind',
            field=models.CharField(choices=[('reported', 'reported the problem'), ('imported', 'imported the finding'), ('classified', 'classified the case'), ('accepted', 'accepted the report'), ('refused', 'refused the report'), ('duplicate', 'marked it as a duplicate'), ('assigned', 'assigned the case'), ('reassigned', 'reassigned the case'), ('transferred', 'transferred the case'), ('moved', 'The case went along with its unit'), ('planned', 'submitted the plan of measures'), ('plan_approved', 'approved the plan'), ('plan_returned', 'returned the plan'), ('submitted', 'submitted the rectification'), ('passed', 'passed the review'), ('returned', 'returned the case'), ('closed', 'struck off the case'), ('extension_asked', 'asked for an extension'), ('extension_granted', 'granted the extension'), ('extension_refused', 'refused the extension'), ('paused', 'paused the clock'), ('resumed', 'let the clock run again'), ('withdrawn', 'withdrew the case'), ('referred', 'referred the case'), ('evidence_added', 'added evidence'), ('evidence_taken_back', 'took a file back'), ('interviewed', 'held an interview'), ('referral_declined', 'decided against a referral'), ('letter_signed', 'signed for the letter'), ('letter_answered', 'answered the letter'), ('letter_judged', 'judged the answer to the letter'), ('reminded', 'Reminder sent'), ('notice_issued', 'Supervision notice issued'), ('letter_issued', 'Supervision letter issued'), ('interview_due', 'Interview due'), ('referral_proposed', 'Referral proposed'), ('stalled', 'No entry for a long time'), ('letter_unsigned', 'Letter not signed for'), ('vacant', 'Nobody holds the post whose turn it is'), ('verdict_given', 'decided whether it is a relapse'), ('came_back', 'decided that the strike-off did not hold'), ('watched_again', 'decided that the strike-off holds'), ('verdict_appealed', 'appealed against the verdict'), ('look_back_drawn', 'Look-back opened, inspector drawn'), ('look_back_near', 'Look-back due soon'), ('look_back_late', 'Look-back overdue'), ('look_back_overdue', 'Look-back long overdue'), ('look_back_vacant', 'Nobody can be drawn for the look-back'), ('look_back_done', 'looked back'), ('look_back_passed', 'gave the look-back back to the draw'), ('deadline_moved', 'Deadline moved with the calendar'), ('commented', 'wrote a comment'), ('asked', 'asked a question'), ('question_resolved', 'marked a question as answered'), ('comment_edited', 'changed a comment'), ('undone', 'undid the step')], max_length=20),
        ),
        migrations.RemoveConstraint(
            model_name='review',
            name='one_review_per_stage_and_round',
        ),
        migrations.AddField(
            model_name='review',
            name='attempt',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.UniqueConstraint(fields=('case', 'stage', 'round', 'plan_number', 'attempt'), name='one_review_per_stage_and_round'),
        ),
        migrations.AddField(
            model_name='screening',
            name='attempt',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name='screening',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='screenings', to='casework.case'),
        ),
        migrations.AddConstraint(
            model_name='screening',
            constraint=models.UniqueConstraint(fields=('case', 'attempt'), name='one_screening_per_case'),
        ),
        migrations.CreateModel(
            name='Undone',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='undone', serialize=False, to='casework.caseevent')),
                ('undoing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='undoes', to='casework.caseevent')),
                ('assignment', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone', to='casework.assignment')),
                ('review', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone', to='casework.review')),
                ('screening', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone', to='casework.screening')),
            ],
        ),
        migrations.RunPython(make_append_only, migrations.RunPython.noop),
    ]
