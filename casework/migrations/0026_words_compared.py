"""The words of cases as eight small numbers, by which texts find each other; and of which model weights and features are."""

from django.db import migrations, models

PRINTS = 8


def begin_anew(apps, schema_editor):
    """The clock that notes what cases are about goes through them once more, for their words."""
    apps.get_model("casework", "ClockMark").objects.filter(name="traits").update(reached=0)


class Migration(migrations.Migration):
    dependencies = [("casework", "0025_comments")]

    operations = [
        *(
            migrations.AddField("casetraits", f"print_{n}", models.SmallIntegerField(null=True))
            for n in range(PRINTS)
        ),
        migrations.AddField("matchweights", "model_version", models.PositiveIntegerField(null=True)),
        migrations.AddField("relapsecandidate", "model_version", models.PositiveIntegerField(null=True)),
        migrations.RunPython(begin_anew, migrations.RunPython.noop),
    ]
