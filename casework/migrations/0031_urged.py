"""The reminder that an office sends by hand."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0030_undone'),
    ]

    operations = [
        migrations.AlterField(
            model_name='caseevent',
            name='kind',
            field=models.CharField(choices=[('reported', 'reported the problem'), ('imported', 'imported the finding'), ('classified', 'classified the case'), ('accepted', 'accepted the report'), ('refused', 'refused the report'), ('duplicate', 'marked it as a duplicate'), ('assigned', 'assigned the case'), ('reassigned', 'reassigned the case'), ('transferred', 'transferred the case'), ('moved', 'The case went along with its unit'), ('planned', 'submitted the plan of measures'), ('plan_approved', 'approved the plan'), ('plan_returned', 'returned the plan'), ('submitted', 'submitted the rectification'), ('passed', 'passed the review'), ('returned', 'returned the case'), ('closed', 'struck off the case'), ('extension_asked', 'asked for an extension'), ('extension_granted', 'granted the extension'), ('extension_refused', 'refused the extension'), ('paused', 'paused the clock'), ('resumed', 'let the clock run again'), ('withdrawn', 'withdrew the case'), ('referred', 'referred the case'), ('evidence_added', 'added evidence'), ('evidence_taken_back', 'took a file back'), ('interviewed', 'held an interview'), ('referral_declined', 'decided against a referral'), ('letter_signed', 'signed for the letter'), ('letter_answered', 'answered the letter'), ('letter_judged', 'judged the answer to the letter'), ('reminded', 'Reminder sent'), ('notice_issued', 'Supervision notice issued'), ('letter_issued', 'Supervision letter issued'), ('interview_due', 'Interview due'), ('referral_proposed', 'Referral proposed'), ('stalled', 'No entry for a long time'), ('letter_unsigned', 'Letter not signed for'), ('vacant', 'Nobody holds the post whose turn it is'), ('verdict_given', 'decided whether it is a relapse'), ('came_back', 'decided that the strike-off did not hold'), ('watched_again', 'decided that the strike-off holds'), ('verdict_appealed', 'appealed against the verdict'), ('look_back_drawn', 'Look-back opened, inspector drawn'), ('look_back_near', 'Look-back due soon'), ('look_back_late', 'Look-back overdue'), ('look_back_overdue', 'Look-back long overdue'), ('look_back_vacant', 'Nobody can be drawn for the look-back'), ('look_back_done', 'looked back'), ('look_back_passed', 'gave the look-back back to the draw'), ('deadline_moved', 'Deadline moved with the calendar'), ('commented', 'wrote a comment'), ('asked', 'asked a question'), ('question_resolved', 'marked a question as answered'), ('comment_edited', 'changed a comment'), ('undone', 'undid the step'), ('urged', 'sent a reminder')], max_length=20),
        ),
    ]
