"""`manage.py retire_unit CODE`: a unit is no longer in use; its posts hand over, and what is open goes to the successor."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from casework.errors import Refusal
from casework.models import Person, Term, Unit
from casework.models.unit import on_day
from casework.stages import Role
from casework.working_time.deadlines import local_day
from oversight.handover.retirement import merge_unit


class Command(BaseCommand):
    help = "Take a unit out of use. What it leaves needs a successor; open cases are named, and ask for --move-cases."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", metavar="CODE")
        parser.add_argument("--successor", metavar="CODE", help="the unit that takes over what it leaves")
        parser.add_argument("--move-cases", action="store_true", help="the open cases go to the successor")
        parser.add_argument("--by", metavar="USERNAME", help="who decided it; the administrator, where there is one")
        parser.add_argument("--language", default="zh-hans", choices=["zh-hans", "en"], help="of the reasons")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"]):
            unit = self.unit(options["code"])
            successor = self.unit(options["successor"]) if options["successor"] else None
            try:
                moved = merge_unit(
                    unit=unit,
                    successor=successor,
                    moves_cases=options["move_cases"],
                    by=self.person(options["by"]),
                    at=timezone.now(),
                )
            except Refusal as refusal:
                raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{unit} retired, {moved} open cases moved")

    def unit(self, code: str) -> Unit:
        unit = Unit.objects.filter(code=code).first()
        if unit is None:
            raise CommandError(f"no unit has the code {code}")
        return unit

    def person(self, username: str | None) -> Person:
        """Packs, pairings and requirements say by whom they went on, so somebody stands for it."""
        people = Person.objects.filter(is_active=True)
        if username:
            found = list(people.filter(username=username))
        else:
            administrators = Term.objects.filter(on_day(local_day(timezone.now())), post__role=Role.ADMINISTRATOR)
            found = list(people.filter(pk__in=administrators.values("person"))[:2])
        if len(found) != 1:
            raise CommandError(
                f"nobody signs in as {username}" if username else "say who decided it with --by USERNAME"
            )
        return found[0]
