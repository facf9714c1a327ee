"""The default ladder and calendar, the triggers of the new tables, and the clocks of the cases that are open already.

Nobody is told afterwards of what happened before: old events count as announced, and no step by a deadline is made up
for that fell before today.
"""

from django.db import migrations
from django.db.models import F
from django.utils import timezone

from casework import retention
from casework.defaults import calendar, ladder

ENDS = ("closed", "refused", "duplicate", "withdrawn", "referred")


def start_clocks(apps, editor):
    now = timezone.now()
    apps.get_model("casework", "CaseEvent").objects.filter(announced_at=None).update(announced_at=F("at"))
    running = apps.get_model("casework", "Case").objects.exclude(stage__in=ENDS).filter(paused_on=None)
    running.update(next_step_at=now)
    running.filter(assigned_at__isnull=False).update(ladder_since=timezone.localdate(now))


class Migration(migrations.Migration):
    dependencies = [("casework", "0007_escalation")]

    operations = [
        migrations.RunPython(calendar.install, migrations.RunPython.noop),
        migrations.RunPython(ladder.install, migrations.RunPython.noop),
        migrations.RunPython(start_clocks, migrations.RunPython.noop),
        migrations.RunPython(retention.install, migrations.RunPython.noop),
    ]
