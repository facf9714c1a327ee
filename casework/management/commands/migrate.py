"""Django's migrate, for a database from before the migrations were first squashed as well.

What such a database applied is known by names that no file has any more, and Django squashes what was squashed before
only from 6.0 on: where all of the names are recorded, the file that stands for them is recorded as applied.
"""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

# (app, the file that stands for them): what it took the place of.
FIRST_SQUASHED = {
    ("casework", "0002_squashed_0013_spot_check"): (
        "0002_process 0003_retention 0004_catalogue 0005_search 0006_saved_list 0007_escalation 0008_ladder 0009_relapse "
        "0010_look_back 0011_days 0012_read_again 0013_spot_check"
    ),
    ("oversight", "0001_squashed_0002_villages_by_month"): "0001_tallies 0002_villages_by_month",
}


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> Any:
        record_first_squashed(MigrationRecorder(connections[options["database"]]))
        return super().handle(*args, **options)


def record_first_squashed(recorder: MigrationRecorder) -> None:
    """Refuses a database that had applied a part of them only: it was never landed."""
    applied = recorder.applied_migrations()
    for (app, name), stood_for in FIRST_SQUASHED.items():
        before = {(app, each) for each in stood_for.split()}
        if not before & applied.keys() or (app, name) in applied:
            continue
        if missing := sorted(each for _app, each in before - applied.keys()):
            raise CommandError(
                f"This database had applied a part of {app}'s first migrations only ({', '.join(missing)} are missing). "
                "Upgrade it with the release before this one first."
            )
        recorder.record_applied(app, name)
