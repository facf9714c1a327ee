"""Numbers of documents as offices write them: code, 〔year〕, running number without leading zeros, 号.

They begin anew each year and for each issuing office. Another number than the next one may be taken with a reason,
which is kept beside what was offered; older free-form references stay as they were written.
"""

import re
import unicodedata
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, Refusal, refuse
from casework.models import Person
from casework.values.days_in_words import exact_day
from oversight.documents.records import IssuedDocument
from oversight.members.records import Mechanism

# Brackets of every kind around the year, zeros in front, with or without 号: “[2020]08”.
NUMBERED = re.compile(
    r"(?P<code>.*?)\s*[\[〔【({]\s*(?P<year>(?:19|20)\d\d)\s*[\]〕】)}]\s*第?\s*0*(?P<running>\d{1,5})\s*号?"
)


@dataclass(frozen=True)
class Parsed:
    code: str
    year: int
    running: int

    def __str__(self) -> str:
        return f"{self.code}〔{self.year}〕{self.running}号"


@dataclass(frozen=True)
class Offer:
    """The next number of an office. `number` is empty until its first document has shown its code."""

    number: str
    issue: int
    total: int


def parsed(words: str) -> Parsed | None:
    """A number in any of its spellings; None where it is free-form."""
    plain = unicodedata.normalize("NFKC", words).strip()
    match = NUMBERED.fullmatch(plain)
    if match is None or not int(match["running"]):
        return None
    return Parsed(match["code"], int(match["year"]), int(match["running"]))


def tidied(words: str) -> str:
    """A number as it is written today; a free-form one as it is."""
    found = parsed(words)
    return str(found) if found else words.strip()


def offer(mechanism: Mechanism, on: date) -> Offer:
    """What a bulletin that is issued on this day takes. Three queries, however many were issued."""
    issued = IssuedDocument.objects.filter(mechanism=mechanism)
    last = issued.exclude(code="").filter(running__isnull=False).order_by("-issued_on", "-id").first()
    number = ""
    if last is not None:
        of_year = issued.filter(code=last.code, year=on.year).aggregate(last=Max("running"))["last"] or 0
        number = str(Parsed(last.code, on.year, of_year + 1))
    of_year = issued.filter(issued_on__year=on.year)
    issues = of_year.aggregate(last=Max("issue"))["last"] or 0
    total = issued.aggregate(last=Max("total"))["last"] or 0
    return Offer(number, issues + 1, total + 1)


def issued_in(mechanism: Mechanism, year: int, *, until: date | None = None) -> int:
    """How many documents the office issued in a year, or until a day of it."""
    issued = IssuedDocument.objects.filter(mechanism=mechanism, issued_on__year=year)
    return (issued.filter(issued_on__lte=until) if until else issued).count()


@transaction.atomic
def take_number(
    *,
    mechanism: Mechanism,
    title: str,
    number: str,
    issued_on: date,
    by: Person,
    at: datetime,
    issue: int | None = None,
    total: int | None = None,
    reason: str = "",
) -> IssuedDocument:
    """Enter a document into the register with its number, as a bulletin where it has an issue. Refuses a number, an
    issue of the year or an issue in all that is taken, and another one than was offered without a reason.
    """
    # Two at once: the second one sees what the first one took.
    mechanism = Mechanism.objects.select_for_update(no_key=True).get(pk=mechanism.pk)
    written, offered = tidied(number), offer(mechanism, issued_on)
    if not written:
        raise Invalid("number_missing", _("Give the document its number."), field="number")
    issued = IssuedDocument.objects.filter(mechanism=mechanism)
    found: list[Refusal] = []
    taken = issued.filter(number=written).first()
    if taken is not None:
        found.append(_taken("number", written, taken, offered))
    if total is not None and issue is not None:
        of_year = issued.filter(issued_on__year=issued_on.year, issue=issue).first()
        if of_year is not None:
            found.append(_issue_taken("issue", issue, of_year, offered.issue))
        of_all = issued.filter(total=total).first()
        if of_all is not None:
            found.append(_issue_taken("total", total, of_all, offered.total))
    refuse(found)
    is_other = (offered.number and written != offered.number) or (
        total is not None and (issue, total) != (offered.issue, offered.total)
    )
    if is_other and not reason.strip():
        raise Invalid(
            "reason_missing",
            _("The next number would be %(number)s, issue %(issue)d, %(total)d in all. Say why another one is taken.")
            % {"number": offered.number or "–", "issue": offered.issue, "total": offered.total},
            field="reason",
        )
    parts = parsed(written)
    return IssuedDocument.objects.create(
        mechanism=mechanism,
        title=title,
        number=written,
        code=parts.code if parts else "",
        year=parts.year if parts else None,
        running=parts.running if parts else None,
        issue=issue,
        total=total,
        issued_on=issued_on,
        offered=asdict(offered),
        reason=reason.strip() if is_other else "",
        by=by,
        at=at,
    )


def _taken(field: str, number: str, taken: IssuedDocument, offered: Offer) -> Invalid:
    return Invalid(
        "number_taken",
        _("%(number)s was given to “%(title)s” on %(day)s. Take another one; the next is %(next)s.")
        % {"number": number, "title": taken.title, "day": exact_day(taken.issued_on), "next": offered.number or "–"},
        field=field,
        values={"taken": taken},
    )


def _issue_taken(field: str, issue: int, taken: IssuedDocument, following: int) -> Invalid:
    return Invalid(
        "issue_taken",
        _("Issue %(issue)d is “%(title)s” of %(day)s already. Take another one; the next is %(next)d.")
        % {"issue": issue, "title": taken.title, "day": exact_day(taken.issued_on), "next": following},
        field=field,
        values={"taken": taken},
    )
