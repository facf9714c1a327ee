"""The committee reports, measure by measure, what was done and proves it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, Refusal, refuse
from casework.lifecycle.recording import move, record, require, require_stage, verb
from casework.models import Case, Evidence, Measure, MeasureReport, Person, Submission
from casework.models.case_event import EventKind
from casework.models.evidence import EvidenceKind
from casework.queries import measures_to_report
from casework.rights.table import Action
from casework.stages import Stage
from casework.working_time.deadlines import local_day
from casework.working_time.entered_days import of_the_past


@dataclass(frozen=True)
class Done:
    """What was done about one measure."""

    words: str
    done_on: date | None


def check_reports(case: Case, measures: list[Measure], reports: Mapping[int, Done], *, on: date) -> None:
    """Refuse a submission, naming each field as `reports-<measure id>-<field>`."""
    refusals: list[Refusal] = []
    evidence = list(Evidence.objects.filter(case=case).only("measure_id", "kind", "round", "signed_by"))
    proved = {one.measure_id for one in evidence if one.round == case.round and one.kind != EvidenceKind.BEFORE}
    for measure in measures:
        place = f"reports-{measure.pk}-"
        report = reports.get(measure.pk)
        if report is None or not report.words.strip():
            refusals.append(
                Invalid("report_missing", _("Say what was done about this measure."), field=place + "words")
            )
        if report is None or report.done_on is None:
            refusals.append(Invalid("done_on_missing", _("Say when it was done."), field=place + "done_on"))
        else:
            ahead = _("This day lies in the future.")
            refusals += of_the_past(
                report.done_on, on=on, field=place + "done_on", code="done_in_future", sentence=ahead
            )
        if measure.pk not in proved:
            refusals.append(
                Invalid(
                    "proof_missing",
                    _("Add a photo or document that proves measure %(number)d.") % {"number": measure.number},
                    field=place + "evidence",
                )
            )
    sheets = [one for one in evidence if one.kind == EvidenceKind.SIGNED_SHEET]
    if sheets and not any(one.signed_by for one in sheets):
        refusals.append(
            Invalid("signers_missing", _("Give the name of each supervisor who signed."), field="signed_by")
        )
    elif not sheets:
        refusals.append(
            Invalid(
                "signed_sheet_missing",
                _("Add the sheet signed by the supervisors by name; a stamp alone does not close a case."),
                field="signed_sheet",
            )
        )
    refuse(refusals)


@verb
def submit_rectification(
    *, case: Case, reports: Mapping[int, Done], words: str = "", from_paper: bool = False, by: Person, at: datetime
) -> Submission:
    """Report the measures of this round as done; each needs its words, its day and its proof.

    In a later round only the measures that were returned are reported again; the earlier rounds stay as they were.
    What the village brings on paper the town enters `from_paper`; the signed sheet is part of it as always.
    """
    action = Action.ENTER_FROM_PAPER if from_paper else Action.RECTIFICATION
    require(by, action, case, at)
    require_stage(case, Stage.RECTIFICATION)
    if case.paused_on is not None:
        raise Invalid("paused", _("The clock of this case is paused. The office must let it run again first."))
    measures = measures_to_report(case)
    check_reports(case, measures, reports, on=local_day(at))
    submission = Submission.objects.create(case=case, round=case.round, words=words.strip(), by=by, at=at)
    MeasureReport.objects.bulk_create(
        MeasureReport(
            submission=submission,
            measure=measure,
            words=reports[measure.pk].words.strip(),
            done_on=cast(date, reports[measure.pk].done_on),
        )
        for measure in measures
    )
    move(case, Stage.FIRST_REVIEW, at=at)
    record(case, EventKind.SUBMITTED, by=by, at=at, action=action, before=Stage.RECTIFICATION, words=words)
    return submission
