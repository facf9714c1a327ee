"""A problem is reported, classified, and screened by the office."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, NotAllowed, Refusal, refuse
from casework.lifecycle.filing import file_under
from casework.lifecycle.finding_rules import finding_refusals
from casework.lifecycle.numbering import case_number, office_code, take_numbers
from casework.lifecycle.recording import move, next_attempt, record, require, require_stage, require_words, touch, verb
from casework.lifecycle.verdicts import claim_relapse, give_verdict, link_refusals
from casework.models import Case, CaseObject, CatalogueItem, Kind, Person, Screening, Source, Unit, VerdictKind
from casework.models.case_event import EventKind
from casework.models.category import Severity
from casework.models.exit import ScreeningOutcome
from casework.models.relapse import FoundBy
from casework.models.unit import UnitLevel
from casework.relapse.candidates import note_and_match
from casework.rights.roles import post_for
from casework.rights.table import Action
from casework.rights.territories import Line, line_above, may_report_for, reports_only_itself
from casework.stages import ENDS, Stage
from casework.values.positions import real_position
from casework.watch.prevention import eased_severity
from casework.working_time.deadlines import local_day


@dataclass(frozen=True)
class Finding:
    """What an inspector saw. Only the village, the words and the day of finding must be there."""

    village: Unit
    description: str
    found_on: date
    fact_on: date | None = None
    item: CatalogueItem | None = None
    severity: int | None = None
    object_name: str = ""
    source: str = Source.SPOT_CHECK
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    clause: str = ""
    required_action: str = ""
    kind: str = ""
    days: int | None = None
    relapse_of: Case | None = None


def check_finding(finding: Finding, *, on: date) -> None:
    """Refuse a finding that can't be a case, naming every field that needs mending."""
    refusals: list[Refusal] = []
    if finding.village.level != UnitLevel.VILLAGE:
        refusals.append(Invalid("not_a_village", _("Choose a village or community."), field="village"))
    refusals.extend(
        finding_refusals(description=finding.description, found_on=finding.found_on, fact_on=finding.fact_on, on=on)
    )
    if (finding.latitude is None) != (finding.longitude is None):
        refusals.append(
            Invalid("half_a_position", _("Give both latitude and longitude, or neither."), field="latitude")
        )
    if finding.relapse_of is not None:
        fact_on = finding.fact_on or finding.found_on
        refusals.extend(link_refusals(village=finding.village, fact_on=fact_on, earlier=finding.relapse_of))
    refuse(refusals)


@verb
def report_case(*, finding: Finding, by: Person, at: datetime) -> Case:
    """Open a case. An office's own report goes straight to assignment, everybody else's is screened first.

    Refuses with NotAllowed who holds no reporting post over the village, with Invalid what `check_finding` finds.
    """
    on = local_day(at)
    check_finding(finding, on=on)
    if not may_report_for(by, finding.village, on=on):
        raise NotAllowed("not_your_village", _("Your posts do not cover this village."), field="village")
    if finding.source != Source.SELF_CHECK and reports_only_itself(by, finding.village, on=on):
        raise Invalid("only_self_check", _("What a village reports of itself is a self-check."), field="source")
    case = open_case(finding, complete_line(finding.village, on=on), by=by, at=at)
    # What an office finds needs no screening by itself; a self-check is screened by somebody else, whoever reports it.
    is_office = case.source != Source.SELF_CHECK and post_for(by, Action.ASSIGNMENT, case, on) is not None
    move(case, Stage.ASSIGNMENT if is_office else Stage.SCREENING, at=at)
    record(case, EventKind.REPORTED, by=by, at=at, action=Action.VIEW)
    note_and_match(case, found=FoundBy.REPORT, at=at)
    if finding.relapse_of is not None:
        candidate = claim_relapse(case, finding.relapse_of, at=at)
        if is_office:
            give_verdict(
                case=case, candidate=candidate, verdict=VerdictKind.RELAPSE, reason=case.description, by=by, at=at
            )
    return case


def complete_line(village: Unit, *, on: date) -> Line:
    """The units that answer for a village; refuses one that has not all of them above it."""
    line = line_above(village, on=on)
    if line.town is None or line.county is None or line.city is None:
        raise Invalid(
            "village_without_line",
            _("This village has no town, county and city above it. Ask the administrator to complete the units."),
            field="village",
        )
    return line


def open_case(finding: Finding, line: Line, *, by: Person | None, at: datetime, source_words: str = "") -> Case:
    """A case that stands at no stage yet, with its number; not saved."""
    assert line.county is not None
    on, item = local_day(at), finding.item
    latitude, longitude = real_position(finding.latitude, finding.longitude) or (None, None)
    case = Case(
        village=finding.village,
        town=line.town,
        county=line.county,
        city=line.city,
        place=finding.place.strip(),
        latitude=latitude,
        longitude=longitude,
        item=item,
        object=object_of(finding.village, finding.object_name),
        severity=finding.severity or (item.severity if item else None),
        kind=finding.kind or (item.kind if item else Kind.TIME_LIMITED),
        days=finding.days or (item.days if item else None),
        source=finding.source,
        source_words=source_words,
        clause=finding.clause.strip() or (item.standard[:200] if item else ""),
        description=finding.description.strip(),
        required_action=finding.required_action.strip(),
        fact_on=finding.fact_on,
        found_on=finding.found_on,
        is_key_village=finding.village.is_key_village,
        reported_by=by,
        reported_at=at,
        version=0,
    )
    case.severity = eased_severity(case, on=on)
    code = office_code(line.county)
    case.number = case_number(code, on.year, take_numbers(code, on=on)[0])
    return case


def object_of(village: Unit, name: str) -> CaseObject | None:
    """The village's board, contract, ledger … of this name, entered into its register if it is new."""
    name = " ".join(name.split())[:100]
    if not name:
        return None
    return CaseObject.objects.get_or_create(village=village, name=name)[0]


@verb
def classify_case(
    *, case: Case, item: CatalogueItem, severity: int, object_name: str = "", reason: str = "", by: Person, at: datetime
) -> Case:
    """The office gives a case its catalogue item and severity before it is assigned."""
    require(by, Action.CLASSIFY, case, at)
    require_stage(case, Stage.SCREENING, Stage.ASSIGNMENT)
    if severity not in Severity.values:
        raise Invalid("severity_unknown", _("Choose a severity from 1 to 4."), field="severity")
    file_under(case, item, severity)
    if object_name.strip():
        case.object = object_of(case.village, object_name)
    touch(case, at=at)
    note_and_match(case, found=FoundBy.REPORT, at=at)
    record(case, EventKind.CLASSIFIED, by=by, at=at, action=Action.CLASSIFY, before=case.stage, words=str(item))
    return case


@verb
def screen_case(
    *, case: Case, outcome: str, reason: str = "", duplicate_of: Case | None = None, by: Person, at: datetime
) -> Screening:
    """Accept a report, refuse it with a reason, or mark it as a duplicate of an open case."""
    require(by, Action.SCREENING, case, at)
    require_stage(case, Stage.SCREENING)
    reason = reason.strip()
    if outcome == ScreeningOutcome.REFUSED:
        require_words(reason, field="reason", sentence=_("Say why the report is refused; the reporter reads it."))
    # The form offers the likely original beforehand; it means something only where it was decided so.
    original = duplicate_of if outcome == ScreeningOutcome.DUPLICATE else None
    if outcome == ScreeningOutcome.DUPLICATE:
        _require_open_original(case, original)
    screening = Screening.objects.create(
        case=case,
        attempt=next_attempt(case.screenings.all()),
        outcome=outcome,
        reason=reason,
        duplicate_of=original,
        by=by,
        at=at,
    )
    del screening.attempt  # whoever asks reads what was counted
    stage, kind = {
        ScreeningOutcome.ACCEPTED: (Stage.ASSIGNMENT, EventKind.ACCEPTED),
        ScreeningOutcome.REFUSED: (Stage.REFUSED, EventKind.REFUSED),
        ScreeningOutcome.DUPLICATE: (Stage.DUPLICATE, EventKind.DUPLICATE),
    }[ScreeningOutcome(outcome)]
    move(case, stage, at=at)
    words = f"{original.number} {reason}".strip() if original else reason
    record(case, kind, by=by, at=at, action=Action.SCREENING, before=Stage.SCREENING, words=words)
    return screening


def _require_open_original(case: Case, original: Case | None) -> None:
    if original is None:
        raise Invalid("original_missing", _("Name the case of which this is a duplicate."), field="duplicate_of")
    if original.pk == case.pk:
        raise Invalid("duplicate_of_itself", _("A case can't be a duplicate of itself."), field="duplicate_of")
    if original.stage in ENDS:
        raise Invalid(
            "original_closed",
            _(
                "%(number)s is no longer open. A problem that is back after its strike-off is a relapse, not a duplicate."
            )
            % {"number": original.number},
            field="duplicate_of",
        )
    if original.village_id != case.village_id:
        raise Invalid("original_elsewhere", _("The other case is about another village."), field="duplicate_of")
