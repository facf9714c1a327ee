"""What happened at the offices' desk and is told where no case is concerned."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


TABLE = "casework_officeevent"
SAID = '"kind", "unit_id", "subject", "about", "at", "by_id"'


def keep(apps, editor):
    """Of an event only the mark that everybody was told may change."""
    refusals = ((f"UPDATE OF {SAID}", f"{TABLE}_no_update"), ("DELETE", f"{TABLE}_no_delete"))
    for event, name in refusals:
        if editor.connection.vendor == "postgresql":
            editor.execute(
                f'CREATE TRIGGER "{name}" BEFORE {event} ON "{TABLE}" FOR EACH ROW EXECUTE FUNCTION casework_refuse()'
            )
        else:
            editor.execute(
                f'CREATE TRIGGER "{name}" BEFORE {event} ON "{TABLE}" '
                f"BEGIN SELECT RAISE(ABORT, '{TABLE} is kept for the audit'); END"
            )
    if editor.connection.vendor == "postgresql":
        editor.execute(
            f'CREATE TRIGGER "{TABLE}_no_delete_all" BEFORE TRUNCATE ON "{TABLE}" '
            "FOR EACH STATEMENT EXECUTE FUNCTION casework_refuse()"
        )


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0027_office_roles'),
    ]

    operations = [
        migrations.AlterField(
            model_name='restingrow',
            name='clock',
            field=models.CharField(choices=[('deadlines', 'Deadlines after a change of the calendar'), ('ladders', 'New versions of the ladder'), ('ladder', 'Escalation ladder'), ('letters', 'Letters that nobody signs for'), ('vacancies', 'Posts that nobody holds'), ('strike-offs', 'Watching of strike-offs'), ('traits', 'What cases are about'), ('candidates', 'Relapse candidates'), ('proofs', 'Checks of proofs'), ('photos', 'Checks of photos'), ('reports', 'Checks of reports'), ('reverse checks', 'Draw of reverse checks'), ('look-backs', 'Look-backs'), ('figures', 'Figures'), ('messages', 'Messages to people'), ('office messages', 'Messages to offices'), ('deliveries', 'Deliveries'), ('imports', 'Imports of findings'), ('ledgers', 'Ledgers'), ('reporting', 'Reporting periods'), ('bulletins', 'Receipts of bulletins'), ('requirements', 'Requirements passed on'), ('pruning', 'Removal of what is no longer needed')], max_length=40, verbose_name='clock'),
        ),
        migrations.CreateModel(
            name='OfficeEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('report_late', 'A report is late'), ('report_handed_in', 'A report was handed in'), ('report_returned', 'A report was returned'), ('report_accepted', 'A report was accepted'), ('bulletin_to_approve', 'A bulletin waits for approval'), ('bulletin_sent', 'A bulletin was sent to you'), ('bulletin_unsigned', 'A bulletin is not signed for'), ('requirement_issued', 'A requirement came down'), ('requirement_late', 'A requirement is not passed on')], max_length=20)),
                ('subject', models.BigIntegerField()),
                ('about', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('announced_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('announced_at', None)), fields=['id'], name='office_unannounced'), models.Index(fields=['kind', 'subject', 'unit'], name='office_event_of')],
            },
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
