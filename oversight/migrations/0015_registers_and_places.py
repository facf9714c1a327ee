"""Coordinates of units and outlines of cities, supervision stations, and visits of helper units."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from oversight.migrations import _frozen_0003 as database
from oversight.migrations._frozen_squashed import CreateModels


def keep(apps, editor):
    """The database refuses to change or remove what an auditor would ask for."""
    database.append_only(
        editor,
        "oversight_unitplace",
        "oversight_cityoutline",
        "oversight_stationreport",
        "oversight_stationnews",
        "oversight_helpervisit",
    )
    database.frozen(editor, "oversight_station", "opened_on", "by_id", "at")
    database.frozen(editor, "oversight_stationvolunteer", "station_id", "number", "since", "by_id", "at")


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0041_pairings'),
        ('oversight', '0014_walls_paper_public_page_eligibility'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name='CityOutline',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('file_name', models.CharField(max_length=120, verbose_name='file')),
                    ('rings', models.JSONField()),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit', verbose_name='city')),
                ],
                options={
                    'verbose_name': 'outline of a city',
                    'verbose_name_plural': 'outlines of cities',
                    'ordering': ['-id'],
                },
            ),
            migrations.CreateModel(
                name='UnitPlace',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('latitude', models.FloatField(verbose_name='latitude')),
                    ('longitude', models.FloatField(verbose_name='longitude')),
                    ('from_file', models.BooleanField(default=False)),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='places', to='casework.unit', verbose_name='unit')),
                ],
                options={
                    'verbose_name': 'coordinates of a unit',
                    'verbose_name_plural': 'coordinates of units',
                    'ordering': ['-id'],
                    'indexes': [models.Index(fields=['unit', '-id'], name='newest_place_of_unit')],
                },
            ),
            migrations.CreateModel(
                name='Station',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=60, verbose_name='name')),
                    ('opened_on', models.DateField(verbose_name='opened on')),
                    ('closed_on', models.DateField(blank=True, null=True, verbose_name='closed on')),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stations', to='casework.unit', verbose_name='unit')),
                ],
                options={
                    'verbose_name': 'supervision station',
                    'verbose_name_plural': 'supervision stations',
                    'ordering': ['unit__path', 'id'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('closed_on', None)), fields=('unit', 'name'), name='one_open_station_of_name')],
                },
            ),
            migrations.CreateModel(
                name='StationVolunteer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                    ('since', models.DateField(verbose_name='since')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                    ('name', models.CharField(blank=True, max_length=40, verbose_name='name')),
                    ('phone', models.CharField(blank=True, max_length=30, verbose_name='phone')),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('station', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='volunteers', to='oversight.station')),
                ],
                options={
                    'verbose_name': 'volunteer of a station',
                    'verbose_name_plural': 'volunteers of stations',
                    'ordering': ['station', 'number'],
                    'constraints': [models.UniqueConstraint(fields=('station', 'number'), name='one_volunteer_a_number')],
                },
            ),
            migrations.CreateModel(
                name='StationReport',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='station_report', to='casework.case')),
                    ('volunteer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oversight.stationvolunteer')),
                    ('station', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='oversight.station')),
                ],
                options={
                    'verbose_name': 'report of a station',
                    'verbose_name_plural': 'reports of stations',
                    'ordering': ['-id'],
                    'indexes': [models.Index(fields=['station', '-id'], name='reports_of_station')],
                },
            ),
            migrations.CreateModel(
                name='StationNews',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('state', models.CharField(max_length=20)),
                    ('at', models.DateTimeField()),
                    ('report', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='news', to='oversight.stationreport')),
                ],
                options={
                    'verbose_name': "news of a station's report",
                    'verbose_name_plural': "news of stations' reports",
                    'ordering': ['id'],
                    'constraints': [models.UniqueConstraint(fields=('report', 'state'), name='station_told_once_a_state')],
                },
            ),
            migrations.CreateModel(
                name='HelperVisit',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('day', models.DateField(verbose_name='day')),
                    ('people', models.CharField(max_length=200, verbose_name='who was there')),
                    ('words', models.TextField(verbose_name='what was done')),
                    ('files', models.JSONField(default=list)),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('pairing', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='casework.pairing')),
                ],
                options={
                    'verbose_name': 'visit of a helper unit',
                    'verbose_name_plural': 'visits of helper units',
                    'ordering': ['-day', '-id'],
                    'indexes': [models.Index(fields=['pairing', '-day', '-id'], name='visits_of_pairing')],
                },
            ),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
