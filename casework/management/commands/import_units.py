"""`manage.py import_units FILE`: the tree of units from a code list."""

from typing import Any

from casework.management.importing import ImportCommand
from casework.offices.units import import_units
from casework.tables.columns import UNIT_COLUMNS


class Command(ImportCommand):
    help = "Import units from CSV or XLSX: code, name, parent_code, level (province, city, area, street, village)."

    def handle(self, *args: Any, **options: Any) -> None:
        self.run(lambda table: import_units(table, by=None, at=self.now()), columns=UNIT_COLUMNS, **options)
