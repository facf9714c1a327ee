from django.db import migrations

from casework.migrations._frozen_0023 import search


class Migration(migrations.Migration):
    dependencies = [("casework", "0022_ordered_parts")]

    operations = [migrations.RunPython(search.install, search.remove)]
