"""What the words of a case mean, as 512 small numbers; they take the place of the eight that counted shared words."""

from django.db import migrations, models

PRINTS = 8


def begin_anew(apps, schema_editor):
    """The clock that notes what cases are about goes through them once more."""
    apps.get_model("casework", "ClockMark").objects.filter(name="traits").update(reached=0)


class Migration(migrations.Migration):
    dependencies = [("casework", "0028_office_event")]

    operations = [
        *(migrations.RemoveField("casetraits", f"print_{n}") for n in range(PRINTS)),
        migrations.AddField("casetraits", "meaning", models.BinaryField(null=True)),
        migrations.RunPython(begin_anew, migrations.RunPython.noop),
    ]
