"""Supervision notices and letters: issued by the sweep, signed for, answered and judged by people."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.bulk_sql import insert
from casework.errors import Conflict, Invalid, NotAllowed
from casework.ladder import rungs
from casework.ladder.recipients import Seat
from casework.ladder.rungs import Due
from casework.ladder.templates import fill_in
from casework.lifecycle.numbering import office_code, take_numbers
from casework.lifecycle.recording import record, require_stage, require_words, touch, verb
from casework.models import (
    Case,
    CatalogueItem,
    Escalation,
    Letter,
    LetterAnswer,
    LetterKind,
    LetterOpinion,
    LetterReceipt,
    Person,
    Unit,
)
from casework.models.case_event import EventKind
from casework.models.escalation_policy import StepKind
from casework.models.unit import UnitLevel
from casework.roles import post_of_judge, post_of_signer
from casework.stages import OPEN
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
        "deadline": case.due_on.isoformat() if case.due_on else "",
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


@verb
def sign_letter(*, case: Case, letter: Letter, name: str, by: Person, at: datetime) -> LetterReceipt:
    """Sign for a letter, with the name as it would stand on paper. The end of a case settles its letters."""
    require_stage(case, *OPEN)
    name = require_words(name, field="name", sentence=_("Sign with your name."))
    letter = _locked(case, letter)
    held = post_of_signer(by, letter, local_day(at))
    if held is None:
        raise NotAllowed("not_your_letter", _("Only %(unit)s signs for this letter.") % {"unit": letter.addressee})
    if LetterReceipt.objects.filter(letter=letter).exists():
        raise Conflict("signed_already", _("This letter was signed for already."))
    receipt = LetterReceipt.objects.create(letter=letter, name=name, by=by, at=at)
    Letter.objects.filter(pk=letter.pk).update(chase_at=None)
    touch(case, at=at)
    record(case, EventKind.LETTER_SIGNED, by=by, at=at, held=held, before=case.stage, words=letter.number)
    return receipt


@verb
def answer_letter(*, case: Case, letter: Letter, words: str, by: Person, at: datetime) -> LetterAnswer:
    """Say in writing what was done about it. Signed for first, so that nobody answers what nobody received."""
    require_stage(case, *OPEN)
    words = require_words(words, field="words", sentence=_("Say what was done about it."))
    letter = _locked(case, letter)
    held = post_of_signer(by, letter, local_day(at))
    if held is None:
        raise NotAllowed("not_your_letter", _("Only %(unit)s answers this letter.") % {"unit": letter.addressee})
    if not LetterReceipt.objects.filter(letter=letter).exists():
        raise Invalid("not_signed", _("Sign for the letter first."), field="words")
    answer = LetterAnswer.objects.create(letter=letter, words=words, by=by, at=at)
    touch(case, at=at)
    said = f"{letter.number} · {words}"
    record(case, EventKind.LETTER_ANSWERED, by=by, at=at, held=held, before=case.stage, words=said)
    return answer


@verb
def judge_letter(*, case: Case, letter: Letter, words: str, by: Person, at: datetime) -> LetterOpinion:
    """The issuing office's opinion on the answer."""
    require_stage(case, *OPEN)
    words = require_words(words, field="words", sentence=_("Write the opinion."))
    letter = _locked(case, letter)
    held = post_of_judge(by, letter, local_day(at))
    if held is None:
        raise NotAllowed("not_your_letter", _("Only %(unit)s judges this letter.") % {"unit": letter.issuer})
    if not letter.answers.exists():
        raise Invalid("not_answered", _("There is no answer to judge yet."), field="words")
    opinion = LetterOpinion.objects.create(letter=letter, words=words, by=by, at=at)
    touch(case, at=at)
    said = f"{letter.number} · {words}"
    record(case, EventKind.LETTER_JUDGED, by=by, at=at, held=held, before=case.stage, words=said)
    return opinion


def _locked(case: Case, letter: Letter) -> Letter:
    return Letter.objects.select_for_update().get(Q(case=case), pk=letter.pk)
