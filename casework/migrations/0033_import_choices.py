"""What a person decides about a file of findings: an office's own names of columns, corrected rows, photos beside it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0032_aliases")]

    operations = [
        migrations.AddField("findingimport", "column_names", models.JSONField(blank=True, default=dict)),
        migrations.AddField("findingimport", "refused_rows", models.JSONField(blank=True, default=list)),
        migrations.AddField("findingimport", "corrections", models.JSONField(blank=True, default=dict)),
        migrations.AddField("findingimport", "photos_file", models.FileField(blank=True, upload_to="imports/%Y/%m/")),
        migrations.AddField("findingimport", "photos_kept", models.PositiveIntegerField(default=0)),
        migrations.AddField("findingimport", "photos_left", models.JSONField(blank=True, default=list)),
        migrations.CreateModel(
            name="ColumnName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=100)),
                ("name", models.CharField(max_length=200)),
                ("column", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("office", "key"), name="one_column_for_an_offices_name")
                ],
            },
        ),
    ]
