"""What findings are about is read anew by the richer vocabulary: the derived rows go, and the next sweep writes them."""

from typing import Any

from django.db import migrations, models


def forget(apps: Any, schema_editor: Any) -> None:
    apps.get_model("casework", "CaseTraits").objects.all().delete()
    apps.get_model("casework", "ClockMark").objects.filter(name__startswith="traits to ").delete()


class Migration(migrations.Migration):
    dependencies = [("casework", "0011_days")]

    operations = [
        migrations.RunPython(forget, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="casetraits", name="traits_thing"),
        migrations.RemoveIndex(model_name="casetraits", name="traits_also"),
        migrations.AddIndex(
            model_name="casetraits", index=models.Index(fields=["village", "aspect"], name="traits_aspect")
        ),
    ]
