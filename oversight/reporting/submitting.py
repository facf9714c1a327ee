"""To hand in a report: by a named person, corrected until the close, each version kept as it was."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, Refusal, refuse
from casework.models import Person
from casework.models.history import stamped
from casework.models.office_event import OfficeEventKind
from casework.working_time.deadlines import local_day
from oversight.members.queries import duty_sheet_of
from oversight.reporting.answers import Answers, answer_of, answers_of_version, cleaned, refusals_of
from oversight.reporting.checks import CheckKind, Finding, check
from oversight.reporting.own_figures import own_figures
from oversight.reporting.paragraphs import paragraphs_of, store
from oversight.reporting.records import ExpectedReport
from oversight.reporting.report_records import (
    FigureName,
    OwnFigure,
    ReportDraft,
    ReportFigure,
    ReportParagraph,
    ReportSection,
    ReportState,
    ReportVersion,
    SectionKind,
    UnitReport,
)
from oversight.reporting.stock_phrases import without_stock_phrases
from oversight.reporting.telling import tell_lead_office
from oversight.reporting.window import require_open, require_reporter

# Characters that are left of the work done, once the stock phrases are out.
FEWEST_OWN_WORDS = 8
MOST_FILES = 5


@transaction.atomic
def submit_report(
    *, expected: ExpectedReport, answers: Answers, by: Person, at: datetime, key: UUID | None = None
) -> ReportVersion:
    """Hand in a report, or a correction of it. The same key gives the same version; with other words it is a conflict.

    Refuses whoever does not report for the unit, a closed form, blanks without a reason, and a report of stock phrases
    alone. What the checks find is kept with it and refuses nothing.
    """
    require_reporter(expected, by, at)
    key, answers = key or uuid4(), cleaned(answers)
    # The second of two clicks waits for the first one's version.
    ExpectedReport.objects.select_for_update().get(pk=expected.pk)
    known = ReportVersion.objects.filter(key=key).first()
    if known is not None:
        return _same(known, expected, answers, by)
    report = UnitReport.objects.filter(pk=expected.pk).first()
    expected = ExpectedReport.objects.select_related("period__mechanism", "unit", "membership", "report").get(
        pk=expected.pk
    )
    require_open(expected, at)
    refuse(why_incomplete(answers))
    findings = checked(expected, answers, at=at)
    draft = ReportDraft.objects.filter(expected=expected).first()
    kinds = {finding.kind for finding in findings}
    with stamped(step="submit_report", by=by, at=at):
        report = _write_report(expected, report, kinds, by=by)
        version = ReportVersion.objects.create(
            report=report,
            number=report.version,
            key=key,
            by=by,
            at=at,
            stated_on=draft.stated_on if draft else None,
            imported_at=draft.imported_at if draft else None,
            is_on_time=CheckKind.LATE not in kinds,
            is_empty=CheckKind.EMPTY in kinds,
            findings=[finding.as_row() for finding in findings],
            files=[file.as_row() for file in answers.files],
        )
        _write_parts(version, expected, answers, on=local_day(at))
    if draft is not None:
        draft.delete()
    tell_lead_office(OfficeEventKind.REPORT_HANDED_IN, expected, by=by, at=at)
    return version


def why_incomplete(answers: Answers) -> list[Refusal]:
    """Why these answers can't be handed in yet, each with its field."""
    answers = cleaned(answers)
    return [*refusals_of(answers), *_of_stock_phrases(answers), *_of_files(answers)]


def checked(expected: ExpectedReport, answers: Answers, *, at: datetime) -> list[Finding]:
    """What the checks say of these answers; what the unit's duty sheet says is not held against it."""
    sheet = duty_sheet_of(expected.membership, local_day(at))
    return check(expected, cleaned(answers), at=at, template=sheet.words if sheet else "")


def _same(known: ReportVersion, expected: ExpectedReport, answers: Answers, by: Person) -> ReportVersion:
    then = answers_of_version(known)
    words = all(then.section(kind).words == answers.section(kind).words for kind in SectionKind)
    if known.report_id != expected.pk or known.by_id != by.pk or not words:
        raise Conflict(
            "form_used", _("This form was handed in before with other words. Open it again and repeat the change.")
        )
    return known


def _of_files(answers: Answers) -> list[Refusal]:
    if len(answers.files) <= MOST_FILES:
        return []
    sentence = _("A report takes up to %(most)d files. Take some out, or put them into one document.")
    return [Invalid("too_many_files", sentence % {"most": MOST_FILES}, field="uploads")]


def _of_stock_phrases(answers: Answers) -> list[Refusal]:
    work = answers.section(SectionKind.WORK).words
    if not work or len(without_stock_phrases(work)) >= FEWEST_OWN_WORDS:
        return []
    return [
        Invalid(
            "stock_phrases",
            _("This says nothing yet: write what was done, where, when and with which result."),
            field=SectionKind.WORK,
        )
    ]


def _write_report(expected: ExpectedReport, report: UnitReport | None, kinds: set[str], *, by: Person) -> UnitReport:
    is_on_time, is_empty = CheckKind.LATE not in kinds, CheckKind.EMPTY in kinds
    if report is None:
        report = UnitReport(expected=expected, version=0, is_on_time=is_on_time)
    elif not report.versions.filter(is_empty=False).exists() and not is_empty:
        # Nothing was said before: what counts is when something was.
        report.is_on_time = is_on_time
    report.version += 1
    report.state = ReportState.SUBMITTED
    report.is_empty = is_empty
    report.is_copied, report.is_left_out = CheckKind.COPIED in kinds, CheckKind.LEFT_OUT in kinds
    report.save()
    return report


def _write_parts(version: ReportVersion, expected: ExpectedReport, answers: Answers, *, on: date) -> None:
    sections: Sequence[tuple[str, str]] = [(kind, answers.section(kind).words) for kind in SectionKind]
    ReportSection.objects.bulk_create(
        ReportSection(
            version=version,
            kind=kind,
            order=order,
            words=words,
            blank_reason="" if words else answers.section(kind).reason,
        )
        for order, (kind, words) in enumerate(sections, start=1)
    )
    figures = []
    for order, name in enumerate(FigureName, start=1):
        answer, value = answer_of(answers.figure(name))
        reason = answers.figure(name).reason
        figures.append(ReportFigure(version=version, name=name, order=order, answer=answer, value=value, reason=reason))
    ReportFigure.objects.bulk_create(figures)
    OwnFigure.objects.bulk_create(
        OwnFigure(version=version, name=one.name, order=order, value=one.value, cases=list(one.cases))
        for order, one in enumerate(own_figures(expected.unit, expected.period, on=on), start=1)
    )
    store(
        [
            ReportParagraph(
                version=version,
                report_id=expected.pk,
                period_id=expected.period_id,
                unit_id=expected.unit_id,
                section=own.section,
                position=own.position,
                words=own.words,
            )
            for own in paragraphs_of(sections)
        ]
    )
