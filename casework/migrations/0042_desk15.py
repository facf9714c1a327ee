"""A gap and a campaign are sources of their own; a day of an election without a report is told."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0041_pairings'),
    ]

    operations = [
        migrations.AlterField(
            model_name='case',
            name='source',
            field=models.CharField(choices=[('spot_check', 'Spot check'), ('unannounced_visit', 'Unannounced visit'), ('self_check', 'Self-check'), ('petition', 'Petition'), ('observation_tour', 'Observation tour'), ('station', 'Supervision station'), ('look_back', 'Look-back'), ('duty_gap', 'Gap in duty or decisions'), ('campaign', 'Campaign'), ('other', 'Other')], default='spot_check', max_length=20, verbose_name='source'),
        ),
        migrations.AlterField(
            model_name='historicalcase',
            name='source',
            field=models.CharField(choices=[('spot_check', 'Spot check'), ('unannounced_visit', 'Unannounced visit'), ('self_check', 'Self-check'), ('petition', 'Petition'), ('observation_tour', 'Observation tour'), ('station', 'Supervision station'), ('look_back', 'Look-back'), ('duty_gap', 'Gap in duty or decisions'), ('campaign', 'Campaign'), ('other', 'Other')], default='spot_check', max_length=20, verbose_name='source'),
        ),
        migrations.AlterField(
            model_name='officeevent',
            name='kind',
            field=models.CharField(choices=[('report_late', 'A report is late'), ('report_handed_in', 'A report was handed in'), ('report_returned', 'A report was returned'), ('report_accepted', 'A report was accepted'), ('bulletin_to_approve', 'A bulletin waits for approval'), ('bulletin_sent', 'A bulletin was sent to you'), ('bulletin_unsigned', 'A bulletin is not signed for'), ('requirement_issued', 'A requirement came down'), ('requirement_late', 'A requirement is not passed on'), ('visit_overdue', 'A visit is overdue'), ('visit_to_make', "An inspector's visit is overdue"), ('handover_begun', 'A handover is to be signed'), ('handover_unsigned', 'A handover is not signed'), ('code_given', 'A code to sign in was given'), ('password_asked', 'A password was forgotten'), ('election_silent', 'A day of an election without a report'), ('station_news', "What became of a station's report")], max_length=20),
        ),
        migrations.AlterField(
            model_name='restingrow',
            name='clock',
            field=models.CharField(choices=[('deadlines', 'Deadlines after a change of the calendar'), ('ladders', 'New versions of the ladder'), ('ladder', 'Escalation ladder'), ('letters', 'Letters that nobody signs for'), ('vacancies', 'Posts that nobody holds'), ('strike-offs', 'Watching of strike-offs'), ('traits', 'What cases are about'), ('candidates', 'Relapse candidates'), ('proofs', 'Checks of proofs'), ('photos', 'Checks of photos'), ('reports', 'Checks of reports'), ('reverse checks', 'Draw of reverse checks'), ('look-backs', 'Look-backs'), ('figures', 'Figures'), ('messages', 'Messages to people'), ('office messages', 'Messages to offices'), ('deliveries', 'Deliveries'), ('imports', 'Imports of findings'), ('ledgers', 'Ledgers'), ('reporting', 'Reporting periods'), ('bulletins', 'Receipts of bulletins'), ('requirements', 'Requirements passed on'), ('visits', 'Overdue visits'), ('handovers', 'Handovers at the end of a term'), ('stations', 'News for supervision stations'), ('elections', 'Days of elections without a report'), ('pruning', 'Removal of what is no longer needed')], max_length=40, verbose_name='clock'),
        ),
    ]
