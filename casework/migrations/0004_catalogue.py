"""The default problem catalogue, which an office then edits."""

from django.db import migrations

from casework.defaults import catalogue


class Migration(migrations.Migration):
    dependencies = [("casework", "0003_retention")]

    operations = [migrations.RunPython(catalogue.install, migrations.RunPython.noop)]
