"""Supervision notices and letters, issued by the sweep: numbered documents of a batch of steps."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from casework.database.bulk_sql import insert
from casework.ladder import rungs
from casework.ladder.recipients import Seat
from casework.ladder.rungs import Due
from casework.ladder.templates import fill_in
from casework.lifecycle.numbering import office_code, take_numbers
from casework.models import (
    Case,
    CatalogueItem,
    Escalation,
    Letter,
    LetterKind,
    Unit,
)
from casework.models.escalation_policy import StepKind
from casework.models.unit import UnitLevel
from casework.values.days_in_words import chinese_day
from casework.working_time.deadlines import add_working_days, local_day, midnight, working_days_between

# 督单 and 督函 in document numbers: QH督函〔2026〕3号.
SIGNS = {LetterKind.NOTICE: "督单", LetterKind.LETTER: "督函"}
KIND_OF = {StepKind.NOTICE: LetterKind.NOTICE}
HIGH_LEVELS = (UnitLevel.COUNTY, UnitLevel.CITY, UnitLevel.PROVINCE)


def issue_letters(asked: Sequence[tuple[Case, Due, Escalation, list[Seat]]], *, at: datetime) -> list[Letter]:
    """Write the numbered documents of a batch of steps, set-based. Belongs inside the sweep's transaction.

    An office writes to those below it: where none stands above the addressee, the step is told without a document.
    """
    on = local_day(at)
    units = _units(asked)
    asked = [one for one in asked if _issuer(one[0], units[one[3][0].unit], units) is not None]
    if not asked:
        return []
    names: dict[int | None, str] = dict(CatalogueItem.objects.values_list("pk", "name"))
    letters = [
        _letter(case, due, escalation, units[to[0].unit], units, names, on) for case, due, escalation, to in asked
    ]
    groups: dict[tuple[int, LetterKind], list[Letter]] = {}
    for letter in letters:
        groups.setdefault((letter.issuer_id, LetterKind(letter.kind)), []).append(letter)
    # In one order for everybody: two sweeps at once wait for each other's counters and never for one another.
    for (issuer, kind), group in sorted(groups.items()):
        code = office_code(units[issuer])
        for letter, running in zip(group, take_numbers(code, on=on, count=len(group), kind=kind), strict=True):
            letter.number = f"{code}{SIGNS[kind]}〔{on.year}〕{running}号"
    for letter in letters:
        letter.escalation_id = letter.escalation.pk
    insert(letters)
    return letters


def _units(asked: Sequence[tuple[Case, Due, Escalation, list[Seat]]]) -> dict[int, Unit]:
    wanted: set[int | None] = set()
    for case, _due, _escalation, to in asked:
        wanted |= {case.village_id, case.town_id, case.county_id, case.city_id, case.responsible_id, to[0].unit}
    return Unit.objects.in_bulk([pk for pk in wanted if pk is not None])


def _letter(
    case: Case,
    due: Due,
    escalation: Escalation,
    addressee: Unit,
    units: Mapping[int, Unit],
    names: Mapping[int | None, str],
    on: date,
) -> Letter:
    kind = KIND_OF.get(due.step.kind, LetterKind.LETTER)
    issuer = _issuer(case, addressee, units) or addressee
    village = units[case.village_id]
    responsible = units[case.responsible_id] if case.responsible_id else addressee
    overdue = max(0, working_days_between(case.due_on, on)) if case.due_on else 0
    values = {
        "number": case.number,
        "village": village.name,
        "item": names.get(case.item_id, ""),
        "unit": addressee.name,
        "office": issuer.name,
        "deadline": chinese_day(case.due_on),
        "days_overdue": str(overdue),
    }
    return Letter(
        case=case,
        escalation=escalation,
        kind=kind,
        issuer=issuer,
        addressee=addressee,
        issued_on=on,
        matter=case.description,
        basis=case.clause,
        responsible=case.lead or responsible.name,
        requirement=fill_in(due.step.words, values) or case.required_action,
        deadline=case.due_on,
        days_overdue=overdue,
        chase_at=chase_at(case, on=on),
    )


def _issuer(case: Case, addressee: Unit, units: Mapping[int, Unit]) -> Unit | None:
    """The county writes to villages, towns and departments, the city to counties; nobody to himself."""
    offices = (case.city_id,) if addressee.level in HIGH_LEVELS else (case.county_id, case.city_id)
    return next((units[pk] for pk in offices if pk is not None and pk != addressee.pk), None)


def chase_at(case: Case, *, on: date) -> datetime | None:
    """When an unsigned letter is escalated; never where the ladder has no such step."""
    ladder = rungs.current()
    policy = ladder.policy_on(case.city_id, on)
    steps = policy.of_kind(StepKind.UNSIGNED, case.severity, case.kind) if policy else []
    return midnight(add_working_days(on, min(step.moment for step in steps) + 1)) if steps else None
