"""The database refuses to change or remove what an auditor would ask for."""

from django.db import migrations

from casework import retention


class Migration(migrations.Migration):
    dependencies = [("casework", "0002_process")]

    operations = [migrations.RunPython(retention.install, retention.remove)]
