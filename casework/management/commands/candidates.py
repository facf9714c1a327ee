"""`manage.py candidates`: which cases look as if an earlier one had come back, and why."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone, translation

from casework.models import RelapseCandidate
from casework.relapse.candidates import look_for_unmatched
from casework.relapse.reasons import reasons_in_words


class Command(BaseCommand):
    help = "Look for relapses among what has not been matched yet, and print every candidate with its reasons."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print a JSON array instead of lines")
        parser.add_argument("--undecided", action="store_true", help="only those without a verdict")
        parser.add_argument("--language", default="zh-hans", choices=["zh-hans", "en"], help="of the reasons")

    def handle(self, *args: Any, **options: Any) -> None:
        look_for_unmatched(at=timezone.now())
        found = RelapseCandidate.objects.select_related("case", "earlier").order_by("case", "-score")
        if options["undecided"]:
            found = found.filter(verdicts=None)
        with translation.override(options["language"]):
            rows = [self.row(candidate) for candidate in found]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        for row in rows:
            reasons = "、".join(row["reasons"])
            self.stdout.write(f"{row['case']} ← {row['earlier_case']}  {row['score']:.2f}  {reasons}")

    def row(self, candidate: RelapseCandidate) -> dict[str, Any]:
        return {
            "finding_no": candidate.case.finding_no,
            "earlier_finding_no": candidate.earlier.finding_no,
            "case": candidate.case.number,
            "earlier_case": candidate.earlier.number,
            "score": candidate.score,
            "reasons": reasons_in_words(candidate.features, is_guessed=candidate.is_guessed),
        }
