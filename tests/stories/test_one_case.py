"""One case from end to end, readable aloud."""

from casework.models import Case, Closure
from casework.stages import Stage
from tests.cast import Cast
from tests.walk import assigned, closed, planned, rectified, reported, reviewed, screened


def test_a_problem_is_found_put_right_proved_and_struck_off(cast: Cast) -> None:
    case = reported(cast)
    case = screened(cast, case)
    case = assigned(cast, case)
    case = planned(cast, case)
    case = rectified(cast, case)
    case = reviewed(case, cast.town_reviewer)
    case = reviewed(case, cast.county_supervisor)
    case = closed(cast, case)
    assert case.stage == Stage.CLOSED
    assert case.closing_number == "QH销〔2026〕1号"
    assert Closure.objects.get(case=case).by == cast.county_supervisor
    assert [event.kind for event in case.events.exclude(kind="evidence_added")] == [
        "reported",
        "accepted",
        "assigned",
        "planned",
        "submitted",
        "passed",
        "passed",
        "closed",
    ]


def test_a_grave_case_comes_back_twice_and_is_struck_off_by_the_city(cast: Cast) -> None:
    case = planned(cast, assigned(cast, screened(cast, reported(cast, severity=4))))
    assert case.stage == Stage.PLAN_APPROVAL
    case = rectified(cast, reviewed(case, cast.town_reviewer))
    case = reviewed(case, cast.town_reviewer, returned=(1,))
    assert (case.stage, case.round) == (Stage.RECTIFICATION, 2)
    case = reviewed(rectified(cast, case), cast.town_reviewer)
    case = reviewed(case, cast.county_supervisor, returned=(2,))
    assert (case.stage, case.round) == (Stage.RECTIFICATION, 3)
    case = reviewed(reviewed(rectified(cast, case), cast.town_reviewer), cast.county_supervisor)
    assert case.stage == Stage.CITY_REVIEW
    case = closed(cast, reviewed(case, cast.city_supervisor))
    assert case.stage == Stage.CLOSED
    again = Case.objects.get(pk=case.pk)
    assert [submission.round for submission in again.submissions.all()] == [1, 2, 3]
    assert [review.outcome for review in again.reviews.exclude(stage="plan_approval")] == [
        "returned",
        "passed",
        "returned",
        "passed",
        "passed",
        "passed",
    ]
