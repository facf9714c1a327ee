"""Who reads, signs for, answers and judges a letter: a desk at the unit it went to, and at the office it came from."""

import pytest

from casework.errors import Conflict, Invalid, NotAllowed
from casework.escalation.sweeping import sweep
from casework.lifecycle.exit import refer_case
from casework.models import Letter, LetterAnswer, Person
from casework.rights.letter_rights import letters_visible_to, may_judge_letter, may_sign_letter
from casework.stages import DESK_ROLES, Role, Stage
from casework.working_time.deadlines import add_working_days, midnight
from flows import steps
from tests.cast import Cast
from tests.factories import appoint, holder
from tests.walk import DOOR, NOW, TODAY, case_at

WORDS = {"sign_letter": {"name": "柳大山"}, "answer_letter": {"words": "已整改"}, "judge_letter": {"words": "属实"}}


@pytest.fixture
def letter(cast: Cast) -> Letter:
    """A notice of the county to Willow."""
    case = case_at(Stage.RECTIFICATION, cast)
    sweep(at=midnight(add_working_days(case.due_on, 1)))
    letter = Letter.objects.select_related("case", "addressee", "issuer").get()
    assert (letter.addressee, letter.issuer) == (cast.willow, cast.county)
    return letter


def act(step: str, letter: Letter, by: Person) -> None:
    steps.take(DOOR[step], case=letter.case, letter=letter, by=by, at=NOW, **WORDS[step])


def signed_and_answered(letter: Letter, cast: Cast) -> None:
    act("sign_letter", letter, cast.willow_head)
    act("answer_letter", letter, cast.willow_member)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("place", ["willow", "poplar", "town", "county", "city", "other_county"])
def test_every_post_at_every_place(role: Role, place: str, letter: Letter, cast: Cast) -> None:
    """Any post at the unit is not enough: it is a desk of the unit, and of no other."""
    person = holder(role, getattr(cast, place), "somebody")
    is_desk = role in DESK_ROLES
    assert may_sign_letter(person, letter, TODAY) == (is_desk and place == "willow")
    assert may_judge_letter(person, letter, TODAY) == (is_desk and place == "county")
    reads = (is_desk and place == "willow") or (role, place) in {
        (Role.TOWN_REVIEWER, "town"),
        (Role.COUNTY_SUPERVISOR, "county"),
        (Role.CITY_SUPERVISOR, "city"),
    }
    assert Letter.objects.filter(letters_visible_to(person, TODAY)).exists() == reads


@pytest.mark.parametrize("who", ["town_reviewer", "county_supervisor", "city_supervisor", "inspector", "poplar_head"])
def test_whoever_only_reads_a_letter_neither_signs_nor_answers_it(who: str, letter: Letter, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        act("sign_letter", letter, getattr(cast, who))
    act("sign_letter", letter, cast.willow_head)
    with pytest.raises(NotAllowed):
        act("answer_letter", letter, getattr(cast, who))
    assert not LetterAnswer.objects.exists()


@pytest.mark.parametrize("who", ["town_reviewer", "city_supervisor", "willow_head", "inspector", "outsider_county"])
def test_nobody_but_the_issuing_office_judges_the_answer(who: str, letter: Letter, cast: Cast) -> None:
    signed_and_answered(letter, cast)
    with pytest.raises(NotAllowed):
        act("judge_letter", letter, getattr(cast, who))
    act("judge_letter", letter, cast.county_supervisor)


def test_whoever_answered_it_does_not_judge_it(letter: Letter, cast: Cast) -> None:
    signed_and_answered(letter, cast)
    appoint(cast.willow_member, Role.COUNTY_SUPERVISOR, cast.county)
    with pytest.raises(NotAllowed):
        act("judge_letter", letter, Person.objects.get(pk=cast.willow_member.pk))


def test_nobody_answers_what_nobody_received(letter: Letter, cast: Cast) -> None:
    with pytest.raises(Invalid):
        act("answer_letter", letter, cast.willow_head)


def test_the_letters_of_a_referred_case_are_there_for_nobody(letter: Letter, cast: Cast) -> None:
    signed_and_answered(letter, cast)
    people = [cast.willow_head, cast.town_reviewer, cast.county_supervisor, cast.city_supervisor]
    assert all(Letter.objects.filter(letters_visible_to(one, TODAY)).exists() for one in people)
    steps.take(refer_case, case=letter.case, by=cast.county_supervisor, at=NOW, to=cast.discipline_unit, reason="涉嫌")
    for person in [*people, cast.discipline]:
        assert not Letter.objects.filter(letters_visible_to(person, TODAY)).exists(), person
    letter = Letter.objects.get(pk=letter.pk)
    for step, person in (("answer_letter", cast.willow_head), ("judge_letter", cast.county_supervisor)):
        with pytest.raises((NotAllowed, Conflict)):
            act(step, letter, person)
