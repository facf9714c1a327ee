"""Which clauses a text cites, and how they read on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, Refusal
from casework.values.days_in_words import exact_day
from oversight.documents.queries import SHORTEST
from oversight.documents.records import BaseDocument
from oversight.rules.reading import CITED, number_of
from oversight.rules.records import RuleClause, RuleVersion


@dataclass(frozen=True)
class CitedClause:
    """A clause that a text names. `version` is that of the day, empty where none had begun; `clause` is empty where that
    version has no such number.
    """

    document: BaseDocument
    label: str
    version: RuleVersion | None
    clause: RuleClause | None


def version_on(document: BaseDocument, on: date) -> RuleVersion | None:
    """How the document reads on a day."""
    return RuleVersion.objects.filter(document=document, begins_on__lte=on).order_by("-begins_on").first()


def cited_clauses(text: str, documents: Sequence[BaseDocument], *, on: date) -> list[CitedClause]:
    """The clauses of these documents that a text names, as they read on a day, in the order of the text. Documents of
    which no version was ever entered are left out. Two queries, or none where no number is named.
    """
    named = _named(text, documents)
    if not named:
        return []
    versions: dict[int, RuleVersion | None] = {}
    wanted = {document.pk for document, _label, _number in named}
    for version in RuleVersion.objects.filter(document__in=wanted).order_by("begins_on"):
        before = versions.setdefault(version.document_id, None)
        versions[version.document_id] = version if version.begins_on <= on else before
    numbers = {number for _document, _label, number in named}
    of_day = [version.pk for version in versions.values() if version is not None]
    clauses = {
        (one.version_id, one.number): one
        for one in (RuleClause.objects.filter(version__in=of_day, number__in=numbers) if of_day else ())
    }
    return [
        CitedClause(document, label, version, clauses.get((version.pk, number)) if version else None)
        for document, label, number in named
        if document.pk in versions
        for version in (versions[document.pk],)
    ]


def _named(text: str, documents: Sequence[BaseDocument]) -> list[tuple[BaseDocument, str, str]]:
    """Each number of a clause with the document that was named last before it; of one document alone in any case."""
    plain = "".join(text.split())
    mentions = [
        (match_at, len(name), document)
        for document in documents
        for name in ("".join(document.number.split()), "".join(document.title.split()))
        if len(name) >= SHORTEST and (match_at := plain.find(name)) >= 0
    ]
    found: dict[tuple[int, str], tuple[BaseDocument, str, str]] = {}
    for match in CITED.finditer(plain):
        before = [one for one in mentions if one[0] < match.start()]
        if not before and len({document.pk for _at, _length, document in mentions}) != 1:
            continue
        document = max(before or mentions, key=lambda one: one[:2])[2]
        number = number_of(match[1])
        found.setdefault((document.pk, number), (document, match[0], number))
    return list(found.values())


def citation_refusals(text: str, documents: Sequence[BaseDocument], *, on: date, field: str) -> list[Refusal]:
    """A finding cites what applied on its day."""
    found: list[Refusal] = []
    for cited in cited_clauses(text, documents, on=on):
        words = {"document": cited.document.title, "clause": cited.label, "day": exact_day(on)}
        if cited.version is None:
            sentence = _("No version of “%(document)s” applied on %(day)s. Cite what applied then.")
            found.append(Invalid("no_version_then", sentence % words, field=field))
        elif cited.clause is None:
            sentence = _(
                "“%(document)s” had no %(clause)s on %(day)s. Look into the version of that day and correct the number."
            )
            found.append(Invalid("no_clause_then", sentence % words, field=field))
    return found
