"""The reviewers pass or return: the plan, the first review by the town, the second by the county, the city's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, Refusal, refuse
from casework.lifecycle.recording import (
    move,
    next_attempt,
    record,
    require,
    require_stage,
    start_round_if_running,
    verb,
)
from casework.models import Case, Evidence, Measure, MeasureVerdict, Person, Review
from casework.models.case_event import EventKind
from casework.models.evidence import EvidenceKind
from casework.models.review import Outcome
from casework.queries import current_measures, measures_to_decide
from casework.rights.roles import post_for
from casework.rights.table import Action
from casework.stages import REVIEWS, Stage
from casework.working_time.deadlines import local_day


@dataclass(frozen=True)
class Verdict:
    """On one measure: passed, or why not."""

    passed: bool
    reason: str = ""


def stage_after_passing(case: Case) -> Stage:
    """Where a passed review leads: the next level up, or to the strike-off."""
    if case.stage == Stage.SECOND_REVIEW:
        return Stage.CITY_REVIEW if case.needs_city_review else Stage.STRIKE_OFF
    return {
        Stage.PLAN_APPROVAL: Stage.RECTIFICATION,
        Stage.FIRST_REVIEW: Stage.SECOND_REVIEW,
        Stage.CITY_REVIEW: Stage.STRIKE_OFF,
    }[Stage(case.stage)]


@verb
def review_case(
    *,
    case: Case,
    verdicts: Mapping[int, Verdict],
    words: str = "",
    on_site: bool = False,
    signature_visible: bool = False,
    by: Person,
    at: datetime,
) -> Review:
    """Pass or return the plan or the rectification, measure by measure.

    It passes when every measure passes; one that does not needs its reason, and the case goes back. A return of the
    rectification begins a new round; the old one stays whole. Whoever rectified never reviews. In a later round only
    what was reported anew must be decided on (queries.measures_to_decide); a verdict on another measure is taken too.
    """
    require_stage(case, *REVIEWS)
    stage = Stage(case.stage)
    require(by, Action(stage), case, at)
    measures = current_measures(case)
    passed = _check_verdicts(measures_to_decide(case, measures), verdicts, measures)
    if passed and stage != Stage.PLAN_APPROVAL:
        _require_signature(case, signature_visible)
    review = _write_review(
        case,
        stage,
        measures,
        verdicts,
        Review(
            outcome=Outcome.PASSED if passed else Outcome.RETURNED,
            words=words.strip(),
            on_site=on_site,
            signature_visible=signature_visible,
            by=by,
            at=at,
        ),
    )
    if passed:
        move(case, stage_after_passing(case), at=at)
        kind = EventKind.PLAN_APPROVED if stage == Stage.PLAN_APPROVAL else EventKind.PASSED
    elif stage == Stage.PLAN_APPROVAL:
        case.returned_at = at
        start_round_if_running(case, at=at)
        move(case, Stage.PLANNING, at=at)
        kind = EventKind.PLAN_RETURNED
    else:
        return_to_rectification(case, at=at)
        kind = EventKind.RETURNED
    record(case, kind, by=by, at=at, action=Action(stage), before=stage, words=_event_words(review, measures, verdicts))
    return review


def _check_verdicts(asked: list[Measure], verdicts: Mapping[int, Verdict], measures: list[Measure]) -> bool:
    """Whether all pass; refuse a missing verdict where one is asked for, and any return without a reason."""
    refusals: list[Refusal] = []
    for measure in measures:
        verdict = verdicts.get(measure.pk)
        place = f"verdicts-{measure.pk}-"
        if verdict is None and measure in asked:
            refusals.append(
                Invalid(
                    "verdict_missing",
                    _("Decide on measure %(number)d: pass or return.") % {"number": measure.number},
                    field=place + "passed",
                )
            )
        elif verdict is not None and not verdict.passed and not verdict.reason.strip():
            refusals.append(
                Invalid(
                    "reason_missing",
                    _("Say what is missing in measure %(number)d; the village reads it.") % {"number": measure.number},
                    field=place + "reason",
                )
            )
    refuse(refusals)
    return all(verdicts[measure.pk].passed for measure in measures if measure.pk in verdicts)


def _require_signature(case: Case, signature_visible: bool) -> None:
    """A stamp alone does not close a case: a supervisor's own signature must be seen."""
    if not Evidence.objects.filter(case=case, kind=EvidenceKind.SIGNED_SHEET).exclude(signed_by=[]).exists():
        raise Invalid(
            "signed_sheet_missing",
            _("There is no signed sheet. Return the case and ask for the supervisors' signatures."),
            field="signature_visible",
        )
    if not signature_visible:
        raise Invalid(
            "signature_not_confirmed",
            _("Look at the signed sheet and tick that the signature is visible, or return the case."),
            field="signature_visible",
        )


def _write_review(
    case: Case, stage: Stage, measures: list[Measure], verdicts: Mapping[int, Verdict], review: Review
) -> Review:
    held = post_for(review.by, Action(stage), case, local_day(review.at))
    review.case, review.stage, review.round = case, stage, case.round
    review.by_unit_id = held.unit_id if held else None
    review.plan_number = measures[0].plan.number
    same = {"case": case, "stage": stage, "round": case.round, "plan_number": review.plan_number}
    review.attempt = next_attempt(Review.everything.filter(**same))
    review.save()
    del review.attempt  # whoever asks reads what was counted
    MeasureVerdict.objects.bulk_create(
        MeasureVerdict(
            review=review,
            measure=measure,
            passed=verdicts[measure.pk].passed,
            reason=verdicts[measure.pk].reason.strip(),
        )
        for measure in measures
        if measure.pk in verdicts
    )
    return review


def return_to_rectification(case: Case, *, at: datetime) -> None:
    """Begin a new round; what was submitted and decided before stays as it is."""
    case.round += 1
    case.returned_at = at
    start_round_if_running(case, at=at)
    move(case, Stage.RECTIFICATION, at=at)


def _event_words(review: Review, measures: list[Measure], verdicts: Mapping[int, Verdict]) -> str:
    reasons = [
        f"{measure.number}. {verdicts[measure.pk].reason.strip()}"
        for measure in measures
        if measure.pk in verdicts and not verdicts[measure.pk].passed
    ]
    return "\n".join([*reasons, review.words] if review.words else reasons)
