"""What a committee brings on paper its town enters: through the same verbs, marked so, and with a hand in it."""

from typing import Any

import pytest

from casework.errors import Refusal
from casework.lifecycle.evidence import add_evidence
from casework.lifecycle.planning import submit_plan
from casework.lifecycle.rectification import submit_rectification
from casework.lifecycle.review import review_case
from casework.models import Case, Person, Post
from casework.models.evidence import EvidenceKind
from casework.queries import measures_to_report
from casework.stages import Role, Stage
from flows import steps
from tests.cast import Cast
from tests.factories import holder
from tests.walk import NOW, assigned, case_at, done, drafts, photo, reported, reviewed, screened, verdicts


def enter(verb: Any, case: Case, by: Person, **words: Any) -> Case:
    return steps.take(verb, case=case, from_paper=True, by=by, at=NOW, **words)


def refused(verb: Any, case: Case, by: Person, **words: Any) -> str:
    with pytest.raises(Refusal) as refusal:
        enter(verb, case, by, **words)
    return refusal.value.code


def add(case: Case, by: Person, kind: str, colour: int, **words: Any) -> Case:
    return enter(add_evidence, case, by, kind=kind, upload=photo(colour), **words)


def rectified_from_paper(case: Case, by: Person) -> Case:
    for measure in measures_to_report(case):
        case = add(case, by, EvidenceKind.AFTER, measure.pk * 7 + 1, measure=measure)
    case = add(case, by, EvidenceKind.SIGNED_SHEET, 3, signed_by=["柳大山"])
    return enter(submit_rectification, case, by, reports=done(case))


def test_a_plan_needs_its_signed_paper_and_is_told_as_the_towns(cast: Cast) -> None:
    case = case_at(Stage.PLANNING, cast)
    assert refused(submit_plan, case, cast.town_reviewer, measures=drafts()) == "paper_missing"
    case = add(case, cast.town_reviewer, EvidenceKind.DOCUMENT, 1)
    case = enter(submit_plan, case, cast.town_reviewer, measures=drafts())
    assert case.stage == Stage.RECTIFICATION
    event = case.events.order_by("-pk")[0]
    assert (event.kind, event.by_unit, event.is_from_paper) == ("planned", cast.town, True)


def test_a_plan_that_came_back_needs_a_paper_of_its_own(cast: Cast) -> None:
    case = add(case_at(Stage.PLANNING, cast, severity=3), cast.town_reviewer, EvidenceKind.DOCUMENT, 1)
    case = enter(submit_plan, case, cast.town_reviewer, measures=drafts())
    assert case.stage == Stage.PLAN_APPROVAL
    colleague = holder(Role.TOWN_REVIEWER, cast.town, "colleague")
    case = steps.take(review_case, case=case, by=colleague, at=NOW, verdicts=verdicts(case, returned=(1,)))
    assert refused(submit_plan, case, cast.town_reviewer, measures=drafts()) == "paper_missing"


def test_whoever_entered_it_does_not_review_it_and_a_colleague_does(cast: Cast) -> None:
    case = rectified_from_paper(case_at(Stage.RECTIFICATION, cast), cast.town_reviewer)
    assert case.stage == Stage.FIRST_REVIEW
    with pytest.raises(Refusal) as refusal:
        reviewed(case, Person.objects.get(pk=cast.town_reviewer.pk))
    assert refusal.value.code == "own_work"
    assert reviewed(case, holder(Role.TOWN_REVIEWER, cast.town, "colleague")).stage == Stage.SECOND_REVIEW


def test_one_sheet_that_the_clerk_sorted_is_a_hand_in_it(cast: Cast) -> None:
    case = add(case_at(Stage.RECTIFICATION, cast), cast.town_reviewer, EvidenceKind.SIGNED_SHEET, 3, signed_by=["柳"])
    Case.objects.filter(pk=case.pk).update(stage=Stage.FIRST_REVIEW)
    with pytest.raises(Refusal) as refusal:
        review_case(
            case=Case.objects.get(pk=case.pk), by=cast.town_reviewer, at=NOW, verdicts=verdicts(case), words="x"
        )
    assert refusal.value.code == "own_work"


def test_without_a_signed_sheet_the_rectification_is_refused(cast: Cast) -> None:
    case = case_at(Stage.RECTIFICATION, cast)
    for measure in measures_to_report(case):
        case = add(case, cast.town_reviewer, EvidenceKind.AFTER, measure.pk * 7, measure=measure)
    assert refused(submit_rectification, case, cast.town_reviewer, reports=done(case)) == "signed_sheet_missing"


@pytest.mark.parametrize("who", ["outsider_town", "county_supervisor", "willow_head", "volunteer"])
def test_nobody_else_enters_from_paper(who: str, cast: Cast) -> None:
    case = case_at(Stage.PLANNING, cast)
    by = getattr(cast, who)
    assert refused(add_evidence, case, by, kind=EvidenceKind.DOCUMENT, upload=photo(1)) == "not_your_case"
    assert refused(submit_plan, case, by, measures=drafts()) == "not_your_case"


def test_without_the_mark_the_town_enters_nothing(cast: Cast) -> None:
    case = case_at(Stage.PLANNING, cast)
    with pytest.raises(Refusal) as refusal:
        steps.take(submit_plan, case=case, by=cast.town_reviewer, at=NOW, measures=drafts())
    assert refusal.value.code == "not_your_case"


def test_what_a_department_puts_right_is_not_the_villages_paper(cast: Cast) -> None:
    case = assigned(cast, screened(cast, reported(cast)), post=Post.objects.get(unit=cast.department))
    given = {"kind": EvidenceKind.DOCUMENT, "upload": photo(1)}
    assert refused(add_evidence, case, cast.town_reviewer, **given) == "not_the_villages"
