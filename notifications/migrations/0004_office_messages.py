"""A message is about an event of a case, or about one at the offices' desk."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0028_office_event'),
        ('notifications', '0003_mentions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='office_event',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='told_to', to='casework.officeevent'),
        ),
        migrations.AlterField(
            model_name='message',
            name='case',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.case'),
        ),
        migrations.AlterField(
            model_name='message',
            name='event',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='told_to', to='casework.caseevent'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.UniqueConstraint(fields=('person', 'office_event'), name='one_message_a_person_and_office_event'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('case__isnull', False), ('event__isnull', False), ('office_event', None)), models.Q(('case', None), ('event', None), ('office_event__isnull', False)), _connector='OR'), name='message_of_one_event'),
        ),
    ]
