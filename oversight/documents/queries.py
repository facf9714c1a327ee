"""Which documents somebody reads, and which ones a text cites."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from casework.models import Case, Person
from casework.rights.office_table import OfficeAction
from oversight.documents.records import BaseDocument
from oversight.rights import mechanisms_over

# So short a number or title stands in a text by chance.
SHORTEST = 4


def documents_seen_by(person: Person, on: date) -> QuerySet[BaseDocument]:
    """The basis documents of the reader's city: whoever works by them opens them."""
    mechanisms = mechanisms_over(person, OfficeAction.SEE_DOCUMENTS, on)
    return BaseDocument.objects.filter(mechanism__in=mechanisms)


def cited_in(text: str, documents: Iterable[BaseDocument]) -> list[BaseDocument]:
    """Those of the documents whose number or title stands in a text, such as the basis of a finding."""
    plain = "".join(text.split())
    return [
        document
        for document in documents
        if any(len(name) >= SHORTEST and name in plain for name in ("".join(document.number.split()), document.title))
    ]


def findings_citing(document: BaseDocument, cases: QuerySet[Case]) -> QuerySet[Case]:
    """Those of the cases whose basis names the document by its number or title, the newest first."""
    named = Q(pk__in=())
    for name in (document.number, document.title):
        if len(name) >= SHORTEST:
            named |= Q(clause__contains=name)
    return cases.filter(named).order_by("-pk")
