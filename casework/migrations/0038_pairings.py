"""Paired assistance: a helper unit at a village's or a case's side."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


TABLE = "casework_pairing"
UNCHANGED = ", ".join(f'"{column}"' for column in ("helper_id", "village_id", "case_id", "valid_from", "by_id", "at"))
RULES = (
    (f"UPDATE OF {UNCHANGED}", "no_update", ""),
    ("DELETE", "no_delete", ""),
    ("UPDATE", "done_no_update", "OLD.valid_until IS NOT NULL"),
)


def make_kept(apps, editor):
    """The database refuses to change what a pairing says but its end, and that once (casework/retention.py)."""
    if editor.connection.vendor == "postgresql":
        for event, ending, condition in RULES:
            when = f" WHEN ({condition})" if condition else ""
            editor.execute(
                f'CREATE TRIGGER "{TABLE}_{ending}" BEFORE {event} ON "{TABLE}" FOR EACH ROW{when} '
                "EXECUTE FUNCTION casework_refuse()"
            )
        editor.execute(
            f'CREATE TRIGGER "{TABLE}_no_delete_all" BEFORE TRUNCATE ON "{TABLE}" '
            "FOR EACH STATEMENT EXECUTE FUNCTION casework_refuse()"
        )
        return
    for event, ending, condition in RULES:
        when = f" WHEN {condition}" if condition else ""
        editor.execute(
            f'CREATE TRIGGER "{TABLE}_{ending}" BEFORE {event} ON "{TABLE}"{when} '
            f"BEGIN SELECT RAISE(ABORT, '{TABLE} is kept for the audit'); END"
        )


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('casework', '0002_squashed_0037_phones'),
    ]

    operations = [
        migrations.AlterField(
            model_name='officeevent',
            name='kind',
            field=models.CharField(choices=[('report_late', 'A report is late'), ('report_handed_in', 'A report was handed in'), ('report_returned', 'A report was returned'), ('report_accepted', 'A report was accepted'), ('bulletin_to_approve', 'A bulletin waits for approval'), ('bulletin_sent', 'A bulletin was sent to you'), ('bulletin_unsigned', 'A bulletin is not signed for'), ('requirement_issued', 'A requirement came down'), ('requirement_late', 'A requirement is not passed on'), ('visit_overdue', 'A visit is overdue'), ('visit_to_make', "An inspector's visit is overdue"), ('handover_begun', 'A handover is to be signed'), ('handover_unsigned', 'A handover is not signed'), ('station_news', "What became of a station's report")], max_length=20),
        ),
        migrations.AlterField(
            model_name='restingrow',
            name='clock',
            field=models.CharField(choices=[('deadlines', 'Deadlines after a change of the calendar'), ('ladders', 'New versions of the ladder'), ('ladder', 'Escalation ladder'), ('letters', 'Letters that nobody signs for'), ('vacancies', 'Posts that nobody holds'), ('strike-offs', 'Watching of strike-offs'), ('traits', 'What cases are about'), ('candidates', 'Relapse candidates'), ('proofs', 'Checks of proofs'), ('photos', 'Checks of photos'), ('reports', 'Checks of reports'), ('reverse checks', 'Draw of reverse checks'), ('look-backs', 'Look-backs'), ('figures', 'Figures'), ('messages', 'Messages to people'), ('office messages', 'Messages to offices'), ('deliveries', 'Deliveries'), ('imports', 'Imports of findings'), ('ledgers', 'Ledgers'), ('reporting', 'Reporting periods'), ('bulletins', 'Receipts of bulletins'), ('requirements', 'Requirements passed on'), ('visits', 'Overdue visits'), ('handovers', 'Handovers at the end of a term'), ('stations', 'News for supervision stations'), ('pruning', 'Removal of what is no longer needed')], max_length=40, verbose_name='clock'),
        ),
        migrations.CreateModel(
            name='Pairing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(verbose_name='from')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pairings', to='casework.case', verbose_name='case')),
                ('helper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit', verbose_name='helper unit')),
                ('village', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pairings', to='casework.unit', verbose_name='village')),
            ],
            options={
                'verbose_name': 'pairing',
                'verbose_name_plural': 'pairings',
                'ordering': ['-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('case__isnull', False), ('village', None)), models.Q(('case', None), ('village__isnull', False)), _connector='OR'), name='pairing_of_a_village_or_a_case'), models.UniqueConstraint(condition=models.Q(('case', None), ('valid_until', None)), fields=('helper', 'village'), name='one_open_pairing_a_village'), models.UniqueConstraint(condition=models.Q(('valid_until', None), ('village', None)), fields=('helper', 'case'), name='one_open_pairing_a_case')],
            },
        ),
        migrations.RunPython(make_kept, migrations.RunPython.noop),
    ]
