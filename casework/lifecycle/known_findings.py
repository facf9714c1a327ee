"""Which findings of a file are there already: as a case, as a row above, or as something like an open case."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Min
from simple_history.utils import get_history_model_for_model

from casework.lifecycle.finding_rows import ImportedFinding
from casework.models import Case, CaseObject, FindingImport
from casework.stages import OPEN
from casework.values.plain_text import clean_text

MOST_IN_A_CELL = 32_767


Key = tuple[int, str]


# A number that names its year is another one's in no other year; all others begin anew each year.
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass
class Known:
    """By their fingerprints: the findings that are cases already, those whose number or words stand for a case that
    says something else (and in which columns), and those that look like an open case.
    """

    cases: dict[Key, Case]
    taken: dict[Key, tuple[Case, list[str]]]
    likely: dict[Key, Case]
    elsewhere: set[Key]


@dataclass(frozen=True)
class Said:
    """What is compared of two findings: of a row, a case as it is, or a case as it was imported."""

    found_on: date
    fact_on: date | None
    description: str
    item: int | None
    category_words: str
    severity: int | None
    severity_words: str
    source: str
    source_words: str
    object: str
    required_action: str
    days: int | None
    closed_on: date | None


def fingerprint(finding: ImportedFinding) -> Key:
    """What makes a finding the same one when its file comes again: village, number and year, since offices begin anew
    with 1 each January; or village and content.
    """
    if finding.finding_no:
        return _numbered(finding.village.pk, finding.finding_no, finding.found_on)
    return finding.village.pk, _content(
        finding.found_on, finding.description, finding.category_words, finding.object_name
    )


def _numbered(village: int, number: str, found_on: date) -> Key:
    year = YEAR.search(number)
    return village, f"{number}/{year[0] if year else found_on.year}"


def _content(found_on: date, description: str, category_words: str, object_name: str) -> str:
    words = json.dumps([found_on.isoformat(), _squeezed(description), category_words, object_name], ensure_ascii=False)
    return "#" + hashlib.sha256(words.encode()).hexdigest()


def news_of(row: ImportedFinding, there: Said) -> list[str]:
    """The columns in which a row says something that isn't there; an empty cell says nothing."""
    said = _said_by_row(row)
    news = [
        column
        for column in ("found_on", "fact_on", "closed_on", "days", "object")
        if getattr(said, column) not in (None, "", getattr(there, column))
    ]
    news += [column for column in ("description", "required_action") if _says_more(said, there, column)]
    for column, value in (("category", "item"), ("severity", "severity"), ("source", "source")):
        words = f"{column}_words"
        is_same = getattr(said, value) is not None and getattr(said, value) == getattr(there, value)
        if getattr(said, words) not in ("", getattr(there, words)) and not is_same:
            news.append(column)
    return ["due_days" if column == "days" else column for column in news]


def _says_more(said: Said, there: Said, column: str) -> bool:
    now, before = _squeezed(getattr(said, column)), _squeezed(getattr(there, column))
    # A cell of a workbook holds no more than 32,767 characters: our own ledger cuts off what is longer.
    is_cut_off = len(getattr(said, column)) >= MOST_IN_A_CELL and before.startswith(now)
    return bool(now) and now != before and not is_cut_off


def _squeezed(text: str) -> str:
    return " ".join(clean_text(text).split())


def _said_by_row(row: ImportedFinding) -> Said:
    """A guessed item is nothing that the row says: other words are news, however alike they are read."""
    return Said(
        found_on=row.found_on,
        fact_on=row.fact_on,
        description=row.description,
        item=row.item.pk if row.item and not row.is_item_guessed else None,
        category_words=row.category_words,
        severity=row.severity,
        severity_words=row.severity_words,
        source=row.source,
        source_words=row.source_words,
        object=row.object_name,
        required_action=row.required_action,
        days=row.days,
        closed_on=row.closed_on,
    )


def _said_by_case(row: Any, object_name: str) -> Said:
    """Of a case or of a row of its history."""
    return Said(
        found_on=row.found_on,
        fact_on=row.fact_on,
        description=row.description,
        item=row.item_id,
        category_words=row.category_words,
        severity=row.severity,
        severity_words=row.severity_words,
        source=row.source,
        source_words=row.source_words,
        object=object_name,
        required_action=row.required_action,
        days=row.days,
        closed_on=row.closed_on,
    )


def news_in_file(row: ImportedFinding, earlier: ImportedFinding) -> list[str]:
    """The columns in which a row says something else than an earlier one of the same fingerprint."""
    return news_of(row, _said_by_row(earlier))


def known_of(findings: Sequence[ImportedFinding], *, other_than: FindingImport) -> Known:
    """A fixed number of queries for a batch, by their fingerprints. Rows of one file don't duplicate each other: its
    own numbers tell them apart.
    """
    villages = {finding.village.pk for finding in findings}
    there, village_of = _cases_there(findings, villages, other_than)
    known = Known({}, {}, {}, set())
    found: list[tuple[Key, Case, ImportedFinding]] = []
    first_open = _first_open(findings, villages, other_than)
    likely: dict[Key, int] = {}
    for finding in findings:
        key = fingerprint(finding)
        if key in there:
            found.append((key, there[key], finding))
        elif village_of.get(finding.finding_no, finding.village.pk) != finding.village.pk:
            known.elsewhere.add(key)
        elif finding.item is not None and finding.closed_on is None:
            firsts = first_open.get((finding.village.pk, finding.item.pk), {})
            names = {None, finding.object_name} if finding.object_name else firsts.keys()
            fitting = [firsts[name] for name in names if name in firsts]
            if fitting:
                likely[key] = min(fitting)
    originals = Case.objects.only("number").in_bulk(set(likely.values())) if likely else {}
    known.likely.update({key: originals[pk] for key, pk in likely.items()})
    _compare(found, known)
    return known


def _first_open(
    findings: Sequence[ImportedFinding], villages: set[int], other_than: FindingImport
) -> dict[tuple[int, int], dict[str | None, int]]:
    """By village and item, the eldest open case about each object, or about none that is named: a village may have
    hundreds open.
    """
    items = {finding.item for finding in findings if finding.item}
    eldest = (
        Case.objects.filter(village__in=villages, item__in=items, stage__in=OPEN)
        .exclude(found_in=other_than)
        .order_by()
        .values_list("village", "item", "object__name")
        .annotate(first=Min("pk"))
    )
    found: dict[tuple[int, int], dict[str | None, int]] = {}
    for village, item, name, first in eldest:
        found.setdefault((village, item), {})[name] = first
    return found


def _cases_there(
    findings: Sequence[ImportedFinding], villages: set[int], other_than: FindingImport
) -> tuple[dict[Key, Case], dict[str, int]]:
    """fingerprint → the case that an earlier import made of it, or whose own number the row gives; and of which village
    is the case with such a number.
    """
    numbers = {finding.finding_no for finding in findings if finding.finding_no}
    days = {finding.found_on for finding in findings if not finding.finding_no}
    cases = Case.objects.select_related("object").order_by("-id")
    there: dict[Key, Case] = {}
    village_of = {}
    # Our own ledger gives our own numbers; an office's number goes before, and what this file has just made is new.
    for case in cases.filter(number__in=numbers).exclude(found_in=other_than):
        there[_numbered(case.village_id, case.number, case.found_on)] = case
        village_of[case.number] = case.village_id
    for case in cases.filter(village__in=villages, finding_no__in=numbers):
        there[_numbered(case.village_id, case.finding_no, case.found_on)] = case
    unnumbered = cases.filter(village__in=villages, found_on__in=days, finding_no="", found_in__isnull=False)
    for case in unnumbered if days else ():
        name = case.object.name if case.object else ""
        there[case.village_id, _content(case.found_on, case.description, case.category_words, name)] = case
    return there, village_of


def _compare(found: Sequence[tuple[Key, Case, ImportedFinding]], known: Known) -> None:
    """Say of each row that has its case whether it says anything new: beside the case as it is, or as it was imported,
    since the office classifies and strikes off what it has imported.
    """
    changed = []
    for key, case, finding in found:
        if news_of(finding, _said_by_case(case, case.object.name if case.object else "")):
            changed.append((key, case, finding))
        else:
            known.cases[key] = case
    if not changed:
        return
    history = get_history_model_for_model(Case)
    first = {row.id: row for row in history.objects.filter(id__in={c.pk for _k, c, _f in changed}, history_type="+")}
    names = dict(CaseObject.objects.filter(pk__in={row.object_id for row in first.values()}).values_list("pk", "name"))
    for key, case, finding in changed:
        row = first.get(case.pk)
        news = news_of(finding, _said_by_case(case, case.object.name if case.object else ""))
        if row is not None and not news_of(finding, _said_by_case(row, names.get(row.object_id, ""))):
            known.cases[key] = case
        else:
            known.taken[key] = (case, news)
