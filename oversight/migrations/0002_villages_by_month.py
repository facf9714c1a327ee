from typing import Any

from django.db import migrations


def forget(apps: Any, schema_editor: Any) -> None:
    """Villages are counted by the month now: what was counted by the day goes, and the next sweep counts all anew."""
    for name in ("Tally", "RelapseAge"):
        apps.get_model("oversight", name).objects.filter(dimension="village").delete()
    marks = apps.get_model("casework", "ClockMark").objects
    marks.filter(name__startswith="tallies").delete()


class Migration(migrations.Migration):
    dependencies = [("oversight", "0001_tallies"), ("casework", "0011_days")]
    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
