"""What the clock of a phone said of a visit that was made on it, and who took it in from an emergency file."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('oversight', '0015_registers_and_places'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='villagevisit',
            name='arrived_stated_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='villagevisit',
            name='clock_off',
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name='villagevisit',
            name='done_stated_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='villagevisit',
            name='taken_in_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
    ]
