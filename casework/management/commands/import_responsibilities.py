"""`manage.py import_responsibilities FILE`: member units, functional zones and what they answer for."""

from datetime import date
from typing import Any

from django.core.management.base import CommandParser

from casework.management.importing import ImportCommand
from casework.offices.responsibilities import import_responsibilities
from casework.tables.columns import RESPONSIBILITY_COLUMNS
from casework.working_time.deadlines import local_day


class Command(ImportCommand):
    help = "Import member units from CSV or XLSX: name, group, division_prefixes (codes apart by a semicolon), note."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--from",
            dest="valid_from",
            type=date.fromisoformat,
            help="the first day of new responsibilities, like 2021-01-01; today if not given",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        at = self.now()
        valid_from = options["valid_from"] or local_day(at)
        self.run(
            lambda table: import_responsibilities(table, by=None, at=at, valid_from=valid_from),
            columns=RESPONSIBILITY_COLUMNS,
            **options,
        )
