"""Walking a case: each step as the cast would take it, through the one door."""

import io
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from casework.lifecycle.assignment import assign_case
from casework.lifecycle.closure import close_case
from casework.lifecycle.evidence import add_evidence
from casework.lifecycle.planning import Draft, submit_plan
from casework.lifecycle.rectification import Done, submit_rectification
from casework.lifecycle.reporting import Finding, screen_case
from casework.lifecycle.review import Verdict, review_case
from casework.lifecycle.verdicts import give_verdict
from casework.models import Case, Closure, Measure, Person, Post, Unit
from casework.models.evidence import EvidenceKind
from casework.models.exit import ScreeningOutcome
from casework.queries import current_measures, measures_to_report
from casework.stages import Stage
from casework.working_time.deadlines import local_day
from flows import steps
from tests.cast import Cast
from tests.copied_case import copied_case
from tests.factories import item

# The verbs of the door by their names, for tables in tests.
DOOR = {verb.__name__: verb for verb in (*steps.STEPS, *steps.INTERVENTIONS)}
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Monday, far from holidays
TODAY = local_day(NOW)


def photo(colour: int = 0, *, size: tuple[int, int] = (64, 48), name: str = "现场.jpg") -> SimpleUploadedFile:
    """A small JPEG; another colour is another file."""
    picture = io.BytesIO()
    Image.new("RGB", size, (colour % 256, colour // 256 % 256, 90)).save(picture, "JPEG", comment=str(colour))
    return SimpleUploadedFile(name, picture.getvalue(), "image/jpeg")


def finding(village: Unit, *, severity: int = 2, **values: object) -> Finding:
    return Finding(
        **{
            "village": village,
            "description": "村委会西侧明白墙无遮雨设施,第三季度财务公开被雨水冲刷。",
            "found_on": TODAY - timedelta(days=1),
            "item": item(severity),
            "severity": severity,
            **values,
        }
    )


def reported(cast: Cast, *, severity: int = 2, by: Person | None = None, **values: object) -> Case:
    village = values.pop("village", cast.willow)
    return steps.report(finding=finding(village, severity=severity, **values), by=by or cast.inspector, at=NOW)


def relapsed(cast: Cast, earlier: Case) -> Case:
    """Found again today, screened, and decided to be a relapse."""
    case = screened(cast, reported(cast, relapse_of=earlier, found_on=TODAY))
    return steps.take(
        give_verdict,
        case=case,
        by=cast.county_supervisor,
        at=NOW,
        candidate=case.candidates.get(earlier=earlier),
        verdict="relapse",
        reason="同一面墙,销号后又空了",
    )


def screened(cast: Cast, case: Case) -> Case:
    return steps.take(screen_case, case=case, by=cast.county_supervisor, at=NOW, outcome=ScreeningOutcome.ACCEPTED)


def head_post(village: Unit) -> Post:
    return Post.objects.get(unit=village, role="committee_head", number=1)


def assigned(cast: Cast, case: Case, *, post: Post | None = None, due_on: date | None = None) -> Case:
    return steps.take(
        assign_case,
        case=case,
        by=cast.county_supervisor,
        at=NOW,
        post=post or head_post(case.village),
        due_on=due_on or TODAY + timedelta(days=14),
    )


def drafts() -> list[Draft]:
    return [
        Draft("在西侧明白墙加装雨棚并重新喷绘第三季度财务公开", "柳大山", TODAY + timedelta(days=7)),
        Draft("每月5日前拍照检查明白墙并登记", "李小琴", TODAY + timedelta(days=10), "preventive"),
    ]


def planned(cast: Cast, case: Case, *, by: Person | None = None) -> Case:
    return steps.take(submit_plan, case=case, by=by or cast.willow_head, at=NOW, measures=drafts())


def verdicts(case: Case, *, returned: tuple[int, ...] = ()) -> dict[int, Verdict]:
    """Every measure passes, but for those of these numbers."""
    return {
        measure.pk: Verdict(measure.number not in returned, "照片看不清公示内容" if measure.number in returned else "")
        for measure in current_measures(case)
    }


def proved(cast: Cast, case: Case, *, by: Person | None = None) -> Case:
    """Upload a proof for each measure of this round and a signed sheet."""
    by = by or cast.willow_head
    for measure in measures_to_report(case):
        case = add_proof(case, measure, by=by)
    return steps.take(
        add_evidence,
        case=case,
        kind=EvidenceKind.SIGNED_SHEET,
        upload=photo(40_000 + case.round),
        signed_by=["李小琴"],
        by=by,
        at=NOW,
    )


def add_proof(case: Case, measure: Measure, *, by: Person) -> Case:
    upload = photo(measure.pk * 7 + case.round)
    return steps.take(add_evidence, case=case, kind=EvidenceKind.AFTER, upload=upload, measure=measure, by=by, at=NOW)


def done(case: Case) -> dict[int, Done]:
    return {measure.pk: Done("已经加装并验收", TODAY) for measure in measures_to_report(case)}


def rectified(cast: Cast, case: Case, *, by: Person | None = None) -> Case:
    case = proved(cast, case, by=by)
    return steps.take(submit_rectification, case=case, by=by or cast.willow_head, at=NOW, reports=done(case))


def reviewed(case: Case, by: Person, *, returned: tuple[int, ...] = ()) -> Case:
    return steps.take(
        review_case,
        case=case,
        by=by,
        at=NOW,
        verdicts=verdicts(case, returned=returned),
        on_site=True,
        signature_visible=True,
    )


def closed(cast: Cast, case: Case, *, by: Person | None = None) -> Case:
    by = by or (cast.city_supervisor if case.needs_city_review else cast.county_supervisor)
    return steps.take(close_case, case=case, by=by, at=NOW, tests=dict.fromkeys(Closure.TESTS, True))


def case_at(stage: Stage, cast: Cast, *, severity: int = 2) -> Case:
    """A case of Willow that stands at this stage, by the shortest way there; copied where a test begins with it."""
    return copied_case(lambda: walked_to(stage, cast, severity), stage, severity)


def walked_to(stage: Stage, cast: Cast, severity: int) -> Case:
    case = reported(cast, severity=4 if stage == Stage.CITY_REVIEW else 3 if stage == Stage.PLAN_APPROVAL else severity)
    ways = {
        Stage.SCREENING: lambda case: screened(cast, case),
        Stage.ASSIGNMENT: lambda case: assigned(cast, case),
        Stage.PLANNING: lambda case: planned(cast, case),
        Stage.PLAN_APPROVAL: lambda case: reviewed(case, cast.town_reviewer),
        Stage.RECTIFICATION: lambda case: rectified(cast, case),
        Stage.FIRST_REVIEW: lambda case: reviewed(case, cast.town_reviewer),
        Stage.SECOND_REVIEW: lambda case: reviewed(case, cast.county_supervisor),
        Stage.CITY_REVIEW: lambda case: reviewed(case, cast.city_supervisor),
        Stage.STRIKE_OFF: lambda case: closed(cast, case),
    }
    while case.stage != stage:
        case = ways[Stage(case.stage)](case)
    return case
