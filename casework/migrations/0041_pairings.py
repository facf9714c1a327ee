"""Paired assistance: a helper unit at a village's or a case's side."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from casework.migrations._frozen_squashed import CreateModels


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
        ('casework', '0040_comment_tokens'),
    ]

    operations = [
        CreateModels(
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
        ),
        migrations.RunPython(make_kept, migrations.RunPython.noop),
    ]
