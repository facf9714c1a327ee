"""Who looks after a unit that nobody holds a post at, and no end of a term that would leave an open case to nobody."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


OPEN = (
    "'screening', 'assignment', 'planning', 'plan_approval', 'rectification', "
    "'first_review', 'second_review', 'city_review', 'strike_off'"
)
RECTIFYING = "'committee_member', 'committee_head', 'department_member'"
# Whether the end of the term OLD leaves an open case of its unit to nobody: no other term there lasts beyond it, and no
# office is its caretaker.
LEAVES_CASES = """
    EXISTS (
        SELECT 1 FROM casework_post own
        JOIN casework_post p ON p.unit_id = own.unit_id
        JOIN casework_assignment a ON a.post_id = p.id AND a.ended_at IS NULL
        JOIN casework_case c ON c.id = a.case_id AND c.stage IN ({open})
        WHERE own.id = OLD.post_id AND own.role IN ({rectifying})
    ) AND NOT EXISTS (
        SELECT 1 FROM casework_post own
        JOIN casework_post p ON p.unit_id = own.unit_id AND p.role IN ({rectifying})
        JOIN casework_term t ON t.post_id = p.id AND t.id <> OLD.id AND (t.valid_until IS NULL OR {lasts})
        JOIN casework_person h ON h.id = t.person_id AND h.is_active
        WHERE own.id = OLD.post_id
    ) AND NOT EXISTS (
        SELECT 1 FROM casework_post own
        JOIN casework_caretaker k ON k.unit_id = own.unit_id AND k.valid_until IS NULL
        WHERE own.id = OLD.post_id
    )
"""
SHORTER = "NEW.valid_until IS NOT NULL AND (OLD.valid_until IS NULL OR NEW.valid_until < OLD.valid_until)"
LASTS = {"UPDATE": "t.valid_until > NEW.valid_until", "DELETE": "OLD.valid_from IS NOT NULL AND t.valid_until >= OLD.valid_from"}
SAID = "an open case would have no next holder"


def guard_terms(editor):
    for event, lasts in LASTS.items():
        name = f"casework_term_{event.lower()}_leaves_nobody"
        leaves = LEAVES_CASES.format(open=OPEN, rectifying=RECTIFYING, lasts=f"({lasts})")
        of, when = ("UPDATE OF valid_until", SHORTER) if event == "UPDATE" else ("DELETE", "")
        if editor.connection.vendor == "postgresql":
            editor.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {leaves} THEN RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
                "RETURN NULL; END $$",
                params=None,
            )
            editor.execute(
                f'CREATE TRIGGER "{name}" AFTER {of} ON "casework_term" FOR EACH ROW '
                f"{f'WHEN ({when}) ' if when else ''}EXECUTE FUNCTION {name}()"
            )
        else:
            condition = f"({when}) AND {leaves}" if when else leaves
            editor.execute(
                f'CREATE TRIGGER "{name}" AFTER {of} ON "casework_term" FOR EACH ROW WHEN {condition} '
                f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
            )


def keep_caretakers(editor):
    """No caretaker is deleted, and nothing of their history changes."""
    for table, event in (("caretaker", "DELETE"), ("historicalcaretaker", "UPDATE"), ("historicalcaretaker", "DELETE")):
        name = f"casework_{table}_no_{event.lower()}"
        if editor.connection.vendor == "postgresql":
            editor.execute(
                f'CREATE TRIGGER "{name}" BEFORE {event} ON "casework_{table}" '
                "FOR EACH ROW EXECUTE FUNCTION casework_refuse()"
            )
            if event == "DELETE":
                editor.execute(
                    f'CREATE TRIGGER "{name}_all" BEFORE TRUNCATE ON "casework_{table}" '
                    "FOR EACH STATEMENT EXECUTE FUNCTION casework_refuse()"
                )
        else:
            editor.execute(
                f'CREATE TRIGGER "{name}" BEFORE {event} ON "casework_{table}" '
                f"BEGIN SELECT RAISE(ABORT, 'casework_{table} is kept for the audit'); END"
            )


def keep(apps, editor):
    guard_terms(editor)
    keep_caretakers(editor)


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0034_visits'),
    ]

    operations = [
        migrations.CreateModel(
            name='Caretaker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(verbose_name='from')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'caretaking office',
                'verbose_name_plural': 'caretaking offices',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalCaretaker',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_step', models.CharField(blank=True, default='', max_length=40)),
                ('history_seal', models.CharField(blank=True, default='', max_length=64)),
                ('history_seal_key', models.CharField(blank=True, max_length=8, null=True)),
                ('valid_from', models.DateField(verbose_name='from')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('at', models.DateTimeField()),
                ('history_change_reason', models.TextField(blank=True, default='')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical caretaking office',
                'verbose_name_plural': 'historical caretaking offices',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AlterField(
            model_name='officeevent',
            name='kind',
            field=models.CharField(choices=[('report_late', 'A report is late'), ('report_handed_in', 'A report was handed in'), ('report_returned', 'A report was returned'), ('report_accepted', 'A report was accepted'), ('bulletin_to_approve', 'A bulletin waits for approval'), ('bulletin_sent', 'A bulletin was sent to you'), ('bulletin_unsigned', 'A bulletin is not signed for'), ('requirement_issued', 'A requirement came down'), ('requirement_late', 'A requirement is not passed on'), ('visit_overdue', 'A visit is overdue'), ('visit_to_make', "An inspector's visit is overdue"), ('handover_begun', 'A handover is to be signed'), ('handover_unsigned', 'A handover is not signed')], max_length=20),
        ),
        migrations.AlterField(
            model_name='restingrow',
            name='clock',
            field=models.CharField(choices=[('deadlines', 'Deadlines after a change of the calendar'), ('ladders', 'New versions of the ladder'), ('ladder', 'Escalation ladder'), ('letters', 'Letters that nobody signs for'), ('vacancies', 'Posts that nobody holds'), ('strike-offs', 'Watching of strike-offs'), ('traits', 'What cases are about'), ('candidates', 'Relapse candidates'), ('proofs', 'Checks of proofs'), ('photos', 'Checks of photos'), ('reports', 'Checks of reports'), ('reverse checks', 'Draw of reverse checks'), ('look-backs', 'Look-backs'), ('figures', 'Figures'), ('messages', 'Messages to people'), ('office messages', 'Messages to offices'), ('deliveries', 'Deliveries'), ('imports', 'Imports of findings'), ('ledgers', 'Ledgers'), ('reporting', 'Reporting periods'), ('bulletins', 'Receipts of bulletins'), ('requirements', 'Requirements passed on'), ('visits', 'Overdue visits'), ('handovers', 'Handovers at the end of a term'), ('pruning', 'Removal of what is no longer needed')], max_length=40, verbose_name='clock'),
        ),
        migrations.AddIndex(
            model_name='term',
            index=models.Index(fields=['valid_until'], name='terms_by_last_day'),
        ),
        migrations.AddField(
            model_name='caretaker',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='caretaker',
            name='office',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit', verbose_name='caretaking office'),
        ),
        migrations.AddField(
            model_name='caretaker',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='caretakers', to='casework.unit', verbose_name='unit'),
        ),
        migrations.AddField(
            model_name='historicalcaretaker',
            name='by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalcaretaker',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalcaretaker',
            name='office',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='casework.unit', verbose_name='caretaking office'),
        ),
        migrations.AddField(
            model_name='historicalcaretaker',
            name='unit',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='casework.unit', verbose_name='unit'),
        ),
        migrations.AddConstraint(
            model_name='caretaker',
            constraint=models.UniqueConstraint(condition=models.Q(('valid_until', None)), fields=('unit',), name='one_caretaker_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='caretaker',
            constraint=models.CheckConstraint(condition=models.Q(('unit', models.F('office')), _negated=True), name='nobody_is_their_own_caretaker'),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
