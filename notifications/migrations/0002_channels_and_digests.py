"""Channels that are blocked as a whole; a digest is closed when it is claimed, and a person has one that is open."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Now


def close_digests(apps, schema_editor):
    """What waits in them goes out all the same; the next message opens a new one."""
    apps.get_model("notifications", "Digest").objects.update(closed_at=Now())


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="digest", name="one_digest_a_day"),
        migrations.AddField("digest", "closed_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunPython(close_digests, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="digest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)), fields=("person",), name="one_open_digest_a_person"
            ),
        ),
        migrations.CreateModel(
            name="BlockedChannel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("channel", models.CharField(max_length=20, verbose_name="channel")),
                (
                    "endpoint",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="blocked",
                        to="notifications.endpoint",
                    ),
                ),
                ("since", models.DateTimeField(verbose_name="since")),
                ("error", models.CharField(max_length=300, verbose_name="error")),
                ("next_try", models.DateTimeField(verbose_name="next try")),
            ],
            options={
                "verbose_name": "blocked channel",
                "verbose_name_plural": "blocked channels",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("endpoint", None)), fields=("channel",), name="channel_is_blocked_once"
                    )
                ],
            },
        ),
    ]
