"""What the lead office does with a report: return it with reasons, accept it, let a unit hand in after the close."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed
from casework.models import Person
from casework.models.history import stamped
from casework.models.office_event import OfficeEventKind
from casework.values.plain_text import clean_text
from casework.working_time.deadlines import local_day
from oversight.members.rights import require_lead, runs
from oversight.reporting.records import ExpectedReport
from oversight.reporting.report_records import CloseException, DecisionKind, ReportDecision, ReportState, UnitReport
from oversight.reporting.telling import tell_unit
from oversight.reporting.window import closes_at

LONGEST_REASONS, LONGEST_REASON = 1000, 300
LONGEST_EXCEPTION = timedelta(days=92)


@transaction.atomic
def return_report(*, report: UnitReport, reasons: str, version: int, by: Person, at: datetime) -> ReportDecision:
    """Give a report back with what is missing. Refuses without reasons, and where the unit could not hand in again."""
    reasons = _words(reasons, LONGEST_REASONS, "reasons", _("Write what is missing: the unit reads just this."))
    expected = _expected(report)
    require_lead(by, expected.period.mechanism, at)
    report = _locked(report, version)
    if report.state == ReportState.RETURNED:
        raise Conflict("returned_already", _("This report is returned already and waits for the unit."))
    if at > closes_at(expected):
        raise Conflict(
            "closed_for_unit",
            _("The form is closed, so the unit could not answer. Give it an exception first, then return the report."),
        )
    return _decide(report, DecisionKind.RETURNED, reasons, ReportState.RETURNED, by=by, at=at)


@transaction.atomic
def accept_report(*, report: UnitReport, version: int, by: Person, at: datetime) -> ReportDecision:
    """Take a report as it is. Never by whoever handed in one of its versions."""
    expected = _expected(report)
    require_lead(by, expected.period.mechanism, at)
    if not may_accept(by, report, at):
        raise NotAllowed(
            "own_report", _("Whoever handed in a report does not accept it. A colleague of the lead office does.")
        )
    report = _locked(report, version)
    if report.state != ReportState.SUBMITTED:
        raise Conflict("decided_already", _("This report is decided on already."))
    return _decide(report, DecisionKind.ACCEPTED, "", ReportState.ACCEPTED, by=by, at=at)


def may_accept(person: Person, report: UnitReport, at: datetime) -> bool:
    mechanism = _expected(report).period.mechanism
    return runs(person, mechanism, local_day(at)) and not report.versions.filter(by=person).exists()


@transaction.atomic
def except_from_close(
    *, expected: ExpectedReport, until: datetime, reason: str, by: Person, at: datetime
) -> CloseException:
    """Let one unit hand in after the close: who says so, why, and until when. It stays late."""
    require_lead(by, expected.period.mechanism, at)
    reason = _words(reason, LONGEST_REASON, "reason", _("Write why this unit may hand in later."))
    if until <= max(at, expected.period.closes_at):
        sentence = _("The new end must lie ahead, and after the close of the period.")
        raise Invalid("until_past", sentence, field="until")
    if until > at + LONGEST_EXCEPTION:
        sentence = _("This is more than three months away. Check the year.")
        raise Invalid("until_too_far", sentence, field="until")
    return CloseException.objects.create(expected=expected, until=until, reason=reason, by=by, at=at)


def _decide(
    report: UnitReport, kind: DecisionKind, words: str, state: ReportState, *, by: Person, at: datetime
) -> ReportDecision:
    newest = report.versions.get(number=report.version)
    decision = ReportDecision.objects.create(version=newest, kind=kind, words=words, by=by, at=at)
    with stamped(step=f"report_{kind}", by=by, at=at, reason=words):
        report.state = state
        report.save()
    told = OfficeEventKind.REPORT_RETURNED if kind == DecisionKind.RETURNED else OfficeEventKind.REPORT_ACCEPTED
    tell_unit(told, _expected(report), by=by, at=at)
    return decision


def _expected(report: UnitReport) -> ExpectedReport:
    return ExpectedReport.objects.select_related("period__mechanism").get(pk=report.pk)


def _locked(report: UnitReport, version: int) -> UnitReport:
    """The report as it stands now. Refuses where the unit has handed in another version than the office has read."""
    ExpectedReport.objects.select_for_update().get(pk=report.pk)
    report = UnitReport.objects.get(pk=report.pk)
    if report.version != version:
        raise Conflict("newer_version", _("The unit has handed in a correction meanwhile. Read it first."))
    return report


def _words(said: str, most: int, field: str, missing: object) -> str:
    said = clean_text(said).strip()
    if not said:
        raise Invalid("words_missing", missing, field=field)
    if len(said) > most:
        raise Invalid(
            "too_long",
            _("At most %(most)d characters, and these are %(count)d. Please shorten it.")
            % {"most": most, "count": len(said)},
            field=field,
        )
    return said
