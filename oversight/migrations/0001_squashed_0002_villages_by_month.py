from django.db import migrations, models


class Migration(migrations.Migration):


    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='RelapseAge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.BigIntegerField()),
                ('dimension', models.CharField(choices=[('county', 'County'), ('town', 'Town'), ('village', 'Village'), ('aspect', 'Aspect'), ('kind', 'Kind of rectification'), ('approver', 'Approver'), ('term', 'Change of term')], max_length=10)),
                ('key', models.CharField(max_length=20)),
                ('day', models.DateField()),
                ('age', models.PositiveIntegerField()),
                ('count', models.PositiveIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('dimension', 'day', 'county', 'key', 'age'), name='one_age_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.BigIntegerField()),
                ('dimension', models.CharField(choices=[('county', 'County'), ('town', 'Town'), ('village', 'Village'), ('aspect', 'Aspect'), ('kind', 'Kind of rectification'), ('approver', 'Approver'), ('term', 'Change of term')], max_length=10)),
                ('key', models.CharField(max_length=20)),
                ('day', models.DateField()),
                ('opened', models.PositiveIntegerField(default=0)),
                ('closed', models.PositiveIntegerField(default=0)),
                ('back', models.PositiveIntegerField(default=0)),
                ('paper_only', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('dimension', 'day', 'county', 'key'), name='one_tally_a_day')],
            },
        ),
    ]
