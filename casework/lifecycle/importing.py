"""Findings become cases by the batch: the same records as a single report writes, set-based."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from casework.database.bulk_sql import insert
from casework.events import event_of
from casework.lifecycle.finding_rows import ImportedFinding
from casework.lifecycle.numbering import case_number, office_code, take_numbers
from casework.lifecycle.recording import set_clock
from casework.models import Case, CaseEvent, CaseObject, FindingImport, Kind, Person
from casework.models.case_event import EventKind
from casework.models.history import history_of, record_many, stamped
from casework.rights.territories import Line
from casework.rights.turns import unit_whose_turn
from casework.stages import Stage
from casework.working_time.deadlines import local_day


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
        insert(cases)
        insert(history_of(cases, change="+"))
        insert([_event(case, by=by, at=at) for case in cases])
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
        is_item_guessed=finding.is_item_guessed,
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
