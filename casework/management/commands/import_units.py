"""`manage.py import_units FILE`: the tree of units from a code list."""

from typing import Any

from django.core.management.base import CommandParser

from casework.management.importing import ImportCommand
from casework.offices.units import import_units
from casework.tables.columns import UNIT_COLUMNS


class Command(ImportCommand):
    help = "Import units from CSV or XLSX: code, name, parent_code, level (province, city, area, street, village)."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--move-cases",
            action="store_true",
            help="open cases go along with the units that come under another parent",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.run(
            lambda table: import_units(table, by=None, at=self.now(), moves_cases=options["move_cases"]),
            columns=UNIT_COLUMNS,
            **options,
        )
