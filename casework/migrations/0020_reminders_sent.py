from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0019_taken_back")]

    operations = [
        migrations.SeparateDatabaseAndState(
            # By hand: Django would remake the table on SQLite, and its triggers would be gone.
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE casework_lookback RENAME COLUMN told TO reminders_sent",
                    "ALTER TABLE casework_lookback RENAME COLUMN reminders_sent TO told",
                )
            ],
            state_operations=[migrations.RenameField("lookback", "told", "reminders_sent")],
        )
    ]
