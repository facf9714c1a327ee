"""`manage.py refit_weights`: learn from the verdicts how much each reason should weigh."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from casework.errors import Invalid
from casework.relapse.weights import refit


class Command(BaseCommand):
    help = "Fit the weights of the relapse reasons to the verdicts; prints precision and recall before and after."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--keep", action="store_true", help="let the new weights hold; without it they are only shown"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            fit = refit(at=timezone.now(), keep=options["keep"])
        except Invalid as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        if options["json"]:
            self.stdout.write(json.dumps({**fit.__dict__, "kept": options["keep"]}))
            return
        for name, measured in (("before", fit.before), ("after", fit.after)):
            self.stdout.write(f"{name:<7} precision {measured['precision']:.3f}  recall {measured['recall']:.3f}")
        kept = f"version {fit.version} holds from now on" if options["keep"] else "nothing was changed (--keep)"
        self.stdout.write(f"{fit.verdicts} verdicts; {kept}")
