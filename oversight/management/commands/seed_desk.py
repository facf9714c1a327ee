"""`manage.py seed_desk`: what the demo city's lead office and its member units do, so that a newcomer sees it at work."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from oversight.demo.desk import can_be_seeded, is_seeded, seed_desk
from oversight.demo.members import LEAD_LOGIN, REPORTER_LOGIN, REPORTER_PLACE

LOGINS = (
    (LEAD_LOGIN, "澄川市", "牵头办公室：成员单位、期次、报送审核、通报"),
    (REPORTER_LOGIN, REPORTER_PLACE, "成员单位报送员：写本单位的双月报"),
)


class Command(BaseCommand):
    help = "Load the offices' desk of the demo city once, after seed_demo. Dates are relative to today."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--logins", action="store_true", help="only print the desk's logins")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["logins"]:
            for username, place, words in LOGINS if is_seeded() else ():
                self.stdout.write(f"  {username:<12}{place}  {words}")
            return
        if is_seeded():
            self.say("The desk of the demo city is here already; nothing was added.", options)
            return
        if not can_be_seeded():
            raise CommandError("The demo city is not here: run seed_demo first.", returncode=2)
        began = time.monotonic()
        world = seed_desk(now=timezone.now())
        self.say(f"Added {len(world.members)} member units in {time.monotonic() - began:.1f} s.", options)

    def say(self, sentence: str, options: dict[str, Any]) -> None:
        if options["verbosity"]:
            self.stdout.write(sentence)
