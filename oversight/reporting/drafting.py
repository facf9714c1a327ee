"""A report while it is written: kept on the server for everybody who reports for the unit."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict
from casework.models import Person
from oversight.reporting.answers import Answers, answers_of, answers_of_version, cleaned
from oversight.reporting.records import ExpectedReport
from oversight.reporting.report_records import ReportDraft, ReportVersion
from oversight.reporting.window import require_open, require_reporter


@transaction.atomic
def save_draft(
    *,
    expected: ExpectedReport,
    answers: Answers,
    by: Person,
    at: datetime,
    seen: int = 0,
    stated_on: date | None = None,
    imported_at: datetime | None = None,
) -> ReportDraft:
    """Keep what was typed, right or wrong. `seen` is the draft's version that the form was filled from; where somebody
    else has saved since, nothing is written over.
    """
    require_reporter(expected, by, at)
    require_open(expected, at)
    # Two who save at once come one after the other.
    ExpectedReport.objects.select_for_update().get(pk=expected.pk)
    draft = ReportDraft.objects.select_related("by").filter(expected=expected).first()
    if draft is not None and draft.version != seen and draft.by_id != by.pk:
        raise Conflict(
            "draft_changed",
            _("%(name)s has saved this draft meanwhile. Your words stand in the form: copy them, open the draft anew.")
            % {"name": draft.by.name},
        )
    content = cleaned(answers).as_content()
    if draft is None:
        return ReportDraft.objects.create(
            expected=expected, content=content, stated_on=stated_on, imported_at=imported_at, by=by, at=at
        )
    draft.version, draft.content, draft.by, draft.at = draft.version + 1, content, by, at
    if imported_at is not None:
        draft.stated_on, draft.imported_at = stated_on, imported_at
    draft.save()
    return draft


def begun_answers(expected: ExpectedReport) -> tuple[Answers, ReportDraft | None]:
    """What the form begins with: the draft, or what was handed in last, or nothing."""
    draft = ReportDraft.objects.select_related("by").filter(expected=expected).first()
    if draft is not None:
        return answers_of(draft.content), draft
    newest = (
        ReportVersion.objects.filter(report=expected.pk)
        .prefetch_related("sections", "figures")
        .order_by("-number")
        .first()
    )
    return (answers_of_version(newest) if newest is not None else Answers()), None
