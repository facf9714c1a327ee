"""Replay a draw from its printed sheet: `manage.py replay_draw record.txt`, or a list with hash and seed beside it."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_datetime

from casework.errors import Refusal
from oversight.spot_checks.replay import findings_of, read_record, replay


class Command(BaseCommand):
    help = "Replay a draw from its record (or “-” for standard input); it asks no database. Fails where the draw does not hold."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the record, or the frozen list alone; “-” reads standard input")
        parser.add_argument("--sha256", default="", help="the hash, as it was published")
        parser.add_argument("--seed", default="", help="the seed, as it stands on the sheet")
        parser.add_argument("--frozen-at", default="", help="when the hash was published: 2026-03-02T10:00:00+08:00")
        parser.add_argument("--seeded-at", default="", help="when the seed was typed in")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            record = read_record(
                _text_of(options["file"]),
                sha256=options["sha256"],
                seed=options["seed"],
                frozen_at=_moment(options["frozen_at"]),
                seeded_at=_moment(options["seeded_at"]),
            )
            found = replay(record)
        except Refusal as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"sha256 {found.sha256}")
        for one in found.result.drawn:
            self.stdout.write(f"{one.rank} {one.code} {one.rule} {one.ticket.value} {one.inspector or '-'}")
        for code, ticket in found.result.reserve:
            self.stdout.write(f"next {code} {ticket.value}")
        for speaks_for, words in findings_of(found):
            self.stdout.write(f"{'?' if speaks_for is None else 'ok' if speaks_for else 'NO'} {words}")
        if any(speaks_for is False for speaks_for, _words in findings_of(found)):
            raise CommandError("The draw does not hold.")


def _text_of(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{name} can't be read: {error}") from error


def _moment(words: str) -> Any:
    found = None
    with suppress(ValueError):
        found = parse_datetime(words) if words else None
    if words and (found is None or found.tzinfo is None):
        raise CommandError(f"A moment stands as 2026-03-02T10:00:00+08:00. This can't be read: {words}")
    return found
