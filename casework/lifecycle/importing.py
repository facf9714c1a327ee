"""Findings become cases by the batch: the same records as a single report writes, set-based."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from simple_history.utils import get_history_model_for_model

from casework.events import event_of
from casework.lifecycle.finding_rows import ImportedFinding
from casework.lifecycle.numbering import case_number, office_code, take_numbers
from casework.lifecycle.recording import set_clock
from casework.models import Case, CaseEvent, CaseObject, FindingImport, Kind, Person
from casework.models.case_event import EventKind
from casework.models.history import record_many, stamped
from casework.plain_text import clean_text
from casework.queries import Line
from casework.stages import OPEN, Stage
from casework.turns import unit_whose_turn
from casework.working_time.deadlines import local_day

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
    return Said(
        found_on=row.found_on,
        fact_on=row.fact_on,
        description=row.description,
        item=row.item.pk if row.item else None,
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
    open_cases = _open_cases(findings, villages, other_than)
    for finding in findings:
        key = fingerprint(finding)
        if key in there:
            found.append((key, there[key], finding))
        elif village_of.get(finding.finding_no, finding.village.pk) != finding.village.pk:
            known.elsewhere.add(key)
        elif finding.item is not None and finding.closed_on is None:
            for case in open_cases.get((finding.village.pk, finding.item.pk), []):
                if not finding.object_name or case.object is None or case.object.name == finding.object_name:
                    known.likely[key] = case
                    break
    _compare(found, known)
    return known


def _open_cases(
    findings: Sequence[ImportedFinding], villages: set[int], other_than: FindingImport
) -> dict[tuple[int, int | None], list[Case]]:
    items = {finding.item for finding in findings if finding.item}
    open_cases: dict[tuple[int, int | None], list[Case]] = {}
    for case in (
        Case.objects.filter(village__in=villages, item__in=items, stage__in=OPEN)
        .exclude(found_in=other_than)
        .select_related("object")
        .only("number", "village_id", "item_id", "object__name")
        .order_by("id")
    ):
        open_cases.setdefault((case.village_id, case.item_id), []).append(case)
    return open_cases


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


def import_findings(
    findings: Sequence[tuple[ImportedFinding, Case | None]],
    lines: Mapping[int, Line],
    *,
    found_in: FindingImport,
    start: Callable[[list[Case]], None],
    by: Person | None,
    at: datetime,
) -> list[Case]:
    """Write a batch of findings, each with its likely original, as cases, with numbers, history and events.

    `start` gives the cases their processes before they are written: one insert a row, and no update.
    A likely duplicate of an open case waits for screening, a finding with its day of strike-off arrives closed and is
    marked as imported, everything else waits for assignment. `lines` are those of all its villages, complete.
    """
    with transaction.atomic(), stamped(step="import_findings", by=by, at=at):
        objects = _objects([finding for finding, _likely in findings])
        numbers = _numbers([finding for finding, _likely in findings], lines, at=at)
        cases = [
            _case(finding, lines[finding.village.pk], objects, likely, found_in=found_in, by=by, at=at)
            for finding, likely in findings
        ]
        for case, number in zip(cases, numbers, strict=True):
            case.number = number
        start(cases)
        Case.objects.bulk_create(cases, batch_size=500)
        record_many(cases, change="+")
        CaseEvent.objects.bulk_create((_event(case, by=by, at=at) for case in cases), batch_size=500)
    return cases


def _case(
    finding: ImportedFinding,
    line: Line,
    objects: dict[tuple[int, str], CaseObject],
    likely: Case | None,
    *,
    found_in: FindingImport,
    by: Person | None,
    at: datetime,
) -> Case:
    item = finding.item
    case = Case(
        village=finding.village,
        town=line.town,
        county=line.county,
        city=line.city,
        item=item,
        category_words=finding.category_words,
        object=objects.get((finding.village.pk, finding.object_name)),
        inspector_name=finding.inspector_name,
        severity=finding.severity,
        severity_words=finding.severity_words,
        source=finding.source,
        source_words=finding.source_words,
        clause=item.standard[:200] if item else "",
        description=finding.description,
        required_action=finding.required_action,
        fact_on=finding.fact_on,
        found_on=finding.found_on,
        is_key_village=finding.village.is_key_village,
        reported_by=by,
        reported_at=at,
        finding_no=finding.finding_no,
        found_in=found_in,
        likely_duplicate_of=likely,
        kind=item.kind if item else Kind.TIME_LIMITED,
        days=finding.days or (item.days if item else None),
        touched_at=at,
    )
    if finding.closed_on is not None:
        case.stage, case.closed_on, case.is_imported_history = Stage.CLOSED, finding.closed_on, True
    else:
        case.stage = Stage.SCREENING if likely is not None else Stage.ASSIGNMENT
    case.waits_at = unit_whose_turn(case, Stage(case.stage))
    set_clock(case, at=at)
    return case


def _objects(findings: Sequence[ImportedFinding]) -> dict[tuple[int, str], CaseObject]:
    """The objects that the findings name, entered into their villages' registers where they are new."""
    wanted = {(finding.village.pk, finding.object_name) for finding in findings if finding.object_name}
    there = CaseObject.objects.filter(
        village__in={village for village, _name in wanted}, name__in={name for _village, name in wanted}
    )
    found = {(one.village_id, one.name): one for one in there}
    new = [CaseObject(village_id=village, name=name) for village, name in sorted(wanted - found.keys())]
    CaseObject.objects.bulk_create(new)
    record_many(new, change="+")
    return found | {(one.village_id, one.name): one for one in new}


def _numbers(findings: Sequence[ImportedFinding], lines: Mapping[int, Line], *, at: datetime) -> list[str]:
    """A running number for each finding, from the counter of its office: one lock for each office."""
    on = local_day(at)
    codes: dict[int, str] = {}
    offices: list[str] = []
    for finding in findings:
        county = lines[finding.village.pk].county
        assert county is not None
        if county.pk not in codes:
            codes[county.pk] = office_code(county)
        offices.append(codes[county.pk])
    # In one order, so that two imports can't wait for each other's counters.
    running = {code: iter(take_numbers(code, on=on, count=count)) for code, count in sorted(Counter(offices).items())}
    return [case_number(code, on.year, next(running[code])) for code in offices]


def _event(case: Case, *, by: Person | None, at: datetime) -> CaseEvent:
    event = event_of(case, EventKind.IMPORTED, at=at, words=case.finding_no)
    event.by, event.stage_before = by, ""
    # What arrives closed is told to nobody.
    event.announced_at = at if case.is_imported_history else None
    return event
