import datetime
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        # By the name that the squashed one replaces: a database that had applied only a part of those is refused.
        ('casework', '0002_squashed_0013_spot_check'),
    ]

    operations = [
        migrations.CreateModel(
            name='Address',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='addresses', to=settings.AUTH_USER_MODEL)),
                ('channel', models.CharField(max_length=20)),
                ('address', models.CharField(max_length=300, verbose_name='address')),
                ('failed_at', models.DateTimeField(blank=True, null=True)),
                ('error', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'channel'), name='one_address_a_channel')],
            },
        ),
        migrations.CreateModel(
            name='Digest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('day', models.DateField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'day'), name='one_digest_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Endpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='endpoints', to='casework.unit', verbose_name='unit')),
                ('channel', models.CharField(max_length=20, verbose_name='channel')),
                ('address', models.CharField(max_length=300, verbose_name='address')),
                ('secret', models.CharField(blank=True, max_length=200, verbose_name='secret')),
                ('failed_at', models.DateTimeField(blank=True, null=True)),
                ('error', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'verbose_name': 'robot or webhook',
                'verbose_name_plural': 'robots and webhooks',
                'constraints': [models.UniqueConstraint(fields=('unit', 'channel', 'address'), name='endpoint_is_unique')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to=settings.AUTH_USER_MODEL)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='told_to', to='casework.caseevent')),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.case')),
                ('unit', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit')),
                ('is_copy', models.BooleanField(default=False)),
                ('digest', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='messages', to='notifications.digest')),
                ('at', models.DateTimeField()),
                ('read_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['person', '-id'], name='messages_of_person'), models.Index(condition=models.Q(('read_at', None)), fields=['person'], name='unread_messages'), models.Index(fields=['unit', 'at'], name='messages_to_unit')],
                'constraints': [models.UniqueConstraint(fields=('person', 'event'), name='one_message_a_person_and_event')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='notifications.message')),
                ('digest', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='notifications.digest')),
                ('event', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.caseevent')),
                ('endpoint', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='notifications.endpoint')),
                ('channel', models.CharField(max_length=20)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sending', 'Being sent'), ('sent', 'Sent'), ('failed', 'Refused'), ('parked', 'Given up'), ('cancelled', 'No longer for this person')], default='waiting', max_length=10)),
                ('due_at', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('repeats', models.PositiveSmallIntegerField(default=0)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'delivery',
                'verbose_name_plural': 'deliveries',
                'indexes': [models.Index(condition=models.Q(('state__in', ('waiting', 'sending'))), fields=['channel', 'due_at', 'id'], name='undelivered')],
                'constraints': [models.UniqueConstraint(fields=('message', 'channel'), name='one_delivery_of_a_message'), models.UniqueConstraint(fields=('digest', 'channel'), name='one_delivery_of_a_digest'), models.UniqueConstraint(fields=('event', 'endpoint'), name='one_delivery_to_an_endpoint'), models.CheckConstraint(condition=models.Q(models.Q(('digest', None), ('endpoint', None), ('event', None), ('message__isnull', False)), models.Q(('digest__isnull', False), ('endpoint', None), ('event', None), ('message', None)), models.Q(('digest', None), ('endpoint__isnull', False), ('event__isnull', False), ('message', None)), _connector='OR'), name='delivery_of_one_thing')],
            },
        ),
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='preference', to=settings.AUTH_USER_MODEL)),
                ('wants_digest', models.BooleanField(default=True, verbose_name='one digest a day')),
                ('digest_at', models.TimeField(default=datetime.time(8, 0), verbose_name='time of the digest')),
                ('quiet_from', models.TimeField(default=datetime.time(21, 0), verbose_name='quiet from')),
                ('quiet_until', models.TimeField(default=datetime.time(7, 0), verbose_name='quiet until')),
            ],
        ),
    ]
