"""Overdue visits are told, and have a clock."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0033_import_choices'),
    ]

    operations = [
        migrations.AlterField(
            model_name='officeevent',
            name='kind',
            field=models.CharField(choices=[('report_late', 'A report is late'), ('report_handed_in', 'A report was handed in'), ('report_returned', 'A report was returned'), ('report_accepted', 'A report was accepted'), ('bulletin_to_approve', 'A bulletin waits for approval'), ('bulletin_sent', 'A bulletin was sent to you'), ('bulletin_unsigned', 'A bulletin is not signed for'), ('requirement_issued', 'A requirement came down'), ('requirement_late', 'A requirement is not passed on'), ('visit_overdue', 'A visit is overdue'), ('visit_to_make', "An inspector's visit is overdue")], max_length=20),
        ),
        migrations.AlterField(
            model_name='restingrow',
            name='clock',
            field=models.CharField(choices=[('deadlines', 'Deadlines after a change of the calendar'), ('ladders', 'New versions of the ladder'), ('ladder', 'Escalation ladder'), ('letters', 'Letters that nobody signs for'), ('vacancies', 'Posts that nobody holds'), ('strike-offs', 'Watching of strike-offs'), ('traits', 'What cases are about'), ('candidates', 'Relapse candidates'), ('proofs', 'Checks of proofs'), ('photos', 'Checks of photos'), ('reports', 'Checks of reports'), ('reverse checks', 'Draw of reverse checks'), ('look-backs', 'Look-backs'), ('figures', 'Figures'), ('messages', 'Messages to people'), ('office messages', 'Messages to offices'), ('deliveries', 'Deliveries'), ('imports', 'Imports of findings'), ('ledgers', 'Ledgers'), ('reporting', 'Reporting periods'), ('bulletins', 'Receipts of bulletins'), ('requirements', 'Requirements passed on'), ('visits', 'Overdue visits'), ('pruning', 'Removal of what is no longer needed')], max_length=40, verbose_name='clock'),
        ),
    ]
