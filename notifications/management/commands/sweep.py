"""`manage.py sweep`: every clock at a given moment, so that the coming month can be seen in a minute."""

from argparse import ArgumentParser
from collections import Counter
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.dateparse import parse_date, parse_datetime

from casework.escalation.sweeping import sweep
from casework.models import CaseEvent, Escalation, Unit
from casework.working_time.deadlines import LOCAL, midnight
from notifications.announcing import announce, announce_office
from notifications.delivering import deliver, due_channels
from notifications.models import Message


class Command(BaseCommand):
    help = "Run every clock at a moment: lights, ladder, letters, vacancies, messages, deliveries."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--at", metavar="TIMESTAMP", help="2026-12-07 or 2026-12-07T09:00 (China); now without it")
        parser.add_argument("--dry-run", action="store_true", help="only print what would happen, case by case")

    def handle(self, *args: Any, **options: Any) -> None:
        at = moment(options["at"])
        if settings.PRODUCTION and at > timezone.now() and not options["dry_run"]:
            # Letters of next week, issued today, could not be taken back.
            raise CommandError("An office looks ahead with --dry-run; only a demo may live ahead of its time.")
        before = Escalation.objects.order_by("-id").values_list("id", flat=True).first() or 0
        with translation.override("zh-hans"):
            if options["dry_run"]:
                # The very thing, and then taken back: a dry run can't tell another story than the real one.
                with transaction.atomic():
                    self.run(at, before)
                    transaction.set_rollback(True)
                self.stdout.write("Nothing of it was kept (--dry-run).")
                return
            self.run(at, before)
            sent = {code: deliver(code, at=at) for code in due_channels(at=at)}
            for code, count in sent.items():
                self.stdout.write(f"sent by {code}: {count}")

    def run(self, at: datetime, before: int) -> None:
        for name, count in sweep(at=at).items():
            self.stdout.write(f"{name}: {count}")
        steps = list(Escalation.objects.filter(id__gt=before).select_related("case__village", "letter").order_by("id"))
        units = dict(Unit.objects.filter(pk__in={unit for s in steps for unit, _r in s.to}).values_list("pk", "name"))
        announce(at=at)
        announce_office(at=at)
        told = Counter(
            Message.objects.filter(event__in=[step.event_id for step in steps if step.event_id]).values_list(
                "event", flat=True
            )
        )
        for step in steps:
            whom = "、".join(units.get(unit, "") for unit, _roles in step.to)
            letter = getattr(step, "letter", None)
            how = f"{told[step.event_id]} told" if step.event_id else "passed over: a later step speaks for it"
            self.stdout.write(
                f"{step.case.number} {step.case.village.name} {step.due_on} {step.get_kind_display()}"
                f"{' ' + letter.number if letter else ''} → {whom} ({how})"
            )
        left = CaseEvent.objects.filter(announced_at=None).count()
        self.stdout.write(f"steps: {len(steps)}, messages: {sum(told.values())}, events left to announce: {left}")


def moment(text: str | None) -> datetime:
    """The moment that was asked for; a day is its morning at nine."""
    if not text:
        return timezone.now()
    try:
        at = parse_datetime(text)
        day = parse_date(text) if at is None or len(text) == 10 else None
    except ValueError:
        at = day = None
    if day is not None:
        return midnight(day).replace(hour=9)
    if at is None:
        raise CommandError(f"{text!r} is no moment: give 2026-12-07 or 2026-12-07T09:00.")
    return at if at.tzinfo else at.replace(tzinfo=LOCAL)
