"""A message says whether its reader is named in the comment that it tells of."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0002_channels_and_digests'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='is_mentioned',
            field=models.BooleanField(default=False),
        ),
    ]
