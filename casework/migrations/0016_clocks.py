"""Rows that rest, and how far a clock has come as a column instead of a part of its name."""

import django.db.models.deletion
from django.db import migrations, models

CLOCKS = [
    ("deadlines", "Deadlines after a change of the calendar"),
    ("ladders", "New versions of the ladder"),
    ("ladder", "Escalation ladder"),
    ("letters", "Letters that nobody signs for"),
    ("vacancies", "Posts that nobody holds"),
    ("strike-offs", "Watching of strike-offs"),
    ("traits", "What cases are about"),
    ("candidates", "Relapse candidates"),
    ("proofs", "Checks of proofs"),
    ("photos", "Checks of photos"),
    ("reports", "Checks of reports"),
    ("reverse checks", "Draw of reverse checks"),
    ("look-backs", "Look-backs"),
    ("figures", "Figures"),
    ("messages", "Messages to people"),
    ("deliveries", "Deliveries"),
    ("imports", "Imports of findings"),
    ("ledgers", "Ledgers"),
    ("pruning", "Removal of what is no longer needed"),
]


def read_positions(apps, schema_editor):
    """`tallies to 4711` becomes `tallies`, reached 4711."""
    marks = apps.get_model("casework", "ClockMark").objects
    for mark in list(marks.filter(name__contains=" to ")):
        name, _to, position = mark.name.rpartition(" to ")
        if position.isdecimal():
            marks.update_or_create(name=name, defaults={"reached": int(position)}, create_defaults={"reached": int(position), "at": mark.at})
            mark.delete()


class Migration(migrations.Migration):
    dependencies = [("casework", "0015_imports")]

    operations = [
        migrations.AddField("clockmark", "reached", models.BigIntegerField(default=0)),
        migrations.RunPython(read_positions, migrations.RunPython.noop),
        migrations.CreateModel(
            name="RestingRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("clock", models.CharField(choices=CLOCKS, max_length=40, verbose_name="clock")),
                ("row", models.BigIntegerField(verbose_name="row")),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="casework.case",
                        verbose_name="case",
                    ),
                ),
                ("error", models.CharField(max_length=200, verbose_name="error")),
                ("since", models.DateTimeField(verbose_name="since")),
                ("tries", models.PositiveIntegerField(default=1, verbose_name="tries")),
                ("next_try", models.DateTimeField(verbose_name="next try")),
            ],
            options={
                "verbose_name": "resting row",
                "verbose_name_plural": "resting rows",
                "ordering": ["clock", "row"],
                "constraints": [models.UniqueConstraint(fields=("clock", "row"), name="rests_once_a_clock")],
            },
        ),
    ]
