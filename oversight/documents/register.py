"""Basis documents are entered and put right; documents that were issued outside of the system are entered too."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, Refusal, refuse
from casework.models import Person
from casework.models.history import stamped
from casework.rights.office_table import OfficeAction
from casework.working_time.deadlines import local_day
from casework.working_time.entered_days import of_the_past
from oversight.documents.numbers import take_number, tidied
from oversight.documents.records import BaseDocument, IssuedDocument
from oversight.members.records import Mechanism
from oversight.rights import require_lead

# Laws that are cited are older than any record of this work.
EARLIEST = date(1949, 10, 1)


@transaction.atomic
def add_base_document(
    *,
    mechanism: Mechanism,
    title: str,
    by: Person,
    at: datetime,
    number: str = "",
    dated: date | None = None,
    issuing_body: str = "",
    file: Mapping[str, Any] | None = None,
    keep_as_written: bool = False,
) -> BaseDocument:
    """Enter a document that others rest on. Refuses one without a title, a number that another one has, and a number in
    an old spelling until it is said that it stays so.
    """
    require_lead(by, mechanism, OfficeAction.KEEP_DOCUMENTS, at)
    document = BaseDocument(mechanism=mechanism, by=by, at=at, file=dict(file) if file else None)
    _fill(document, title, number, dated, issuing_body, keep_as_written, on=local_day(at))
    with stamped(step="add_base_document", by=by, at=at):
        document.save()
    return document


@transaction.atomic
def change_base_document(
    *,
    document: BaseDocument,
    title: str,
    by: Person,
    at: datetime,
    number: str = "",
    dated: date | None = None,
    issuing_body: str = "",
    file: Mapping[str, Any] | None = None,
    keep_as_written: bool = False,
) -> BaseDocument:
    """Put a document's entry right, or add its file; what it said before stays in its history."""
    document = BaseDocument.objects.select_for_update(no_key=True).get(pk=document.pk)
    require_lead(by, document.mechanism, OfficeAction.KEEP_DOCUMENTS, at)
    _fill(document, title, number, dated, issuing_body, keep_as_written, on=local_day(at))
    if file:
        document.file = dict(file)
    with stamped(step="change_base_document", by=by, at=at):
        document.save()
    return document


def _fill(
    document: BaseDocument,
    title: str,
    number: str,
    dated: date | None,
    issuing_body: str,
    keep_as_written: bool,
    *,
    on: date,
) -> None:
    title, number = title.strip().removeprefix("《").removesuffix("》"), number.strip()
    found: list[Refusal] = []
    if not title:
        found.append(Invalid("title_missing", _("Write the document's title."), field="title"))
    if dated is not None:
        found += of_the_past(
            dated,
            on=on,
            field="dated",
            code="day_unfit",
            sentence=_("A document has a date of the past. Check the year."),
            earliest=EARLIEST,
        )
    tidy = tidied(number)
    if tidy != number and not keep_as_written:
        found.append(
            Invalid(
                "number_offered",
                _("Offices write this number as %(number)s now. Save to take it so, or tick that it stays as written.")
                % {"number": tidy},
                field="number",
                values={"offered": tidy},
            )
        )
    # Some hundred rows: an older one may stand in any spelling.
    others = BaseDocument.objects.filter(mechanism=document.mechanism).exclude(pk=document.pk).exclude(number="")
    other = next((one for one in others if tidy and tidied(one.number) == tidy), None)
    if other is not None:
        found.append(
            Invalid(
                "number_taken",
                _("%(number)s is the number of “%(title)s” already. Look whether it is the same document.")
                % {"number": other.number, "title": other.title},
                field="number",
                values={"taken": other},
            )
        )
    refuse(found)
    document.title, document.number = title, number
    document.dated, document.issuing_body = dated, issuing_body.strip()


def enter_issued(
    *,
    mechanism: Mechanism,
    title: str,
    number: str,
    issued_on: date,
    by: Person,
    at: datetime,
    reason: str = "",
    issue: int | None = None,
    total: int | None = None,
) -> IssuedDocument:
    """Enter a document that the office issued on paper, so that numbers go on after it and the year's count holds it.

    An older one keeps its number whatever it looks like; that is the reason why it is none of the next ones.
    """
    require_lead(by, mechanism, OfficeAction.KEEP_DOCUMENTS, at)
    found: list[Refusal] = []
    if not title.strip():
        found.append(Invalid("title_missing", _("Write the document's title."), field="title"))
    found += of_the_past(
        issued_on,
        on=local_day(at),
        field="issued_on",
        code="day_unfit",
        sentence=_("Enter the day on which it was issued; this one has not come yet."),
        earliest=EARLIEST,
    )
    if (issue is None) != (total is None):
        found.append(
            Invalid("issues_apart", _("A bulletin has both its issue of the year and its issue in all."), field="total")
        )
    refuse(found)
    return take_number(
        mechanism=mechanism,
        title=title.strip(),
        number=number,
        issued_on=issued_on,
        issue=issue,
        total=total,
        reason=reason,
        by=by,
        at=at,
    )
