from django.db import migrations, models

TABLES = ('casework_case', 'casework_historicalcase')


def add_inspector(apps, schema_editor):
    # By hand: Django would remake these tables on SQLite, and their triggers would be gone.
    for table in TABLES:
        schema_editor.execute(f"ALTER TABLE {table} ADD COLUMN inspector_name varchar(100) DEFAULT '' NOT NULL")
        if schema_editor.connection.vendor == 'postgresql':
            schema_editor.execute(f'ALTER TABLE {table} ALTER COLUMN inspector_name DROP DEFAULT')


def remove_inspector(apps, schema_editor):
    for table in TABLES:
        schema_editor.execute(f'ALTER TABLE {table} DROP COLUMN inspector_name')


def inspector_of(model):
    return migrations.AddField(
        model_name=model,
        name='inspector_name',
        field=models.CharField(blank=True, default='', max_length=100, verbose_name='inspector'),
    )


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0014_case_moves'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add_inspector, remove_inspector)],
            state_operations=[inspector_of('case'), inspector_of('historicalcase')],
        ),
        migrations.AddField(
            model_name='findingimport',
            name='sheet',
            field=models.CharField(blank=True, default='', max_length=100, verbose_name='sheet'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='findingimport',
            name='other_sheets',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='findingimport',
            name='passed_over',
            field=models.JSONField(blank=True, default=list),
        ),
    ]
