"""`manage.py verify_evidence`: proves that nothing was altered, and names what was."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from casework.management.verifying import report
from casework.proofs.verification import verify_evidence


class Command(BaseCommand):
    help = "Verify every file and record of evidence. Exit code 1 when one does not hold."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--case", default="", help="only the case of this number")
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        code = report(verify_evidence(options["case"]), as_json=options["json"], out=self.stdout)
        if code:
            sys.exit(code)
