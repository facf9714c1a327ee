"""`manage.py import_people FILE`: accounts, posts and terms for 1,334 villages in one go."""

import csv
import os
from pathlib import Path
from typing import Any

from django.db import transaction

from casework.management.importing import ImportCommand
from casework.offices.people import import_people
from casework.tables.columns import PEOPLE_COLUMNS
from casework.tables.outcome import Outcome, harmless
from casework.tables.parsing import Table


class Command(ImportCommand):
    help = "Import people from CSV or XLSX: name, phone, unit code, role, from, until. New accounts get a one-time password."

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--election",
            action="store_true",
            help="Whoever heads a committee on the first day of a row ends the day before.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"] + ".passwords.csv")

        def importer(table: Table) -> Outcome:
            # An account whose password nobody could write down would be lost: no file, no account.
            with transaction.atomic():
                appointed = import_people(table, by=None, at=self.now(), is_election=options["election"])
                if appointed.passwords:
                    self.write_passwords(path, appointed.passwords)
            if appointed.passwords:
                appointed.outcome.notes.append(f"one-time passwords of {len(appointed.passwords)} new accounts: {path}")
            return appointed.outcome

        self.run(importer, columns=PEOPLE_COLUMNS, **options)

    def write_passwords(self, path: Path, passwords: list[tuple[str, str, str]]) -> None:
        """Readable by whoever ran the command and nobody else; hand them out and delete the file. The passwords of an
        earlier run stay in it: they stand nowhere else.
        """
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.fchmod(descriptor, 0o600)
        is_new = os.fstat(descriptor).st_size == 0
        with os.fdopen(descriptor, "w", encoding="utf-8-sig" if is_new else "utf-8", newline="") as file:
            writer = csv.writer(file)
            if is_new:
                writer.writerow(["name", "phone", "one_time_password"])
            writer.writerows([harmless(name), phone, password] for name, phone, password in passwords)
