"""`manage.py seed_demo`: the invented city, so that a newcomer sees an office at work."""

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from flows.demo.people import LOGINS, PASSWORD
from flows.demo.seeding import CannotSeed, is_seeded, seed


class Command(BaseCommand):
    help = "Load the demo city once; a second run adds nothing. Dates are relative to today."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--logins", action="store_true", help="only print the table of the demo's logins")
        parser.add_argument("--cases", type=int, default=200, metavar="N", help="how many cases (default 200)")
        parser.add_argument("--json", action="store_true", help="report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["logins"]:
            self.print_logins(as_json=options["json"])
            return
        if is_seeded():
            self.tell({"added": 0}, "The demo city is here already; nothing was added.", options)
            return
        began = time.monotonic()
        try:
            seeded = seed(now=timezone.now(), cases=options["cases"])
        except CannotSeed as reason:
            raise CommandError(str(reason), returncode=2) from reason
        counts = {"units": seeded.units, "people": seeded.people, "cases": seeded.cases}
        seconds = time.monotonic() - began
        self.tell(
            {"added": seeded.cases, **counts},
            "Added {units} units, {people} people and {cases} cases".format(**counts) + f" in {seconds:.0f} s.",
            options,
        )

    def tell(self, report: dict[str, int], sentence: str, options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(report))
        elif options["verbosity"]:
            self.stdout.write(sentence)

    def print_logins(self, *, as_json: bool) -> None:
        if as_json:
            rows = [{"username": login.username, "role": login.role, "place": login.place} for login in LOGINS]
            self.stdout.write(json.dumps({"password": PASSWORD, "logins": rows}, ensure_ascii=False))
            return
        self.stdout.write(f"Demo logins, all with the password {PASSWORD}\n")
        for login in LOGINS:
            self.stdout.write(f"  {login.username:<12}{login.place}  {login.words}")
