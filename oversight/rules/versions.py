"""A version of a document's clauses is published; it never changes, and the next one begins later."""

from collections import Counter
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, Refusal, refuse
from casework.models import Person
from casework.rights.office_table import OfficeAction
from casework.values.days_in_words import exact_day
from casework.working_time.deadlines import local_day
from oversight.documents.records import BaseDocument
from oversight.documents.register import EARLIEST
from oversight.rights import require_lead
from oversight.rules.reading import read_clauses
from oversight.rules.records import RuleClause, RuleVersion

MOST_CLAUSES, LONGEST_CLAUSE = 500, 4000
# Rules are announced some months before they begin; a later day is a slip, and would shut out every version before it.
LONGEST_AHEAD = timedelta(days=366)


@transaction.atomic
def publish_version(
    *, document: BaseDocument, begins_on: date, text: str, by: Person, at: datetime, note: str = ""
) -> RuleVersion:
    """Say how a document reads from a day on. Refuses a day that is not after that of the last version, a text without
    numbers, and a number that stands twice.
    """
    require_lead(by, document.mechanism, OfficeAction.KEEP_DOCUMENTS, at)
    # Two at once: the second one sees the first one's day.
    document = BaseDocument.objects.select_for_update(no_key=True).get(pk=document.pk)
    clauses, before = read_clauses(text)
    found = _day_refusals(document, begins_on, at)
    if not clauses or before:
        sentence = _("Begin each clause on a line of its own with its number.")
        found.append(Invalid("clauses_unnumbered", sentence, field="text"))
    twice = [number for number, count in Counter(one.number for one in clauses).items() if count > 1]
    if twice:
        sentence = _("Number %(number)s stands twice. Give each clause a number of its own.")
        found.append(Invalid("number_twice", sentence % {"number": twice[0]}, field="text"))
    for one in clauses:
        if not one.words:
            sentence = _("Clause %(number)s has no words. Write them, or take its number out.")
            found.append(Invalid("clause_empty", sentence % {"number": one.label}, field="text"))
            break
    if len(clauses) > MOST_CLAUSES or any(len(one.words) > LONGEST_CLAUSE for one in clauses):
        sentence = _("A version has at most %(clauses)d clauses of at most %(letters)d characters.")
        found.append(Invalid("too_long", sentence % {"clauses": MOST_CLAUSES, "letters": LONGEST_CLAUSE}, field="text"))
    refuse(found)
    version = RuleVersion.objects.create(document=document, begins_on=begins_on, note=note.strip()[:200], by=by, at=at)
    RuleClause.objects.bulk_create(
        RuleClause(version=version, number=one.number, label=one.label, words=one.words, order=order)
        for order, one in enumerate(clauses, start=1)
    )
    return version


def _day_refusals(document: BaseDocument, begins_on: date, at: datetime) -> list[Refusal]:
    if begins_on < EARLIEST or begins_on > local_day(at) + LONGEST_AHEAD:
        sentence = _("Check the year: a version begins in the past, or within a year from today.")
        return [Invalid("day_unfit", sentence, field="begins_on")]
    last = RuleVersion.objects.filter(document=document).order_by("-begins_on").first()
    if last is not None and begins_on <= last.begins_on:
        sentence = _("The last version begins on %(day)s and stays as it is. A new one begins on a later day.")
        return [Invalid("version_before_last", sentence % {"day": exact_day(last.begins_on)}, field="begins_on")]
    return []
