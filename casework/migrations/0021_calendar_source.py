from django.db import migrations

BEFORE = "国务院办公厅节假日安排 (chinesecalendar)"
AFTER = "国务院办公厅节假日安排（系统预置）"


def rename(before, after):
    def apply(apps, _editor):
        apps.get_model("casework", "CalendarYear").objects.filter(source=before).update(source=after)

    return apply


class Migration(migrations.Migration):
    dependencies = [("casework", "0020_reminders_sent")]

    operations = [migrations.RunPython(rename(BEFORE, AFTER), rename(AFTER, BEFORE))]
