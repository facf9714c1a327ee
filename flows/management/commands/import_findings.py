"""`manage.py import_findings FILE`: findings become cases."""

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

from django.core.files import File
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone, translation

from casework.errors import Refusal
from casework.models import FindingImport, Person
from casework.models.job import JobState
from flows.finding_import import keep_file, run_import

SUMMED = ("added", "unchanged", "refused", "unclassified", "items_guessed", "likely_duplicates")


class Command(BaseCommand):
    help = "Import findings from CSV or XLSX. Good rows become cases, refused ones go to FILE.refused.csv with reasons."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="print what would happen, and write nothing")
        parser.add_argument("--by", metavar="USERNAME", default="", help="in whose name, and within whose villages")
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")
        parser.add_argument("--language", default="zh-hans", choices=["zh-hans", "en"], help="of the reasons")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        with translation.override(options["language"]):
            try:
                run = self.run(path, **options)
            except Refusal as refusal:
                self.stop(str(refusal))
            except OSError as error:
                self.stop(f"{path} cannot be read: {error.strerror}.")
        try:
            refused_file = self.write_refused(path, run)
        except OSError as error:
            self.stop(f"The good rows are in, but {path}.refused.csv cannot be written: {error.strerror}.")
        self.report(run, refused_file, as_json=options["json"])

    def run(self, path: Path, **options: Any) -> FindingImport:
        by = None
        if options["by"]:
            by = Person.objects.filter(username=options["by"]).first()
            if by is None:
                self.stop(f"Nobody has the user name {options['by']}.")
        with path.open("rb") as file:
            run = keep_file(upload=File(file, name=path.name), by=by, at=timezone.now(), is_dry_run=options["dry_run"])
        run_import(run.pk)
        run.refresh_from_db()
        if run.state == JobState.FAILED:
            self.stop(run.trouble)
        return run

    def write_refused(self, path: Path, run: FindingImport) -> Path | None:
        target = path.with_name(path.name + ".refused.csv")
        if not run.refused_file:
            target.unlink(missing_ok=True)
            return None
        with run.refused_file.open("rb") as file:
            target.write_bytes(file.read())
        return target

    def report(self, run: FindingImport, refused_file: Path | None, *, as_json: bool) -> None:
        counts = {name: getattr(run, name) for name in SUMMED}
        if as_json:
            unknown = run.unknown_columns
            refused = str(refused_file) if refused_file else None
            self.stdout.write(json.dumps({**counts, "unknown_columns": unknown, "refused_file": refused}))
            return
        if run.unknown_columns:
            self.stdout.write("columns not read: " + ", ".join(run.unknown_columns))
        if refused_file:
            self.stdout.write(f"all refused rows with their reasons: {refused_file}")
        if run.unclassified:
            self.stdout.write(f"{run.unclassified} to be classified")
        if run.items_guessed:
            self.stdout.write(f"{run.items_guessed} filed by what their words surely mean, to be checked")
        if run.likely_duplicates:
            self.stdout.write(f"{run.likely_duplicates} likely duplicates, marked for screening")
        self.stdout.write(f"{run.added} added, 0 changed, {run.unchanged} unchanged, {run.refused} refused")

    def stop(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(2)
