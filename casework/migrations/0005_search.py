"""The pairs of characters of each case's texts, indexed."""

from django.db import migrations

from casework import search


class Migration(migrations.Migration):
    dependencies = [("casework", "0004_catalogue")]

    operations = [migrations.RunPython(search.install, search.remove)]
