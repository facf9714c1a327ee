"""Two roles of the coordination mechanism: the lead office, and the reporter of a member unit."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0026_words_compared'),
    ]

    operations = [
        migrations.AlterField(
            model_name='caseevent',
            name='by_role',
            field=models.CharField(blank=True, choices=[('inspector', 'Inspector'), ('committee_member', 'Committee member'), ('committee_head', 'Committee head'), ('town_reviewer', 'Town reviewer'), ('county_supervisor', 'County supervisor'), ('city_supervisor', 'City supervisor'), ('department_member', 'Department member'), ('volunteer', 'Supervision station volunteer'), ('administrator', 'Administrator'), ('lead_office', 'Lead office'), ('member_reporter', 'Reporter of a member unit')], max_length=20),
        ),
        migrations.AlterField(
            model_name='comment',
            name='by_role',
            field=models.CharField(blank=True, choices=[('inspector', 'Inspector'), ('committee_member', 'Committee member'), ('committee_head', 'Committee head'), ('town_reviewer', 'Town reviewer'), ('county_supervisor', 'County supervisor'), ('city_supervisor', 'City supervisor'), ('department_member', 'Department member'), ('volunteer', 'Supervision station volunteer'), ('administrator', 'Administrator'), ('lead_office', 'Lead office'), ('member_reporter', 'Reporter of a member unit')], max_length=20),
        ),
        migrations.AlterField(
            model_name='historicalpost',
            name='role',
            field=models.CharField(choices=[('inspector', 'Inspector'), ('committee_member', 'Committee member'), ('committee_head', 'Committee head'), ('town_reviewer', 'Town reviewer'), ('county_supervisor', 'County supervisor'), ('city_supervisor', 'City supervisor'), ('department_member', 'Department member'), ('volunteer', 'Supervision station volunteer'), ('administrator', 'Administrator'), ('lead_office', 'Lead office'), ('member_reporter', 'Reporter of a member unit')], max_length=20, verbose_name='role'),
        ),
        migrations.AlterField(
            model_name='post',
            name='role',
            field=models.CharField(choices=[('inspector', 'Inspector'), ('committee_member', 'Committee member'), ('committee_head', 'Committee head'), ('town_reviewer', 'Town reviewer'), ('county_supervisor', 'County supervisor'), ('city_supervisor', 'City supervisor'), ('department_member', 'Department member'), ('volunteer', 'Supervision station volunteer'), ('administrator', 'Administrator'), ('lead_office', 'Lead office'), ('member_reporter', 'Reporter of a member unit')], max_length=20, verbose_name='role'),
        ),
    ]
