"""`manage.py import_members FILE`: the lead office and the member units of the coordination mechanism."""

from datetime import date
from typing import Any

from django.core.management.base import CommandParser

from casework.management.importing import ImportCommand
from casework.tables.columns import RESPONSIBILITY_COLUMNS
from casework.working_time.deadlines import local_day
from oversight.members.importing import import_members


class Command(ImportCommand):
    help = "Import member units from CSV or XLSX: order, name, group, division_prefixes, note; the lead office first."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--from",
            dest="valid_from",
            type=date.fromisoformat,
            help="the day from which new members belong to it, like 2021-01-01; today if not given",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        at = self.now()
        valid_from = options["valid_from"] or local_day(at)
        self.run(
            lambda table: import_members(table, by=None, at=at, valid_from=valid_from),
            columns=RESPONSIBILITY_COLUMNS,
            **options,
        )
