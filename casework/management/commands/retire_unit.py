"""`manage.py retire_unit CODE`: a unit is no longer in use; its open cases go to the successor."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from casework.errors import Refusal
from casework.models import Unit
from casework.offices.retiring import retire_unit


class Command(BaseCommand):
    help = "Take a unit out of use. With open cases it needs a successor, names the cases, and asks for --move-cases."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", metavar="CODE")
        parser.add_argument("--successor", metavar="CODE", help="the unit that takes its open cases over")
        parser.add_argument("--move-cases", action="store_true", help="the open cases go to the successor")
        parser.add_argument("--language", default="zh-hans", choices=["zh-hans", "en"], help="of the reasons")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"]):
            unit = self.unit(options["code"])
            successor = self.unit(options["successor"]) if options["successor"] else None
            try:
                moved = retire_unit(
                    unit=unit, successor=successor, moves_cases=options["move_cases"], by=None, at=timezone.now()
                )
            except Refusal as refusal:
                raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{unit} retired, {moved} open cases moved")

    def unit(self, code: str) -> Unit:
        unit = Unit.objects.filter(code=code).first()
        if unit is None:
            raise CommandError(f"no unit has the code {code}")
        return unit
