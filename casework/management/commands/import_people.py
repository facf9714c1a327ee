"""`manage.py import_people FILE`: accounts, posts and terms for 1,334 villages in one go."""

import csv
import os
from pathlib import Path
from typing import Any

from casework.imports.outcome import Outcome
from casework.imports.tables import Table
from casework.lifecycle.appointments import import_people
from casework.management.importing import ImportCommand


class Command(ImportCommand):
    help = "Import people from CSV or XLSX: name, phone, unit code, role, from, until. New accounts get a one-time password."

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"] + ".passwords.csv")

        def importer(table: Table) -> Outcome:
            appointed = import_people(table, by=None, at=self.now())
            if appointed.passwords:
                self.write_passwords(path, appointed.passwords)
                appointed.outcome.notes.append(f"one-time passwords of {len(appointed.passwords)} new accounts: {path}")
            return appointed.outcome

        self.run(importer, **options)

    def write_passwords(self, path: Path, passwords: list[tuple[str, str, str]]) -> None:
        """Readable by whoever ran the command and nobody else; hand them out and delete the file."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["name", "phone", "one_time_password"])
            writer.writerows(passwords)
