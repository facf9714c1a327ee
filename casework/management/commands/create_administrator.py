"""`manage.py create_administrator USERNAME NAME UNIT_CODE`: the first administrator of a real office."""

import os
import sys
from getpass import getpass
from typing import Any, NoReturn

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from casework.errors import Refusal
from casework.models import Unit
from casework.offices.people import appoint_administrator


class Command(BaseCommand):
    help = "Make an administrator. The password is asked for, or taken from the environment variable PASSWORD."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("name")
        parser.add_argument("unit", metavar="UNIT_CODE", help="the code of the city or province")

    def handle(self, *args: Any, **options: Any) -> None:
        unit = Unit.objects.filter(code=options["unit"]).first()
        if unit is None:
            self.stop(f"No unit has the code {options['unit']}. Import the units first.")
        password = os.environ.get("PASSWORD") or getpass("Password: ")
        try:
            validate_password(password)
            appoint_administrator(
                username=options["username"], name=options["name"], password=password, unit=unit, at=timezone.now()
            )
        except (Refusal, ValidationError) as error:
            self.stop(" ".join(getattr(error, "messages", None) or [str(error)]))
        self.stdout.write(f"{options['username']} may sign in and give out posts at {unit}.")

    def stop(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(2)
