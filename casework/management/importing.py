"""How the importing commands read, print and end."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from casework.errors import Invalid, Refusal
from casework.tables.columns import Wanted
from casework.tables.outcome import Outcome, refused_csv
from casework.tables.parsing import Table, read_file


def notes_of(table: Table) -> list[str]:
    """What a reader of the file must know of how it was read."""
    notes = []
    if table.other_sheets:
        notes.append(
            f"sheet read: {table.sheet}; these hold the same columns and were not: {', '.join(table.other_sheets)}"
        )
    if table.passed_over:
        notes.append(
            f"passed over as sums, signatures or column names: rows {', '.join(map(str, table.passed_over[:20]))}"
        )
    return notes


class ImportCommand(BaseCommand):
    """Reads FILE, writes the refused rows beside it, prints what became of the rows and sums up in the last line.

    Exit code 0 when the file could be read, also with refused rows; 2 when it couldn't, with a sentence.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="CSV or XLSX")
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")
        parser.add_argument("--language", default="zh-hans", choices=["zh-hans", "en"], help="of the reasons")

    def run(self, importer: Callable[[Table], Outcome], *, columns: Wanted, **options: Any) -> None:
        with translation.override(options["language"]):
            try:
                table = read_file(options["file"], columns)
                self.require_writable(Path(options["file"]).parent)
                outcome = importer(table)
            except Refusal as refusal:
                self.stderr.write(str(refusal))
                sys.exit(2)
            except OSError as error:
                self.stderr.write(f"{error.filename} cannot be written: {error.strerror}. Nothing was imported.")
                sys.exit(2)
            refused_file = self.write_refused(Path(options["file"]), table, outcome)
        self.report(table, outcome, refused_file, as_json=options["json"])

    def require_writable(self, folder: Path) -> None:
        """The refused rows are written beside the file; better to say at once that they can't be."""
        if not os.access(folder, os.W_OK):
            raise Invalid(
                "folder_unwritable",
                _("Refused rows are written beside the file, but %(folder)s is not writable. Copy the file elsewhere.")
                % {"folder": folder},
            )

    def write_refused(self, path: Path, table: Table, outcome: Outcome) -> Path | None:
        """`FILE.refused.csv`; one of an earlier run is taken away when nothing is refused any more."""
        target = path.with_name(path.name + ".refused.csv")
        if not outcome.refused:
            target.unlink(missing_ok=True)
            return None
        target.write_bytes(refused_csv(table, outcome.refused))
        return target

    def report(self, table: Table, outcome: Outcome, refused_file: Path | None, *, as_json: bool) -> None:
        if as_json:
            refused = str(refused_file) if refused_file else None
            self.stdout.write(json.dumps({**outcome.as_dict(), "refused_file": refused}, ensure_ascii=False))
            return
        for note in [*notes_of(table), *outcome.notes]:
            self.stdout.write(note)
        for row, reason in outcome.refused[:20]:
            self.stdout.write(f"row {row.number}: {reason}")
        if refused_file:
            self.stdout.write(f"all refused rows with their reasons: {refused_file}")
        self.stdout.write(outcome.summary())

    def now(self) -> Any:
        return timezone.now()
