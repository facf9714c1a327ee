"""Questions in a case: who answers them, and the one question of a village: what is missing?"""

from uuid import uuid4

import pytest

from casework.errors import Conflict, NotAllowed
from casework.models import (
    Case,
    CaseEvent,
    Comment,
    CommentKind,
    QuestionResolution,
)
from casework.models.case_event import EventKind
from casework.stages import Stage
from casework.talk.commenting import (
    ask_what_is_missing,
    resolve_question,
    who_reviews,
)
from tests.casework.talk import posts_named, say
from tests.cast import Cast
from tests.walk import NOW, case_at, closed, rectified, reviewed


@pytest.fixture
def case(cast: Cast) -> Case:
    return case_at(Stage.RECTIFICATION, cast)


class TestQuestions:
    @pytest.mark.parametrize("who", ["town_reviewer", "willow_head", "willow_member"])
    def test_who_asked_or_whose_turn_it_is_marks_it_as_answered(self, who: str, cast: Cast, case: Case) -> None:
        question = say(case, cast.town_reviewer, kind=CommentKind.QUESTION)
        resolve_question(comment=question, by=getattr(cast, who), at=NOW)
        resolve_question(comment=question, by=getattr(cast, who), at=NOW)
        assert QuestionResolution.objects.get().by == getattr(cast, who)
        assert CaseEvent.objects.filter(kind=EventKind.QUESTION_RESOLVED).count() == 1

    @pytest.mark.parametrize("who", ["county_supervisor", "city_supervisor", "inspector", "outsider_head"])
    def test_nobody_else_does(self, who: str, cast: Cast, case: Case) -> None:
        question = say(case, cast.town_reviewer, kind=CommentKind.QUESTION)
        with pytest.raises(NotAllowed):
            resolve_question(comment=question, by=getattr(cast, who), at=NOW)

    def test_a_comment_is_no_question(self, cast: Cast, case: Case) -> None:
        with pytest.raises(NotAllowed):
            resolve_question(comment=say(case, cast.town_reviewer), by=cast.town_reviewer, at=NOW)

    def test_of_an_ended_case_who_asked(self, cast: Cast) -> None:
        case = closed(cast, case_at(Stage.STRIKE_OFF, cast))
        question = say(case, cast.willow_head, kind=CommentKind.QUESTION)
        with pytest.raises(NotAllowed):
            resolve_question(comment=question, by=cast.county_supervisor, at=NOW)
        resolve_question(comment=question, by=cast.willow_head, at=NOW)


class TestWhatIsMissing:
    def returned(self, cast: Cast, by: str) -> Case:
        case = case_at(Stage.FIRST_REVIEW, cast)
        if by == "county_supervisor":
            case = reviewed(case, cast.town_reviewer)
        return reviewed(case, getattr(cast, by), returned=(1,))

    @pytest.mark.parametrize("by, unit", [("town_reviewer", "town"), ("county_supervisor", "county")])
    def test_it_goes_to_who_returned_it(self, by: str, unit: str, cast: Cast) -> None:
        question = ask_what_is_missing(case=self.returned(cast, by), by=cast.willow_member, at=NOW)
        assert question.kind == CommentKind.MISSING
        assert posts_named(question) == {(getattr(cast, unit).pk, by)}

    def test_before_a_return_it_goes_to_who_reviews_first(self, cast: Cast, case: Case) -> None:
        assert posts_named(ask_what_is_missing(case=case, by=cast.willow_head, at=NOW)) == {
            (cast.town.pk, "town_reviewer")
        }
        case.town = None
        assert who_reviews(case).startswith("青禾区·")

    @pytest.mark.parametrize("who", ["town_reviewer", "county_supervisor", "inspector", "poplar_head"])
    def test_it_is_the_village_s_question(self, who: str, cast: Cast, case: Case) -> None:
        with pytest.raises(NotAllowed):
            ask_what_is_missing(case=case, by=getattr(cast, who), at=NOW)

    def test_not_while_it_is_reviewed(self, cast: Cast) -> None:
        with pytest.raises(Conflict):
            ask_what_is_missing(case=case_at(Stage.FIRST_REVIEW, cast), by=cast.willow_head, at=NOW)

    def test_once_until_it_is_answered_or_returned_again(self, cast: Cast) -> None:
        case = self.returned(cast, "town_reviewer")
        question = ask_what_is_missing(case=case, by=cast.willow_head, at=NOW)
        with pytest.raises(Conflict) as refused:
            ask_what_is_missing(case=case, by=cast.willow_member, at=NOW)
        assert refused.value.code == "asked_already"
        again = reviewed(rectified(cast, case), cast.town_reviewer, returned=(1,))
        assert ask_what_is_missing(case=again, by=cast.willow_head, at=NOW) != question
        resolve_question(comment=Comment.objects.latest("pk"), by=cast.willow_head, at=NOW)
        assert ask_what_is_missing(case=again, by=cast.willow_head, at=NOW)

    def test_a_second_click_asks_once(self, cast: Cast, case: Case) -> None:
        key = uuid4()
        first = ask_what_is_missing(case=case, by=cast.willow_head, at=NOW, key=key)
        assert ask_what_is_missing(case=case, by=cast.willow_head, at=NOW, key=key) == first
