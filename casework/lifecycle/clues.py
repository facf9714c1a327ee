"""A clue that another platform sends becomes a candidate finding: a case that the office screens."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed
from casework.lifecycle.recording import move, record, verb
from casework.lifecycle.reporting import Finding, check_finding, complete_line, open_case
from casework.models import Case, CluePlatform, Person
from casework.models.case_event import EventKind
from casework.models.relapse import FoundBy
from casework.relapse.candidates import note_and_match
from casework.stages import Stage
from casework.working_time.deadlines import local_day


@verb
def report_clue(*, finding: Finding, platform: CluePlatform, by: Person | None = None, at: datetime) -> Case:
    """Open a case from a clue, for screening. Nobody of this system has found it: it is the platform's, under its name.

    Refuses with NotAllowed a village for which the platform's office does not answer, with Invalid what `check_finding`
    finds.
    """
    on = local_day(at)
    check_finding(finding, on=on)
    line = complete_line(finding.village, on=on)
    if not finding.village.is_active or platform.unit not in (line.county, line.city):
        raise NotAllowed(
            "not_your_village",
            _("%(office)s does not answer for this village, so it takes no clues about it.")
            % {"office": platform.unit},
            field="village",
        )
    case = open_case(finding, line, by=by, at=at, source_words=platform.name)
    move(case, Stage.SCREENING, at=at)
    record(case, EventKind.REPORTED, by=by, at=at, words=platform.name)
    note_and_match(case, found=FoundBy.REPORT, at=at)
    return case
