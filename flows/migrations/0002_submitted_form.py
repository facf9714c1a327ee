from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("flows", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("HandedIn", "SubmittedForm"),
                migrations.AlterModelTable("SubmittedForm", "flows_handedin"),
            ],
        )
    ]
